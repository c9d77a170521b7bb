"""The browsers that people come in by: what they are called, whether an account came in there before, whether it trusts them."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, ip_address
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.origin import browser_and_system

KEPT: Final = timedelta(days=365)
"""How long a browser is remembered after the last time somebody came in there; its cookie lasts as long."""
TRUSTED: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody comes in: the value of the browser's cookie, what it says it is, its network, and its cookie as a shared screen."""

    token: str = ""
    agent: str = ""
    network: str = ""
    device: str = ""
    trusts: bool = False
    """Whether its owner wants to do without the second step there for a while."""

    @property
    def words(self) -> str:
        """Name it as people do: « Firefox sur Windows »."""
        return " sur ".join(found for found in browser_and_system(self.agent[:500]) if found)

    @property
    def place(self) -> str:
        """Give the network without the part that tells its computers apart: « 192.0.2.x »."""
        try:
            address = ip_address(self.network)
        except ValueError:
            return ""
        parts = address.exploded.split("." if isinstance(address, IPv4Address) else ":")
        return ".".join([*parts[:3], "x"]) if isinstance(address, IPv4Address) else ":".join([*parts[:3], "x"])


NOWHERE: Final = Browser()


_SEE = text("""
    insert into seen_browser as b (id, account_id, token_hash, first_seen_at, last_seen_at, trusted_until)
    values (:id, :account_id, :hash, :now, :now, :trusted)
    on conflict (account_id, token_hash) do update set
        last_seen_at = excluded.last_seen_at, trusted_until = coalesce(excluded.trusted_until, b.trusted_until)
    returning b.id = :id as is_new, exists (select 1 from seen_browser where account_id = :account_id and id <> :id) as has_others
""")
_TRUSTS = text("select 1 from seen_browser where account_id = :account_id and token_hash = :hash and trusted_until > :now")
_DISTRUST = text("update seen_browser set trusted_until = null where account_id = :account_id and trusted_until is not null")
_FORGET = text("delete from seen_browser where last_seen_at < :before")


def see(session: Session, account_id: UUID, browser: Browser) -> bool:
    """Note that an account came in by a browser; tells whether it is one that its holder should hear of: new, and not their first."""
    if not browser.token:
        return False
    now = clock.now()
    values = {"id": uuid7(), "account_id": account_id, "hash": token_hash(browser.token), "now": now}
    found = session.connection().execute(_SEE, values | {"trusted": now + TRUSTED if browser.trusts else None}).one()
    return bool(found.is_new and found.has_others)


def is_trusted(session: Session, account_id: UUID, browser: Browser) -> bool:
    """Tell whether the account need not do its second step in this browser."""
    values = {"account_id": account_id, "hash": token_hash(browser.token), "now": clock.now()}
    return bool(browser.token) and session.connection().execute(_TRUSTS, values).first() is not None


def distrust(session: Session, account_id: UUID) -> None:
    """Ask for the second step again in every browser of an account."""
    session.connection().execute(_DISTRUST, {"account_id": account_id})


def forget_old_browsers(actor: Actor) -> int:
    """Forget the browsers where nobody came in for a year; tells how many."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        return session.connection().execute(_FORGET, {"before": clock.now() - KEPT}).rowcount
