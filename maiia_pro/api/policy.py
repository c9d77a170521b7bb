"""What browsers are told about every answer: what a page may run and load, and how long an answer keeps."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from maiia_pro.settings import Settings

HASHED_FOLDER: Final = "/assets/"
PROGRAM_PATHS: Final = ("/api/", "/fhir", "/oauth/", "/metrics", "/ical/", "/_health", "/_upload", "/ping")
YEAR: Final = 31_536_000

_INLINE_SCRIPT: Final = re.compile(r"<script(?![^>]*\bsrc\s*=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)

FEATURES_OFF: Final = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid",
    "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial",
    "usb", "xr-spatial-tracking",
)  # fmt: skip
"""Features of the browser that no page uses yet."""

PROGRAM_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For the answers of interfaces."""

FILE_POLICY: Final = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For files beside the pages; the service worker lives by the policy of its own file and must be able to fetch ours."""


def inline_script_hashes(html: str) -> set[str]:
    """Give the CSP sources of the scripts written inside a page (W3C CSP 3, section 6.7.3.3)."""
    return {
        f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'" for body in _INLINE_SCRIPT.findall(html) if body
    }


def built_script_hashes(client: Path) -> set[str]:
    """Give the sources of the inline scripts of every built page."""
    return {source for page in sorted(client.rglob("*.html")) for source in inline_script_hashes(page.read_text())}


def page_policy(settings: Settings, scripts: Iterable[str]) -> str:
    """Give the Content-Security-Policy of pages: our files, the scripts built into them, and nothing made of text."""
    sockets = [re.sub("^http", "ws", origin) for origin in settings.allowed_origins]
    directives = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *sorted(scripts)],
        "style-src": ["'self'", "'unsafe-inline'"],  # the style library of Reflex writes style elements
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *sockets],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "media-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    if settings.secure_cookies:
        directives["upgrade-insecure-requests"] = []
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


def fixed_headers(settings: Settings) -> dict[str, str]:
    """Give the headers that every answer carries."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES_OFF),
    }
    if settings.secure_cookies:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    return headers


def is_for_programs(path: str) -> bool:
    """Tell whether a path is an interface, whose answers nobody keeps."""
    return path.startswith(PROGRAM_PATHS)


def cache_control(path: str, status: int) -> str:
    """Say how long an answer keeps: hashed files for good, pages until asked again, data never."""
    if path.startswith(HASHED_FOLDER) and status in (200, 206, 304):
        return f"public, max-age={YEAR}, immutable"
    return "no-store" if is_for_programs(path) else "no-cache"
