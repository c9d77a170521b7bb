"""What somebody typed to find free time, read: « dermato demain matin », « Vasseur jeudi après-midi », « lundi 14h30 ». Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from maiia_pro.agenda.codes import Mode
from maiia_pro.agenda.desk import Desk, DeskReason
from maiia_pro.kernel.french import DAYS, MONTHS, name_key

LONGEST: Final = 80
STEM: Final = 5
"""Letters that a specialist and the specialty have in common: « pédiatre », « pédiatrie »."""
FURTHEST_DAYS: Final = 366
PARTS: Final = (("apres midi|aprem", 720, 1440), ("matin|matinee", 0, 720), ("midi", 690, 840), ("soir|soiree", 1020, 1440))
_MONTHS: Final = [name_key(month) for month in MONTHS]
_FILLERS: Final = frozenset({
    "a", "au", "aux", "avec", "chez", "creneau", "creneaux", "d", "de", "des", "dispo", "disponible", "docteur", "dr",
    "du", "en", "et", "il", "l", "la", "le", "les", "libre", "libres", "m", "motif", "par", "pour", "premier",
    "premiere", "prochain", "prochaine", "rdv", "rendez", "un", "une", "vers", "vous",
})  # fmt: skip
_SAYS: Final = re.compile(r"\b(creneaux?|premier|libres?|dispo|disponible|rdv|rendez)\b")
_GO: Final = re.compile(r"^\s*(aller|va|voir)\b")
_WHOSE: Final = re.compile(r"\b(docteur|dr|agenda)\b")


@dataclass(frozen=True)
class Wish:
    """Free time as it was asked for: days included, minutes of the day from and until."""

    words: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    begins: int = 0
    ends: int = 24 * 60
    mode: Mode | None = None
    said: bool = False
    """Whether a day, an hour or a word such as « créneau » was said, so that no name is meant alone."""
    going: bool = False
    """Whether it asks to go to a day and not for free time."""
    whose: bool = False
    """Whether it asks for somebody's agenda: « docteur Vasseur »."""


def wish_of(typed: str, today: date) -> Wish:
    """Read days, hours and kinds of visit; what is left are words that must name a reason, a specialty or a practitioner."""
    text = f" {name_key(typed[:LONGEST])} "
    wish = Wish(said=bool(_SAYS.search(text)), going=bool(_GO.search(text)), whose=bool(_WHOSE.search(text)))
    text = _GO.sub(" ", text)
    for part in (_minutes, _days, _parts, _mode):
        text, wish = part(text, wish, today)
    words = tuple(word for word in text.split() if word not in _FILLERS and word != "agenda")
    return replace(wish, words=words, said=wish.said or bool(wish.first) or (wish.begins, wish.ends) != (0, 1440))


def _taken(pattern: str, text: str) -> tuple[re.Match[str] | None, str]:
    match = re.search(rf"\b(?:{pattern})\b", text)
    return match, f"{text[: match.start()]} {text[match.end() :]}" if match else text


def _minutes(text: str, wish: Wish, _today: date) -> tuple[str, Wish]:
    match, rest = _taken(r"(?:(apres|avant|des|partir de) )?(\d{1,2}) ?h ?([0-5]\d)?", text)
    if not match or int(match[2]) > 23:
        return text, wish
    minute = int(match[2]) * 60 + int(match[3] or 0)
    return rest, replace(wish, ends=minute) if match[1] == "avant" else replace(wish, begins=minute)


def _days(text: str, wish: Wish, today: date) -> tuple[str, Wish]:
    simple = {
        "apres demain": (2, 2), "demain": (1, 1), "aujourd hui|ce jour": (0, 0),
        "semaine prochaine|prochaine semaine": (7 - today.weekday(), 13 - today.weekday()), "cette semaine": (0, 6 - today.weekday()),
    }  # fmt: skip
    for pattern, (first, last) in simple.items():
        match, rest = _taken(pattern, text)
        if match:
            return rest, _between(wish, today + timedelta(days=first), today + timedelta(days=last))
    match, rest = _taken(r"dans (\d{1,2}) (jours?|semaines?|mois)", text)
    if match:
        day = today + timedelta(days=int(match[1]) * {"j": 1, "s": 7, "m": 30}[match[2][0]])
        return rest, _between(wish, day, day + timedelta(days=0 if match[2][0] == "j" else 6))
    match, rest = _taken("(" + "|".join(DAYS) + ") prochain|(" + "|".join(DAYS) + ")", text)
    if match and not re.search(r"\d", text):
        away = (DAYS.index(match[1] or match[2]) - today.weekday()) % 7
        day = today + timedelta(days=away or (7 if match[1] else 0))  # on a Monday « lundi » is today, « lundi prochain » is not
        return rest, _between(wish, day, day)
    return _date(rest if match else text, wish, today)


def _date(text: str, wish: Wish, today: date) -> tuple[str, Wish]:
    """Read « 12 mars », « 12/03 », « 12/03/2027 »; without a year the next one."""
    match, rest = _taken(r"(\d{1,2})(?:er)? (\d{1,2}|" + "|".join(_MONTHS) + r")(?: (\d{4}))?", text)
    if not match:
        return text, wish
    month = int(match[2]) if match[2].isdigit() else _MONTHS.index(match[2]) + 1
    try:
        day = date(int(match[3] or today.year), month, int(match[1]))
        day = day.replace(year=today.year + 1) if not match[3] and day < today else day
    except ValueError:
        return text, wish
    return rest, _between(wish, day, day)


def _between(wish: Wish, first: date, last: date) -> Wish:
    return replace(wish, first=first, last=last)


def _parts(text: str, wish: Wish, _today: date) -> tuple[str, Wish]:
    for pattern, begins, ends in PARTS:
        match, rest = _taken(pattern, text)
        if match:
            return rest, replace(wish, begins=max(begins, wish.begins), ends=min(ends, wish.ends))
    return text, wish


def _mode(text: str, wish: Wish, _today: date) -> tuple[str, Wish]:
    match, rest = _taken("video|visio|teleconsultation", text)
    if match:
        return rest, replace(wish, mode=Mode.VIDEO)
    match, rest = _taken("cabinet|sur place", text)
    return (rest, replace(wish, mode=Mode.IN_PERSON)) if match else (text, wish)


def fitting(wish: Wish, frame: Desk) -> tuple[DeskReason, ...]:
    """List what is offered that every word of the wish names. Where no reason is named, each practitioner's first one."""
    specialties = {one.id: name_key(one.specialty).split() for one in frame.practitioners}
    people = {one.id: name_key(one.name).split() for one in frame.practitioners}
    named, usual, seen = [], [], set()
    for offered in frame.reasons:
        if wish.mode and offered.mode != wish.mode:
            continue
        who = offered.practitioner_id
        of_person = [word for word in wish.words if _begins(word, people[who]) or _akin(word, specialties[who])]
        of_reason = [word for word in wish.words if word not in of_person and _begins(word, name_key(offered.name).split())]
        if len(of_person) + len(of_reason) < len(wish.words):
            continue
        if of_reason:
            named.append(offered)
        elif (who, offered.site_id) not in seen:
            seen.add((who, offered.site_id))
            usual.append(offered)
    return tuple(named or usual)


def _begins(word: str, parts: Iterable[str]) -> bool:
    return any(part.startswith(word) for part in parts)


def _akin(word: str, parts: Iterable[str]) -> bool:
    return len(word) >= 3 and any(part.startswith(word if len(word) <= STEM else word[:STEM]) for part in parts)
