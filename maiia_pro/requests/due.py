"""When something is due, as people say it: « aujourd’hui 17h », « demain », « lundi 9h30 », « 27/11 14h »."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from maiia_pro.agenda.openings import at_wall_clock, minute_of_day, to_instant
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import DAYS, MONTHS, name_key, read_time

END_OF_DAY: Final = time(18)
"""When a day without an hour is due."""
YEARS: Final = range(2000, 2200)
NEAR: Final = {"aujourd hui": 0, "ce jour": 0, "demain": 1, "apres demain": 2}
MONTH_NUMBERS: Final = {name_key(month): str(number) for number, month in enumerate(MONTHS, 1)}
UNREADABLE: Final = "Écrivez un jour et une heure, par exemple « aujourd’hui 17h », « demain 9h30 » ou « 27/11 14h »."

_TIME: Final = re.compile(r"(?:^|\s|,)(?:à\s*)?(\d{1,2}\s*(?:[hH:]\s*\d{0,2}))\s*$")


def read_due(typed: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Read an instant by the practice's clock: a day, an hour, or both; an hour alone is today's. Raises `Invalid`.

    A day without a year is the one nearest to today; it may be past, since what was due yesterday can be written down today.
    """
    today = now.astimezone(zone).date()
    found = _TIME.search(typed)
    at = read_time(found[1]) if found else END_OF_DAY
    said = (typed[: found.start()] if found else typed).strip(" ,")
    if not said and not found:
        raise Invalid(UNREADABLE)
    day = _day(said, today) if said else today
    if day.year not in YEARS:
        raise Invalid("Choisissez un jour entre 2000 et 2199.")
    return to_instant(at_wall_clock(day, minute_of_day(at), zone))


def _day(said: str, today: date) -> date:
    words = name_key(said)
    if words in NEAR:
        return today + timedelta(days=NEAR[words])
    if words in DAYS:
        return today + timedelta(days=(DAYS.index(words) - today.weekday() - 1) % 7 + 1)
    numbers = [MONTH_NUMBERS.get(word, word.removesuffix("er")) for word in words.split() if word not in (*DAYS, "le")]
    try:
        return _date(numbers, today)
    except ValueError:
        raise Invalid(UNREADABLE) from None


def _date(words: list[str], today: date) -> date:
    """Read « 27 11 », « 27 11 26 », « 27 11 2026 » or « 2026 11 27 »; raises `ValueError` where there is no such day."""
    if not all(word.isascii() and word.isdigit() and len(word) <= 4 for word in words):
        raise ValueError
    if len(words) == 3 and len(words[0]) == 4:
        return date(int(words[0]), int(words[1]), int(words[2]))
    if len(words) == 3:
        year = int(words[2])
        return date(year if len(words[2]) == 4 else 2000 + year % 100, int(words[1]), int(words[0]))
    day, month = map(int, words)
    years = [year for year in (today.year - 1, today.year, today.year + 1) if _exists(year, month, day)]
    return min((date(year, month, day) for year in years), key=lambda one: abs(one - today))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
