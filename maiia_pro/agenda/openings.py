"""Opening hours as intervals: weekly rules by the site's clock, exceptions, and days of 23, 24 or 25 hours. Pure.

An interval is a pair of whole UTC minutes since 1970, half-open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Interval = tuple[int, int]

_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Hours of one weekday (0 is Monday) by the site's clock, in minutes after midnight."""

    weekday: int
    opens: int
    closes: int


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


def weekly_openings(hours: Sequence[WeeklyHours], zone: ZoneInfo, first: date, days: int) -> list[Interval]:
    """Lay weekly hours over `days` days from `first`; sorted, merged where they touch."""
    by_weekday: dict[int, list[WeeklyHours]] = {}
    for entry in hours:
        by_weekday.setdefault(entry.weekday, []).append(entry)
    found: list[Interval] = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        for entry in by_weekday.get(day.weekday(), ()):
            opens, closes = at_wall_clock(day, entry.opens, zone), at_wall_clock(day, entry.closes, zone)
            if opens < closes:
                found.append((opens, closes))
    return merged(found)


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
