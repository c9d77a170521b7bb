"""An appointment as an iCalendar object (RFC 5545): time and place, no clinical word."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from icalendar import Calendar, Event, vText

from maiia_pro.settings import get_settings


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


def calendar_object(entry: CalendarEntry) -> str:
    """Write the object: PUBLISH, or CANCEL for a cancelled appointment (RFC 5546)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Maiia Pro//Rendez-vous//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
    event = Event()
    event.add("uid", f"{entry.appointment_id}@maiia-pro")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", vText(entry.summary))
    event.add("location", vText(entry.location))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("url", f"{get_settings().base_url}/rendez-vous")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written.decode()
