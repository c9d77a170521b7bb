"""When a session is over: how long each kind of account stays signed in, what ends or locks a session, and which are over by now."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlmodel import Session

from maiia_pro.identity import browsers
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotSignedIn
from maiia_pro.kernel.live import Change, account_topic, announce

IDLE: Final = timedelta(hours=12)
LONGEST: Final = timedelta(days=7)
OPERATOR_IDLE: Final = timedelta(hours=1)
OPERATOR_LONGEST: Final = timedelta(hours=12)
"""Operators reach every practice: their sessions are shorter."""
STEP_LASTS: Final = timedelta(minutes=30)
"""How long a session stays half open: the time to install an application."""
KEPT: Final = timedelta(days=30)
"""How long a session that is over stays written."""


def idle_of(role: str) -> timedelta:
    """Tell after how long without use a session of this kind of account ends."""
    return OPERATOR_IDLE if role == ActorKind.OPERATOR else IDLE


def longest_of(role: str) -> timedelta:
    """Tell how long a session of this kind of account lasts at most."""
    return OPERATOR_LONGEST if role == ActorKind.OPERATOR else LONGEST


_IDLE = f"case s.role when 'operator' then interval '{OPERATOR_IDLE.seconds} s' else interval '{IDLE.seconds} s' end"
OPEN: Final = f"s.ended_at is null and s.expires_at > :now and s.last_seen_at > cast(:now as timestamptz) - {_IDLE} and a.status = 'active'"
"""What makes a session `s` of an account `a` good."""

JUST: Final = timedelta(seconds=30)
"""How long what ended by its date is told: a few looks may fail."""

_OVER_NOW = text(f"""
    select h.hash from unnest(cast(:hashes as varchar[])) as h(hash) where not exists (
        select 1 from account_session s join account a on a.id = s.account_id
        where s.token_hash = h.hash and s.locked_at is null and {OPEN})
    or exists (
        select 1 from account_session s join delegation d on d.account_id = s.account_id
        where s.token_hash = h.hash and d.ended_at is null and d.ends_at <= :now and d.ends_at > :lately)
""")  # noqa: S608 - the condition above, nothing that anybody typed


def sessions_over(actor: Actor, hashes: list[str]) -> set[str]:
    """Tell which of these sessions, by the hashes of their tokens, show nothing any more, or less: ended, too old, locked, suspended.

    Rights that end by their date end without anybody's act: those of the last moment are told here too.
    """
    require(actor, Permission.SYSTEM)
    now = clock.now()
    with reading() as session:
        return set(session.connection().execute(_OVER_NOW, {"hashes": hashes, "now": now, "lately": now - JUST}).scalars())


_END_ONE = text("""
    update account_session set ended_at = :now where ended_at is null and id = :id returning id, account_id
""")
_END_UNSHARED = text("""
    update account_session set ended_at = :now where ended_at is null and id = :id and device_id is null returning id, account_id
""")
_END_ALL = text("""
    update account_session set ended_at = :now where ended_at is null and account_id = :id returning id, account_id
""")
_END_AS = text("""
    update account_session set ended_at = :now where ended_at is null and account_id = :id and role = :role returning id, account_id
""")
_END_OTHERS = text("""
    update account_session set ended_at = :now
    where ended_at is null and id <> :id and account_id = (select account_id from account_session where id = :id)
    returning id, account_id
""")
_LOCK_ONE = text("""
    update account_session set locked_at = :now where ended_at is null and locked_at is null and id = :id returning id, account_id
""")
_LOCK_DEVICE = text("""
    update account_session set locked_at = :now where ended_at is null and locked_at is null and device_id = :id returning id, account_id
""")


def sign_out(actor: Actor) -> None:
    """End the actor's session, and with it the enrolment on the device; the screens that it opened end too."""
    if actor.session_id is None:
        return
    with transaction() as session:
        _end(session, actor, _END_ONE, actor.session_id)


def make_way(actor: Actor) -> None:
    """End the session of who was at the browser before somebody else signed in; on a device it stays, locked."""
    if actor.session_id is None:
        return
    with transaction() as session:
        _end(session, actor, _END_UNSHARED, actor.session_id)


def sign_out_everywhere(actor: Actor) -> int:
    """End every session of the actor's account and tell how many; open screens end at once. Raises `NotSignedIn`."""
    require(actor, Permission.ACCOUNT_OWN)
    if actor.account_id is None:
        raise NotSignedIn
    with transaction() as session:
        return end_sessions_of(session, actor, actor.account_id)


def end_session(session: Session, actor: Actor, session_id: UUID) -> None:
    """End one session in the caller's transaction: too many wrong PINs."""
    _end(session, actor, _END_ONE, session_id)


def end_sessions_of(session: Session, actor: Actor, account_id: UUID) -> int:
    """End every session of an account in the caller's transaction: a new password, a suspension. No browser is trusted any more."""
    browsers.distrust(session, account_id)
    return _end(session, actor, _END_ALL, account_id)


def end_sessions_as(session: Session, actor: Actor, account_id: UUID, role: ActorKind) -> int:
    """End the sessions in which an account acts in one role, in the caller's transaction; whatever else its holder is goes on."""
    return _end(session, actor, _END_AS.bindparams(role=role), account_id)


def end_other_sessions(session: Session, actor: Actor) -> int:
    """End every session of the actor's account but the one they act in, in the caller's transaction; tells how many."""
    return _end(session, actor, _END_OTHERS, actor.session_id) if actor.session_id else 0


def lock_session(session: Session, actor: Actor, session_id: UUID) -> None:
    """Lock a session in the caller's transaction; the screens that it opened are emptied at once."""
    _end(session, actor, _LOCK_ONE, session_id, AuditAction.SESSION_LOCKED)


def lock_device(session: Session, actor: Actor, device_id: UUID) -> None:
    """Lock whoever is at the screen of a device, in the caller's transaction."""
    _end(session, actor, _LOCK_DEVICE, device_id, AuditAction.SESSION_LOCKED)


def _end(session: Session, actor: Actor, query: TextClause, ident: UUID, action: AuditAction = AuditAction.SESSION_ENDED) -> int:
    """End or lock open sessions and tell every server process."""
    now = clock.now()
    rows = session.connection().execute(query, {"now": now, "id": ident}).all()
    for row in rows:
        details = {"session": str(row.id)}
        audit.record(session, actor, action, subject_type="account", subject_id=row.account_id, details=details)
    for account_id in {row.account_id for row in rows}:
        announce(session, Change(account_topic(account_id), account_id, int(now.timestamp() * 1000)))
    return len(rows)


_OVER = text("delete from account_session where coalesce(ended_at, expires_at) < :before")
_DEVICES = text("delete from device d where created_at < :before and not exists (select 1 from account_session where device_id = d.id)")


def delete_old_sessions(actor: Actor) -> int:
    """Delete sessions that have been over for a month, and devices that have none left; tells how many sessions."""
    require(actor, Permission.SYSTEM)
    before = {"before": clock.now() - KEPT}
    with transaction() as session:
        gone = session.connection().execute(_OVER, before).rowcount
        session.connection().execute(_DEVICES, before)
        return gone
