"""The operator shuts an account, for a time or for good, refuses to open one, and opens it again (terms of use, article 7.3).

At once and without notice: sessions end, the public page and its slots go, what was let to others shrinks to what patients need.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.identity.health import is_blocked
from maiia_pro.identity.jobs import AccountRestricted
from maiia_pro.identity.restriction_tables import AccountRestriction, Ground, RestrictionKind
from maiia_pro.identity.restrictions import bar_agendas, close, hold_account, lift, standing
from maiia_pro.identity.session_ends import end_sessions_of
from maiia_pro.identity.tables import Account, AccountStatus
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotFound, NotSignedIn
from maiia_pro.kernel.french import PARIS
from maiia_pro.kernel.queue import enqueue
from maiia_pro.kernel.text import FieldErrors, paragraph

LONGEST: Final = timedelta(days=731)
NOTE: Final = 1000


class SomebodyElseDecided(Conflict):
    """The account is not as the operator saw it."""

    code = "somebody-else-decided"
    message = "Un autre exploitant vient de changer ce compte. Rechargez la page pour voir sa décision."


class NotOneself(Conflict):
    """An operator shuts their own account."""

    code = "not-oneself"
    message = "Vous ne pouvez pas fermer votre propre compte. Demandez-le à un autre exploitant."


class LastOperator(Conflict):
    """Nobody could open anything any more."""

    code = "last-operator"
    message = "C’est le dernier exploitant actif\u00a0: personne ne pourrait plus rouvrir de compte. Créez-en un autre d’abord."


class NotThat(Conflict):
    """The account is in no state for it."""

    code = "not-that"
    message = "Ce compte n’est pas dans un état qui le permet. Rechargez la page."


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided, as typed; `last` is the last day of a suspension, by the clock of Paris, or nothing."""

    kind: RestrictionKind
    ground: object
    note: object = ""
    note_shown: bool = False
    last: date | None = None


def restrict_account(actor: Actor, account_id: UUID, decision: Decision, seen: UUID | None) -> UUID:
    """Shut an account; `seen` is the decision that the operator saw standing, if any. Gives the new decision's id.

    Raises `Invalid` naming the fields, `NotFound`, `SomebodyElseDecided`, `NotOneself`, `LastOperator` or `NotThat`.
    """
    require(actor, Permission.OPERATION)
    ground, note, ends_at = _read(decision)
    with transaction() as session:
        account = _held(session, actor, account_id)
        before = _as_seen(session, account, seen)
        status = before.status_before if before else account.status
        if status == AccountStatus.SUSPENDED:  # from before there were decisions
            status = AccountStatus.ACTIVE
        awaited = status == AccountStatus.PENDING and not is_blocked(session, account.id)
        if (decision.kind is RestrictionKind.REFUSED) != awaited:
            raise NotThat
        if before:
            close(before, actor)
            session.add(before)
            session.flush()
        made = AccountRestriction(
            account_id=account.id, kind=decision.kind, ground=ground, note=note, note_shown=decision.note_shown,
            status_before=status, created_by=actor.account_id, created_at=clock.now(), ends_at=ends_at,
        )  # fmt: skip
        account.status = AccountStatus.SUSPENDED
        session.add_all((made, account))
        session.flush()
        end_sessions_of(session, actor, account.id)
        bar_agendas(session, account.id, barred=True)
        _note(session, actor, made)
        return made.id


def restore_account(actor: Actor, account_id: UUID, seen: UUID | None, note: object = "") -> None:
    """Open an account again; `seen` is the decision that the operator saw. Raises `NotFound` or `SomebodyElseDecided`."""
    require(actor, Permission.OPERATION)
    said = _note_of(note)
    with transaction() as session:
        account = _held(session, actor, account_id)
        decided = _as_seen(session, account, seen)
        if decided is None:
            raise NotThat
        lift(session, actor, account, decided, said)


def _read(decision: Decision) -> tuple[Ground, str, datetime | None]:
    """Read what was typed; raises `Invalid`."""
    errors = FieldErrors()
    if decision.ground not in set(Ground):
        errors.add("ground", "Choisissez le motif.")
    ends_at = None
    if decision.kind is RestrictionKind.SUSPENDED and decision.last is not None:
        ends_at = datetime.combine(decision.last + timedelta(days=1), time(), PARIS)
        if not clock.now() < ends_at <= clock.now() + LONGEST:
            errors.add("last", "Choisissez un dernier jour entre aujourd’hui et dans deux ans, ou aucun.")
    note = ""
    try:
        note = _note_of(decision.note)
    except Invalid as refused:
        errors.add("note", refused.message)
    errors.check()
    return Ground(str(decision.ground)), note, ends_at


def _note_of(typed: object) -> str:
    try:
        return paragraph(typed, longest=NOTE)
    except Invalid as refused:
        raise Invalid(fields={"note": refused.message}) from None


def _held(session: Session, actor: Actor, account_id: UUID) -> Account:
    """Take the account's row; of an operator's, first those of all operators: two who shut each other's come one after the other."""
    role = session.exec(select(Account.role).where(Account.id == account_id)).first()
    if role == ActorKind.OPERATOR:
        _check_operators(session, actor, account_id)
    account = hold_account(session, account_id)
    if account is None:
        raise NotFound("Ce compte n’existe pas. Revenez à la liste.")
    return account


def _check_operators(session: Session, actor: Actor, account_id: UUID) -> None:
    active = select(Account.id).where(Account.role == ActorKind.OPERATOR, Account.status == AccountStatus.ACTIVE)
    found = set(session.exec(active.order_by(col(Account.id)).with_for_update(key_share=True)).all())
    if actor.kind is ActorKind.OPERATOR and actor.account_id not in found:
        raise NotSignedIn
    if account_id == actor.account_id:
        raise NotOneself
    if account_id in found and len(found) == 1:
        raise LastOperator


def _as_seen(session: Session, account: Account, seen: UUID | None) -> AccountRestriction | None:
    decided = standing(session, account.id)
    if (decided.id if decided else None) != seen:
        raise SomebodyElseDecided
    return decided


def _note(session: Session, actor: Actor, made: AccountRestriction) -> None:
    """Leave the decision in the history, and have the person and their patients told."""
    details = {"restriction": str(made.id), "kind": made.kind, "ground": made.ground, "until": made.ends_at and made.ends_at.isoformat()}
    audit.record(session, actor, AuditAction.ACCOUNT_RESTRICTED, subject_type="account", subject_id=made.account_id, details=details)
    enqueue(session, AccountRestricted(made.id))
