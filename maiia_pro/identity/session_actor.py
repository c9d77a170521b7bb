"""The only way from a cookie to an actor."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from maiia_pro.identity.presence import is_checked
from maiia_pro.identity.session_ends import OPEN
from maiia_pro.identity.tables import AccountSession
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import EVERY_RIGHT, Actor, ActorKind, Right
from maiia_pro.kernel.db import reading, transaction

TOUCH: Final = timedelta(minutes=5)
"""A session's last use is written at most this often."""

_OWNER = text(f"""
    with mine as (
        select s.id as session_id, s.last_seen_at, s.locked_at, s.half_open, s.role, a.id as account_id, a.name,
            {is_checked("a.id", "s.role")} as checked
        from account_session s join account a on a.id = s.account_id where s.token_hash = :hash and {OPEN}
    ), works as (
        select m.practice_id, m.administers from membership m join mine on mine.account_id = m.account_id and mine.role = m.role
        where m.asked_at is null and mine.checked
    ), let as (
        select d.practice_id, d.practitioner_id, d.rights, p.barred
        from delegation d join mine on mine.account_id = d.account_id join practitioner p on p.id = d.practitioner_id
        where d.practice_id in (select practice_id from works) and d.ended_at is null
          and d.starts_at <= :now and (d.ends_at is null or d.ends_at > :now)
    )
    select mine.*,
        array(
            select practice_id from works where mine.role <> 'substitute' or practice_id in (select practice_id from let)
        ) as practice_ids,
        array(select practice_id from works where administers) as administers,
        (select p.id from practitioner p where mine.role = 'practitioner' and p.account_id = mine.account_id
            and p.practice_id in (select practice_id from works)) as practitioner_id,
        (select jsonb_agg(jsonb_build_array(practitioner_id, rights, barred)) from let) as rights
    from mine
""")  # noqa: S608 - the condition above, nothing that anybody typed
_TOUCH = text("update account_session set last_seen_at = greatest(last_seen_at, :now) where id = :id")


def actor_of_token(token: str | None, *, uses: bool = True) -> Actor:
    """Tell who holds the token: a locked screen, who still owes the second step, or a visitor where it is absent, wrong or over.

    It is a use of the session, unless `uses` says that nobody is there: what goes on by itself keeps no session from its idle end.
    """
    return actor_of_hash(token_hash(token), uses=uses) if token else Actor.anonymous()


def actor_of_hash(hashed: str, *, uses: bool = True) -> Actor:
    """Tell who holds the token of this hash."""
    now = clock.now()
    with reading() as session:
        row = session.connection().execute(_OWNER, {"hash": hashed, "now": now}).one_or_none()
    if row is None:
        return Actor.anonymous()
    if row.locked_at is not None:
        return Actor.locked(row.session_id)
    if row.half_open:
        return Actor.half_open(row.session_id)
    if uses and row.last_seen_at < now - TOUCH:
        _touch(row.session_id, now)
    return Actor(
        ActorKind(row.role),
        row.name,
        account_id=row.account_id,
        session_id=row.session_id,
        practice_ids=frozenset(row.practice_ids),
        administers=frozenset(row.administers),
        practitioner_id=row.practitioner_id,
        rights=rights_of(row.rights, row.practitioner_id),
        checked=row.checked,
    )


_NOW = text(f"""
    select (select p.id from practitioner p where m.role = 'practitioner' and p.account_id = a.id and p.practice_id = m.practice_id) as own,
        (select jsonb_agg(jsonb_build_array(p.id, d.rights, p.barred)) from delegation d join practitioner p on p.id = d.practitioner_id
            where d.account_id = a.id and d.practice_id = m.practice_id and d.ended_at is null
              and d.starts_at <= :now and (d.ends_at is null or d.ends_at > :now)) as rights
    from account a join membership m on m.account_id = a.id and m.asked_at is null
    where a.id = :account and m.practice_id = :practice and a.status = 'active' and {is_checked("a.id", "m.role")}
""")  # noqa: S608 - the condition above, nothing that anybody typed


def rights_now(session: Session, account_id: UUID | None, practice_id: UUID) -> dict[UUID, frozenset[Right]]:
    """Tell what somebody may do in a practice for whom, though they are not there: what they left running is asked again by it."""
    row = session.connection().execute(_NOW, {"account": account_id, "practice": practice_id, "now": clock.now()}).one_or_none()
    return rights_of(row.rights, row.own) if row else {}


WHILE_BARRED: Final = frozenset({Right.AGENDA, Right.CHANGE})
"""All that is left of what somebody let others do while their own account is shut: to see who comes, call them, move and cancel."""


def rights_of(delegated: list[tuple[str, list[str], bool]] | None, own: UUID | None) -> dict[UUID, frozenset[Right]]:
    """Give what somebody may do for whom: all for themselves, for others what these let them do."""
    rights = {own: EVERY_RIGHT} if own else {}
    for ident, held, barred in delegated or ():
        given = frozenset(Right(one) for one in held)
        rights[UUID(ident)] = rights.get(UUID(ident), frozenset()) | (given & WHILE_BARRED if barred else given)
    return rights


def _touch(session_id: UUID, now: datetime) -> None:
    with transaction() as session:
        session.connection().execute(_TOUCH, {"id": session_id, "now": now})


def session_end(actor: Actor) -> datetime | None:
    """Tell when the actor's session ends whatever they do; None where it has ended."""
    require(actor, Permission.ACCOUNT_OWN)
    with reading() as session:
        return session.exec(select(AccountSession.expires_at).where(AccountSession.id == actor.session_id)).first()
