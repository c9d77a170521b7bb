"""The operator takes away every second factor of who lost them all, once sure of who asks; what is left is the password."""

from typing import Final
from uuid import UUID

from sqlmodel import Session, col, delete

from maiia_pro.identity.factor_tables import LONGEST_REFERENCE, AuthenticatorApp, FactorReset, IdentityCheck, Passkey, RecoveryCode
from maiia_pro.identity.health_tables import Purpose
from maiia_pro.identity.jobs import FactorsReset
from maiia_pro.identity.leftovers import end_everything
from maiia_pro.identity.recovery import void_links
from maiia_pro.identity.restrictions import hold_account
from maiia_pro.identity.second_factors import Held, held_by
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from maiia_pro.kernel.queue import enqueue
from maiia_pro.kernel.text import FieldErrors, one_line

FACTORS: Final = (AuthenticatorApp, Passkey, RecoveryCode)


class NotOnesOwn(Conflict):
    """An operator resets their own second factors."""

    code = "not-ones-own"
    message = "Vous ne pouvez pas réinitialiser votre propre seconde étape. Demandez-le à un autre exploitant."


class NothingToReset(Conflict):
    """The account has no second factor."""

    code = "nothing-to-reset"
    message = "Ce compte n’a pas de seconde étape\u00a0: son mot de passe suffit pour en ajouter une. Rechargez la page."


def reset_factors(actor: Actor, account_id: UUID, checked_by: object, reference: object = "") -> UUID:
    """Take away an account's application, passkeys and recovery codes, for its holder to set up others; gives the row's id.

    `checked_by` is an `IdentityCheck`, `reference` a line without anything clinical. Every session ends, no browser is trusted any more,
    a link that was sent to choose another password opens nothing; the holder is told. Raises `Invalid` naming the fields, `NotFound`,
    `NotOnesOwn` or `NothingToReset`.
    """
    require(actor, Permission.OPERATION)
    how, line = _read(checked_by, reference)
    if actor.account_id is None:  # a command of the software has nobody who made sure
        raise NotAllowed
    if actor.account_id == account_id:
        raise NotOnesOwn
    with transaction() as session:
        account = hold_account(session, account_id)
        if account is None:
            raise NotFound("Ce compte n’existe pas. Revenez à la liste.")
        held = held_by(session, account.id)
        if not held.any:
            raise NothingToReset
        made = FactorReset(
            account_id=account.id, checked_by=how, reference=line, created_by=actor.account_id, created_at=clock.now()
        )  # fmt: skip
        session.add(made)
        for table in FACTORS:
            session.exec(delete(table).where(col(table.account_id) == account.id))
        end_everything(session, actor, account.id)
        void_links(session, account.id, Purpose.RESET)
        _note(session, actor, made, held)
        return made.id


def _read(checked_by: object, reference: object) -> tuple[IdentityCheck, str]:
    """Read what was typed; raises `Invalid`."""
    errors, line = FieldErrors(), ""
    if not isinstance(checked_by, str) or checked_by not in set(IdentityCheck):
        errors.add("checked", "Choisissez comment vous avez vérifié l’identité.")
    try:
        line = one_line(reference, longest=LONGEST_REFERENCE)
    except Invalid as refused:
        errors.add("reference", refused.message)
    errors.check()
    return IdentityCheck(str(checked_by)), line


def _note(session: Session, actor: Actor, made: FactorReset, held: Held) -> None:
    """Leave the act in the trail with what was taken away, and have the holder told."""
    details = {"reset": str(made.id), "checked_by": made.checked_by, "app": held.app, "passkeys": held.passkeys, "codes": held.codes}
    audit.record(session, actor, AuditAction.FACTORS_RESET, subject_type="account", subject_id=made.account_id, details=details)
    enqueue(session, FactorsReset(made.id))
