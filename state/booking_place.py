"""The place of an appointment that is being given: with whom, what for, where and when, as the dialog's fields write it."""

from datetime import date, datetime
from typing import Any, Final, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from maiia_pro.agenda.broken_rules import broken_rules
from maiia_pro.agenda.clashes import clash_of_record
from maiia_pro.agenda.day import AppointmentView, OpenTime, opening_times
from maiia_pro.agenda.desk import Desk, DeskReason, desk
from maiia_pro.agenda.openings import to_minutes, without
from maiia_pro.agenda.reason_rules import reason_key
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.french import clock_time, long_date
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import FieldErrors
from state.agenda_moves import read_place
from state.next_free import reasons_of
from state.put_form import read_day, read_length, read_minute


class PlaceView(TypedDict):
    """What the dialog proposes: each as its field writes it."""

    practitioner: str
    reason: str
    site: str
    day: str
    time: str
    length: str


NOWHERE: Final = PlaceView(practitioner="", reason="", site="", day="", time="", length="")


def of_slot(frame: Desk, key: str) -> tuple[PlaceView, int]:
    """Place the fields on a free time."""
    slot = SlotKey.parse(key)
    reason = next((one for one in frame.reasons if one.offering_id == slot.offering_id), None)
    if reason is None:
        raise NotFound
    zone = next(site.zone for site in frame.sites if site.id == reason.site_id)
    local = slot.starts_at.astimezone(zone)
    return _place(reason, local.date().isoformat(), local.hour * 60 + local.minute, reason.duration_minutes), reason.duration_minutes


def of_calendar(frame: Desk, wanted: dict[str, Any], preferred: str, day: str) -> tuple[PlaceView, int]:
    """Place the fields where the calendar was clicked; without a time that field waits to be filled."""
    practitioner = str(wanted.get("practitioner") or frame.bookable[0].id.hex)
    mine = reasons_of(frame, practitioner) or list(frame.reasons)
    site = str(wanted.get("site") or "")
    here = [one for one in mine if one.site_id.hex == site] or mine
    reason = next((one for one in here if one.key == reason_key(preferred)), here[0])
    length = wanted.get("length") if isinstance(wanted.get("length"), int) else 0
    start = wanted.get("start") if isinstance(wanted.get("start"), int) else -1
    return _place(reason, str(wanted.get("day") or day)[:10], start, length or reason.duration_minutes), length or 0


def _place(reason: DeskReason, day: str, minute: int, length: int) -> PlaceView:
    return PlaceView(
        practitioner=reason.practitioner_id.hex,
        reason=reason.name,
        site=reason.site_id.hex,
        day=day,
        time=f"{minute // 60}h{minute % 60:02d}" if 0 <= minute < 1440 else "",
        length=str(length),
    )


def outside_hours(actor: Actor, place: PlaceView) -> str:
    """Say that a place lies outside the practitioner's hours there; nothing where it lies inside, or while it is not whole."""
    errors = FieldErrors()
    day, minute, length = read_day(errors, place["day"]), read_minute(errors, place["time"]), read_length(errors, place["length"])
    frame = desk(actor)
    site = next((one for one in frame.sites if one.id.hex == place["site"]), None)
    practitioner = next((one for one in frame.practitioners if one.id.hex == place["practitioner"]), None)
    if errors.found or site is None or practitioner is None:
        return ""
    begins = to_minutes(read_place(day, minute).instant(site.zone))
    opened = opening_times(actor, practitioner.id, site.id, date.fromisoformat(day))
    if not without([(begins, begins + length)], [(to_minutes(one.starts_at), to_minutes(one.ends_at)) for one in opened]):
        return ""
    hours = ", ".join(_hours(one, site.zone) for one in opened) or "fermé"
    where = f"{site.name}, {long_date(date.fromisoformat(day))}\u00a0: {hours}"
    return f"En dehors des horaires de {practitioner.name} ({where}). Vous pouvez tout de même confirmer."


def _hours(opened: OpenTime, zone: ZoneInfo) -> str:
    return f"{clock_time(opened.starts_at.astimezone(zone))} – {clock_time(opened.ends_at.astimezone(zone))}"


def warnings_of(actor: Actor, patient: str, place: PlaceView) -> str:
    """Say what speaks against giving the visit, which confirming again gives all the same. Raises `Invalid` on a place that is none.

    Another visit of the patient at that time, and rules of the reason; without a patient it is for somebody new.
    """
    frame = desk(actor)
    zone = next((site.zone for site in frame.sites if site.id.hex == place["site"]), None)
    if zone is None:
        return ""
    errors = FieldErrors()
    begins = read_place(read_day(errors, place["day"]), read_minute(errors, place["time"])).instant(zone)
    whom = parse_id(patient) if patient else None
    found = _clash(actor, whom, place, begins, read_length(errors, place["length"])) if whom else []
    if offering := _offering(frame, place):
        found += broken_rules(actor, SlotKey(offering, begins), whom)
    return " ".join([*found, "Confirmez à nouveau pour donner ce rendez-vous tout de même."]) if found else ""


def _offering(frame: Desk, place: PlaceView) -> UUID | None:
    mine = reasons_of(frame, place["practitioner"])
    return next((one.offering_id for one in mine if one.name == place["reason"] and one.site_id.hex == place["site"]), None)


def warnings_of_move(actor: Actor, before: AppointmentView, place: PlaceView) -> str:
    """Say what speaks against moving a visit there, which confirming again does all the same.

    The practitioner's hours, and rules of the reason that it breaks there and not where it is.
    """
    errors = FieldErrors()
    begins = read_place(read_day(errors, place["day"]), read_minute(errors, place["time"])).instant(before.zone)
    frame = desk(actor)
    here = PlaceView(**{**place, "practitioner": before.practitioner_id.hex})  # type: ignore[typeddict-item]

    def broken(where: PlaceView, starts_at: datetime) -> list[str]:
        offering = _offering(frame, where)
        return broken_rules(actor, SlotKey(offering, starts_at), before.patient_id, before.id) if offering else []

    known = broken(here, before.starts_at)
    rules = [one for one in broken(place, begins) if one not in known]
    outside = outside_hours(actor, place)
    again = ["Vous pouvez tout de même confirmer."] if rules and not outside else []
    return " ".join([*rules, *again, *([outside] if outside else [])])


def _clash(actor: Actor, patient_id: UUID, place: PlaceView, begins: datetime, minutes: int) -> list[str]:
    clash = clash_of_record(actor, patient_id, parse_id(place["practitioner"]), begins, minutes)
    if clash is None:
        return []
    there = f"{clock_time(clash.starts_at.astimezone(clash.zone))}, {clash.practitioner}, {clash.city}"
    return [f"Ce patient a déjà un rendez-vous à cette heure ({there})."]
