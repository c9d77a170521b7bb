"""What shuts an account: what its holder reads, what else shuts with it, and how it opens again."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from maiia_pro.identity.jobs import AccountRestored
from maiia_pro.identity.restriction_tables import AccountRestriction, Ground, RestrictionKind
from maiia_pro.identity.tables import Account, AccountStatus
from maiia_pro.kernel import audit, clock, live
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotAllowed
from maiia_pro.kernel.french import NBSP, PARIS, moment
from maiia_pro.kernel.queue import enqueue
from maiia_pro.settings import get_settings

GROUND_LABELS: Final = {
    Ground.FALSE_INFORMATION: "informations fausses",
    Ground.NOT_ELIGIBLE: "changement de situation non déclaré, ou conditions d’accès qui ne sont plus remplies",
    Ground.PASSWORD_SHARED: "mot de passe confié à un tiers",
    Ground.FRAUD: "fraude suspectée ou avérée",
}


class AccountSuspended(NotAllowed):
    """The password is right, and the operator has shut the account."""

    code = "account-suspended"
    message = "Ce compte est suspendu. Écrivez à notre service d’assistance pour savoir pourquoi."


def what_was_decided(decided: AccountRestriction) -> str:
    """Say what was decided of one's account, and until when."""
    if decided.kind == RestrictionKind.REFUSED:
        return "L’activation de ce compte est refusée."
    if decided.kind == RestrictionKind.DEACTIVATED:
        return "Ce compte est désactivé."
    until = f" jusqu’au {moment(decided.ends_at, PARIS, year=True)}" if decided.ends_at else ""
    return f"Ce compte est suspendu{until}."


def why(decided: AccountRestriction) -> str:
    """Say why, with the operator's note where the person is to read it."""
    note = f" {decided.note}" if decided.note and decided.note_shown else ""
    return f"Motif{NBSP}: {GROUND_LABELS[Ground(decided.ground)]}.{note}"


def hold_account(session: Session, account_id: UUID) -> Account | None:
    """Take an account's row as it stands now: who signs in and who shuts the account come one after the other."""
    row = select(Account).where(Account.id == account_id).with_for_update(key_share=True)
    return session.exec(row.execution_options(populate_existing=True)).first()


def standing(session: Session, account_id: UUID) -> AccountRestriction | None:
    """Give the decision that shuts the account, if one does."""
    mine = select(AccountRestriction).where(AccountRestriction.account_id == account_id, col(AccountRestriction.lifted_at).is_(None))
    return session.exec(mine).first()


def refusal_of(session: Session, account_id: UUID) -> AccountSuspended | None:
    """Tell, behind the account's row, what keeps its holder out; what is over is lifted on the way."""
    account = hold_account(session, account_id)
    if account is None or account.status != AccountStatus.SUSPENDED:
        return None
    decided = standing(session, account_id)
    if decided is None:
        return AccountSuspended()
    if decided.ends_at is not None and decided.ends_at <= clock.now():
        lift(session, Actor.system("Maiia Pro"), account, decided)
        return None
    return AccountSuspended(f"{what_was_decided(decided)} {why(decided)} Pour le contester, écrivez à {get_settings().support_email}.")


_BAR = text("""
    update practitioner set barred = :barred, agenda_version = agenda_version + 1 where account_id = :id and barred <> :barred returning id
""")
_LET_TO = text("select distinct account_id from delegation where practitioner_id = :id and ended_at is null order by account_id")


def bar_agendas(session: Session, account_id: UUID, *, barred: bool) -> None:
    """Take the account's agendas out of what the public sees and books, or put them back; bookings under way begin anew.

    Whoever acts there has other rights from now on: whatever they have open asks again.
    """
    for (ident,) in session.connection().execute(_BAR, {"id": account_id, "barred": barred}).all():
        live.announce(session, live.Change(live.agenda_topic(ident), ident, 0))
        for (held_by,) in session.connection().execute(_LET_TO, {"id": ident}).all():
            live.announce(session, live.Change(live.account_topic(held_by), held_by, 0))


def lift(session: Session, actor: Actor, account: Account, decided: AccountRestriction, note: str = "") -> None:
    """Open the account again in the caller's transaction, which holds its row; its holder is told."""
    close(decided, actor, note)
    account.status = decided.status_before
    session.add_all((account, decided))
    session.flush()
    bar_agendas(session, account.id, barred=False)
    details = {"restriction": str(decided.id), "kind": decided.kind}
    audit.record(session, actor, AuditAction.ACCOUNT_RESTORED, subject_type="account", subject_id=account.id, details=details)
    enqueue(session, AccountRestored(decided.id))


def close(decided: AccountRestriction, actor: Actor, note: str = "") -> None:
    """Note who ended a decision, and when."""
    decided.lifted_at, decided.lifted_by, decided.lifted_note = _after(decided.created_at), actor.account_id, note


def _after(created_at: datetime) -> datetime:
    return max(clock.now(), created_at)


def lift_over(actor: Actor) -> int:
    """Open again every account whose suspension is over; tells how many."""
    require(actor, Permission.SYSTEM)
    over = select(AccountRestriction.account_id).where(
        col(AccountRestriction.lifted_at).is_(None), col(AccountRestriction.ends_at) <= clock.now()
    )
    with reading() as session:
        found = session.exec(over.limit(500)).all()
    return sum(_lift_one(account_id) for account_id in found)


def _lift_one(account_id: UUID) -> bool:
    with transaction() as session:
        return refusal_of(session, account_id) is None
