"""The form that says when: a day, a time as people type it, a length in minutes."""

from typing import Any

from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import read_time
from maiia_pro.kernel.text import FieldErrors, one_line, picked_day


def read_put(form: dict[str, Any]) -> dict[str, Any]:
    """Read the form of a move: a day, a time as people type it, a length in minutes. Raises `Invalid` naming the fields."""
    errors = FieldErrors()
    put: dict[str, Any] = {"practitioner": form.get("practitioner"), "token": "", "overbook": form.get("overbook") is True}
    put["day"] = read_day(errors, form.get("day"))
    put["start"] = read_minute(errors, form.get("time"))
    put["length"] = read_length(errors, form.get("length"))
    errors.check()
    return put


def read_day(errors: FieldErrors, typed: object) -> str:
    """Read the day of a form."""
    try:
        return picked_day(typed).isoformat()
    except ValueError:
        errors.add("day", "Choisissez un jour qui existe.")
        return ""


def read_minute(errors: FieldErrors, typed: object) -> int:
    """Read a time as minutes after midnight."""
    try:
        at = read_time(one_line(typed, longest=20))
    except DomainError as error:
        errors.add("time", error.message)
        return 0
    return at.hour * 60 + at.minute


def read_length(errors: FieldErrors, typed: object) -> int:
    """Read a length in minutes."""
    text = str(typed or "").strip().removesuffix("min").strip()
    if text.isascii() and text.isdigit() and len(text) <= 3 and 5 <= int(text) <= 480:
        return int(text)
    errors.add("length", "Écrivez une durée entre 5 et 480 minutes.")
    return 0
