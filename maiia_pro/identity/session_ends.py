"""When a session is over: how long each kind of account stays signed in, and which sessions are over by now."""

from datetime import timedelta
from typing import Final

from sqlalchemy import text

from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading

IDLE: Final = timedelta(hours=12)
LONGEST: Final = timedelta(days=7)
OPERATOR_IDLE: Final = timedelta(hours=1)
OPERATOR_LONGEST: Final = timedelta(hours=12)
"""Operators reach every practice: their sessions are shorter."""
STEP_LASTS: Final = timedelta(minutes=30)
"""How long a session stays half open: the time to install an application."""


def idle_of(role: str) -> timedelta:
    """Tell after how long without use a session of this kind of account ends."""
    return OPERATOR_IDLE if role == ActorKind.OPERATOR else IDLE


def longest_of(role: str) -> timedelta:
    """Tell how long a session of this kind of account lasts at most."""
    return OPERATOR_LONGEST if role == ActorKind.OPERATOR else LONGEST


_IDLE = f"case s.role when 'operator' then interval '{OPERATOR_IDLE.seconds} s' else interval '{IDLE.seconds} s' end"
OPEN: Final = f"s.ended_at is null and s.expires_at > :now and s.last_seen_at > cast(:now as timestamptz) - {_IDLE} and a.status = 'active'"
"""What makes a session `s` of an account `a` good."""

_OVER_NOW = text(f"""
    select h.hash from unnest(cast(:hashes as varchar[])) as h(hash) where not exists (
        select 1 from account_session s join account a on a.id = s.account_id
        where s.token_hash = h.hash and s.locked_at is null and {OPEN})
""")  # noqa: S608 - the condition above, nothing that anybody typed


def sessions_over(actor: Actor, hashes: list[str]) -> set[str]:
    """Tell which of these sessions, by the hashes of their tokens, show nothing any more: ended, too old, locked, or suspended."""
    require(actor, Permission.SYSTEM)
    with reading() as session:
        return set(session.connection().execute(_OVER_NOW, {"hashes": hashes, "now": clock.now()}).scalars())
