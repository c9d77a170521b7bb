"""Series of appointments: looked at before they are given, and given all together or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from maiia_pro.agenda.booking import BookedAppointment, BookingRequest, find_patient, insert_visit
from maiia_pro.agenda.context import Holder, OfferingContext, load_offering, load_slot
from maiia_pro.agenda.errors import ResourceTaken, SeriesTaken, SlotTaken
from maiia_pro.agenda.hours import BOOKING_HORIZON, Window, hours_and_busy_time
from maiia_pro.agenda.jobs import SeriesTold
from maiia_pro.agenda.limits import read_limits
from maiia_pro.agenda.openings import to_instant, to_minutes
from maiia_pro.agenda.recurrence import MOST, Rule, check_rule_of_series, days_of
from maiia_pro.agenda.series_plan import AROUND, Choice, Line, places_of, plan
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.tables import Series
from maiia_pro.agenda.visit import bounds_of, check_asked, lock_and_check
from maiia_pro.kernel import clock, queue
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, retry_conflicts, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.metrics import counted
from maiia_pro.patients.records import Identity

_AROUND: Final = timedelta(days=AROUND + 1)


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """What is repeated, and by which rule; staff may give the visits a length of their own, in minutes."""

    offering_id: UUID
    rule: Rule
    length_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class SeriesPreview:
    """What would become of each date; minutes of the lines are of UTC, the site's zone beside them."""

    zone: ZoneInfo
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """Where one visit goes; overbooked only where somebody was seen there and the person insists."""

    starts_at: datetime
    overbook: bool = False


@dataclass(frozen=True, slots=True)
class SeriesBooking:
    """A series to give: its places as they were looked at, and for whom."""

    request: SeriesRequest
    places: tuple[SeriesPlace, ...]
    patient_id: UUID | None = None
    new_patient: Identity | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class BookedSeries:
    """A series that was given."""

    id: UUID
    visits: tuple[BookedAppointment, ...]
    """In order of time."""
    zone: ZoneInfo

    @property
    def first_day(self) -> date:
        """The day of the first visit, by the site's clock."""
        return self.visits[0].starts_at.astimezone(self.zone).date()


def preview_series(actor: Actor, request: SeriesRequest, choices: Mapping[int, Choice]) -> SeriesPreview:
    """Say what stands at each date of a series, from one reading of hours and busy time; `choices` are by the line's number.

    Raises `Invalid` for a rule that no series may have, `InThePast`, `NotFound`, `NotAllowed`.
    """
    require(actor, Permission.APPOINTMENT_BOOK)
    _only_staff(actor)
    check_rule_of_series(request.rule)
    with reading() as session:
        offering = load_offering(session, request.offering_id)
        require(actor, Permission.APPOINTMENT_BOOK, offering.practice_id, offering.practitioner_id)
        return SeriesPreview(offering.zone, tuple(_lines(session, actor, offering, request, choices)))


def _only_staff(actor: Actor) -> None:
    if not actor.is_staff:
        raise NotAllowed


def _lines(session: Session, actor: Actor, offering: OfferingContext, request: SeriesRequest, choices: Mapping[int, Choice]) -> list[Line]:
    rule, zone = request.rule, offering.zone
    wanted = places_of(days_of(rule), rule.minute, zone)
    first, last = to_instant(wanted[0].start), to_instant(wanted[-1].start)
    check_asked(actor, last, request.length_minutes)
    bounds_of(actor, offering, first, request.length_minutes)
    begins, ends = first - _AROUND, last + _AROUND
    hours, busy = hours_and_busy_time(session, [offering.practitioner_id], begins, ends)
    openings = hours.openings(offering.practitioner_id, offering.site_id, zone, begins, ends, reason_id=offering.reason_id)
    shape = replace(offering.shape, length=request.length_minutes or offering.shape.length)
    now = clock.now()
    visit = replace(offering, shape=shape, known=True)  # staff are held by no quota of new patients
    limits = read_limits(session, [visit], Window(begins, ends, now))
    agenda = (openings, busy[offering.practitioner_id])
    return plan(wanted, agenda, shape, (rule.minute, zone, to_minutes(now)), choices, with_room=partial(limits.keep, visit))


@counted("book_series")
@retry_conflicts
def book_series(actor: Actor, booking: SeriesBooking) -> BookedSeries:
    """Give every visit of a series in one transaction, and tell the patient once.

    Raises `SeriesTaken` naming the places that somebody has taken since they were looked at: then nothing is given. Else as `book_slot`.
    """
    require(actor, Permission.APPOINTMENT_BOOK)
    _only_staff(actor)
    _check(actor, booking)
    first = booking.places[0].starts_at
    with transaction() as session:
        holder = Holder(patient_id=booking.patient_id)
        offering, _, record_id = load_slot(session, booking.request.offering_id, first, booking.request.length_minutes, holder=holder)
        require(actor, Permission.APPOINTMENT_BOOK, offering.practice_id, offering.practitioner_id)
        for place in booking.places:
            bounds_of(actor, offering, place.starts_at, booking.request.length_minutes)
        offering = lock_and_check(session, actor, offering, first)
        patient_id = find_patient(session, actor, offering.practice_id, _request(booking, booking.places[0]), record_id)
        series = _series(actor, offering)
        session.add(series)
        session.flush()
        booked = _insert_all(session, actor, offering, booking, patient_id)
        _belong(session, series.id, booked)
        queue.enqueue(session, SeriesTold(series.id, "booked", 1, [one.id.hex for one in booked]), lock=f"series:{series.id}")
        return BookedSeries(series.id, booked, offering.zone)


def _check(actor: Actor, booking: SeriesBooking) -> None:
    """Refuse what no agenda needs to be read for."""
    check_rule_of_series(booking.request.rule)
    if not booking.places:
        raise Invalid("Toutes les dates sont passées\u00a0: gardez-en au moins une.")
    if len(booking.places) > MOST:
        raise Invalid(f"Une série compte {MOST} rendez-vous au plus.")
    latest = clock.now() + BOOKING_HORIZON * 2
    for place in booking.places:
        check_asked(actor, place.starts_at, booking.request.length_minutes)
        if place.starts_at > latest:
            raise Invalid("Une série dure un an au plus.")


def _request(booking: SeriesBooking, place: SeriesPlace) -> BookingRequest:
    """Ask for one visit of the series as `book_slot` is asked."""
    return BookingRequest(
        SlotKey(booking.request.offering_id, place.starts_at),
        patient_id=booking.patient_id,
        new_patient=booking.new_patient,
        length_minutes=booking.request.length_minutes,
        note=booking.note,
        overbook=place.overbook,
    )


def _series(actor: Actor, offering: OfferingContext) -> Series:
    if actor.account_id is None:
        raise NotAllowed
    return Series(
        practice_id=offering.practice_id,
        practitioner_id=offering.practitioner_id,
        created_by=actor.account_id,
    )


def _insert_all(
    session: Session, actor: Actor, offering: OfferingContext, booking: SeriesBooking, patient_id: UUID
) -> tuple[BookedAppointment, ...]:
    """Insert the visits in order of time; whatever is lost is named all at once."""
    booked: list[BookedAppointment] = []
    lost: list[datetime] = []
    for place in sorted(booking.places, key=lambda one: one.starts_at):
        starts_at, ends_at = bounds_of(actor, offering, place.starts_at, booking.request.length_minutes)
        visit = BookedAppointment(uuid7(), offering.practice_id, offering.practitioner_id, patient_id, starts_at, ends_at, 1)
        try:
            overbooked = insert_visit(session, actor, offering, visit, _request(booking, place), told=False)
        except (SlotTaken, ResourceTaken):
            lost.append(place.starts_at)
        else:
            booked.append(replace(visit, overbooked=overbooked))
    if lost:
        raise SeriesTaken(tuple(lost))
    return tuple(booked)


_BELONG: Final = "update appointment set series_id = %(series_id)s where id = any(%(ids)s)"


def _belong(session: Session, series_id: UUID, booked: tuple[BookedAppointment, ...]) -> None:
    exchange(session, _BELONG, {"series_id": series_id, "ids": [one.id for one in booked]})
