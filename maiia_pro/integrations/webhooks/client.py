"""One event to one address: signed as Standard Webhooks asks, to the very machine that was judged, and no further."""

import asyncio
import base64
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import httpx

from maiia_pro.integrations.caldav.addresses import place_of
from maiia_pro.integrations.caldav.faults import AddressRefused, Unreachable
from maiia_pro.kernel.errors import Unavailable

SECONDS: Final = 8.0
"""For a whole exchange, however slowly the answer comes: the worker has other messages to send."""
PREFIX: Final = "whsec_"
"""Begins a secret; what follows is the key in base64."""


class NotReceived(Unavailable):
    """The program did not take the event; `answered` is the status it gave, or nothing. It is tried again in `retry_after` seconds."""

    code = "not-received"
    message = "L’application n’a pas pris l’événement. Il repartira tout seul."

    def __init__(self, why: str, status: int | None = None) -> None:
        self.answered, self.retry_after = status, 0
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Event:
    """What is told: an id that stays the same at each try, a kind, when it happened (aware UTC), and ids, never content."""

    id: UUID
    kind: str
    at: datetime
    data: dict[str, Any]

    def body(self) -> bytes:
        """Write it as it is signed and sent."""
        return json.dumps({"type": self.kind, "timestamp": self.at.isoformat(), "data": self.data}, separators=(",", ":")).encode()


def signature(secret: str, ident: str, seconds: str, body: bytes) -> str:
    """Sign as Standard Webhooks says: `v1,` and the base64 of HMAC-SHA256 over id, seconds since 1970 and body, dots between."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, f"{ident}.{seconds}.".encode() + body, "sha256")).decode()


def check_address(url: str, *, allow_private: bool) -> None:
    """See that an address may be sent to: https to public machines, and what the operator allows besides. Raises `NotReceived`."""
    _place(url, allow_private)


def send(url: str, secret: str, event: Event, now: datetime, *, allow_private: bool) -> int:
    """Send an event and give the status answered, a 2xx. Raises `NotReceived`; a redirect is not followed."""
    address = _place(url, allow_private)
    body, ident, seconds = event.body(), str(event.id), str(int(now.timestamp()))
    asked = httpx.URL(url)
    headers = {
        "Host": asked.netloc.decode("ascii"),
        "Content-Type": "application/json",
        "User-Agent": "Maiia Pro",
        "webhook-id": ident,
        "webhook-timestamp": seconds,
        "webhook-signature": signature(secret, ident, seconds, body),
    }
    status = _post(asked, address, body, headers)
    if 200 <= status < 300:
        return status
    raise NotReceived(f"L’application a répondu {status}.", status)


def _post(asked: httpx.URL, address: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        return asyncio.run(_exchange(asked, address, body, headers))
    except (TimeoutError, httpx.TimeoutException):
        raise NotReceived("L’application met trop de temps à répondre.") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        raise NotReceived("L’application est injoignable.") from None


async def _exchange(asked: httpx.URL, address: str, body: bytes, headers: dict[str, str]) -> int:
    options: dict[str, Any] = {"content": body, "headers": headers, "extensions": {"sni_hostname": asked.raw_host.decode("ascii")}}
    async with (
        asyncio.timeout(SECONDS),  # httpx counts each byte anew
        httpx.AsyncClient(timeout=SECONDS / 2, follow_redirects=False, trust_env=False) as http,
        # The address that was judged is the one connected to: a name may not mean another machine a moment later.
        http.stream("POST", asked.copy_with(host=address), **options) as answer,
    ):
        return answer.status_code  # what it says besides is not read


def _place(url: str, allow_private: bool) -> str:
    try:
        return place_of(url, allow_private=allow_private).address
    except AddressRefused:
        raise NotReceived("Cette adresse n’est pas celle d’un site public en https.") from None
    except Unreachable:
        raise NotReceived("Cette adresse ne mène à aucune machine.") from None
