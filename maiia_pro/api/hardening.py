"""The outermost wrapper: an id, security and cache headers, a size limit, a count and a log line for each request."""

import logging
import re
import time
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maiia_pro.api.errors import TooLarge, error_body
from maiia_pro.api.oauth_people import LEAVES
from maiia_pro.api.plain import in_french
from maiia_pro.api.policy import (
    FILE_POLICY,
    HASHED_FOLDER,
    PROGRAM_POLICY,
    built_script_hashes,
    cache_control,
    fixed_headers,
    is_for_programs,
    page_policy,
)
from maiia_pro.api.probes import answer_to, kind_of
from maiia_pro.api.shedding import Crowd, turned_away
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.metrics import LATENCY, REQUESTS, SOCKETS
from maiia_pro.settings import get_settings

log = logging.getLogger("maiia_pro.http")

BUILT_PAGES: Final = Path(__file__).parents[2] / ".web" / "build" / "client"
LARGEST_BODY: Final = 10_000_000
NOT_MODIFIED: Final = 304
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_SOCKETS: Final = frozenset({"/_event", "/live"})
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Hardening:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, pages: Path = BUILT_PAGES) -> None:
        settings = get_settings()
        self.app = in_french(app)
        self.encrypted = settings.secure_cookies
        self.trusts_proxy = settings.trusted_proxies > 0
        self.base_url = settings.base_url
        self.headers = fixed_headers(settings)
        self.crowd = Crowd()
        self.page_policy = page_policy(settings, built_script_hashes(pages))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket; behind a proxy with TLS, redirects lead back to https."""
        if self.encrypted and "scheme" in scope:
            scope["scheme"] = {"http": "https", "ws": "wss"}.get(scope["scheme"], scope["scheme"])
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            path = scope["path"].rstrip("/")
            with SOCKETS.labels(path if path in _SOCKETS else "other").track_inprogress():
                await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        request_id = self._request_id(scope)
        path = scope["path"]  # Reflex's own mounts rewrite it
        status = 500

        async def send_hardened(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._harden(MutableHeaders(scope=message), path, status, request_id, leaves=LEAVES in scope)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                if _announced_size(scope) > LARGEST_BODY:
                    await JSONResponse(error_body(TooLarge()), TooLarge.status)(scope, receive, send_hardened)
                elif not _is_light(path) and self.crowd.is_too_much():
                    await turned_away(path)(scope, receive, send_hardened)
                elif kind := kind_of(path):
                    await answer_to(kind, scope)(scope, receive, send_hardened)
                elif "//" in path and scope["method"] in {"GET", "HEAD"}:  # the file server would give an empty page for some of these
                    await RedirectResponse(_with_single_slashes(scope), 308)(scope, receive, send_hardened)
                elif _is_light(path):
                    await self.app(scope, receive, send_hardened)
                else:
                    with self.crowd.one(receive, send_hardened) as (received, sent):
                        await self.app(scope, received, sent)
            finally:
                self._note(scope, path, status, time.perf_counter() - started)

    def _harden(self, headers: MutableHeaders, path: str, status: int, request_id: str, *, leaves: bool) -> None:
        for name, value in self.headers.items():
            headers[name] = value
        if leaves:
            headers["Referrer-Policy"] = "no-referrer"
        if status != NOT_MODIFIED:  # its headers would replace those of the page that the browser kept
            headers["Content-Security-Policy"] = self._policy(headers, path)
        headers["X-Request-Id"] = request_id
        if "location" in headers and not leaves:
            headers["Location"] = self._own_location(headers["location"])
        if "cache-control" not in headers:
            headers["Cache-Control"] = cache_control(path, status)

    def _own_location(self, location: str) -> str:
        """Keep a redirection on this site: the file server writes the Host header into it, which anybody may choose."""
        if location.startswith(f"{self.base_url}/"):
            return location
        parts = urlsplit(location)
        return urlunsplit(("", "", "/" + parts.path.lstrip("/\\"), parts.query, parts.fragment))

    def _policy(self, headers: MutableHeaders, path: str) -> str:
        if headers.get("content-type", "").startswith("text/html"):
            return self.page_policy
        return PROGRAM_POLICY if is_for_programs(path) else FILE_POLICY

    def _note(self, scope: Scope, path: str, status: int, seconds: float) -> None:
        """Count and log by the route's pattern: an address may hold an id, a query a token."""
        route = _pattern(scope, path)
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        REQUESTS.labels(route, method, status).inc()
        LATENCY.labels(route).observe(seconds)
        level = logging.ERROR if status >= 500 else logging.INFO
        if route not in ("assets", "/_health") or level > logging.INFO:
            log.log(level, "request", extra={"route": route, "method": method, "status": status, "ms": round(seconds * 1000, 1)})

    def _request_id(self, scope: Scope) -> str:
        """Keep the id of a proxy we trust, so that its log and ours agree."""
        given = Headers(scope=scope).get("x-request-id", "") if self.trusts_proxy else ""
        return given if _REQUEST_ID.fullmatch(given) else uuid7().hex


def _is_light(path: str) -> bool:
    """Tell what is answered whatever the crowd: files of pages that have come already, and whether the process lives."""
    return path.startswith(HASHED_FOLDER) or path == "/_health"


def _with_single_slashes(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return quote(re.sub("/+", "/", scope["path"])) + (f"?{query}" if query else "")


def _announced_size(scope: Scope) -> int:
    size = Headers(scope=scope).get("content-length", "0")
    return int(size) if size.isdecimal() else 0


def _pattern(scope: Scope, path: str) -> str:
    """Name what answered: the route of the interface, or which part of the site."""
    route = getattr(scope.get("route"), "path", "")
    if route:
        return str(route)
    return "assets" if path.startswith("/assets/") else "site"
