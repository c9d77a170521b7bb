"""How many codes leave: to one address or number, for one network, by SMS in all.

Strangers may use up what is left to strangers; a browser in which somebody came in by that address before has codes of its own.
A count's day begins with what is counted first: two days of one count may fall into a single day of another, so what strangers may
cause is bounded where twice as much leaves room.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlmodel import Session

from maiia_pro.identity import throttle
from maiia_pro.identity.identifiers import is_phone
from maiia_pro.kernel.errors import TooMany
from maiia_pro.settings import get_settings

Bounds = tuple[tuple[int, timedelta], ...]

ONES_OWN: Final = ((5, throttle.WINDOW), (8, throttle.DAY))
"""Codes for one address or number: asked for by one network, or by a browser that is known, whose codes count for nothing else."""
SOUGHT: Final = ((24, throttle.DAY),)
"""Codes for one address or number from all networks: with five tries each, a hundred and twenty guesses a day."""
NETWORK: Final = ((40, throttle.WINDOW),)
NETWORK_BY_PHONE: Final = ((10, throttle.WINDOW), (40, throttle.DAY))
"""Messages that cost money, which one network may cause."""


class TooManyTexts(TooMany):
    """Strangers have caused as many SMS as they may: the rest of the day's is for confirmations and for browsers that are known."""

    code = "too-many-texts"
    message = "Trop de SMS sont partis aujourd’hui. Utilisez une adresse e-mail, ou réessayez demain."


def count_code(session: Session, sought: str, network: str, known: str = "") -> TooMany | None:
    """Count one code; gives the refusal where there are too many, for the caller to raise once the count is kept.

    `known` is the browser that is known for `sought`, or nothing. What one limit refuses does not count for those after it.
    """
    for kind, who, bounds in _limits(sought, network, known):
        for most, window in bounds:
            if wait := throttle.count(session, _key(kind, window, who), most, window):
                return TooManyTexts(retry_after=wait) if kind == _TEXTS else throttle.TooManyAttempts(wait)
    return None


_OF_NETWORK: Final = "code network"
_TEXTS: Final = "code texts"


def _limits(sought: str, network: str, known: str) -> Iterator[tuple[str, str, Bounds]]:
    """List what counts: what, whose, how often. The network comes first, as everywhere: two who ask never wait crosswise."""
    if known:
        yield "code known", f"{known} {sought}", ONES_OWN
        return
    yield _OF_NETWORK, network, NETWORK
    if is_phone(sought):
        yield "text network", network, NETWORK_BY_PHONE
    yield "code from", f"{network} {sought}", ONES_OWN
    yield "code to", sought, SOUGHT
    if is_phone(sought):
        yield _TEXTS, "", ((get_settings().sms_per_day // 3, throttle.DAY),)


def _key(kind: str, window: timedelta, who: str) -> str:
    return throttle.network_key(f"{kind} {window} {who}")


def release_network(session: Session, network: str) -> None:
    """Take back one code of a network: somebody there came in."""
    for _, window in NETWORK:
        throttle.release(session, _key(_OF_NETWORK, window, network))
