"""A patient's own appointments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from maiia_pro.agenda.booking import load_appointment
from maiia_pro.agenda.codes import Mode, Status
from maiia_pro.agenda.context import zone_of
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.tables import Appointment, Offering, VisitReason
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.patients.tables import Patient, Person
from maiia_pro.practice.tables import SPECIALTY_LABELS, Practitioner, Site, Specialty


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
    practitioner_slug: str
    specialty: str
    hue: str
    site: str
    address: str
    phone: str
    person: str
    """Whom the visit is for."""
    coming: bool
    """Whether it stands and is yet to begin."""
    can_change: bool
    """Whether the patient may still move or cancel it online."""
    cancel_hours: int
    instructions: str
    first_visit: bool
    """Whether the patient was new to the practitioner."""


def my_appointments(actor: Actor, limit: int = 200) -> list[OwnAppointment]:
    """List the appointments of the account: those to come by date, then the past ones, latest first."""
    require(actor, Permission.APPOINTMENT_OWN)
    with reading() as session:
        records = select(Patient.id).join(Person, col(Person.id) == Patient.person_id).where(Person.account_id == actor.account_id)
        mine = session.exec(records).all()  # first, by themselves: joined, the planner may read every appointment there is
        statement = (
            select(Appointment).where(col(Appointment.patient_id).in_(mine)).order_by(col(Appointment.starts_at).desc()).limit(limit)
        )
        found = _all_own(session, session.exec(statement).all())
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
        return _all_own(session, [load_appointment(session, actor, appointment_id, Permission.APPOINTMENT_OWN)])[0]


def _all_own(session: Session, appointments: Sequence[Appointment]) -> list[OwnAppointment]:
    reasons = {one.reason_id for one in appointments}
    offered = select(Offering.reason_id, Offering.site_id, Offering.id).where(col(Offering.reason_id).in_(reasons))
    known = {(reason, site): offering for reason, site, offering in session.exec(offered).all()}
    return [_own(session, one, known[one.reason_id, one.site_id]) for one in appointments]


def _own(session: Session, appointment: Appointment, offering_id: UUID) -> OwnAppointment:
    practitioner = session.get(Practitioner, appointment.practitioner_id)
    site = session.get(Site, appointment.site_id)
    reason = session.get(VisitReason, appointment.reason_id)
    patient = session.get(Patient, appointment.patient_id)
    if practitioner is None or site is None or reason is None or patient is None:
        raise NotFound
    status, now = Status(appointment.status), clock.now()
    coming = status is not Status.CANCELLED and appointment.starts_at > now
    return OwnAppointment(
        id=appointment.id,
        offering_id=offering_id,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        zone=zone_of(site.zone),
        status=status,
        mode=Mode(appointment.mode),
        reason=reason.name,
        practitioner=practitioner.display_name,
        practitioner_slug=practitioner.slug,
        specialty=SPECIALTY_LABELS[Specialty(practitioner.specialty)],
        hue=practitioner.hue,
        site=site.name,
        address=f"{site.street}, {site.postal_code} {site.city}",
        phone=site.phone,
        person=patient.display_name,
        coming=coming,
        can_change=coming and appointment.starts_at - timedelta(hours=reason.cancel_hours) > now,
        cancel_hours=reason.cancel_hours,
        instructions=reason.instructions,
        first_visit=appointment.first_visit,
    )
