"""Asking the provider something over HTTP: bounded in bytes and seconds, JSON or nothing; what it says of itself is kept for an hour."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from maiia_pro.integrations.psc.refusals import PscAway, PscRefusal

DISCOVERY: Final = "/.well-known/wallet-openid-configuration"
"""Where Pro Santé Connect describes itself, which is not the path of the standard (OpenID Connect Discovery 1.0, section 4)."""
SECONDS: Final = 6.0
"""For a whole exchange, however slowly the answer comes."""
LARGEST: Final = 262_144
KEPT_SECONDS: Final = 3600.0
NEW_KEYS_SECONDS: Final = 60.0
"""How soon an unknown key may be asked for again."""
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})

_about: dict[str, tuple[float, "About"]] = {}
_keys: dict[str, tuple[float, KeySet]] = {}


@dataclass(frozen=True, slots=True)
class About:
    """What the provider says of itself: its addresses, and whether it takes the secret in a header."""

    authorize: str
    token: str
    userinfo: str
    keys: str
    logout: str
    """Nothing where it has none."""
    basic: bool


def ask(method: str, url: str, **options: Any) -> dict[str, Any]:
    """Give the JSON object that the provider answers; raises `PscAway`, and `PscRefusal` where it says 4xx."""
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"} | options.pop("headers", {})
    try:
        status, content = asyncio.run(_exchange(method, url, options | {"headers": headers}))
    except (httpx.HTTPError, httpx.InvalidURL, OSError):  # TimeoutError is one
        raise PscAway from None  # the error may quote the request
    if 400 <= status < 500:
        raise PscRefusal
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise PscAway from None
    if status != 200 or not isinstance(found, dict):
        raise PscAway
    return found


async def _exchange(method: str, url: str, options: dict[str, Any]) -> tuple[int, bytes]:
    content = bytearray()
    async with (
        asyncio.timeout(SECONDS),  # httpx counts each byte anew
        httpx.AsyncClient(timeout=SECONDS / 2, follow_redirects=False, trust_env=False) as http,
        http.stream(method, url, **options) as answer,
    ):
        async for part in answer.aiter_raw():
            content += part
            if len(content) > LARGEST:
                raise PscAway
        return answer.status_code, bytes(content)


def about(issuer: str) -> About:
    """Read what the provider says of itself, once an hour. Raises `PscAway`, also where it names itself otherwise."""
    known = _about.get(issuer)
    if known and known[0] > time.monotonic():
        return known[1]
    try:
        said = ask("GET", issuer + DISCOVERY)
    except PscRefusal:
        raise PscAway from None
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    found = About(
        authorize=_safe(said.get("authorization_endpoint")),
        token=_safe(said.get("token_endpoint")),
        userinfo=_safe(said.get("userinfo_endpoint")),
        keys=_safe(said.get("jwks_uri")),
        logout=_safe(said["end_session_endpoint"]) if said.get("end_session_endpoint") else "",
        basic=isinstance(methods, list) and "client_secret_basic" in methods,
    )
    if said.get("issuer") != issuer:
        raise PscAway
    _about[issuer] = (time.monotonic() + KEPT_SECONDS, found)
    return found


def keys(url: str, *, anew: bool = False) -> KeySet:
    """Give the provider's public keys (RFC 7517), kept for an hour; `anew` asks again, at most once a minute. Raises `PscAway`."""
    known = _keys.get(url)
    good_for = NEW_KEYS_SECONDS if anew else KEPT_SECONDS
    if known and known[0] + good_for > time.monotonic():
        return known[1]
    try:
        found = KeySet.import_key_set(ask("GET", url))  # type: ignore[arg-type]
    except (PscRefusal, JoseError, ValueError, TypeError, KeyError):
        raise PscAway from None
    _keys[url] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Ask everything anew."""
    _about.clear()
    _keys.clear()


def _safe(url: object) -> str:
    """Let an address pass that nobody on the way can read: https, or this machine. Raises `PscAway`."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
    except ValueError:
        raise PscAway from None
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
        return str(url)
    raise PscAway
