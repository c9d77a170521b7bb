"""Which place suits a wish, and how long its patient has to answer. Pure rules."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

ANSWER_WITHIN: Final = timedelta(minutes=30)
LEAST: Final = timedelta(minutes=10)
"""An offer that one could not answer within it is not made."""
ON_THE_WAY: Final = timedelta(hours=1)
"""Between the last answer and the visit."""
NIGHT_BEGINS: Final = time(21)
MORNING: Final = time(8)


class Wanted(NamedTuple):
    """When a wish may be met, by the site's own clock; no weekday: any, 0 is Monday."""

    weekdays: Sequence[int]
    begins: time
    ends: time
    until: date


def suits(wanted: Wanted, starts_at: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a visit that starts then is one that the patient wishes for."""
    local = starts_at.astimezone(zone)
    in_hours = wanted.begins <= local.time().replace(tzinfo=None) < wanted.ends
    return local.date() <= wanted.until and in_hours and (not wanted.weekdays or local.weekday() in wanted.weekdays)


def answer_by(now: datetime, starts_at: datetime, zone: ZoneInfo, notice: timedelta = timedelta()) -> datetime | None:
    """Tell until when a place offered now is kept: half an hour; what is offered at night, half an hour after eight in the morning.

    An hour before the visit at the latest, or as long before it as its reason is booked online.
    Nothing where that leaves less than ten minutes.
    """
    local = now.astimezone(zone)
    asleep = local.timetz().replace(tzinfo=None) >= NIGHT_BEGINS or local.time() < MORNING
    awake = now
    if asleep:
        day = local.date() + timedelta(days=1 if local.time() >= NIGHT_BEGINS else 0)
        awake = datetime.combine(day, MORNING, zone).astimezone(now.tzinfo)
    last = min(awake + ANSWER_WITHIN, starts_at - max(ON_THE_WAY, notice))
    return last if last - now >= LEAST and last > awake else None
