"""The people that a patient's account books for: its holder and the holder's relatives."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.identity.tables import Account
from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, NotFound
from maiia_pro.kernel.french import name_key
from maiia_pro.patients.records import Identity
from maiia_pro.patients.tables import Person

MOST: Final = 12


class TooManyRelatives(Conflict):
    """The account books for as many people as it may."""

    code = "too-many-relatives"
    message = f"Un compte prend rendez-vous pour {MOST} personnes au plus."


class KnownRelative(Conflict):
    """The account has this person already."""

    code = "known-relative"
    message = "Cette personne est déjà dans votre compte. Choisissez-la dans la liste."


@dataclass(frozen=True, slots=True)
class OwnPerson:
    """Somebody that the account books for."""

    id: UUID
    name: str
    birth_date: date
    is_self: bool


def my_people(actor: Actor) -> list[OwnPerson]:
    """List whom the account books for, its holder first; raises `NotFound` where the account has nobody."""
    require(actor, Permission.APPOINTMENT_OWN)
    with reading() as session:
        found = [_view(person) for person in people_of(session, actor) if person.removed_at is None]
    if not found:
        raise NotFound
    return found


def add_relative(actor: Actor, identity: Identity) -> OwnPerson:
    """Add somebody that the account books for. Raises `KnownRelative` or `TooManyRelatives`."""
    require(actor, Permission.APPOINTMENT_OWN)
    with transaction() as session:
        session.exec(select(Account.id).where(Account.id == actor.account_id).with_for_update()).one()
        people = people_of(session, actor)
        traits = (name_key(identity.given_name), name_key(identity.family_name), identity.birth_date)
        same = next((known for known in people if traits_of(known) == traits), None)
        if same and same.removed_at is None:
            raise KnownRelative
        people = [known for known in people if known.removed_at is None]
        if len(people) >= MOST or actor.account_id is None:
            raise TooManyRelatives
        person = same or Person(
            account_id=actor.account_id,
            given_name=identity.given_name,
            family_name=identity.family_name,
            birth_date=identity.birth_date,
            phone=identity.phone or next((known.phone for known in people if known.is_self), ""),
            is_self=False,
        )
        person.removed_at = None
        session.add(person)
        audit.record(session, actor, AuditAction.PERSON_ADDED, subject_type="person", subject_id=person.id)
        return _view(person)


def traits_of(person: Person) -> tuple[str, str, date]:
    """Give what tells two people of an account apart."""
    return name_key(person.given_name), name_key(person.family_name), person.birth_date


def people_of(session: Session, actor: Actor) -> list[Person]:
    """List everybody that the account books or booked for, its holder first."""
    query = select(Person).where(Person.account_id == actor.account_id)
    return list(session.exec(query.order_by(col(Person.is_self).desc(), col(Person.created_at), col(Person.id))).all())


def _view(person: Person) -> OwnPerson:
    return OwnPerson(person.id, f"{person.given_name} {person.family_name}".strip(), person.birth_date, person.is_self)
