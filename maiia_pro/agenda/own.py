"""A patient's own appointments."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from maiia_pro.agenda.booking import load_appointment
from maiia_pro.agenda.calendar import CalendarEntry, calendar_object
from maiia_pro.agenda.codes import Mode, Status
from maiia_pro.agenda.context import zone_of
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.exchange import exchange
from maiia_pro.patients.tables import Patient, Person
from maiia_pro.practice.profiles import Profile
from maiia_pro.practice.tables import SPECIALTY_LABELS, Specialty


@dataclass(frozen=True, slots=True)
class OwnAppointment:
    """An appointment as its patient sees it: no note of the practice."""

    id: UUID
    offering_id: UUID
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    status: Status
    mode: Mode
    reason: str
    practitioner: str
    practitioner_id: UUID
    practitioner_slug: str
    specialty: str
    hue: str
    site: str
    address: str
    phone: str
    person: str
    """Whom the visit is for."""
    person_id: UUID | None
    coming: bool
    """Whether it stands and is yet to begin."""
    can_change: bool
    """Whether the patient may still move or cancel it online."""
    cancel_hours: int
    instructions: str
    bring: tuple[str, ...]
    first_visit: bool
    """Whether the patient was new to the practitioner."""
    access: tuple[str, ...]
    """How one comes in, as the practitioner's page says; nothing for a visit by video."""
    barred: bool
    """Whether the practitioner's account is shut: the practice is called before one comes."""
    bookable: bool
    """Whether the practitioner has a page on which the visit can be moved."""

    @property
    def where(self) -> str:
        """« Cabinet d’Angers, 12 rue des Lices, 49000 Angers », or « En vidéo »."""
        return "En vidéo" if self.mode is Mode.VIDEO else f"{self.site}, {self.address}"


_VISIT: Final = """
    select a.id, o.id, a.starts_at, a.ends_at, s.zone, a.status, a.mode, r.name,
           trim(p.title || ' ' || p.given_name || ' ' || p.family_name), p.id, p.slug, p.specialty, p.hue,
           s.name, s.street || ', ' || s.postal_code || ' ' || s.city, s.phone,
           trim(f.given_name || ' ' || f.family_name), f.person_id, r.cancel_hours, r.instructions, r.bring, a.first_visit, s.id,
           case when p.published then g.shown end, p.barred, p.published
    from appointment a
    join patient f on f.id = a.patient_id
    join practitioner p on p.id = a.practitioner_id
    join site s on s.id = a.site_id
    join visit_reason r on r.id = a.reason_id
    join offering o on o.reason_id = a.reason_id and o.site_id = a.site_id
    left join profile_page g on g.practitioner_id = p.id
"""
_MINE: Final = (
    _VISIT
    + """
    where a.patient_id = any(%(records)s) and (a.patient_id = any(%(kept)s) or a.starts_at > %(now)s)
    order by a.starts_at desc limit %(limit)s
"""
)
_ONE: Final = _VISIT + "where a.id = %(id)s"


def my_appointments(actor: Actor, limit: int = 200) -> list[OwnAppointment]:
    """List the appointments of the account: those to come by date, then the past ones, latest first.

    Of people whom the account does not book for any more, those to come only.
    """
    require(actor, Permission.APPOINTMENT_OWN)
    with reading() as session:
        records = select(Patient.id, Person.removed_at).join(Person, col(Person.id) == Patient.person_id)
        # first, by themselves: joined, the planner may read every appointment there is
        mine = dict(session.exec(records.where(Person.account_id == actor.account_id)).all())
        kept = [ident for ident, removed in mine.items() if removed is None]
        values = {"records": list(mine), "kept": kept, "now": clock.now(), "limit": limit}
        found = [_own(row) for row in exchange(session, _MINE, values).fetchall()]
    coming = sorted((own for own in found if own.coming), key=lambda own: own.starts_at)
    return coming + [own for own in found if not own.coming]


_AT = """
    select a.id from appointment a
    join offering o on o.reason_id = a.reason_id and o.site_id = a.site_id
    join patient f on f.id = a.patient_id
    join person h on h.id = f.person_id
    where o.id = %(offering_id)s and a.starts_at = %(starts_at)s and a.active and a.starts_at > %(now)s and h.account_id = %(account_id)s
"""


def my_visit_at(actor: Actor, slot: SlotKey) -> UUID | None:
    """Find the account's own coming visit at a slot, if there is one."""
    require(actor, Permission.APPOINTMENT_OWN)
    values = {"offering_id": slot.offering_id, "starts_at": slot.starts_at, "now": clock.now(), "account_id": actor.account_id}
    with reading() as session:
        row = exchange(session, _AT, values).fetchone()
        return row[0] if row else None


def my_appointment(actor: Actor, appointment_id: UUID) -> OwnAppointment:
    """Read one's own appointment; raises `NotFound` for anybody else's."""
    require(actor, Permission.APPOINTMENT_OWN)
    with reading() as session:
        load_appointment(session, actor, appointment_id, Permission.APPOINTMENT_OWN)
        return own_of(session, appointment_id)


def my_calendar(actor: Actor, appointment_id: UUID) -> str:
    """Write one's own appointment as a calendar, under the identity that its messages use; raises `NotFound` for anybody else's."""
    require(actor, Permission.APPOINTMENT_OWN)
    with reading() as session:
        appointment = load_appointment(session, actor, appointment_id, Permission.APPOINTMENT_OWN)
        own = own_of(session, appointment_id)
    return calendar_object(
        CalendarEntry(
            appointment_id=own.id,
            sequence=appointment.version,
            starts_at=own.starts_at,
            ends_at=own.ends_at,
            summary=f"Rendez-vous avec {own.practitioner}",
            location=own.where,
            cancelled=own.status is Status.CANCELLED,
            stamped_at=clock.now(),
        )
    )


def own_of(session: Session, appointment_id: UUID) -> OwnAppointment:
    """Read an appointment as its patient sees it, for a use case that has authorised."""
    return _own(exchange(session, _ONE, {"id": appointment_id}).fetchone())


def _own(row: Any) -> OwnAppointment:
    ident, offering_id, starts_at, ends_at, zone, status, mode, reason, name, *more = row
    practitioner_id, slug, specialty, hue, site, address, number, person, person_id, cancel_hours, instructions, bring, *more = more
    first_visit, site_id, page, barred, published = more
    coming = status != Status.CANCELLED and starts_at > clock.now()
    return OwnAppointment(
        id=ident,
        offering_id=offering_id,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=zone_of(zone),
        status=Status(status),
        mode=Mode(mode),
        reason=reason,
        practitioner=name,
        practitioner_id=practitioner_id,
        practitioner_slug=slug,
        specialty=SPECIALTY_LABELS[Specialty(specialty)],
        hue=hue,
        site=site,
        address=address,
        phone=number,
        person=person,
        person_id=person_id,
        coming=coming,
        can_change=coming and starts_at - timedelta(hours=cancel_hours) > clock.now(),
        cancel_hours=cancel_hours,
        instructions=instructions,
        bring=tuple(bring),
        first_visit=first_visit,
        access=tuple(Profile.load(page).access_lines(site_id)) if page and mode != Mode.VIDEO else (),
        barred=barred,
        bookable=published,
    )
