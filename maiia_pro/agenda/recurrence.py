"""The days of a series by the calendar of a site: every n days, weeks or months, until a day or a count. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count as numbers
from typing import Final

from maiia_pro.agenda.hours import BOOKING_HORIZON
from maiia_pro.kernel.text import FieldErrors

MOST: Final = 104
"""How many visits a series has at most."""
LONGEST_STEP: Final = 52
_WEEK: Final = 7
_LAST_ONE: Final = 5
"""A fifth Thursday is the last one: four months in five have none."""


class Rhythm(StrEnum):
    """What a series counts in."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTH_DAY = "month_day"
    """The same day of the month; where the month is too short, its last day."""
    MONTH_WEEKDAY = "month_weekday"
    """The nth such weekday of the month, as the first day is; a fifth one stands for the last."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a series takes place: from `first`, at a minute of the wall clock, until a day (included) or a count, exactly one of them."""

    first: date
    minute: int
    rhythm: Rhythm
    every: int = 1
    weekdays: frozenset[int] = frozenset()
    """Of a weekly series, 0 is Monday; that of the first day where none is named."""
    until: date | None = None
    count: int | None = None


def check_rule_of_series(rule: Rule) -> None:
    """Raise `Invalid` naming each part that no series may have, and one that goes beyond a year or 104 visits."""
    errors = FieldErrors()
    if not 1 <= rule.every <= LONGEST_STEP:
        errors.add("every", f"Écrivez un nombre de 1 à {LONGEST_STEP}.")
    if rule.rhythm is Rhythm.WEEKS and not rule.weekdays <= frozenset(range(_WEEK)):
        errors.add("weekdays", "Choisissez des jours de la semaine.")
    if (rule.until is None) == (rule.count is None):
        errors.add("count", "Écrivez un nombre de rendez-vous, ou choisissez une date de fin.")
    if rule.count is not None and not 1 <= rule.count <= MOST:
        errors.add("count", f"Écrivez un nombre de 1 à {MOST}.")
    if rule.until is not None and rule.until < rule.first:
        errors.add("until", "La date de fin ne peut pas précéder le premier rendez-vous.")
    if rule.until is not None and rule.until - rule.first > BOOKING_HORIZON:
        errors.add("until", "Une série dure un an au plus.")
    errors.check()
    found = days_of(rule, beyond=True)
    if not found:
        errors.add("until", "Aucune date avant cette fin. Choisissez une date plus lointaine ou d’autres jours.")
    if len(found) > MOST:
        errors.add("until", f"Une série compte {MOST} rendez-vous au plus. Choisissez une date de fin plus proche.")
    if rule.count is not None and found and found[-1] - rule.first > BOOKING_HORIZON:
        held = sum(day - rule.first <= BOOKING_HORIZON for day in found)
        errors.add("count", f"Une série dure un an au plus\u00a0: {held} rendez-vous à ce rythme.")
    errors.check()


def days_of(rule: Rule, *, beyond: bool = False) -> list[date]:
    """List the days of a series in order; with `beyond`, one more than a series may have where its rule gives more."""
    wanted = min(rule.count or MOST + beyond, MOST + beyond)
    found: list[date] = []
    for day in _ever(rule):
        if len(found) == wanted or (rule.until is not None and day > rule.until) or day.year > rule.first.year + LONGEST_STEP:
            break
        found.append(day)
    return found


def _ever(rule: Rule) -> Iterator[date]:
    """Give the days of a rule without its end."""
    if rule.rhythm is Rhythm.DAYS:
        yield from (rule.first + timedelta(days=rule.every * step) for step in numbers())
    elif rule.rhythm is Rhythm.WEEKS:
        monday = rule.first - timedelta(days=rule.first.weekday())
        weekdays = sorted(rule.weekdays or {rule.first.weekday()})
        for step in numbers():
            week = monday + timedelta(weeks=rule.every * step)
            yield from (day for day in (week + timedelta(days=one) for one in weekdays) if day >= rule.first)
    else:
        for step in numbers():
            year, month = divmod(rule.first.year * 12 + rule.first.month - 1 + rule.every * step, 12)
            yield _in_month(rule, year, month + 1)


def _in_month(rule: Rule, year: int, month: int) -> date:
    """Find the day of a month that stands for the first one."""
    weekday, days = monthrange(year, month)
    if rule.rhythm is Rhythm.MONTH_DAY:
        return date(year, month, min(rule.first.day, days))
    earliest = 1 + (rule.first.weekday() - weekday) % _WEEK
    nth = nth_of_month(rule.first)
    if nth == _LAST_ONE:
        return date(year, month, earliest + (days - earliest) // _WEEK * _WEEK)
    return date(year, month, earliest + (nth - 1) * _WEEK)


def nth_of_month(day: date) -> int:
    """Tell the how-manieth of its weekday a day is in its month, from 1; a fifth one stands for the last."""
    return (day.day - 1) // _WEEK + 1
