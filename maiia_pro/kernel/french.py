"""French as people write it: dates, times, amounts, names, telephone numbers; in and out."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from maiia_pro.kernel.errors import Invalid

NBSP: Final = "\u00a0"
"""No-break space, before : ; ? ! and inside « »."""
NNBSP: Final = "\u202f"
"""Narrow no-break space, between thousands and before units."""

PARIS: Final = ZoneInfo("Europe/Paris")
"""The clock of what is told of no place of its own."""
DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def day_number(day: date) -> str:
    """Write the number of a day: « 1er », « 2 »."""
    return "1er" if day.day == 1 else str(day.day)


def long_date(day: date, *, year: bool = False) -> str:
    """Write « mardi 24 novembre », with the year if asked."""
    text = f"{DAYS[day.weekday()]} {day_number(day)} {MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if year else text


def period(first: date, last: date) -> str:
    """Name the days from the first to the last one: « Du jeudi 26 novembre au vendredi 27 novembre », « Le vendredi 27 novembre »."""
    return f"Le {long_date(first)}" if first == last else f"Du {long_date(first)} au {long_date(last)}"


def short_date(day: date) -> str:
    """Write « 24/11/2026 »."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def clock_time(instant: datetime | time) -> str:
    """Write « 14 h 30 », « 9 h 00 » (a datetime in its own zone)."""
    return f"{instant.hour}{NBSP}h{NBSP}{instant.minute:02d}"


def moment(instant: datetime, zone: ZoneInfo, *, year: bool = False) -> str:
    """Write « mardi 24 novembre, 14 h 30 » as the site's own clock shows it; the repeated hour of October says which one it is."""
    local = instant.astimezone(zone)
    text = f"{long_date(local, year=year)}, {clock_time(local)}"
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset() and _exists_twice(local):
        text += f" (heure {'d’hiver' if local.fold else 'd’été'})"
    return text


def _exists_twice(local: datetime) -> bool:
    first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    return first is not None and second is not None and first > second


def duration(minutes: int) -> str:
    """Write « 20 min », « 1 h », « 1 h 30 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hours}{NBSP}h"


def euros(cents: int) -> str:
    """Write an amount given in cents: « 1 234,50 € »."""
    sign = "−" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", NNBSP)
    return f"{sign}{grouped},{rest:02d}{NBSP}€"


def age(birth_date: date, today: date) -> str:
    """Write an age as a practice says it: « 47 ans », « 9 mois », « 12 jours »."""
    years = today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))
    if years >= 2:
        return f"{years} ans"
    months = (today.year - birth_date.year) * 12 + today.month - birth_date.month - (today.day < birth_date.day)
    return f"{months} mois" if months >= 1 else f"{(today - birth_date).days} jours"


def name_key(text: str) -> str:
    """Reduce a name to what one compares and sorts by: no accents, no case, one space between words."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE"))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
    return " ".join(re.findall(r"[^\W_]+", letters))


def read_date(text: str, today: date) -> date:
    """Read a date as people type it: 12/03/1981, 12/03/81, 12.3.81, 12 mars 1981, 1981-03-12. Raises `Invalid`.

    A year of two digits is the latest one that is not after `today`.
    """
    plain = name_key(text)
    words = plain.split()
    try:
        if re.fullmatch(r"\d{4} \d{1,2} \d{1,2}", plain):
            return date(int(words[0]), int(words[1]), int(words[2]))
        if re.fullmatch(r"\d{8}", plain) or re.fullmatch(r"\d{6}", plain):
            words = [plain[:2], plain[2:4], plain[4:]]
        day, month, year = words
        number = int(month) if month.isdigit() else _month_number(month)
        return date(_full_year(year, today), number, int(re.sub(r"er$", "", day)))
    except ValueError:
        raise Invalid("Écrivez une date qui existe, par exemple 12/03/1981.") from None


def _month_number(word: str) -> int:
    matches = [index for index, month in enumerate(MONTHS, 1) if len(word) >= 3 and name_key(month).startswith(word)]
    if len(matches) != 1:
        raise ValueError(word)
    return matches[0]


def _full_year(digits: str, today: date) -> int:
    if len(digits) == 4:
        return int(digits)
    if len(digits) != 2:
        raise ValueError(digits)
    year = today.year - today.year % 100 + int(digits)
    return year if year <= today.year else year - 100


def read_time(text: str) -> time:
    """Read a time as people type it: 14h30, 14:30, 14 h, 1430, 9. Raises `Invalid`."""
    match = re.fullmatch(r"\s*(\d{1,2})\s*(?:[hH:.]\s*(\d{2})?|(\d{2}))?\s*", text)
    if match:
        hour, minute = int(match[1]), int(match[2] or match[3] or 0)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise Invalid("Écrivez une heure, par exemple 14h30.")


_FICTION: Final = "063998"
"""Numbers that Arcep keeps for films and plays (decision 2018-0881), among those of Mayotte's mobiles: they ring nowhere."""
_PREFIXES: Final = {
    "0639": "262",
    "0262": "262",
    "0269": "262",
    "0692": "262",
    "0693": "262",
    "0590": "590",
    "0690": "590",
    "0691": "590",
    "0594": "594",
    "0694": "594",
    "0596": "596",
    "0696": "596",
    "0697": "596",
}


def read_phone(text: str) -> str:
    """Read a telephone number as people type it and give it in E.164 form: « 06 12 34 56 78 » → +33612345678. Raises `Invalid`."""
    digits = re.sub(r"[\s.\-/()\u00a0\u202f]", "", text).replace("+33(0)", "+33")
    digits = re.sub(r"^00", "+", digits)
    if re.fullmatch(r"0[1-9][0-9]{8}", digits):
        country = "33" if digits.startswith(_FICTION) else _PREFIXES.get(digits[:4], "33")
        return f"+{country}{digits[1:]}"
    if re.fullmatch(r"\+330?[1-9][0-9]{8}", digits):
        return "+33" + digits[-9:]
    if re.fullmatch(r"\+(?!33)[1-9][0-9]{7,14}", digits):
        return digits
    raise Invalid("Écrivez un numéro à dix chiffres, par exemple 06 12 34 56 78, ou commencez par + et l’indicatif du pays.")


def phone(number: str) -> str:
    """Write an E.164 number as people read it: « 06 12 34 56 78 »."""
    match = re.fullmatch(r"\+(?:33|262|590|594|596)(\d{9})", number)
    digits = "0" + match[1] if match else ""
    return NBSP.join(digits[index : index + 2] for index in range(0, 10, 2)) if digits else number


def today_in(zone: ZoneInfo, now: datetime) -> date:
    """Tell which day it is at a place."""
    return now.astimezone(zone).date()


def relative_day(day: date, today: date) -> str:
    """Write « aujourd’hui », « demain », else « mardi 24 novembre »."""
    if day == today:
        return "aujourd’hui"
    return "demain" if day == today + timedelta(days=1) else long_date(day)
