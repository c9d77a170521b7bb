"""Whom an event of a calendar is about, as far as its words tell: names, birth date, telephone, e-mail address. Pure."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from maiia_pro.intake.values import read_number
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import name_key, read_date
from maiia_pro.kernel.text import email
from maiia_pro.outside.reading import BusyTime
from maiia_pro.patients.records import OLDEST_BIRTH

_DATE: Final = re.compile(r"(?<!\d)(\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}|\d{4}-\d{2}-\d{2})(?!\d)")
_PHONE: Final = re.compile(r"(?<![\d/])(?:\+\d{1,3}[\s.]?(?:\(0\)[\s.]?)?|0)[1-9](?:[\s.\-]?\d{2}){4}(?!\d)")
_EMAIL: Final = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
_CUT: Final = re.compile(r"\s+[–—\-/:·•+]+\s+|\s*[,;|()\[\]\n:–—]+\s*")
_NAME: Final = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]+)*\.?")
_BORN: Final = re.compile(r"\bn[ée](?:\(e\)|e)?\s+le\b", re.IGNORECASE)
_PATIENT: Final = re.compile(r"^\s*(?:patiente?|nom(?: et prénom)?|name)\s*:\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_TITLES: Final = ("m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "dr", "docteur", "pr")
_NO_NAMES: Final = frozenset((*_TITLES, "rdv", "avec", "patient", "patiente", "nee", "ddn", "tel", "telephone", "mail"))
_SAYS_BORN: Final = re.compile(r"\bn[ée](?:\(e\)|e)?\s+le\b|\bddn\b|naissance", re.IGNORECASE)
OF_LATE: Final = timedelta(days=731)
MOST_NAMES: Final = 4
LONGEST_NAME: Final = 5
"""Words."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an event tells of somebody; `names` as they are written, the likeliest first."""

    names: tuple[tuple[str, ...], ...] = ()
    birth_date: date | None = None
    phone: str = ""
    email: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """How records of that name would sort, whichever way round it is written."""
        return frozenset(name_key(" ".join((*words[cut:], *words[:cut]))) for words in self.names for cut in range(len(words)))

    def split(self, *, family_first: bool) -> tuple[str, str]:
        """Tell family and given name: capitals say which is which, else the habit of the file."""
        words = self.names[0] if self.names else ()
        family = [word for word in words if word.isupper() and len(word) > 1]
        given = [word for word in words if word not in family]
        if not family or not given:
            head, tail = (words[:1], words[1:]) if family_first else (words[1:], words[:1])
            family, given = list(head), list(tail)
        return " ".join(family), " ".join(given)


def whom(event: BusyTime, reasons: Collection[str], today: date) -> Told:
    """Read an event; words that are a reason's name are none of a person's."""
    said = f"{event.title}\n{event.about.description}"
    names = list(dict.fromkeys(_names(event, reasons)))[:MOST_NAMES]
    born = _birth(said, today)
    if born and born > today - OF_LATE and not _SAYS_BORN.search(said) and not any(word.isupper() for words in names for word in words):
        born = None  # « Bilan annuel 03/04/2026 » is no patient of that day
    return Told(tuple(names), born, _phone(said), _address(event, said, names[0] if names else ()))


def named_reason(event: BusyTime, reasons: Collection[str]) -> str:
    """Give the reason, reduced, that a category or a part of the title is, or that begins or ends one; the longest wins."""
    parts = [name_key(part) for part in (*event.about.categories, *_CUT.split(_plain(event.title)))]
    found = [one for one in reasons if any(f" {part} ".startswith(f" {one} ") or f" {part} ".endswith(f" {one} ") for part in parts)]
    return max(found, key=len, default="")


def _names(event: BusyTime, reasons: Collection[str]) -> Iterator[tuple[str, ...]]:
    labelled = _PATIENT.findall(event.about.description)
    invited = [name for name, _ in event.about.attendees if name and "@" not in name]
    for text in (*labelled[:2], event.title, *invited):
        for part in _CUT.split(_plain(text)):
            words = _without_reason([word for word in part.split() if name_key(word) not in _NO_NAMES], reasons)
            if 2 <= len(words) <= LONGEST_NAME and all(_NAME.fullmatch(word) for word in words):
                yield tuple(words)


def _plain(text: str) -> str:
    """Take away what is no name."""
    for what in (_EMAIL, _PHONE, _DATE, _BORN):
        text = what.sub(" , ", text)
    return text


def _without_reason(words: list[str], reasons: Collection[str]) -> list[str]:
    keys = [name_key(word) for word in words]
    for reason in sorted(reasons, key=len, reverse=True):
        size = len(reason.split())
        if keys[:size] == reason.split():
            return words[size:]
        if keys[-size:] == reason.split():
            return words[:-size]
    return words


def _birth(said: str, today: date) -> date | None:
    for found in _DATE.findall(said):
        try:
            born = read_date(found, today)
        except Invalid:
            continue
        if OLDEST_BIRTH <= born <= today:
            return born
    return None


def _phone(said: str) -> str:
    for found in _PHONE.finditer(said):
        try:
            return read_number(found[0])
        except Invalid:
            continue
    return ""


def _address(event: BusyTime, said: str, words: Collection[str]) -> str:
    """Find an address: of those who are invited, the one that bears the name, for the practitioner is often invited too."""
    name = set(name_key(" ".join(words)).split())
    invited = [re.sub("^mailto:", "", address, flags=re.IGNORECASE) for _, address in event.about.attendees]
    theirs = [
        one for one, (called, _) in zip(invited, event.about.attendees, strict=True) if name & set(name_key(f"{called} {one}").split())
    ]
    for found in (*theirs, *_EMAIL.findall(said)):
        try:
            return email(found)
        except Invalid:
            continue
    return ""
