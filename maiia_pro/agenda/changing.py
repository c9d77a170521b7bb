"""Moving and cancelling: the same two use cases for the desk, the public page and the API."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg.errors import ExclusionViolation
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from maiia_pro.agenda.booking import BookedAppointment, break_holds, load_appointment, place_details, tell
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.context import ANY_TIME, NOBODY, Holder, OfferingContext, load_offering, lock_practitioners
from maiia_pro.agenda.errors import (
    AlreadyCancelled,
    LengthIsThePractices,
    NotOfferedByColleague,
    Over,
    SlotTaken,
    TooLate,
    TooLateOnline,
    VersionConflict,
)
from maiia_pro.agenda.jobs import SlotFreed
from maiia_pro.agenda.overbooking import promote, something_there
from maiia_pro.agenda.quotas import check_quotas
from maiia_pro.agenda.reason_rules import reason_key
from maiia_pro.agenda.rooms import leave_rooms, take_rooms
from maiia_pro.agenda.tables import Appointment, VisitReason, blocked_range
from maiia_pro.agenda.visit import bounds_of, check_asked, check_rule, widened
from maiia_pro.agenda.visit_link import end_links, use_up
from maiia_pro.kernel import clock, live
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import retry_conflicts, transaction
from maiia_pro.kernel.errors import Conflict, NotAllowed, NotFound
from maiia_pro.kernel.metrics import counted
from maiia_pro.kernel.queue import enqueue
from maiia_pro.kernel.text import paragraph
from maiia_pro.practice.tables import Practitioner

CHANGING: Final = {ActorKind.PATIENT: Permission.APPOINTMENT_OWN, ActorKind.LINK: Permission.APPOINTMENT_LINKED}
"""What moving and cancelling ask for; of anybody else, the right to manage the practice's appointments."""


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """Where an appointment goes; what is absent stays."""

    starts_at: datetime
    practitioner_id: UUID | None = None
    length_minutes: int | None = None
    overbook: bool = False
    """Staff move it all the same where somebody else is."""
    word: str = ""
    """What the practice adds to the message."""
    visitor: str | None = None
    """The fingerprint of the browser that asks: what it holds it may take."""


def _locked(
    session: Session, actor: Actor, appointment_id: UUID, request: MoveRequest | None = None, version: int | None = None
) -> tuple[Appointment, OfferingContext]:
    """Fetch, authorise, lock the agendas concerned, then read again what may have changed while waiting.

    `version` is the one that the caller insists on.
    """
    appointment = load_appointment(session, actor, appointment_id, Permission.APPOINTMENT_MANAGE)
    practitioner_id = appointment.practitioner_id
    also = [request.practitioner_id] if request and request.practitioner_id else []
    colleagues = select(Practitioner.id).where(col(Practitioner.id).in_(also), Practitioner.practice_id == appointment.practice_id)
    if also and not session.exec(colleagues).first():
        raise NotOfferedByColleague  # of another practice, or nobody: no row of theirs is touched
    for colleague in also:
        require(actor, Permission.APPOINTMENT_BOOK, appointment.practice_id, colleague)
    holder = Holder(actor.account_id, visitor=request.visitor) if request and actor.kind in CHANGING else NOBODY
    span = (request.starts_at, request.starts_at + (appointment.ends_at - appointment.starts_at)) if request else ANY_TIME
    lock_practitioners(session, [practitioner_id, *also], holder, span)
    session.refresh(appointment, with_for_update=True)
    if actor.kind is ActorKind.LINK:
        use_up(session, actor)
    if appointment.practitioner_id != practitioner_id:
        raise Conflict  # moved to a colleague while we waited: the lock is another agenda's
    check_standing(appointment, version)
    offering = load_offering(session, offering_id_of(session, appointment))
    if not actor.is_staff and appointment.starts_at <= clock.now():
        raise TooLate
    if not actor.is_staff and not offering.rules.may_change(appointment.starts_at, clock.now()):
        raise TooLateOnline.calling(offering.rules.cancel_hours, offering.rules.phone)
    return appointment, offering


def check_standing(appointment: Appointment, version: int | None = None) -> None:
    """Refuse to change what is cancelled or closed, or another version than the caller insists on."""
    if version not in {None, appointment.version}:
        raise VersionConflict
    if appointment.status == Status.CANCELLED:
        raise AlreadyCancelled
    if appointment.status == Status.FULFILLED:
        raise Over


_OFFERING = text("select id from offering where reason_id = :reason_id and site_id = :site_id")


def offering_id_of(session: Session, appointment: Appointment) -> UUID:
    """Name the offering that a visit is of."""
    values = {"reason_id": appointment.reason_id, "site_id": appointment.site_id}
    found: UUID = session.connection().execute(_OFFERING, values).scalar_one()
    return found


@counted("move")
@retry_conflicts
def move_appointment(actor: Actor, appointment_id: UUID, request: MoveRequest) -> BookedAppointment:
    """Move an appointment, or change its length; raises what `book_slot` raises, and `AlreadyCancelled`, `TooLate`."""
    require(actor, CHANGING.get(actor.kind, Permission.APPOINTMENT_MANAGE))
    check_asked(actor, request.starts_at, request.length_minutes)
    if not actor.is_staff and (request.practitioner_id or request.overbook):
        raise NotAllowed
    with transaction() as session:
        appointment, offering = _locked(session, actor, appointment_id, request)
        return put(session, actor, appointment, offering, request)


def put(session: Session, actor: Actor, appointment: Appointment, offering: OfferingContext, request: MoveRequest) -> BookedAppointment:
    """Move a visit under the locks of the agendas concerned; `offering` is its own before. The caller has authorised."""
    before, was = appointment.practitioner_id, place_details(appointment)
    left, ordinary = appointment.blocked, not appointment.deliberate_overbooking
    if request.practitioner_id and request.practitioner_id != before:
        offering = _colleague_offering(session, appointment, request.practitioner_id)
    length = request.length_minutes or _kept_length(actor, appointment, offering)
    offering = replace(offering.lasting(length), known=not appointment.first_visit)
    starts_at, ends_at = bounds_of(actor, offering, request.starts_at, length)
    check_rule(session, actor, offering, starts_at, leaving_out=appointment.id)
    if not actor.is_staff and appointment.patient_id:
        check_quotas(session, offering, appointment.patient_id, starts_at, moved=appointment.id)
    kept = widened(offering, starts_at, ends_at)
    if request.overbook or appointment.deliberate_overbooking:
        break_holds(session, actor, offering.practitioner_id, *kept)  # nothing overbooked lies over what may vanish unseen
    over = something_there(session, offering.practitioner_id, *kept, leaving_out=appointment.id)
    if over and not (request.overbook or appointment.deliberate_overbooking):
        raise SlotTaken
    appointment.deliberate_overbooking = over
    appointment.practitioner_id, appointment.reason_id = offering.practitioner_id, offering.reason_id
    appointment.mode = offering.mode
    appointment.starts_at, appointment.ends_at = starts_at, ends_at
    appointment.blocked, appointment.told_word = blocked_range(*kept), paragraph(request.word, longest=500)
    appointment.series_edited = appointment.series_id is not None
    moved = write_place(session, appointment, offering)
    tell(session, actor, moved, AuditAction.APPOINTMENT_MOVED, "moved", before=was)
    if ordinary:
        promote(session, actor, before, left.lower, left.upper)
    tell_freed(session, before, left.lower, left.upper)
    if moved.practitioner_id != before:
        live.announce(session, live.Change(live.agenda_topic(before), moved.id, moved.version))
    return moved


def _kept_length(actor: Actor, appointment: Appointment, offering: OfferingContext) -> int:
    """Keep the visit's own length, in minutes; a patient or a program moves only what is of the reason's length."""
    if not actor.is_staff and appointment.minutes not in {offering.minutes, offering.rules.new_patient_minutes}:
        raise LengthIsThePractices
    return appointment.minutes


_COLLEAGUE = text("""
    select o.id, r.name from offering o join visit_reason r on r.id = o.reason_id
    where o.practitioner_id = :practitioner_id and o.site_id = :site_id and o.practice_id = :practice_id and o.active and r.active
    order by r.position
""").bindparams(*(bindparam(name, type_=PG_UUID(as_uuid=True)) for name in ("practitioner_id", "site_id", "practice_id")))


def _colleague_offering(session: Session, appointment: Appointment, practitioner_id: UUID) -> OfferingContext:
    """Find the colleague's offering of the same name at the same site: a visit keeps a reason of its own practitioner."""
    values = {"practitioner_id": practitioner_id, "site_id": appointment.site_id, "practice_id": appointment.practice_id}
    wanted = reason_key(session.get_one(VisitReason, appointment.reason_id).name)
    found = next((ident for ident, name in session.connection().execute(_COLLEAGUE, values) if reason_key(name) == wanted), None)
    if found is None:
        raise NotOfferedByColleague
    return load_offering(session, found)


def next_version(appointment: Appointment) -> None:
    """Count a change that the patient is told of."""
    appointment.version += 1
    appointment.told_version = appointment.version


def flush_place(session: Session) -> None:
    """Send where a visit stands to the database; SQLSTATE 23P01 of the constraint is `SlotTaken`."""
    try:
        session.flush()
    except IntegrityError as error:
        if isinstance(error.orig, ExclusionViolation):
            raise SlotTaken from None
        raise


def write_place(session: Session, appointment: Appointment, offering: OfferingContext) -> BookedAppointment:
    """Write where an appointment moved to, and take its rooms there; raises `SlotTaken`, `ResourceTaken`."""
    next_version(appointment)
    flush_place(session)
    kept = (appointment.blocked.lower, appointment.blocked.upper)
    take_rooms(session, offering, appointment.id, kept, liked=leave_rooms(session, appointment.id))
    return booked_of(appointment)


def booked_of(appointment: Appointment) -> BookedAppointment:
    """Answer for an appointment as it stands; raises `NotFound` for a hold."""
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
        appointment.deliberate_overbooking,
    )


@counted("cancel")
@retry_conflicts
def cancel_appointment(actor: Actor, appointment_id: UUID, reason: str = "", version: int | None = None) -> BookedAppointment:
    """Cancel an appointment and free its time; raises `AlreadyCancelled`, `TooLate`, `NotFound`, `NotAllowed`.

    With a `version`, only as long as the appointment is that one; raises `VersionConflict`.
    """
    require(actor, CHANGING.get(actor.kind, Permission.APPOINTMENT_MANAGE))
    said = paragraph(reason, longest=500)
    with transaction() as session:
        appointment, _ = _locked(session, actor, appointment_id, version=version)
        return call_off(session, actor, appointment, said)


def call_off(session: Session, actor: Actor, appointment: Appointment, said: str) -> BookedAppointment:
    """Cancel a visit under the lock of its agenda. The caller has authorised."""
    appointment.series_edited = appointment.series_id is not None
    cancelled = write_cancelled(session, appointment, said)
    tell(session, actor, cancelled, AuditAction.APPOINTMENT_CANCELLED, "cancelled")
    if not appointment.deliberate_overbooking:
        promote(session, actor, appointment.practitioner_id, appointment.blocked.lower, appointment.blocked.upper)
    tell_freed(session, appointment.practitioner_id, appointment.blocked.lower, appointment.blocked.upper)
    return cancelled


def tell_freed(session: Session, practitioner_id: UUID, begins: datetime, ends: datetime) -> None:
    """Have whoever waits for a place be asked about what has just become free."""
    enqueue(session, SlotFreed(practitioner_id, begins.isoformat(), ends.isoformat()))


def write_cancelled(session: Session, appointment: Appointment, said: str) -> BookedAppointment:
    """Write that an appointment is cancelled, and free its rooms."""
    appointment.status = Status.CANCELLED
    appointment.cancelled_at = clock.now()
    appointment.cancellation_note = said
    next_version(appointment)
    session.flush()
    end_links(session, appointment.id)
    leave_rooms(session, appointment.id)
    return booked_of(appointment)
