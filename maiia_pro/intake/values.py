"""Reading one cell: days, times, lengths, statuses and telephone numbers as other software writes them. Pure."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final

from maiia_pro.agenda.codes import STATUS_LABELS, Status
from maiia_pro.agenda.visit import LONGEST_VISIT, SHORTEST_VISIT
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import clock_time, duration, name_key, phone, read_date, read_phone, read_time, short_date
from maiia_pro.kernel.text import email

_WORDS: Final[dict[Status, tuple[str, ...]]] = {
    Status.PLANNED: ("prevu", "planifie", "a venir", "programme", "reserve", "pris", "planned", "scheduled", "booked", "pending"),
    Status.CONFIRMED: ("confirme", "confirmee", "valide", "confirmed"),
    Status.FULFILLED: ("honore", "vu", "venu", "present", "effectue", "realise", "termine", "fulfilled", "done", "completed", "seen"),
    Status.MISSED: ("absent", "non honore", "non venu", "lapin", "manque", "excuse", "no show", "noshow", "missed"),
    Status.CANCELLED: ("annule", "annulee", "supprime", "cancelled", "canceled"),
}
STATUSES: Final = {word: status for status, words in _WORDS.items() for word in words}


def read_day(text: str, today: date) -> tuple[date, str]:
    """Read the day of a visit, and the time that some software writes in the same cell; raises `Invalid`.

    A year of two digits is of this century: unlike births, visits lie ahead.
    """
    match = re.fullmatch(r"(\S+)[T\s]+(?:à\s*)?(\d{1,2}\s*[hH:]\s*\d{0,2}(?::\d{2})?)\S*", text)
    day, at = (match[1], match[2]) if match else (text, "")
    day = re.sub(r"^(\d{1,2}[/.\-]\d{1,2}[/.\-])(\d{2})$", rf"\g<1>{today.year // 100}\g<2>", day)
    return read_date(day, today), at


def read_hour(text: str) -> time:
    """Read 14h30, 14:30, 14:30:00; raises `Invalid`."""
    return read_time(re.sub(r"^(\s*\d{1,2}:\d{2}):00\s*$", r"\1", text))


def read_length(text: str) -> int:
    """Read how many minutes a visit lasts: 20, « 20 min », 1h30, 00:20; raises `Invalid`."""
    plain = re.sub(r"\s", "", text.lower())
    if match := re.fullmatch(r"(\d{1,3})(?:[.,]0+)?(?:m|mn|min|minutes?|['’])?", plain):
        minutes = int(match[1])
    elif match := re.fullmatch(r"(\d{1,2})(?:h|:)(\d{2})?(?:min|mn|m)?(?::00)?", plain):
        minutes = int(match[1]) * 60 + int(match[2] or 0)
    else:
        raise Invalid("Écrivez une durée en minutes, par exemple 20.")
    if not SHORTEST_VISIT <= minutes <= LONGEST_VISIT:
        raise Invalid("Une visite dure de 5 minutes à 8 heures.")
    return minutes


def read_status(text: str) -> Status:
    """Read where a visit stands; raises `Invalid` for a word that we do not know."""
    found = STATUSES.get(name_key(text))
    if found is None:
        raise Invalid("Statut inconnu : écrivez prévu, confirmé, honoré, absent ou annulé, ou laissez la case vide.")
    return found


def read_number(text: str) -> str:
    """Read a telephone number; a spreadsheet that took it for a number has eaten its zero."""
    digits = re.sub(r"[\s.\-]", "", text)
    return read_phone(f"0{digits}" if re.fullmatch(r"[1-9]\d{8}", digits) else text)


def shown(name: str, text: str, today: date) -> tuple[str, bool]:
    """Tell how a cell would be read, and whether it can be."""
    read = _SHOWN.get(name)
    if read is None or not text:
        return text, True
    try:
        return read(text, today), True
    except Invalid:
        return text, False


def _shown_day(text: str, today: date) -> str:
    day, at = read_day(text, today)
    return f"{short_date(day)} {clock_time(read_hour(at))}" if at else short_date(day)


_SHOWN: Final[dict[str, Callable[[str, date], str]]] = {
    "birth_date": lambda text, today: short_date(read_date(text, today)),
    "date": _shown_day,
    "time": lambda text, _today: clock_time(read_hour(text)),
    "end": lambda text, _today: clock_time(read_hour(text)),
    "length": lambda text, _today: duration(read_length(text)),
    "phone": lambda text, _today: phone(read_number(text)),
    "mobile": lambda text, _today: phone(read_number(text)),
    "email": lambda text, _today: email(text),
    "status": lambda text, _today: STATUS_LABELS[read_status(text)],
}


def whole_minutes(begins: datetime, ends: datetime) -> int:
    """Count the minutes between two instants."""
    return int((ends - begins).total_seconds()) // 60
