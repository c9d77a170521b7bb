"""The cookies of the service: their names, and their values in the header that a browser sends."""

from typing import Final

from maiia_pro.settings import get_settings

LONGEST: Final = 300
"""Signs of a value: a browser known for eight people."""


def cookie_name() -> str:
    """Name the session cookie; over https its prefix keeps other hosts and paths from setting it (RFC 6265bis, section 4.1.3)."""
    return "__Host-maiia_session" if get_settings().secure_cookies else "maiia_session"


def code_cookie_name() -> str:
    """Name the cookie that ties a code to the browser that asked for it."""
    return "__Host-maiia_code" if get_settings().secure_cookies else "maiia_code"


def device_cookie_name() -> str:
    """Name the cookie by which a browser that several people share is known."""
    return "__Host-maiia_device" if get_settings().secure_cookies else "maiia_device"


def psc_cookie_name() -> str:
    """Name the cookie of a browser that left for Pro Santé Connect."""
    return "__Host-maiia_psc" if get_settings().secure_cookies else "maiia_psc"


def known_cookie_name() -> str:
    """Name the cookie by which a browser is known where a patient came in before."""
    return "__Host-maiia_known" if get_settings().secure_cookies else "maiia_known"


def browser_cookie_name() -> str:
    """Name the cookie by which a browser is known again when somebody comes in."""
    return "__Host-maiia_browser" if get_settings().secure_cookies else "maiia_browser"


def device_in(header: str) -> str:
    """Give the device's token out of a Cookie header, or an empty string."""
    return token_in(header, device_cookie_name())


def token_in(header: str, wanted: str = "") -> str:
    """Give the session's token, or the value of the cookie named, out of a Cookie header; an empty string where it is not there."""
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == (wanted or cookie_name()):
            return value[:LONGEST]
    return ""
