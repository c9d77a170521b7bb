"""The session cookie: its name, and its value in the header that a browser sends."""

from maiia_pro.settings import get_settings


def cookie_name() -> str:
    """Name the session cookie; over https its prefix keeps other hosts and paths from setting it (RFC 6265bis, section 4.1.3)."""
    return "__Host-maiia_session" if get_settings().secure_cookies else "maiia_session"


def token_in(header: str) -> str:
    """Give the session's token out of a Cookie header, or an empty string."""
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == cookie_name():
            return value[:128]
    return ""
