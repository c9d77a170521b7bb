"""Giving what the booking dialog asks for: its form read, the visit booked, and how to say it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from maiia_pro.agenda.booking import BookedAppointment, BookingRequest, book_slot
from maiia_pro.agenda.day import appointment_view
from maiia_pro.agenda.desk import DeskReason, desk
from maiia_pro.agenda.frames import Block, block
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import after_commit
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.french import clock_time, long_date
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import FieldErrors
from state.agenda_moves import read_place
from state.booking_place import PlaceView
from state.next_free import reasons_of
from state.patient_picker import read_identity
from state.put_form import read_day, read_length, read_minute


@dataclass(frozen=True)
class Wanted:
    """A booking as the dialog asks for it."""

    practitioner: str
    reason: str
    site: str
    day: str
    minute: int
    length: int
    patient: str
    identity: Any
    note: str
    overbook: bool = False


@dataclass(frozen=True)
class Booked:
    """A booking that was made: its block, and how to say it."""

    block: Block
    sentence: str


def read_request(form: dict[str, Any], place: PlaceView, patient: str, *, creating: bool) -> Wanted:
    """Read the dialog; raises `Invalid` naming every field that is wrong."""
    errors = FieldErrors()
    identity = None
    if creating:
        try:
            identity = read_identity(form)
        except Invalid as refusal:
            for name, message in refusal.fields.items():
                errors.add(name, message)
    elif not patient:
        errors.add("patient", "Choisissez un patient, ou «\u00a0Nouveau patient\u00a0».")
    day, minute, length = read_day(errors, form.get("day")), read_minute(errors, form.get("time")), read_length(errors, form.get("length"))
    errors.check()
    note = form.get("note")
    return Wanted(
        place["practitioner"], place["reason"], place["site"], day, minute, length, patient, identity, note if isinstance(note, str) else ""
    )


def commit_booking(actor: Actor, wanted: Wanted) -> Booked:
    """Book what the dialog asks for, and read the block of it."""
    frame = desk(actor)
    offering = next(
        (one for one in reasons_of(frame, wanted.practitioner) if one.name == wanted.reason and one.site_id.hex == wanted.site),
        None,
    )
    if offering is None:
        raise Invalid("Ce motif n’est pas proposé à ce lieu par ce praticien. Choisissez-en un autre.")
    zone = next(site.zone for site in frame.sites if site.id == offering.site_id)
    starts_at = read_place(wanted.day, wanted.minute).instant(zone)
    booked = book_slot(actor, _request(offering, wanted, SlotKey(offering.offering_id, starts_at)))
    with after_commit():
        return _booked(actor, booked)


def _request(offering: DeskReason, wanted: Wanted, slot: SlotKey) -> BookingRequest:
    patient: UUID | None = parse_id(wanted.patient) if wanted.patient and wanted.identity is None else None
    length = wanted.length if wanted.length != offering.duration_minutes else None
    return BookingRequest(
        slot, patient_id=patient, new_patient=wanted.identity, length_minutes=length, note=wanted.note, overbook=wanted.overbook
    )


def _booked(actor: Actor, booked: BookedAppointment) -> Booked:
    view = appointment_view(actor, booked.id)
    if view is None:
        raise NotFound
    local = view.starts_at.astimezone(view.zone)
    when: date = local.date()
    over = " en surnombre" if view.deliberate_overbooking else ""
    return Booked(block(view), f"Rendez-vous donné{over} à {view.patient_name} : {long_date(when)}, {clock_time(local)}.")
