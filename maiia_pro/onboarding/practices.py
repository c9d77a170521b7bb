"""A new client: the practice, its first practitioner, and the link by which that person comes in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from sqlmodel import Session, select

from maiia_pro.identity.accounts import EmailTaken
from maiia_pro.identity.tables import Account, Membership
from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.french import name_key
from maiia_pro.kernel.text import FieldErrors, email, named, read_field
from maiia_pro.onboarding.inviting import hold_address, invite, invited
from maiia_pro.onboarding.people import PersonForm, new_practitioner
from maiia_pro.practice.company import CompanyDetails, write_company
from maiia_pro.practice.tables import Offer, Practice
from maiia_pro.settings import get_settings


@dataclass(frozen=True, slots=True)
class NewPractice:
    """What the operator filled in, cleaned."""

    name: str
    offer: Offer
    email: str
    first: PersonForm
    company: CompanyDetails | None = None
    """The company that the practice is, where it is one: its partners have their numbers, or nothing is opened."""

    @classmethod
    def read(cls, typed: Mapping[str, object]) -> Self:
        """Read the form; raises `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        name = read_field(errors, "practice_name", typed, named, "Écrivez le nom du cabinet.")
        offer = str(typed.get("offer") or "")
        if offer not in set(Offer):
            errors.add("offer", "Choisissez une offre.")
        first = PersonForm.read(typed, errors)
        address = read_field(errors, "email", typed, email, "Écrivez l’adresse e-mail du praticien.")
        company = CompanyDetails.read(typed, errors)
        errors.check()
        return cls(name, Offer(offer), address, first, company)


def open_practice(actor: Actor, new: NewPractice) -> UUID:
    """Open a practice and have the link sent of its first practitioner, who administers it; gives the practice's id.

    Asked twice for the same person and name, it is opened once. In a demonstration the practice is one too. Raises `EmailTaken`.
    """
    require(actor, Permission.OPERATION)
    with transaction() as session:
        hold_address(session, new.email)
        if known := _opened(session, new):
            return known
        practice = Practice(name=new.name, offer=new.offer, is_demo=get_settings().demo)
        session.add(practice)
        session.flush()
        write_company(session, practice.id, new.company)
        account_id = invite(
            session, actor, practice, address=new.email, name=new.first.display_name, role=ActorKind.PRACTITIONER, administers=True
        )
        new_practitioner(session, new.first, practice.id, account_id)
        audit.record(
            session, actor, AuditAction.PRACTICE_OPENED, subject_type="practice", subject_id=practice.id, practice_id=practice.id,
            details={"offer": new.offer},
        )  # fmt: skip
        return practice.id


def _opened(session: Session, new: NewPractice) -> UUID | None:
    """Find the practice that was opened a moment ago for this very person, who has not come yet."""
    statement = (
        select(Practice)
        .join(Membership, Membership.practice_id == Practice.id)  # type: ignore[arg-type]
        .join(Account, Account.id == Membership.account_id)  # type: ignore[arg-type]
        .where(Account.email_key == new.email.casefold())
    )
    practice = session.exec(statement).first()
    known = invited(session, practice.id if practice else None, new.email, ActorKind.PRACTITIONER)
    if known and practice and name_key(practice.name) != name_key(new.name):
        raise EmailTaken
    return practice.id if known and practice else None
