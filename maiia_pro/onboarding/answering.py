"""Answering an invitation to work in a practice: who asked hears of a refusal, and nothing that they typed of who declines stays."""

from contextlib import suppress
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from maiia_pro.identity.tables import Account, Membership
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.onboarding.telling import DECLINED, tell_member


def answer(actor: Actor, membership_id: UUID, *, accepts: bool) -> None:
    """Accept or decline to work somewhere; raises `NotFound` for what is not one's own to answer, or is answered."""
    require(actor, Permission.ACCOUNT_OWN)
    with transaction() as session:
        asked = session.get(Membership, membership_id, with_for_update=True)
        if asked is None or asked.account_id != actor.account_id or asked.asked_at is None:
            raise NotFound
        action = AuditAction.MEMBERSHIP_ACCEPTED if accepts else AuditAction.MEMBERSHIP_DECLINED
        audit.record(
            session, actor, action, subject_type="account", subject_id=asked.account_id, practice_id=asked.practice_id,
            details={"role": asked.role},
        )  # fmt: skip
        if accepts:
            asked.asked_at = None
        else:
            _decline(session, actor, asked)


_END_DELEGATIONS = text(
    "update delegation set ended_at = :now where account_id = :account and practice_id = :practice and ended_at is null"
)
_ASKERS = text("""
    select distinct m.account_id from membership m
    where m.practice_id = :practice and m.asked_at is null and (m.account_id in (
        select e.actor_id from audit_entry e where e.subject_id = :account and e.practice_id = :practice
            and e.action = :invited and e.at >= :since))
""").bindparams(*(bindparam(name, type_=PG_UUID(as_uuid=True)) for name in ("account", "practice")))
"""Who of the practice asked, or asked again, since the invitation that is answered."""


def _decline(session: Session, actor: Actor, asked: Membership) -> None:
    """Take the invitation away with what was let along with it, and tell who asked, by the name that they typed."""
    values = {"now": clock.now(), "account": asked.account_id, "practice": asked.practice_id}
    session.connection().execute(_END_DELEGATIONS, values)
    since = {"since": asked.asked_at, "invited": AuditAction.ACCOUNT_INVITED}
    askers = session.connection().execute(_ASKERS, values | since).scalars().all()
    for account in session.exec(select(Account).where(col(Account.id).in_(askers)).order_by(col(Account.id))):
        tell_member(session, actor, asked.practice_id, account, DECLINED, by=asked.name)
    session.delete(asked)
    session.flush()
    forget_typed(session, asked.account_id, asked.practice_id)


_NEVER_CAME: Final = """p.account_id = :account and p.practice_id = :practice
    and not exists (select from former_member f where f.account_id = :account and f.practice_id = :practice)
"""
_FORGET_AGENDA: Final = (
    text(f"delete from practitioner_group_place g using practitioner p where p.id = g.practitioner_id and {_NEVER_CAME}"),  # noqa: S608
    text(f"delete from practitioner p where {_NEVER_CAME}"),  # noqa: S608 - of constants
)
_FORGET_PROFESSION: Final = [
    text(f"""
        delete from {table} p where p.account_id = :account and {unchecked} and not exists (
            select from membership m where m.account_id = :account and m.role in ('substitute', 'aidant'))
    """)  # noqa: S608 - of constants
    for table, unchecked in (("declaration", "p.what = 'check' and p.accepted is null"), ("professional", "p.checked_at is null"))
]


def forget_typed(session: Session, account_id: UUID, practice_id: UUID) -> None:
    """Forget what a practice typed of somebody who does not come, in the caller's transaction, where their membership is gone.

    An agenda that was never theirs would keep them from having one elsewhere, and a number and a profession that nobody checked would be
    taken for theirs.
    """
    values = {"account": account_id, "practice": practice_id}
    for forget in _FORGET_PROFESSION:
        session.connection().execute(forget, values)
    with suppress(IntegrityError), session.begin_nested():  # where a request or a wish names them, they keep the row
        for forget in _FORGET_AGENDA:
            session.connection().execute(forget, values)
