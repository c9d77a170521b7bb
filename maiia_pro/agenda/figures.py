"""Figures of a practice over a period: occupancy, absences, delays and origin, by week, reason and practitioner. No patient is named."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.context import zone_of
from maiia_pro.agenda.hours import opening_hours
from maiia_pro.agenda.listing import colleagues
from maiia_pro.agenda.openings import Interval, local_day, merged
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import FieldErrors, read_period
from maiia_pro.practice.tables import Practitioner


class Figure(StrEnum):
    """What is counted."""

    OCCUPANCY = "occupation"
    ABSENCES = "absences"
    DELAYS = "delais"
    ORIGIN = "origine"


class Grouping(StrEnum):
    """By what it is counted."""

    WEEK = "semaine"
    REASON = "motif"
    PRACTITIONER = "praticien"


@dataclass(frozen=True, slots=True)
class FiguresQuery:
    """Of which days, the last one included, and of whom: everybody where nobody is named."""

    first: date
    last: date
    practitioner_id: UUID | None = None

    @classmethod
    def parse(cls, first: object, last: object, practitioner: object) -> "FiguresQuery":
        """Read what somebody asked for; raises `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        begins, ends = read_period(errors, first, last)
        errors.check()
        return cls(begins, ends, parse_id(practitioner) if practitioner not in {"", "tous", None} else None)


@dataclass(frozen=True, slots=True)
class Row:
    """Numbers of a week (its Monday), a reason (its name) or a practitioner (the name); what they are depends on the figure:

    minutes booked and open; visits missed and ended; visits seen, median minutes of waiting, and of lateness; visits given by the desk,
    online and by programs. None is a median of nothing.
    """

    group: date | str
    numbers: tuple[float | None, ...]


Figures = Mapping[tuple[Figure, Grouping], tuple[Row, ...]]

_NUMBERS: Final = {
    Figure.OCCUPANCY: """
        coalesce(sum(extract(epoch from b.ends_at - b.starts_at) / 60) filter (where not b.deliberate_overbooking), 0)::float""",
    Figure.ABSENCES: "count(*) filter (where b.status = 'missed'), count(*) filter (where b.status in ('missed', 'fulfilled'))",
    Figure.DELAYS: """
        count(b.seen_at), percentile_cont(0.5) within group (order by extract(epoch from b.seen_at - b.arrived_at)) / 60,
        percentile_cont(0.5) within group (order by extract(epoch from b.seen_at - b.starts_at)) / 60""",
    Figure.ORIGIN: """
        count(*) filter (where b.origin = 'desk'), count(*) filter (where b.origin = 'online'), count(*) filter (where b.origin = 'api')""",
}
_NOTHING: Final[dict[Figure, tuple[float | None, ...]]] = {
    Figure.OCCUPANCY: (0.0,),
    Figure.ABSENCES: (0, 0),
    Figure.DELAYS: (0, None, None),
    Figure.ORIGIN: (0, 0, 0),
}
"""What a week without a visit counts."""
_ASKED: Final = """
    select b.week, b.reason, b.practitioner_id, {numbers} from (
        select a.*, date_trunc('week', a.starts_at at time zone s.zone)::date as week, r.name as reason
        from appointment a join site s on s.id = a.site_id join visit_reason r on r.id = a.reason_id
        where a.practitioner_id = any(%(ids)s) and a.starts_at >= %(since)s and a.starts_at < %(until)s and a.active
          and a.patient_id is not null and (a.starts_at at time zone s.zone)::date between %(first)s and %(last)s
    ) b group by grouping sets ((b.week), (b.reason), (b.practitioner_id)) having count(*) > 0
"""
_QUERIES: Final = {figure: _ASKED.format(numbers=numbers) for figure, numbers in _NUMBERS.items()}


def read_figures(actor: Actor, query: FiguresQuery) -> Figures:
    """Count a period of the actor's practice: one query a figure, and the hours. Raises `NotFound` for somebody of another practice."""
    require(actor, Permission.FIGURES_VIEW)
    with reading() as session:
        asked = [query.practitioner_id] if query.practitioner_id else []
        people = {one.id: one for one in colleagues(session, actor, Permission.FIGURES_VIEW, asked)}
        if not people:
            raise NotFound
        found: dict[tuple[Figure, Grouping], tuple[Row, ...]] = {}
        for figure in Figure:
            by_group = _count(session, figure, query, people)
            counted = {row.group for row in by_group[Grouping.WEEK]}
            by_group[Grouping.WEEK] += [Row(monday, _NOTHING[figure]) for monday in _mondays(query) if monday not in counted]
            found |= {(figure, grouping): tuple(sorted(rows, key=_order)) for grouping, rows in by_group.items()}
        return {**found, **_occupancy(found, _open_minutes(session, query, people), people)}


def _order(row: Row) -> tuple[str, str]:
    return (row.group.isoformat(), "") if isinstance(row.group, date) else ("", row.group.casefold())


def _count(session: Session, figure: Figure, query: FiguresQuery, people: Mapping[UUID, Practitioner]) -> dict[Grouping, list[Row]]:
    values: dict[str, Any] = {
        "ids": list(people),
        "since": datetime.combine(query.first, time.min, UTC) - timedelta(days=1),
        "until": datetime.combine(query.last, time.min, UTC) + timedelta(days=2),
        "first": query.first,
        "last": query.last,
    }
    rows: dict[Grouping, list[Row]] = {grouping: [] for grouping in Grouping}
    for week, reason, practitioner_id, *numbers in exchange(session, _QUERIES[figure], values):
        if week is not None:
            rows[Grouping.WEEK].append(Row(week, tuple(numbers)))
        elif reason is not None:
            rows[Grouping.REASON].append(Row(reason, tuple(numbers)))
        else:
            rows[Grouping.PRACTITIONER].append(Row(people[practitioner_id].display_name, tuple(numbers)))
    return rows


_PLACES: Final = """
    select distinct o.practitioner_id, o.site_id, s.zone from offering o join site s on s.id = o.site_id
    where o.practitioner_id = any(%(ids)s)
"""


def _open_minutes(session: Session, query: FiguresQuery, people: Mapping[UUID, Practitioner]) -> dict[tuple[UUID, date], int]:
    """Add up when practitioners receive, by practitioner and week; two sites at once count once."""
    begins = datetime.combine(query.first, time.min, UTC) - timedelta(days=1)
    ends = datetime.combine(query.last, time.min, UTC) + timedelta(days=2)
    hours = opening_hours(session, people, begins, ends)
    opened: dict[tuple[UUID, str], list[Interval]] = {}
    for practitioner_id, site_id, zone in exchange(session, _PLACES, {"ids": list(people)}):
        opened.setdefault((practitioner_id, zone), []).extend(hours.openings(practitioner_id, site_id, zone_of(zone), begins, ends))
    minutes: dict[tuple[UUID, date], int] = {}
    for (practitioner_id, zone_name), intervals in opened.items():
        zone = zone_of(zone_name)
        first, last = local_day(query.first, zone)[0], local_day(query.last, zone)[1]
        mondays = _mondays(query)
        starts = [local_day(monday, zone)[0] for monday in mondays]
        for opens, closes in merged(intervals):
            length = min(closes, last) - max(opens, first)
            if length > 0:
                week = mondays[bisect_right(starts, opens) - 1]
                minutes[practitioner_id, week] = minutes.get((practitioner_id, week), 0) + length
    return minutes


def _mondays(query: FiguresQuery) -> list[date]:
    monday = query.first - timedelta(days=query.first.weekday())
    return [monday + timedelta(weeks=week) for week in range((query.last - monday).days // 7 + 1)]


def _occupancy(found: Figures, opened: Mapping[tuple[UUID, date], int], people: Mapping[UUID, Practitioner]) -> Figures:
    """Set booked time beside open time; of a reason, beside all the time that was open."""
    total = sum(opened.values())
    weeks: dict[date | str, int] = {}
    names: dict[date | str, int] = {}
    for (practitioner_id, week), minutes in opened.items():
        name = people[practitioner_id].display_name
        weeks[week], names[name] = weeks.get(week, 0) + minutes, names.get(name, 0) + minutes
    reasons: dict[date | str, int] = {row.group: total for row in found[Figure.OCCUPANCY, Grouping.REASON]}
    by = {Grouping.WEEK: weeks, Grouping.REASON: reasons, Grouping.PRACTITIONER: names}
    return {(Figure.OCCUPANCY, grouping): _beside(found[Figure.OCCUPANCY, grouping], open_time) for grouping, open_time in by.items()}


def _beside(rows: Sequence[Row], opened: Mapping[date | str, int]) -> tuple[Row, ...]:
    booked = {row.group: row.numbers[0] for row in rows}
    groups = {**dict.fromkeys(booked), **dict.fromkeys(opened)}
    return tuple(sorted((Row(group, (booked.get(group, 0.0), float(opened.get(group, 0)))) for group in groups), key=_order))
