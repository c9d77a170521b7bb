"""The columns of the agenda: a practitioner on a day, with hours, holds and time busy elsewhere, by the site's clock."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

from maiia_pro.agenda.day import AgendaWindow, AwayTime, HeldTime, OpenTime
from maiia_pro.agenda.days_off import public_holiday, school_holiday
from maiia_pro.agenda.desk import DeskPractitioner
from maiia_pro.kernel import clock
from maiia_pro.kernel.french import DAYS, clock_time, day_number
from state.slots import near_moment
from state.team import PRESENCES

WORKING_DAYS: Final = 5


class SpanView(TypedDict):
    """Opening hours in minutes after midnight, and where."""

    start: int
    end: int
    site: str


class HoldView(TypedDict):
    """A slot that a visitor or somebody of the waiting list holds, on the column's own clock, and until when."""

    id: str
    start: int
    length: int
    until: str
    offered: bool


class AwayView(TypedDict):
    """Time busy elsewhere, in minutes after midnight; the title only for its owner."""

    start: int
    length: int
    title: str


class ColumnView(TypedDict):
    """A practitioner on a day."""

    key: str
    practitioner: str
    day: str
    title: str
    name: str
    detail: str
    """The specialty."""
    hours: str
    """Of the day, where columns are days: « 8 h 30 – 18 h », « Fermé »."""
    initials: str
    hue: str
    today: bool
    own: bool
    books: bool
    """Whether the viewer may give appointments there, and then whether they may change them."""
    changes: bool
    barred: str
    """How the practitioner's account is shut, if it is: « Compte suspendu »."""
    mark: str
    """A public holiday, or that schools rest; only where columns are days."""
    spans: list[SpanView]
    holds: list[HoldView]
    away: list[AwayView]


def day_columns(shown: Sequence[DeskPractitioner], day: date, found: AgendaWindow) -> list[ColumnView]:
    """Draw a day, a column a practitioner."""
    held = _Held(found)
    return [_column(one, day, held) for one in shown]


def week_columns(shown: Sequence[DeskPractitioner], found: AgendaWindow, today: date) -> list[ColumnView]:
    """Draw a week, a column a practitioner and day, practitioner by practitioner; its last days only where something happens on them."""
    held = _Held(found)
    days = [found.first + timedelta(days=offset) for offset in range(found.days)]
    marks = {day: day_mark(found.postal_code, day) for day in days}
    columns = [_day_of_week(_column(one, day, held), day, marks[day], today) for one in shown for day in days]
    busy = {appointment["day"] for appointment in found.blocks}
    busy |= {column["day"] for column in columns if column["spans"] or column["away"]}
    kept = {day.isoformat() for day in days[:WORKING_DAYS]} | busy
    return [column for column in columns if column["day"] in kept]


def _day_of_week(column: ColumnView, day: date, mark: str, today: date) -> ColumnView:
    column["title"] = f"{DAYS[day.weekday()].capitalize()} {day_number(day)}"
    column["mark"], column["today"] = mark, day == today
    column["hours"] = _hours(column["spans"])
    return column


def day_mark(postal_code: str, day: date) -> str:
    """Name what sets a day apart: « Toussaint », « Vacances scolaires »; nothing on most days."""
    return public_holiday(postal_code, day) or ("Vacances scolaires" if school_holiday(postal_code, day) else "")


class _Held:
    """What was found, by practitioner: a week of many is not searched again for each of its columns."""

    def __init__(self, found: AgendaWindow) -> None:
        self.zone = found.zone
        self.openings: dict[object, list[OpenTime]] = defaultdict(list)
        self.holds: dict[object, list[HeldTime]] = defaultdict(list)
        self.away: dict[object, list[AwayTime]] = defaultdict(list)
        for opening in found.openings:
            self.openings[opening.practitioner_id].append(opening)
        for hold in found.holds:
            self.holds[hold.practitioner_id].append(hold)
        for away in found.away:
            self.away[away.practitioner_id].append(away)


def _column(one: DeskPractitioner, day: date, held: _Held) -> ColumnView:
    return ColumnView(
        key=f"{one.id.hex}-{day.isoformat()}",
        practitioner=one.id.hex,
        day=day.isoformat(),
        title=one.name,
        name=one.name,
        detail=one.specialty,
        hours="",
        initials=one.initials,
        hue=one.hue,
        today=False,
        own=one.is_self,
        books=one.books,
        changes=one.changes,
        barred=PRESENCES.get(one.presence, ""),
        mark="",
        spans=_spans(held.openings[one.id], day, held.zone),
        holds=_holds(held.holds[one.id], day, held.zone),
        away=_away(held.away[one.id], day, held.zone),
    )


def _away(mine: list[AwayTime], day: date, zone: ZoneInfo) -> list[AwayView]:
    spans = [(_minute(away.starts_at, day, zone), _minute(away.ends_at, day, zone), away.title) for away in mine]
    return [AwayView(start=begins, length=ends - begins, title=title) for begins, ends, title in spans if begins < ends]


def _spans(mine: list[OpenTime], day: date, zone: ZoneInfo) -> list[SpanView]:
    spans = [_span(opening, day, zone) for opening in mine]
    return sorted((span for span in spans if span["start"] < span["end"]), key=lambda span: span["start"])


def _holds(mine: list[HeldTime], day: date, zone: ZoneInfo) -> list[HoldView]:
    return [
        HoldView(
            id=hold.id.hex,
            start=_minute(hold.starts_at, day, zone),
            length=(hold.ends_at - hold.starts_at) // timedelta(minutes=1),
            until=_until(hold.held_until, zone),
            offered=hold.offered,
        )
        for hold in mine
        if hold.starts_at.astimezone(zone).date() == day
    ]


def _until(instant: datetime, zone: ZoneInfo) -> str:
    """Write the hour, with its day where that is not today: a place of the waiting list may be kept overnight."""
    local = instant.astimezone(zone)
    return clock_time(local) if local.date() == clock.now().astimezone(zone).date() else near_moment(instant, zone, clock.now())


def _hours(spans: list[SpanView]) -> str:
    if not spans:
        return "Fermé"
    ends = (min(span["start"] for span in spans), max(span["end"] for span in spans))
    return " – ".join(clock_time(datetime(2000, 1, 1, minute // 60 % 24, minute % 60)) for minute in ends)  # noqa: DTZ001 - a wall clock


def _span(opening: OpenTime, day: date, zone: ZoneInfo) -> SpanView:
    return SpanView(start=_minute(opening.starts_at, day, zone), end=_minute(opening.ends_at, day, zone), site=opening.site_id.hex)


def _minute(instant: datetime, day: date, zone: ZoneInfo) -> int:
    """Place an instant on a day's wall clock, 0 before it and 1440 after it."""
    local = instant.astimezone(zone)
    if local.date() != day:
        return 0 if local.date() < day else 1440
    return local.hour * 60 + local.minute
