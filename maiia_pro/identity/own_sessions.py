"""The open sessions of one's own account: where and when, and closing those that are not one's own any more."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.identity.browsers import distrust
from maiia_pro.identity.session_ends import OPEN, end_session
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class OwnSession:
    """An open session: the browser in words, the network without its last part, and how it stands."""

    id: UUID
    agent: str
    network: str
    opened_at: datetime
    last_seen_at: datetime
    here: bool
    locked: bool


_LIST = text(f"""
    select s.id, s.agent, s.network, s.created_at, s.last_seen_at, s.locked_at is not null as locked
    from account_session s join account a on a.id = s.account_id
    where a.id = :account_id and not s.half_open and {OPEN}
    order by s.id = :here desc, s.last_seen_at desc
""")  # noqa: S608 - the condition of the sessions, nothing that anybody typed


def own_sessions(actor: Actor) -> list[OwnSession]:
    """List the actor's open sessions, this one first."""
    require(actor, Permission.ACCOUNT_OWN)
    with reading() as session:
        return _open(session, actor)


def _open(session: Session, actor: Actor) -> list[OwnSession]:
    values = {"account_id": actor.account_id, "here": actor.session_id, "now": clock.now()}
    rows = session.connection().execute(_LIST, values).all()
    return [
        OwnSession(row.id, row.agent, row.network, row.created_at, row.last_seen_at, row.id == actor.session_id, row.locked) for row in rows
    ]


def close_own_session(actor: Actor, session_id: UUID) -> None:
    """Close one of the actor's sessions; its screens end at once. Raises `NotFound` where it is not theirs or over."""
    require(actor, Permission.ACCOUNT_OWN)
    with transaction() as session:
        if all(one.id != session_id for one in _open(session, actor)):
            raise NotFound("Cette session est déjà fermée.")
        end_session(session, actor, session_id)


def close_other_sessions(actor: Actor) -> int:
    """Close all of the actor's sessions but this one, and trust no browser any more; tells how many."""
    require(actor, Permission.ACCOUNT_OWN)
    with transaction() as session:
        others = [one.id for one in _open(session, actor) if not one.here]
        for ident in others:
            end_session(session, actor, ident)
        if actor.account_id is not None:
            distrust(session, actor.account_id)
        return len(others)
