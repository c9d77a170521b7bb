"""The relatives of a patient's account: who they are, correcting them until a practice has checked who they are, removing them."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.identity.tables import Account
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.french import name_key
from maiia_pro.patients.own import KnownRelative, people_of, traits_of
from maiia_pro.patients.records import Identity
from maiia_pro.patients.tables import Patient, Person


class IdentityChecked(Conflict):
    """A practice has checked who the person is: only it corrects that now."""

    code = "identity-checked"
    message = "Un cabinet a vérifié cette identité. Demandez-lui la correction."


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody that the account books for."""

    id: UUID
    given_name: str
    family_name: str
    birth_date: date
    is_self: bool
    checked: bool
    """Whether a practice has checked who they are."""


_CHECKED: Final = """
    select distinct f.person_id from patient f join appointment a on a.patient_id = f.id
    where f.person_id = any(%(persons)s) and a.identity_checked_at is not null
"""


def my_relatives(actor: Actor) -> list[Relative]:
    """List whom the account books for, its holder first."""
    require(actor, Permission.APPOINTMENT_OWN)
    with reading() as session:
        people = [one for one in people_of(session, actor) if one.removed_at is None]
        checked = _checked(session, [one.id for one in people])
        return [Relative(one.id, one.given_name, one.family_name, one.birth_date, one.is_self, one.id in checked) for one in people]


def _checked(session: Session, persons: list[UUID]) -> set[UUID]:
    return {row[0] for row in exchange(session, _CHECKED, {"persons": persons}).fetchall()}


def _person(session: Session, actor: Actor, person_id: UUID) -> Person:
    """Fetch somebody of the account, under its lock; raises `NotFound` for anybody else's and for one removed."""
    session.exec(select(Account.id).where(Account.id == actor.account_id).with_for_update()).one()
    person = session.get(Person, person_id)
    if person is None or person.account_id != actor.account_id or person.removed_at is not None:
        raise NotFound
    return person


def correct_relative(actor: Actor, person_id: UUID, identity: Identity) -> None:
    """Correct the name and birth date of a relative or of the account's holder, in the account and in the practices' records of them.

    Raises `IdentityChecked` once a practice has checked them, `KnownRelative` for the traits of somebody else of the account.
    """
    require(actor, Permission.APPOINTMENT_OWN)
    with transaction() as session:
        person = _person(session, actor, person_id)
        if _checked(session, [person_id]):
            raise IdentityChecked
        traits = (name_key(identity.given_name), name_key(identity.family_name), identity.birth_date)
        if any(one.id != person_id and one.removed_at is None and traits_of(one) == traits for one in people_of(session, actor)):
            raise KnownRelative
        records = session.exec(select(Patient).where(Patient.person_id == person_id).order_by(col(Patient.id)).with_for_update()).all()
        for one in (person, *records):
            one.given_name, one.family_name, one.birth_date = identity.given_name, identity.family_name, identity.birth_date
        if person.is_self:
            session.get_one(Account, person.account_id).name = f"{identity.given_name} {identity.family_name}"
        audit.record(session, actor, AuditAction.PERSON_CORRECTED, subject_type="person", subject_id=person_id)
        for record in records:
            record.sort_key = name_key(f"{identity.family_name} {identity.given_name}")
            audit.record(
                session, actor, AuditAction.PATIENT_CORRECTED, subject_type="patient", subject_id=record.id, practice_id=record.practice_id
            )


def remove_relative(actor: Actor, person_id: UUID) -> None:
    """Stop booking for a relative. Visits to come stay in the account until their day, past ones with the practices."""
    require(actor, Permission.APPOINTMENT_OWN)
    with transaction() as session:
        person = _person(session, actor, person_id)
        if person.is_self:
            raise NotFound
        person.removed_at = clock.now()
        audit.record(session, actor, AuditAction.PERSON_REMOVED, subject_type="person", subject_id=person_id)
