"""Appointments as iCalendar (RFC 5545): time and place, no clinical word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from icalendar import Calendar, Event, vText

from maiia_pro.settings import get_settings

REFRESH: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What a calendar shows; `sequence` grows with each change (RFC 5545, section 3.8.7.4)."""

    appointment_id: UUID
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    cancelled: bool
    stamped_at: datetime
    """In a message when it was written, in a file when the appointment last changed (section 3.8.7.2)."""


def calendar_object(entry: CalendarEntry, *more: CalendarEntry) -> str:
    """Write a message for a patient, of one or several appointments alike: PUBLISH, or CANCEL for cancelled ones (RFC 5546)."""
    calendar = _calendar()
    calendar.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
    for one in (entry, *more):
        event = _event(one)
        event.add("url", f"{get_settings().base_url}/rendez-vous/{one.appointment_id.hex}")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written.decode()


def calendar_file(name: str, entries: Iterable[CalendarEntry]) -> bytes:
    """Write a calendar of several appointments, the same bytes for the same appointments; asked again after `REFRESH` (RFC 7986)."""
    calendar = _calendar()
    calendar.add("x-wr-calname", vText(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for entry in entries:
        event = _event(entry)
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Maiia Pro//Rendez-vous//FR")
    calendar.add("version", "2.0")
    return calendar


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", f"{entry.appointment_id}@maiia-pro")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", vText(entry.summary))
    event.add("location", vText(entry.location))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event
