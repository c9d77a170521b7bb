"""Booking, moving and cancelling: the same three use cases for the desk, the public page and the API.

The practitioner's row is locked first; the exclusion constraint has the last word.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from psycopg.errors import ExclusionViolation
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from maiia_pro.agenda.context import NOBODY, Holder, OfferingContext, load_offering, load_slot, lock_practitioners
from maiia_pro.agenda.errors import (
    AlreadyCancelled,
    NotOfferedByColleague,
    ResourceTaken,
    SlotTaken,
    TooLate,
)
from maiia_pro.agenda.jobs import AppointmentTold
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.tables import (
    NO_OVERLAP,
    Appointment,
    Origin,
    ResourceBooking,
    Status,
    blocked_range,
)
from maiia_pro.agenda.visit import bounds_of, check_asked, check_rule, widened
from maiia_pro.kernel import audit, clock, live, traces
from maiia_pro.kernel.access import Permission, allowed, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import constraint_of, retry_conflicts, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.metrics import counted
from maiia_pro.kernel.text import paragraph
from maiia_pro.patients.records import Identity, insert_patient, record_of_account
from maiia_pro.patients.tables import Patient, Person


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What is asked for: a slot, and by staff for whom, how long, with which rooms."""

    slot: SlotKey
    patient_id: UUID | None = None
    """A record of the practice; staff and API clients name one, or give `new_patient` (staff)."""
    new_patient: Identity | None = None
    person_id: UUID | None = None
    """Whom of the account a patient books for; the account's holder unless a relative is named."""
    length_minutes: int | None = None
    """Staff may shorten or lengthen the visit; the reason's duration otherwise."""
    note: str = ""
    resource_ids: tuple[UUID, ...] = field(default=())

    @classmethod
    def parse(cls, slot_key: object) -> Self:
        """Read the request of a patient: the slot alone."""
        return cls(SlotKey.parse(slot_key))


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """Where an appointment goes; what is absent stays."""

    starts_at: datetime
    practitioner_id: UUID | None = None
    length_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class BookedAppointment:
    """An appointment as the use cases answer it."""

    id: UUID
    practice_id: UUID
    practitioner_id: UUID
    patient_id: UUID
    starts_at: datetime
    ends_at: datetime
    version: int


@counted("book")
@retry_conflicts
def book_slot(actor: Actor, request: BookingRequest) -> BookedAppointment:
    """Book a slot.

    Raises `SlotTaken` where somebody came first, `NotOffered` and `NoOnlineBooking` where a patient or a program asks for
    what is not open online, `InThePast`, `Invalid`, `NotFound` and `NotAllowed`.
    """
    require(actor, Permission.APPOINTMENT_BOOK)
    check_asked(actor, request.slot.starts_at, request.length_minutes)
    with transaction() as session:
        holder = Holder(actor.account_id, request.person_id) if actor.kind is ActorKind.PATIENT else NOBODY
        offering, taken, record_id = load_slot(
            session, request.slot.offering_id, request.slot.starts_at, request.length_minutes, holder=holder
        )
        require(actor, Permission.APPOINTMENT_BOOK, offering.practice_id)
        starts_at, ends_at = bounds_of(actor, offering, request.slot.starts_at, request.length_minutes)
        if taken:
            raise SlotTaken  # before the lock, so that losers do not queue behind the winner
        lock_practitioners(session, [offering.practitioner_id])
        check_rule(session, actor, offering, starts_at)
        patient_id = _patient(session, actor, offering.practice_id, request, record_id)
        booked = BookedAppointment(uuid7(), offering.practice_id, offering.practitioner_id, patient_id, starts_at, ends_at, 1)
        _insert(session, actor, offering, booked, request)
        _tell(session, actor, booked, AuditAction.APPOINTMENT_BOOKED, "booked")
        return booked


_RECORD = text("select 1 from patient where id = :id and practice_id = :practice_id")


def _patient(session: Session, actor: Actor, practice_id: UUID, request: BookingRequest, record_id: UUID | None) -> UUID:
    """Find whom the visit is for; raises `Invalid` where nobody is named and `NotFound` for a record of another practice.

    `record_id` is the practice's record of the account's person, if it has one already.
    """
    if actor.kind is ActorKind.PATIENT:
        if request.patient_id or request.new_patient:
            raise NotAllowed
        return record_id or record_of_account(session, actor, practice_id, request.person_id)
    if request.person_id:
        raise NotAllowed
    if request.new_patient and actor.is_staff:
        return insert_patient(session, actor, practice_id, request.new_patient).id
    if request.patient_id is None:
        raise Invalid("Choisissez un patient ou créez sa fiche.", {"patient": "Choisissez un patient ou créez sa fiche."})
    if session.connection().execute(_RECORD, {"id": request.patient_id, "practice_id": practice_id}).first() is None:
        raise NotFound("Ce patient n’a pas de fiche dans ce cabinet. Cherchez-le à nouveau ou créez sa fiche.")
    return request.patient_id


_ORIGINS = {ActorKind.PATIENT: Origin.ONLINE, ActorKind.API_CLIENT: Origin.API}


_INSERT = text("""
    insert into appointment (id, practice_id, practitioner_id, patient_id, site_id, reason_id, starts_at, ends_at, blocked,
                             status, mode, origin, deliberate_overbooking, note, cancellation_note, version, created_at)
    values (:id, :practice_id, :practitioner_id, :patient_id, :site_id, :reason_id, :starts_at, :ends_at, tstzrange(:begins, :ends),
            :status, :mode, :origin, false, :note, '', 1, :created_at)
    on conflict on constraint appointment_no_overlap do nothing returning id
""")
_INSERT_RESOURCE = text("""
    insert into resource_booking (id, resource_id, appointment_id, blocked)
    select :id, r.id, :appointment_id, tstzrange(:begins, :ends) from resource r where r.id = :resource_id and r.practice_id = :practice_id
    on conflict on constraint resource_booking_no_overlap do nothing returning id
""")


def _insert(session: Session, actor: Actor, offering: OfferingContext, booked: BookedAppointment, request: BookingRequest) -> None:
    """Insert unless a constraint refuses; no row is `SlotTaken` or `ResourceTaken`, and the whole is undone."""
    begins, ends = widened(offering, booked.starts_at, booked.ends_at)
    row = {
        "id": booked.id,
        "practice_id": booked.practice_id,
        "practitioner_id": booked.practitioner_id,
        "patient_id": booked.patient_id,
        "site_id": offering.site_id,
        "reason_id": offering.reason_id,
        "starts_at": booked.starts_at,
        "ends_at": booked.ends_at,
        "begins": begins,
        "ends": ends,
        "status": Status.PLANNED,
        "mode": offering.mode,
        "origin": _ORIGINS.get(actor.kind, Origin.DESK),
        "note": paragraph(request.note, longest=1000),
        "created_at": clock.now(),
    }
    if session.connection().execute(_INSERT, row).first() is None:
        raise SlotTaken
    for resource_id in sorted(request.resource_ids):
        taken = {"id": uuid7(), "appointment_id": booked.id, "resource_id": resource_id, "practice_id": booked.practice_id}
        if session.connection().execute(_INSERT_RESOURCE, taken | {"begins": begins, "ends": ends}).first() is None:
            raise ResourceTaken


def _tell(session: Session, actor: Actor, booked: BookedAppointment, action: AuditAction, event: str) -> None:
    """Write the history, and let the patient and every open screen know once it is committed."""
    entry = audit.entry_values(
        actor,
        action,
        subject_type="appointment",
        subject_id=booked.id,
        practice_id=booked.practice_id,
        on_behalf_of=booked.practitioner_id if actor.kind is ActorKind.SECRETARY else None,
        details={"starts_at": booked.starts_at.isoformat(), "version": booked.version},
    )
    change = live.Change(live.agenda_topic(booked.practitioner_id), booked.id, booked.version)
    traces.leave(session, entry, AppointmentTold(booked.id, event, booked.version), change)


def load_appointment(session: Session, actor: Actor, appointment_id: UUID, permission: Permission) -> Appointment:
    """Fetch an appointment and authorise in one step; what one may not see is `NotFound`."""
    appointment = session.get(Appointment, appointment_id)
    if appointment is None:
        raise NotFound
    if actor.kind is ActorKind.PATIENT:
        require(actor, Permission.APPOINTMENT_OWN)
        owner = select(Person.account_id).join(Patient, Patient.person_id == Person.id).where(Patient.id == appointment.patient_id)  # type: ignore[arg-type]
        if actor.account_id is None or session.exec(owner).first() != actor.account_id:
            raise NotFound
    elif not allowed(actor, permission, appointment.practice_id):
        require(actor, permission)
        raise NotFound
    return appointment


def _locked(session: Session, actor: Actor, appointment_id: UUID, also: UUID | None = None) -> tuple[Appointment, OfferingContext]:
    """Fetch, authorise, lock the agendas concerned, then read again what may have changed while waiting."""
    appointment = load_appointment(session, actor, appointment_id, Permission.APPOINTMENT_MANAGE)
    lock_practitioners(session, [appointment.practitioner_id, *([also] if also else [])])
    session.refresh(appointment, with_for_update=True)
    if appointment.status == Status.CANCELLED:
        raise AlreadyCancelled
    offering = load_offering(session, _offering_id(session, appointment))
    if not actor.is_staff and appointment.starts_at <= clock.now():
        raise TooLate
    return appointment, offering


_OFFERING = text("select id from offering where reason_id = :reason_id and site_id = :site_id")


def _offering_id(session: Session, appointment: Appointment) -> UUID:
    values = {"reason_id": appointment.reason_id, "site_id": appointment.site_id}
    found: UUID = session.connection().execute(_OFFERING, values).scalar_one()
    return found


@counted("move")
@retry_conflicts
def move_appointment(actor: Actor, appointment_id: UUID, request: MoveRequest) -> BookedAppointment:
    """Move an appointment, or change its length; raises what `book_slot` raises, and `AlreadyCancelled`, `TooLate`."""
    require(actor, Permission.APPOINTMENT_OWN if actor.kind is ActorKind.PATIENT else Permission.APPOINTMENT_MANAGE)
    check_asked(actor, request.starts_at, request.length_minutes)
    if not actor.is_staff and request.practitioner_id:
        raise NotAllowed
    with transaction() as session:
        appointment, offering = _locked(session, actor, appointment_id, request.practitioner_id)
        before = appointment.practitioner_id
        if request.practitioner_id and request.practitioner_id != before:
            offering = _colleague_offering(session, appointment, request.practitioner_id)
        length = request.length_minutes
        if length is None and actor.is_staff:
            length = int((appointment.ends_at - appointment.starts_at).total_seconds()) // 60
        starts_at, ends_at = bounds_of(actor, offering, request.starts_at, length)
        check_rule(session, actor, offering, starts_at, leaving_out=appointment.id)
        appointment.practitioner_id, appointment.reason_id = offering.practitioner_id, offering.reason_id
        appointment.mode = offering.mode
        appointment.starts_at, appointment.ends_at = starts_at, ends_at
        appointment.blocked = blocked_range(*widened(offering, starts_at, ends_at))
        moved = _update(session, appointment)
        _tell(session, actor, moved, AuditAction.APPOINTMENT_MOVED, "moved")
        if moved.practitioner_id != before:
            live.announce(session, live.Change(live.agenda_topic(before), moved.id, moved.version))
        return moved


_COLLEAGUE = text("""
    select o.id from offering o join visit_reason r on r.id = o.reason_id
    where o.practitioner_id = :practitioner_id and o.site_id = :site_id and o.practice_id = :practice_id and o.active and r.active
      and lower(r.name) = (select lower(name) from visit_reason where id = :reason_id)
    order by r.position limit 1
""").bindparams(*(bindparam(name, type_=PG_UUID(as_uuid=True)) for name in ("practitioner_id", "site_id", "practice_id", "reason_id")))


def _colleague_offering(session: Session, appointment: Appointment, practitioner_id: UUID) -> OfferingContext:
    """Find the colleague's offering of the same name at the same site: a visit keeps a reason of its own practitioner."""
    values = {
        "practitioner_id": practitioner_id,
        "site_id": appointment.site_id,
        "practice_id": appointment.practice_id,
        "reason_id": appointment.reason_id,
    }
    found = session.connection().execute(_COLLEAGUE, values).scalar()
    if found is None:
        raise NotOfferedByColleague
    return load_offering(session, found)


_MOVE_RESOURCES = text("""
    update resource_booking r set blocked = a.blocked from appointment a where a.id = :appointment_id and r.appointment_id = a.id
""")


def _update(session: Session, appointment: Appointment) -> BookedAppointment:
    """Write what changed; SQLSTATE 23P01 of the constraint is `SlotTaken`."""
    appointment.version += 1
    try:
        session.flush()
        session.connection().execute(_MOVE_RESOURCES, {"appointment_id": appointment.id})
    except IntegrityError as error:
        if isinstance(error.orig, ExclusionViolation):
            raise (SlotTaken if constraint_of(error) == NO_OVERLAP else ResourceTaken) from None
        raise
    return _booked(appointment)


def _booked(appointment: Appointment) -> BookedAppointment:
    if appointment.patient_id is None:
        raise NotFound
    return BookedAppointment(
        appointment.id,
        appointment.practice_id,
        appointment.practitioner_id,
        appointment.patient_id,
        appointment.starts_at,
        appointment.ends_at,
        appointment.version,
    )


@counted("cancel")
@retry_conflicts
def cancel_appointment(actor: Actor, appointment_id: UUID, reason: str = "") -> BookedAppointment:
    """Cancel an appointment and free its time; raises `AlreadyCancelled`, `TooLate`, `NotFound`, `NotAllowed`."""
    require(actor, Permission.APPOINTMENT_OWN if actor.kind is ActorKind.PATIENT else Permission.APPOINTMENT_MANAGE)
    said = paragraph(reason, longest=500)
    with transaction() as session:
        appointment, _ = _locked(session, actor, appointment_id)
        appointment.status = Status.CANCELLED
        appointment.cancelled_at = clock.now()
        appointment.cancellation_note = said
        appointment.version += 1
        session.flush()
        for taken in session.exec(select(ResourceBooking).where(ResourceBooking.appointment_id == appointment.id)).all():
            session.delete(taken)
        cancelled = _booked(appointment)
        _tell(session, actor, cancelled, AuditAction.APPOINTMENT_CANCELLED, "cancelled")
        return cancelled
