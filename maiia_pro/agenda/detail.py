"""One appointment in full, with its history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session, select

from maiia_pro.agenda.booking import load_appointment
from maiia_pro.agenda.day import AppointmentView, view_of
from maiia_pro.agenda.rooms import rooms_of
from maiia_pro.agenda.series_reading import Occurrence, occurrences
from maiia_pro.agenda.tables import Offering
from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, allowed, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.patients.preferences import Kind, refuses_reminders
from maiia_pro.patients.reaching import reach
from maiia_pro.patients.tables import Patient
from maiia_pro.practice.tables import Practitioner, Site


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act on an appointment: who really did it, and for whom."""

    at: datetime
    action: str
    actor_name: str
    actor_kind: str
    on_behalf_of: str
    """The practitioner's name when a secretary acted, else empty."""
    details: dict[str, Any]
    """Codes, instants and ids that belong to the act."""
    minutes: int | None = None
    """How long a move left the visit; nothing for other acts."""
    minutes_before: int | None = None
    moved: bool = True
    """Whether a move took the visit to another time or practitioner."""


@dataclass(frozen=True, slots=True)
class AppointmentDetail:
    """An appointment in full, for staff."""

    view: AppointmentView
    offering_id: UUID
    practitioner: str
    site: str
    birth_date: date | None
    phone: str
    email: str
    note: str
    cancellation_note: str
    history: tuple[HistoryLine, ...]
    series: tuple[Occurrence, ...]
    """Every visit of its series, cancelled ones too; nothing where it is in none."""
    told_at: Sequence[str] = ()
    """Where the patient is told of changes: an address, a number, or nothing."""
    refuses_reminders: bool = False
    """Whether the patient's account wants no reminder by any channel."""
    changes: bool = True
    """Whether the actor may change it."""
    contact: bool = True
    """Whether the actor may know how to reach the patient; who may not reads no birth date, number, address or note."""
    rooms: tuple[str, ...] = ()
    """Rooms and equipment that the visit has."""


def read_appointment(actor: Actor, appointment_id: UUID) -> AppointmentDetail:
    """Read an appointment in full; the reading is audited. Raises `NotFound` where it is not the actor's to see."""
    require(actor, Permission.AGENDA_VIEW)
    with transaction() as session:
        appointment = load_appointment(session, actor, appointment_id, Permission.AGENDA_VIEW)
        view = view_of(session, appointment_id)
        patient = session.get(Patient, appointment.patient_id)
        practitioner = session.get(Practitioner, appointment.practitioner_id)
        site = session.get(Site, appointment.site_id)
        if view is None or patient is None or practitioner is None or site is None:
            raise NotFound
        contact = allowed(actor, Permission.PATIENT_VIEW, appointment.practice_id, practitioner.id)
        offering = select(Offering.id).where(Offering.reason_id == appointment.reason_id, Offering.site_id == appointment.site_id)
        history = _history(session, appointment_id)
        audit.record(
            session,
            actor,
            AuditAction.APPOINTMENT_READ,
            subject_type="appointment",
            subject_id=appointment_id,
            practice_id=appointment.practice_id,
            on_behalf_of=actor.stands_for(appointment.practitioner_id),
            details={"patient_id": str(patient.id)},
        )
        return AppointmentDetail(
            view=view,
            offering_id=session.exec(offering).one(),
            practitioner=practitioner.display_name,
            site=site.name,
            birth_date=patient.birth_date if contact else None,
            phone=patient.phone if contact else "",
            email=patient.email if contact else "",
            note=appointment.note if contact else "",
            cancellation_note=appointment.cancellation_note if contact else "",
            history=history,
            series=occurrences(session, appointment),
            told_at=reach(session, patient.id, Kind.CHANGES) if contact else (),
            refuses_reminders=refuses_reminders(session, patient.person_id),
            changes=allowed(actor, Permission.APPOINTMENT_MANAGE, appointment.practice_id, practitioner.id),
            contact=contact,
            rooms=rooms_of(session, appointment_id),
        )


_HISTORY = text("""
    select e.at, e.action, e.actor_name, e.actor_kind, coalesce(trim(p.title || ' ' || p.given_name || ' ' || p.family_name), '') as behalf,
           e.details
    from audit_entry e left join practitioner p on p.id = e.on_behalf_of
    where e.subject_id = :id and e.subject_type = 'appointment' and e.action <> 'appointment:read'
    order by (e.details ->> 'version')::int, e.sequence
""").bindparams(bindparam("id", type_=PG_UUID(as_uuid=True)))


def _history(session: Session, appointment_id: UUID) -> tuple[HistoryLine, ...]:
    rows = session.connection().execute(_HISTORY, {"id": appointment_id})
    return tuple(_line(row) for row in rows)


def _line(row: Row[tuple[Any, ...]]) -> HistoryLine:
    line = HistoryLine(row.at, row.action, row.actor_name, row.actor_kind, row.behalf, row.details)
    if "before" not in row.details:
        return line
    (starts, ends, who), (started, ended, was_who) = _place(row.details), _place(row.details["before"])
    minute, moved = timedelta(minutes=1), (starts, who) != (started, was_who)
    return replace(line, minutes=(ends - starts) // minute, minutes_before=(ended - started) // minute, moved=moved)


def _place(details: dict[str, str]) -> tuple[datetime, datetime, str]:
    """Read back what `place_details` wrote."""
    return datetime.fromisoformat(details["starts_at"]), datetime.fromisoformat(details["ends_at"]), details["practitioner_id"]
