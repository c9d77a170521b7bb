"""Somebody who was removed from a practice works there again, by the account they have."""

from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.identity.tables import Account, FormerMember, Membership
from maiia_pro.kernel import audit
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.onboarding.inviting import AlreadyHere
from maiia_pro.onboarding.telling import BACK, tell_member


def former_member(session: Session, practice_id: UUID, address: str, role: ActorKind) -> FormerMember | None:
    """Find who was removed from a practice by their address, where they are asked in as what they were."""
    statement = select(FormerMember).join(Account, col(Account.id) == FormerMember.account_id)
    return session.exec(
        statement.where(FormerMember.practice_id == practice_id, FormerMember.role == role, Account.email_key == address.casefold())
    ).first()


def readmit(session: Session, actor: Actor, former: FormerMember) -> UUID:
    """Give somebody their membership again and tell them, in the caller's transaction, which has authorised; gives the account's id.

    Raises `AlreadyHere` for who was asked in meanwhile as something else.
    """
    account = session.get_one(Account, former.account_id)
    here = select(Membership.id).where(Membership.account_id == account.id, Membership.practice_id == former.practice_id)
    if session.exec(here).first() is not None:
        raise AlreadyHere
    session.add(Membership(account_id=account.id, practice_id=former.practice_id, role=former.role))
    session.delete(former)
    session.flush()
    audit.record(
        session, actor, AuditAction.MEMBER_BACK, subject_type="account", subject_id=account.id, practice_id=former.practice_id
    )  # fmt: skip
    tell_member(session, actor, former.practice_id, account, BACK)
    return account.id
