"""Arrivals that patients signal at the door: by their account, or by family name and birth date, only with the site's own secret.

Whoever is not signed in learns nothing: the answer is the same whether or not somebody of that name is expected.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from maiia_pro.agenda.codes import Mode, Status
from maiia_pro.agenda.context import zone_of
from maiia_pro.agenda.openings import local_day, to_instant
from maiia_pro.agenda.status import mark_arrived
from maiia_pro.agenda.tables import Appointment
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, allowed, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotAllowed
from maiia_pro.kernel.french import name_key
from maiia_pro.patients.tables import Patient, Person
from maiia_pro.practice.tables import Practitioner, Site
from maiia_pro.reception.errors import NotAtThisHour, UnknownDoor
from maiia_pro.reception.lateness import delays_of
from maiia_pro.reception.tables import SiteDoor

BEFORE: Final = timedelta(minutes=60)
EXPECTED: Final = (Status.PLANNED, Status.CONFIRMED)
AT_THE_DOOR: Final = "Patient, à l’entrée"
"""How the history names somebody who was not signed in."""


class Turn(StrEnum):
    """Whether a visit's arrival can be signalled now."""

    EARLY = "early"
    OPEN = "open"
    HERE = "here"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class DoorVisit:
    """A visit of today at this site, as its patient sees it at the door."""

    id: UUID
    person: str
    practitioner: str
    starts_at: datetime
    opens_at: datetime
    turn: Turn
    minutes_late: int


@dataclass(frozen=True, slots=True)
class Door:
    """What the page at the door shows: to anybody the place and who is late, to patients their own visits of today."""

    site: str
    phone: str
    zone: ZoneInfo
    directions: str
    practitioner_ids: tuple[UUID, ...]
    """Whose agenda the page keeps up with."""
    delays: tuple[tuple[str, int], ...]
    visits: tuple[DoorVisit, ...]


def look_at_door(actor: Actor, token: str) -> Door:
    """Read what the door shows; raises `UnknownDoor`."""
    require(actor, Permission.DIRECTORY_SEARCH)
    with reading() as session:
        door, site = _door(session, token)
        people = {one.id: one for one in session.exec(select(Practitioner).where(Practitioner.practice_id == site.practice_id)).all()}
        late = delays_of(session, people)
        mine = _own(session, actor, site) if allowed(actor, Permission.APPOINTMENT_OWN) else ()
        visits = tuple(_visit(visit, patient, people[visit.practitioner_id], late.get(visit.practitioner_id, 0)) for visit, patient in mine)
        watched = tuple(sorted({visit.practitioner_id for visit, _ in mine} | late.keys()))
        delays = tuple(sorted((people[ident].display_name, minutes) for ident, minutes in late.items()))
        return Door(site.name, site.phone, zone_of(site.zone), door.directions, watched, delays, visits)


def _door(session: Session, token: str) -> tuple[SiteDoor, Site]:
    statement = select(SiteDoor, Site).join(Site, col(Site.id) == SiteDoor.site_id).where(SiteDoor.token == token)
    found = session.exec(statement).first() if token.isascii() and token.isprintable() else None  # others no database can compare
    if found is None:
        raise UnknownDoor
    return found


def _visits_of_today(session: Session, site: Site, *more: ColumnElement[bool]) -> Sequence[tuple[Appointment, Patient]]:
    zone = zone_of(site.zone)
    begins, ends = (to_instant(minute) for minute in local_day(clock.now().astimezone(zone).date(), zone))
    statement = select(Appointment, Patient).join(Patient, col(Patient.id) == Appointment.patient_id)
    there = (Appointment.practice_id == site.practice_id, Appointment.site_id == site.id, Appointment.mode == Mode.IN_PERSON)
    today = (Appointment.status != Status.CANCELLED, Appointment.starts_at >= begins, Appointment.starts_at < ends)
    return session.exec(statement.where(*there, *today, *more).order_by(col(Appointment.starts_at))).all()


def _own(session: Session, actor: Actor, site: Site) -> Sequence[tuple[Appointment, Patient]]:
    own = select(Person.id).where(Person.account_id == actor.account_id)
    return _visits_of_today(session, site, col(Patient.person_id).in_(own))


def turn_of(visit: Appointment, now: datetime) -> Turn:
    """Tell whether the arrival at a visit can be signalled at an instant."""
    if visit.status in {Status.ARRIVED, Status.IN_PROGRESS}:
        return Turn.HERE
    if visit.status not in EXPECTED or now >= visit.ends_at:
        return Turn.OVER
    return Turn.OPEN if now >= visit.starts_at - BEFORE else Turn.EARLY


def _visit(visit: Appointment, patient: Patient, practitioner: Practitioner, late: int) -> DoorVisit:
    turn = turn_of(visit, clock.now())
    return DoorVisit(visit.id, patient.display_name, practitioner.display_name, visit.starts_at, visit.starts_at - BEFORE, turn, late)


def signal_arrival(actor: Actor, token: str, appointment_id: UUID) -> None:
    """Note that the patient of one's own visit is there; twice is once.

    Raises `UnknownDoor` without the site's secret or for another's visit, `NotAtThisHour` outside the hour before the visit and the visit.
    """
    require(actor, Permission.APPOINTMENT_OWN)
    if actor.kind is not ActorKind.PATIENT:
        raise NotAllowed
    with transaction() as session:
        _, site = _door(session, token)
        visit = next((visit for visit, _ in _own(session, actor, site) if visit.id == appointment_id), None)
        if visit is None:
            raise UnknownDoor("Ce rendez-vous n’est pas attendu ici aujourd’hui. Présentez-vous à l’accueil.")
        session.refresh(visit, with_for_update=True)
        turn = turn_of(visit, clock.now())
        if turn is Turn.HERE:
            return
        if turn is not Turn.OPEN:
            raise NotAtThisHour
        mark_arrived(session, actor, visit)


def signal_arrival_by_name(actor: Actor, token: str, family_name: str, birth_date: date) -> None:
    """Note that somebody of that name and birth date is there, if exactly one patient is expected now; answers nothing either way.

    Raises `UnknownDoor` only.
    """
    require(actor, Permission.DIRECTORY_SEARCH)
    with transaction() as session:
        _, site = _door(session, token)
        born = _visits_of_today(session, site, col(Patient.birth_date) == birth_date)
        now, wanted = clock.now(), name_key(family_name)
        found = [visit for visit, patient in born if name_key(patient.family_name) == wanted and turn_of(visit, now) is Turn.OPEN]
        if len({visit.patient_id for visit in found}) != 1:
            return
        session.refresh(found[0], with_for_update=True)
        if turn_of(found[0], now) is Turn.OPEN:
            mark_arrived(session, replace(actor, name=AT_THE_DOOR), found[0])
