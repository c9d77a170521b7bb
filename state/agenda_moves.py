"""From a place on the calendar to an instant, and the commit of a move with what would undo it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maiia_pro.agenda.changing import MoveRequest, move_appointment
from maiia_pro.agenda.day import AppointmentView, appointment_view
from maiia_pro.agenda.frames import Block, block
from maiia_pro.agenda.openings import at_wall_clock, to_instant
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import after_commit
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.french import clock_time, long_date
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import picked_day


@dataclass(frozen=True)
class Place:
    """A place on the calendar: a day and a minute of its wall clock."""

    day: date
    minute: int

    def instant(self, zone: ZoneInfo) -> datetime:
        """Tell when the site's clock shows it."""
        return to_instant(at_wall_clock(self.day, self.minute, zone))


def read_place(day: object, minute: object) -> Place:
    """Read a place that the browser names; raises `Invalid`."""
    try:
        read = picked_day(day)
    except ValueError:
        raise Invalid(fields={"day": "Choisissez un jour qui existe."}) from None
    if not isinstance(minute, int) or isinstance(minute, bool) or not 0 <= minute < 1440 or not 2000 <= read.year <= 2199:
        raise Invalid(fields={"time": "Choisissez une heure de la journée."})
    return Place(read, minute)


@dataclass(frozen=True)
class Moved:
    """A move that was done: the block, how to say it, and the move that undoes it."""

    after: Block
    sentence: str
    back: dict[str, Any]


def commit_move(actor: Actor, put: Mapping[str, Any]) -> Moved:
    """Move an appointment to where it was put; raises what `move_appointment` raises."""
    before = appointment_view(actor, parse_id(put.get("id")))
    if before is None:
        raise NotFound
    place = read_place(put.get("day"), put.get("start"))
    practitioner_id = parse_id(put["practitioner"]) if put.get("practitioner") else before.practitioner_id
    request = MoveRequest(
        place.instant(before.zone),
        practitioner_id=practitioner_id if practitioner_id != before.practitioner_id else None,
        length_minutes=_length(put.get("length"), before),
        overbook=put.get("overbook") is True,
    )
    move_appointment(actor, before.id, request)
    with after_commit():
        after = appointment_view(actor, before.id)
    if after is None:
        raise NotFound
    return Moved(block(after), _sentence(before, after), _back(before))


def _length(asked: object, before: AppointmentView) -> int:
    if asked is None:
        return (before.ends_at - before.starts_at) // timedelta(minutes=1)
    if not isinstance(asked, int) or isinstance(asked, bool):
        raise Invalid(fields={"length": "Écrivez une durée entre 5 et 480 minutes."})
    return asked


def _sentence(before: AppointmentView, after: AppointmentView) -> str:
    local = after.starts_at.astimezone(after.zone)
    if before.starts_at == after.starts_at and before.practitioner_id == after.practitioner_id:
        return f"{after.patient_name} : rendez-vous jusqu’à {clock_time(after.ends_at.astimezone(after.zone))}."
    over = ", en surnombre" if after.deliberate_overbooking else ""
    return f"{after.patient_name} : rendez-vous déplacé au {long_date(local.date())}, {clock_time(local)}{over}."


def _back(before: AppointmentView) -> dict[str, Any]:
    """Give the move that puts it back."""
    was = block(before)
    kept = {"id": was["id"], "practitioner": was["practitioner"], "day": was["day"], "start": was["start"], "length": was["length"]}
    return kept | {"token": f"retour-{was['version']}", "overbook": was["over"]}
