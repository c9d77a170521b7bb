"""What people type, cleaned and bounded before it reaches a rule."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import name_key

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of what stands around them (UAX 9, section 2): dropped, right-to-left names read well without."""
_ATOM = r"[^@\s<>\"(),:;\\\[\].]+"
_EMAIL = re.compile(
    rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{{1,62}}"
)


class FieldErrors:
    """Collects what is wrong in a form, so that everything is said at once."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def add(self, field: str, message: str) -> None:
        """Note what is wrong with a field; the first word on a field stays."""
        self.found.setdefault(field, message)

    def check(self) -> None:
        """Raise `Invalid` with all of it, if there is any."""
        if self.found:
            raise Invalid(fields=self.found)


def one_line(value: object, *, longest: int = 120) -> str:
    """Clean a line of text; raises `Invalid` where it is not text, too long, or holds control characters."""
    text = _plain(value, longest)
    return " ".join(text.split())


def read_field(errors: FieldErrors, name: str, typed: Mapping[str, object], read: Callable[[str], str], missing: str) -> str:
    """Read one line of text by `read`; what is wrong, or that it is missing, is noted."""
    try:
        line = one_line(typed.get(name), longest=120)
        found = read(line) if line else ""
    except Invalid as refusal:
        errors.add(name, refusal.message)
        return ""
    if not found and missing:
        errors.add(name, missing)
    return found


def named(line: str) -> str:
    """Take a name that has letters; what has none is none."""
    return line if name_key(line) else ""


def paragraph(value: object, *, longest: int = 2000) -> str:
    """Clean a text of several lines; raises `Invalid` like `one_line`."""
    return _plain(value, longest).replace("\r\n", "\n").strip()


def _plain(value: object, longest: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid("Écrivez du texte.")
    if len(value) > longest:
        raise Invalid(f"Écrivez au plus {longest} caractères.")
    if _CONTROL.search(value.replace("\r\n", "\n").replace("\n", " ").replace("\t", " ")):
        raise Invalid("Ce texte contient des caractères que nous ne pouvons pas enregistrer. Effacez-les, puis recommencez.")
    return _DIRECTION.sub("", value)


def writable(text: str) -> str:
    """Give a text that can be written as UTF-8: halves of surrogate pairs, which JSON can carry, become question marks."""
    return text.encode("utf-8", "replace").decode()


def picked_day(value: object) -> date:
    """Read a day as the date fields of browsers send it, YYYY-MM-DD and nothing else that ISO 8601 allows; raises `ValueError`.

    After 2199 there is none: the day after the last that a date can hold would be a fault.
    """
    text = str(value)
    if len(text) != 10 or "W" in text or text > "2199-12-31":
        raise ValueError(text)
    return date.fromisoformat(text)


LONGEST_PERIOD: Final = timedelta(days=366)


def read_period(errors: FieldErrors, first: object, last: object) -> tuple[date, date]:
    """Read the first and the last day of a period of a year at most; what is wrong is noted beside `first` or `last`."""
    begins, ends = (_day_of_period(errors, field, value) for field, value in (("first", first), ("last", last)))
    if begins is None or ends is None:
        return date.min, date.min
    if ends < begins:
        errors.add("last", "Le dernier jour ne peut pas précéder le premier.")
    elif ends - begins > LONGEST_PERIOD:
        errors.add("last", "Choisissez une période d’un an au plus.")
    return begins, ends


def _day_of_period(errors: FieldErrors, field: str, value: object) -> date | None:
    try:
        day = picked_day(value)
    except ValueError:
        day = date.min
    if 2000 <= day.year <= 2199:
        return day
    errors.add(field, "Choisissez un jour.")
    return None


def day_or_none(field: str, value: object) -> date | None:
    """Read a day that may be left out; raises `Invalid` naming the field."""
    try:
        return picked_day(value) if value else None
    except ValueError:
        raise Invalid(fields={field: "Choisissez un jour du calendrier."}) from None


def email(value: object) -> str:
    """Clean an e-mail address (RFC 5321 lengths, the usual signs); raises `Invalid`."""
    text = one_line(value, longest=254)
    if not _EMAIL.fullmatch(text) or not text.isascii():
        raise Invalid("Écrivez une adresse e-mail complète, par exemple prenom.nom@exemple.fr.")
    return text
