"""Whether an account is in health: does mail reach its holder, were its details checked lately, and what changed in them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from maiia_pro.identity.health_tables import AccountChange, AccountHealth, Bounce
from maiia_pro.identity.jobs import AccountRenamed
from maiia_pro.identity.national_number import NAME
from maiia_pro.identity.tables import Account, Membership
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import MEMBERS, Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.queue import enqueue
from maiia_pro.settings import get_settings


class Detail(StrEnum):
    """What an account says of its holder."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    SPECIALTY = "specialty"
    RPPS = "rpps"
    PROFESSION = "profession"


DETAIL_LABELS: Final[dict[Detail, str]] = {
    Detail.NAME: "Nom",
    Detail.EMAIL: "Adresse e-mail",
    Detail.PHONE: "Téléphone",
    Detail.SPECIALTY: "Profession",
    Detail.RPPS: NAME,
    Detail.PROFESSION: "Profession",
}


@dataclass(frozen=True, slots=True)
class Notices:
    """What the pages of somebody remind them of."""

    unreached: bool = False
    """Mail does not arrive at the account's address any more."""
    check_due: bool = False
    """Somebody of a practice has not checked their details for long."""
    unchecked: bool = False
    """The operator has not checked what they practise."""


def health_of(session: Session, account_id: UUID) -> AccountHealth:
    """Give the row of an account, made and held in the caller's transaction."""
    session.connection().execute(insert(AccountHealth).values(account_id=account_id, phone="").on_conflict_do_nothing())
    return session.exec(select(AccountHealth).where(AccountHealth.account_id == account_id).with_for_update()).one()


def my_notices(actor: Actor) -> Notices:
    """Tell what the actor is to be reminded of."""
    require(actor, Permission.ACCOUNT_OWN)
    with reading() as session:
        account = session.get(Account, actor.account_id)
        health = session.get(AccountHealth, actor.account_id)
    if account is None:
        return Notices()
    return Notices(health is not None and health.bounce is not None, check_due(account, health), not actor.checked)


def check_due(account: Account, health: AccountHealth | None) -> bool:
    """Tell whether the details of somebody of a practice want checking: for as many days as the settings say."""
    if account.role not in MEMBERS:
        return False
    since: datetime = (health.checked_at if health else None) or account.created_at
    return since + timedelta(days=get_settings().details_checked_days) <= clock.now()


def is_blocked(session: Session, account_id: UUID) -> bool:
    """Tell whether the identifiers of an account are reported lost or stolen."""
    health = session.get(AccountHealth, account_id)
    return health is not None and health.blocked_at is not None


def note_details(session: Session, actor: Actor, account_id: UUID, changes: dict[Detail, tuple[str, str]]) -> None:
    """Write down, in the caller's transaction, what changed in an account, before and after.

    Another name is in the journal of the practices where its holder works, and told to their administrators: an account is one person's.
    """
    for what, (before, after) in changes.items():
        if before != after:
            made = AccountChange(account_id=account_id, at=clock.now(), by_name=actor.name, what=what, before=before, after=after)
            session.add(made)
            details = {"what": str(what)}
            audit.record(session, actor, AuditAction.DETAILS_CHANGED, subject_type="account", subject_id=account_id, details=details)
            if what is Detail.NAME:
                _note_name(session, actor, made)


def _note_name(session: Session, actor: Actor, made: AccountChange) -> None:
    works = select(Membership.practice_id).where(Membership.account_id == made.account_id, col(Membership.asked_at).is_(None))
    details = {"before": made.before, "after": made.after}
    for practice_id in session.exec(works).all():
        audit.record(
            session, actor, AuditAction.ACCOUNT_RENAMED, subject_type="account", subject_id=made.account_id, practice_id=practice_id,
            details=details,
        )  # fmt: skip
    session.flush()
    enqueue(session, AccountRenamed(made.id))


def confirm_details(actor: Actor) -> None:
    """Say that all one's account says is right."""
    require(actor, Permission.ACCOUNT_OWN)
    if actor.account_id is None:
        return
    with transaction() as session:
        health_of(session, actor.account_id).checked_at = clock.now()
        audit.record(session, actor, AuditAction.DETAILS_CHECKED, subject_type="account", subject_id=actor.account_id)


def note_bounce(session: Session, address: str, how: Bounce) -> bool:
    """Write down, in the caller's transaction, that mail for an address does not arrive; tells whether it is an account's."""
    account = session.exec(select(Account).where(Account.email_key == address.casefold())).first()
    if account is None:
        return False
    health = health_of(session, account.id)
    health.bounce, health.bounced_at = how, clock.now()
    return True


def note_taken(session: Session, address: str) -> None:
    """Forget that an address was refused, in the caller's transaction: its server took a message. What came back is not forgotten so."""
    refused = select(AccountHealth).join(Account, col(Account.id) == AccountHealth.account_id)
    found = session.exec(refused.where(Account.email_key == address.casefold(), AccountHealth.bounce == Bounce.REFUSED)).first()
    if found is not None:
        found.bounce = found.bounced_at = None


def note_read(session: Session, account_id: UUID) -> None:
    """Forget, in the caller's transaction, that mail did not arrive or that the account is blocked: a code that went there was read."""
    found = session.get(AccountHealth, account_id)
    if found is not None:
        found.bounce = found.bounced_at = found.blocked_at = None
