"""Opening hours as intervals: weekly rules by the site's clock, exceptions, and days of 23, 24 or 25 hours. Pure.

An interval is a pair of whole UTC minutes since 1970, half-open.
"""

from collections.abc import Container, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from maiia_pro.agenda.terms import Terms

Interval = tuple[int, int]

_DAY = 24 * 60


ALWAYS: Final = Terms()


class WeeklyHours(NamedTuple):
    """Hours of one weekday (0 is Monday) by the site's clock, in minutes after midnight, on the days that their terms name."""

    weekday: int
    opens: int
    closes: int
    terms: Terms = ALWAYS


def to_minutes(instant: datetime) -> int:
    """Count the whole minutes from 1970 to an aware instant."""
    return int(instant.timestamp()) // 60


def to_instant(minutes: int) -> datetime:
    """Give the aware UTC instant of a count of minutes."""
    return datetime.fromtimestamp(minutes * 60, UTC)


def minute_of_day(at: time) -> int:
    """Count the minutes from midnight by the wall clock."""
    return at.hour * 60 + at.minute


@lru_cache(maxsize=4096)
def local_day(day: date, zone: ZoneInfo) -> Interval:
    """Tell when a day begins and ends at a place: 23, 24 or 25 hours apart."""
    midnight = to_minutes(datetime.combine(day, time.min, zone))
    return midnight, to_minutes(datetime.combine(day + timedelta(days=1), time.min, zone))


@lru_cache(maxsize=4096)
def at_wall_clock(day: date, minute: int, zone: ZoneInfo) -> int:
    """Tell when a wall clock shows a minute of the day.

    An hour that does not exist counts from the clock before the change (02:30 is 03:30 that day); one that exists twice is the first.
    """
    begins, ends = local_day(day, zone)
    if ends - begins == _DAY or minute == 0:
        return begins + minute
    if minute == _DAY:
        return ends
    return to_minutes(datetime.combine(day, time(minute // 60, minute % 60), zone))


@lru_cache(maxsize=16384)
def laid_on(rules: tuple[WeeklyHours, ...], day: date, zone: ZoneInfo) -> tuple[Interval, ...]:
    """Lay the hours of a weekday on one day, as far as their terms hold then; sorted and merged, never beyond the local day."""
    laid = [(at_wall_clock(day, opens, zone), at_wall_clock(day, closes, zone)) for _, opens, closes, terms in rules if terms.hold(day)]
    return tuple(merged(interval for interval in laid if interval[0] < interval[1]))


def weekly_openings(hours: Sequence[WeeklyHours], zone: ZoneInfo, first: date, days: int, special: Container[int] = ()) -> list[Interval]:
    """Lay weekly hours over `days` days from `first`, leaving out `special` days (by their ordinal); sorted and disjoint."""
    by_weekday: dict[int, list[WeeklyHours]] = {}
    for entry in hours:
        by_weekday.setdefault(entry.weekday, []).append(entry)
    rules = {weekday: tuple(entries) for weekday, entries in by_weekday.items()}
    begins = first.toordinal()
    found: list[Interval] = []
    for ordinal in range(begins, begins + days):
        entries = rules.get((ordinal - 1) % 7)
        if entries and ordinal not in special:
            found += laid_on(entries, date.fromordinal(ordinal), zone)
    return found


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Sort intervals and join those that overlap; those that only touch stay apart, each with its own grid."""
    result: list[Interval] = []
    for begins, ends in sorted(intervals):
        if result and begins < result[-1][1]:
            if ends > result[-1][1]:
                result[-1] = (result[-1][0], ends)
        else:
            result.append((begins, ends))
    return result


def without(intervals: Sequence[Interval], closed: Sequence[Interval]) -> list[Interval]:
    """Cut closed time out of sorted intervals."""
    result = list(intervals)
    for begins, ends in closed:
        cut: list[Interval] = []
        for start, stop in result:
            if stop <= begins or start >= ends:
                cut.append((start, stop))
                continue
            if start < begins:
                cut.append((start, begins))
            if stop > ends:
                cut.append((ends, stop))
        result = cut
    return result
