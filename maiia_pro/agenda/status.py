"""Where a visit stands, from expected to closed: set by staff, undone by setting it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.booking import BookedAppointment, load_appointment, tell
from maiia_pro.agenda.changing import booked_of, flush_place, next_version, offering_id_of
from maiia_pro.agenda.codes import CompanionMeans, EntitlementMeans, IdentityMeans, Status
from maiia_pro.agenda.context import load_offering, lock_practitioners, zone_of
from maiia_pro.agenda.errors import AlreadyCancelled, ChangedMeanwhile, IdentityNotChecked, NotCancelled, NotYet, SlotTaken
from maiia_pro.agenda.overbooking import something_there
from maiia_pro.agenda.rooms import take_rooms
from maiia_pro.agenda.tables import Appointment
from maiia_pro.kernel import audit, clock, live
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import retry_conflicts, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed
from maiia_pro.kernel.text import paragraph
from maiia_pro.practice.tables import Site

MARKS: Final = tuple(status for status in Status if status is not Status.CANCELLED)
"""The statuses of a visit that stands."""
_STEPS: Final = {Status.ARRIVED: "arrived_at", Status.IN_PROGRESS: "seen_at", Status.FULFILLED: "fulfilled_at"}
"""The steps of the day itself, in their order, and where the instant of each is kept."""


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """By what the identity of the patient, of whoever came along, and the entitlements were checked at the consultation."""

    means: IdentityMeans
    companion: CompanionMeans
    entitlements: EntitlementMeans


@dataclass(frozen=True, slots=True)
class Marked:
    """A status that was set, and the one it took the place of."""

    appointment: BookedAppointment
    before: Status


def set_status(actor: Actor, appointment_id: UUID, status: Status, check: IdentityCheck | None = None) -> Marked:
    """Say where a visit stands. With `check`, the identity check is written with it.

    Raises `IdentityNotChecked` where a visit is closed that nobody checked the identity at, `NotYet` before its day (before its start
    for an absence), `AlreadyCancelled`, `NotFound`, `NotAllowed`.
    """
    require(actor, Permission.APPOINTMENT_MANAGE)
    if not actor.is_staff:
        raise NotAllowed
    if status not in MARKS or (check and check.means is IdentityMeans.UNRECORDED):
        raise Invalid
    with transaction() as session:
        appointment = _for_update(session, actor, appointment_id)
        if appointment.status == Status.CANCELLED:
            raise AlreadyCancelled
        now, before = clock.now(), Status(appointment.status)
        _check_day(session, appointment, status, now)
        if check:
            _note_check(session, actor, appointment, check, now)
        if status is Status.FULFILLED and appointment.identity_checked_at is None:
            raise IdentityNotChecked
        if status is not before:
            appointment.status = status
            _stamp(appointment, status, now)
            _changed(session, actor, appointment, AuditAction.APPOINTMENT_MARKED, {"from": before.value, "to": status.value})
        return Marked(booked_of(appointment), before)


def mark_arrived(session: Session, actor: Actor, appointment: Appointment) -> None:
    """Note an arrival that the patient signals; the caller has authorised, checked and locked the row. Staff undo it like any other."""
    before = appointment.status
    appointment.status = Status.ARRIVED
    _stamp(appointment, Status.ARRIVED, clock.now())
    _changed(session, actor, appointment, AuditAction.APPOINTMENT_MARKED, {"from": before, "to": Status.ARRIVED.value})


def _for_update(session: Session, actor: Actor, appointment_id: UUID) -> Appointment:
    appointment = load_appointment(session, actor, appointment_id, Permission.APPOINTMENT_MANAGE)
    session.refresh(appointment, with_for_update=True)
    return appointment


def _check_day(session: Session, appointment: Appointment, status: Status, now: datetime) -> None:
    if status is Status.MISSED and appointment.starts_at > now:
        raise NotYet("Ce rendez-vous n’a pas commencé : attendez son heure pour noter une absence, ou annulez-le.")
    zone = zone_of(session.get_one(Site, appointment.site_id).zone)
    if status in _STEPS and appointment.starts_at.astimezone(zone).date() > now.astimezone(zone).date():
        raise NotYet


def _stamp(appointment: Appointment, status: Status, now: datetime) -> None:
    """Keep when each step was reached; going back forgets the steps after."""
    reached = list(_STEPS).index(status) if status in _STEPS else -1
    for place, column in enumerate(_STEPS.values()):
        if place == reached:
            setattr(appointment, column, getattr(appointment, column) or now)
        elif place > reached:
            setattr(appointment, column, None)


def _note_check(session: Session, actor: Actor, appointment: Appointment, check: IdentityCheck, now: datetime) -> None:
    appointment.identity_means, appointment.companion_means = check.means, check.companion
    appointment.entitlement_means = check.entitlements
    appointment.identity_checked_by, appointment.identity_checked_at = actor.account_id, now
    means = {"means": check.means.value, "companion": check.companion.value, "entitlements": check.entitlements.value}
    _record(session, actor, appointment, AuditAction.IDENTITY_CHECKED, means | {"version": str(appointment.version)})


def _changed(session: Session, actor: Actor, appointment: Appointment, action: AuditAction, details: dict[str, str]) -> None:
    """Count the change, write its history and show it on open screens; the patient is not told."""
    appointment.version += 1
    session.flush()
    _record(session, actor, appointment, action, details | {"version": str(appointment.version)})
    live.announce(session, live.Change(live.agenda_topic(appointment.practitioner_id), appointment.id, appointment.version))


def _record(session: Session, actor: Actor, appointment: Appointment, action: AuditAction, details: dict[str, str]) -> None:
    audit.record(
        session,
        actor,
        action,
        subject_type="appointment",
        subject_id=appointment.id,
        practice_id=appointment.practice_id,
        on_behalf_of=actor.stands_for(appointment.practitioner_id),
        details=details,
    )


@retry_conflicts
def restore_appointment(actor: Actor, appointment_id: UUID) -> BookedAppointment:
    """Take a cancellation back, if nobody took the time meanwhile: the undo of cancelling. The patient is told.

    Raises `SlotTaken`, `ResourceTaken`, `NotCancelled`, `NotFound`, `NotAllowed`.
    """
    require(actor, Permission.APPOINTMENT_MANAGE)
    if not actor.is_staff:
        raise NotAllowed
    with transaction() as session:
        appointment = load_appointment(session, actor, appointment_id, Permission.APPOINTMENT_MANAGE)
        lock_practitioners(session, [appointment.practitioner_id])
        session.refresh(appointment, with_for_update=True)
        if appointment.status != Status.CANCELLED:
            raise NotCancelled
        kept = appointment.blocked
        if something_there(session, appointment.practitioner_id, kept.lower, kept.upper, leaving_out=appointment.id):
            raise SlotTaken("Ce créneau a été repris entre-temps. Donnez un nouveau rendez-vous.")
        appointment.status, appointment.cancelled_at, appointment.cancellation_note = Status.PLANNED, None, ""
        appointment.deliberate_overbooking = False
        next_version(appointment)
        flush_place(session)
        take_rooms(session, load_offering(session, offering_id_of(session, appointment)), appointment.id, (kept.lower, kept.upper))
        restored = booked_of(appointment)
        tell(session, actor, restored, AuditAction.APPOINTMENT_RESTORED, "restored")
        return restored


def save_note(actor: Actor, appointment_id: UUID, note: str, seen: str) -> BookedAppointment:
    """Write the practice's own note on a visit; `seen` is the note that its author changed.

    Raises `ChangedMeanwhile` where somebody else changed it since, `Invalid`, `NotFound`, `NotAllowed`.
    """
    require(actor, Permission.APPOINTMENT_MANAGE)
    if not actor.is_staff:
        raise NotAllowed
    written = paragraph(note, longest=1000)
    with transaction() as session:
        appointment = _for_update(session, actor, appointment_id)
        if appointment.note not in {paragraph(seen, longest=1000), written}:
            raise ChangedMeanwhile
        if appointment.note != written:
            appointment.note = written
            _changed(session, actor, appointment, AuditAction.APPOINTMENT_NOTED, {})
        return booked_of(appointment)
