"""The practitioner's own sheet, and the colleagues and secretaries whom they ask in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from sqlmodel import Session, select

from maiia_pro.agenda.context import lock_practitioners
from maiia_pro.agenda.reasons import HUES
from maiia_pro.identity.tables import Account
from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import STAFF, Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.text import FieldErrors, email
from maiia_pro.onboarding.inviting import LINKS_A_MINUTE, TOO_MANY, invite, invited
from maiia_pro.onboarding.people import PersonForm, named, new_practitioner, read_field
from maiia_pro.onboarding.progress import note_step
from maiia_pro.onboarding.tables import Step
from maiia_pro.practice.delegating import USUAL, Terms, give
from maiia_pro.practice.own_agenda import own_row
from maiia_pro.practice.tables import Practice, Practitioner


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody to ask in: a secretary, or a colleague with what an agenda needs to know."""

    email: str
    name: str
    colleague: PersonForm | None = None

    @classmethod
    def read(cls, typed: Mapping[str, object]) -> Self:
        """Read the form, `role` says for whom; raises `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        role = typed.get("role")
        if role not in STAFF:
            errors.add("role", "Choisissez qui vous ajoutez.")
        given = read_field(errors, "given_name", typed, named, "Écrivez le prénom.")
        family = read_field(errors, "family_name", typed, named, "Écrivez le nom.")
        form = PersonForm.read(typed, errors) if role == ActorKind.PRACTITIONER else None
        address = read_field(errors, "email", typed, email, "Écrivez l’adresse e-mail\u00a0: le lien d’activation y arrive.")
        errors.check()
        return cls(address, form.display_name if form else f"{given} {family}", form)

    @property
    def role(self) -> ActorKind:
        """What the account is for."""
        return ActorKind.PRACTITIONER if self.colleague else ActorKind.SECRETARY


def save_sheet(actor: Actor, form: PersonForm) -> None:
    """Change one's own sheet: title, name, specialty, RPPS, colour. The account bears the same name."""
    require(actor, Permission.PRACTICE_SETUP)
    with transaction() as session:
        own = own_row(session, actor)
        lock_practitioners(session, [own.id])
        session.refresh(own)
        session.add(form.fill(session, own))
        account = session.get_one(Account, own.account_id)
        account.name = form.display_name
        note_step(session, own.id, Step.PRACTITIONER)
        _recorded(session, actor, own)


def ask_in(actor: Actor, new: Invitation) -> UUID:
    """Make the account of a colleague or a secretary of one's practice and have its link sent; gives the account's id.

    Somebody who was asked in already and has not come yet is not asked twice. Raises `EmailTaken` or `TooMany`.
    """
    require(actor, Permission.PRACTICE_SETUP)
    with transaction() as session:
        own = own_row(session, actor, lock=True)
        practice = session.get_one(Practice, own.practice_id, with_for_update=True)
        if known := invited(session, practice.id, new.email, new.role):
            return known
        count_request(("activation-links", practice.id), LINKS_A_MINUTE, TOO_MANY)
        account_id = invite(session, actor, practice, address=new.email, name=new.name, role=new.role)
        if new.role is ActorKind.SECRETARY:
            give(session, actor, own, account_id, Terms(USUAL))
        if new.colleague:
            form = replace(new.colleague, hue=_spare_hue(session, practice.id))
            _recorded(session, actor, new_practitioner(session, form, practice.id, account_id))
        return account_id


def _spare_hue(session: Session, practice_id: UUID) -> str:
    """Give a colour that no agenda of the practice wears, as long as there is one."""
    worn = set(session.exec(select(Practitioner.hue).where(Practitioner.practice_id == practice_id)))
    return next((hue for hue in HUES if hue not in worn), HUES[0])


def _recorded(session: Session, actor: Actor, row: Practitioner) -> None:
    session.flush()
    action = AuditAction.PRACTITIONER_CHANGED
    audit.record(session, actor, action, subject_type="practitioner", subject_id=row.id, practice_id=row.practice_id)
