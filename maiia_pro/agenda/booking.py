"""Booking: the same use case for the desk, the public page and the API.

The practitioner's row is locked first; the exclusion constraint has the last word.
"""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlmodel import Session, select

from maiia_pro.agenda.codes import Origin, Status
from maiia_pro.agenda.contest import in_turn
from maiia_pro.agenda.context import Holder, OfferingContext, load_slot
from maiia_pro.agenda.errors import SlotTaken
from maiia_pro.agenda.jobs import AppointmentTold
from maiia_pro.agenda.quotas import check_quotas
from maiia_pro.agenda.rooms import take_rooms
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.tables import Appointment
from maiia_pro.agenda.visit import bounds_of, check_asked, fitted, lock_and_check, refusal_of, widened
from maiia_pro.kernel import audit, live, traces
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import retry_conflicts, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.metrics import counted
from maiia_pro.kernel.text import paragraph
from maiia_pro.patients.records import Identity, insert_patient, record_of_account
from maiia_pro.patients.tables import Patient, Person


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What is asked for: a slot, and by staff for whom and how long."""

    slot: SlotKey
    patient_id: UUID | None = None
    """A record of the practice; staff and API clients name one, or give `new_patient` (staff)."""
    new_patient: Identity | None = None
    person_id: UUID | None = None
    """Whom of the account a patient books for; the account's holder unless a relative is named."""
    length_minutes: int | None = None
    """Staff may shorten or lengthen the visit; the reason's duration otherwise."""
    note: str = ""
    overbook: bool = False
    """Staff book all the same where somebody else is; whether it comes to an overbooking is the server's word."""
    visitor: str | None = None
    """The fingerprint of the browser that asks: what it holds it may book."""

    @classmethod
    def parse(cls, slot_key: object) -> Self:
        """Read the request of a patient: the slot alone."""
        return cls(SlotKey.parse(slot_key))


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
    overbooked: bool = False


@counted("book")
@retry_conflicts
def book_slot(actor: Actor, request: BookingRequest) -> BookedAppointment:
    """Book a slot.

    Raises `SlotTaken` where somebody came first, `NotOffered` and `NoOnlineBooking` where a patient or a program asks for
    what is not open online or what the reason's rules refuse, `ResourceTaken`, `InThePast`, `Invalid`, `NotFound` and `NotAllowed`.
    """
    require(actor, Permission.APPOINTMENT_BOOK)
    check_asked(actor, request.slot.starts_at, request.length_minutes)
    if request.overbook and not actor.is_staff:
        raise NotAllowed
    is_patient = actor.kind is ActorKind.PATIENT
    with in_turn(request.slot) if is_patient else nullcontext(), transaction() as session:
        holder = (
            Holder(actor.account_id, request.person_id, visitor=request.visitor) if is_patient else Holder(patient_id=request.patient_id)
        )
        offering, taken, record_id = load_slot(
            session, request.slot.offering_id, request.slot.starts_at, request.length_minutes, holder=holder
        )
        require(actor, Permission.APPOINTMENT_BOOK, offering.practice_id, offering.practitioner_id)
        offering = fitted(actor, offering)
        bounds_of(actor, offering, request.slot.starts_at, request.length_minutes)
        if taken and not request.overbook:
            raise refusal_of(taken)  # before the lock, so that losers do not queue behind the winner
        offering = lock_and_check(session, actor, offering, request.slot.starts_at, holder)
        starts_at, ends_at = bounds_of(actor, offering, request.slot.starts_at, request.length_minutes)
        patient_id = find_patient(session, actor, offering.practice_id, request, record_id)
        if not actor.is_staff:
            check_quotas(session, offering, patient_id, starts_at)
        booked = BookedAppointment(uuid7(), offering.practice_id, offering.practitioner_id, patient_id, starts_at, ends_at, 1)
        return replace(booked, overbooked=insert_visit(session, actor, offering, booked, request))


def find_patient(session: Session, actor: Actor, practice_id: UUID, request: BookingRequest, record_id: UUID | None) -> UUID:
    """Find whom the visit is for; raises `Invalid` where nobody is named and `NotFound` for a record of another practice.

    `record_id` is the practice's record of the account's person or of the patient named, if it has one.
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
    if record_id is None:
        raise NotFound("Ce patient n’a pas de fiche dans ce cabinet. Cherchez-le à nouveau ou créez sa fiche.")
    return record_id


_ORIGINS = {ActorKind.PATIENT: Origin.ONLINE, ActorKind.API_CLIENT: Origin.API}


THERE = """exists (
    select 1 from appointment
    where practitioner_id = %(practitioner_id)s and active and blocked && tstzrange(%(begins)s, %(ends)s)
      and id is distinct from %(leaving_out)s
      and starts_at > %(starts_at)s - interval '16 hours' and starts_at < %(starts_at)s + interval '16 hours'
)"""
"""Asked under the lock, of all that is active, overbooked or not: the constraint does not see what was overbooked."""
ROW = f"""
    insert into appointment (id, practice_id, practitioner_id, patient_id, site_id, reason_id, starts_at, ends_at, blocked,
                             status, mode, origin, deliberate_overbooking, note, cancellation_note, version, told_version,
                             created_at, first_visit)
    select %(appointment_id)s, %(practice_id)s, %(practitioner_id)s, %(patient_id)s, %(site_id)s, %(reason_id)s, %(starts_at)s,
           %(ends_at)s, tstzrange(%(begins)s, %(ends)s), %(status)s, %(mode)s, %(origin)s,
           %(overbook)s and {THERE}, %(note)s, '', 1, 1, %(at)s, %(first_visit)s
"""
NOTHING_THERE = f"where %(overbook)s or not {THERE}"
LAST_WORD = " on conflict on constraint appointment_no_overlap do nothing returning id, deliberate_overbooking"
_INSERT = traces.left_by(ROW + NOTHING_THERE + LAST_WORD)
_INSERT_UNTOLD = traces.noted_by(ROW + NOTHING_THERE + LAST_WORD)


def insert_visit(
    session: Session, actor: Actor, offering: OfferingContext, booked: BookedAppointment, request: BookingRequest, *, told: bool = True
) -> bool:
    """Insert with its traces unless a constraint refuses; tells whether it is an overbooking.

    No row is `SlotTaken` or `ResourceTaken`, and the whole is undone. Untold, the patient hears of it otherwise (a series, once).
    """
    begins, ends = widened(offering, booked.starts_at, booked.ends_at)
    if request.overbook:
        break_holds(session, actor, offering.practitioner_id, begins, ends)
    row = {
        "appointment_id": booked.id,
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
        "overbook": request.overbook,
        "leaving_out": None,
        "first_visit": not offering.known,
    }
    left = _traces(actor, booked, AuditAction.APPOINTMENT_BOOKED, "booked")
    inserted = exchange(session, _INSERT if told else _INSERT_UNTOLD, left.values() | row).fetchone()
    if inserted is None:
        raise SlotTaken
    take_rooms(session, offering, booked.id, (begins, ends))
    return bool(inserted[1])


_BREAK = """
    delete from appointment where practitioner_id = %(practitioner_id)s and held_until is not null
      and blocked && tstzrange(%(begins)s, %(ends)s)
    returning id, practice_id
"""


def break_holds(session: Session, actor: Actor, practitioner_id: UUID, begins: datetime, ends: datetime) -> None:
    """Free a time of what visitors hold there: staff insist on it. The practitioner's row is locked by the caller."""
    span = {"practitioner_id": practitioner_id, "begins": begins, "ends": ends}
    for ident, practice_id in exchange(session, _BREAK, span).fetchall():
        note_broken(session, actor, ident, practice_id, practitioner_id)


def note_broken(session: Session, actor: Actor, hold_id: UUID, practice_id: UUID, practitioner_id: UUID) -> None:
    """Write down that staff took back what a visitor held, and tell open screens."""
    audit.record(
        session, actor, AuditAction.HOLD_BROKEN, subject_type="appointment", subject_id=hold_id, practice_id=practice_id,
        details={"practitioner_id": str(practitioner_id)},
    )  # fmt: skip
    live.announce(session, live.Change(live.agenda_topic(practitioner_id), hold_id, 0))


def _traces(
    actor: Actor, booked: BookedAppointment, action: AuditAction, event: str, before: dict[str, str] | None = None
) -> traces.Traces:
    entry = history_entry(actor, booked, action, before)
    change = live.Change(live.agenda_topic(booked.practitioner_id), booked.id, booked.version)
    return traces.Traces(entry, AppointmentTold(booked.id, event, booked.version), change, lock=f"appointment:{booked.id}")


def tell(
    session: Session, actor: Actor, booked: BookedAppointment, action: AuditAction, event: str, *, before: dict[str, str] | None = None
) -> None:
    """Write the history, and let the patient and every open screen know once it is committed; `before` is where a moved visit was."""
    traces.leave(session, _traces(actor, booked, action, event, before))


def history_entry(actor: Actor, visit: BookedAppointment, action: AuditAction, before: dict[str, str] | None = None) -> dict[str, Any]:
    """Give the values of an appointment's line of history."""
    return audit.entry_values(
        actor,
        action,
        subject_type="appointment",
        subject_id=visit.id,
        practice_id=visit.practice_id,
        on_behalf_of=actor.stands_for(visit.practitioner_id),
        details=place_details(visit) | {"version": visit.version} | ({"before": before} if before else {}),
    )


def place_details(visit: BookedAppointment | Appointment) -> dict[str, str]:
    """Give when a visit is and with whom, as the history keeps it."""
    return {
        "starts_at": visit.starts_at.isoformat(),
        "ends_at": visit.ends_at.isoformat(),
        "practitioner_id": str(visit.practitioner_id),
    }


def load_appointment(session: Session, actor: Actor, appointment_id: UUID, permission: Permission) -> Appointment:
    """Fetch an appointment and authorise in one step; what one may not see is `NotFound`."""
    appointment = session.get(Appointment, appointment_id)
    if appointment is None or appointment.patient_id is None:
        raise NotFound
    if actor.kind is ActorKind.LINK:
        require(actor, Permission.APPOINTMENT_LINKED)
        if actor.visit_id != appointment_id:
            raise NotFound
    elif actor.kind is ActorKind.PATIENT:
        require(actor, Permission.APPOINTMENT_OWN)
        owner = select(Person.account_id).join(Patient, Patient.person_id == Person.id).where(Patient.id == appointment.patient_id)  # type: ignore[arg-type]
        if actor.account_id is None or session.exec(owner).first() != actor.account_id:
            raise NotFound
    else:
        require(actor, permission, appointment.practice_id, appointment.practitioner_id)
    return appointment
