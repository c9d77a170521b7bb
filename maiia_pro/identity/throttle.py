"""Sign-in attempts, counted per account and per network before anything is looked at, so that asking all at once gains nothing."""

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import TooMany

WINDOW: Final = timedelta(minutes=15)
PER_ACCOUNT: Final = 8
PER_NETWORK: Final = 60
DAY: Final = timedelta(days=1)

_COUNT = text("""
    insert into sign_in_attempt as a (key, started_at, attempts) values (:key, :now, 1)
    on conflict (key) do update set
        attempts = case when a.started_at <= :oldest then 1 else a.attempts + 1 end,
        started_at = case when a.started_at <= :oldest then :now else a.started_at end
    returning attempts, started_at
""")
_FORGET = text("delete from sign_in_attempt where key = :key")
_RELEASE = text("update sign_in_attempt set attempts = greatest(attempts - 1, 0) where key = :key")
_SWEEP = text("""
    delete from sign_in_attempt where key in (select key from sign_in_attempt where started_at <= :oldest for update skip locked)
""")


class TooManyAttempts(TooMany):
    """The account or the network tried too often; `retry_after` says when the window ends."""

    def __init__(self, retry_after: int) -> None:
        minutes = max(1, math.ceil(retry_after / 60))
        count, unit = (minutes, "minute") if minutes < 60 else (math.ceil(minutes / 60), "heure")
        super().__init__(f"Trop d’essais. Réessayez dans {count}\u00a0{unit}{'s' if count > 1 else ''}.", retry_after)


def account_key(email_key: str) -> str:
    """Name the counter of an account without keeping its address."""
    return hashlib.sha256(f"account {email_key}".encode()).hexdigest()


def network_key(network: str) -> str:
    """Name the counter of a network; an IPv6 address counts with the 64 bits that its owner holds."""
    return hashlib.sha256(f"network {network}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Counters:
    """What a try to sign in counts for: a network, unless the browser is known for the account, and the account or that browser's own."""

    network: str
    own: str

    def count(self, session: Session) -> int:
        """Count one try and give the seconds to wait, 0 within the limits."""
        networks = count(session, self.network, PER_NETWORK) if self.network else 0
        return max(networks, count(session, self.own, PER_ACCOUNT))

    def take_back(self, session: Session) -> None:
        """Undo one count: it was no try."""
        if self.network:
            release(session, self.network)
        release(session, self.own)

    def came_in(self, session: Session) -> None:
        """Start the account's again from nothing and take back the network's: the network first, as when counting."""
        if self.network:
            release(session, self.network)
        forget(session, self.own)


def counters_of(identifier: str, network: str, known: str) -> Counters:
    """Choose what a try counts for; `known` is the browser that is known for the identifier, or nothing."""
    if known:
        return Counters("", account_key(f"{known} {identifier}"))
    return Counters(network_key(network), account_key(identifier))


def count(session: Session, key: str, limit: int, window: timedelta = WINDOW) -> int:
    """Count one attempt and give the seconds to wait, 0 within the limit; the caller commits the count before it refuses."""
    now = clock.now()
    row = session.connection().execute(_COUNT, {"key": key, "now": now, "oldest": now - window}).one()
    return max(1, math.ceil((row.started_at + window - now).total_seconds())) if row.attempts > limit else 0


def forget(session: Session, key: str) -> None:
    """Start again from nothing: the account's owner signed in."""
    session.connection().execute(_FORGET, {"key": key})


def release(session: Session, key: str) -> None:
    """Take back one attempt of a network: somebody there signed in."""
    session.connection().execute(_RELEASE, {"key": key})


def forget_old_attempts(actor: Actor) -> int:
    """Delete the counters whose window is over; tells how many."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        return session.connection().execute(_SWEEP, {"oldest": clock.now() - DAY}).rowcount
