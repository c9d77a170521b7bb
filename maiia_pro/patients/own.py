"""The person behind a patient's account, as the account's holder sees it."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotFound
from maiia_pro.patients.tables import Person


@dataclass(frozen=True, slots=True)
class OwnPerson:
    """For whom the account books."""

    name: str
    birth_date: date


def my_person(actor: Actor) -> OwnPerson:
    """Read the account's holder; raises `NotFound` where the account has no person."""
    require(actor, Permission.APPOINTMENT_OWN)
    with reading() as session:
        found = session.exec(select(Person).where(Person.account_id == actor.account_id, col(Person.is_self))).first()
    if found is None:
        raise NotFound
    return OwnPerson(f"{found.given_name} {found.family_name}".strip(), found.birth_date)
