"""Which record of the practice an event may be about, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import String
from sqlmodel import Session

from maiia_pro.intake.whom import Told

MOST_RECORDS: Final = 8


class Certainty(StrEnum):
    """By what somebody was found."""

    BIRTH = "birth"
    CONTACT = "contact"
    NAME = "name"
    NEW = "new"
    SEVERAL = "several"
    CLOSE = "close"
    NOBODY = "nobody"


CERTAINTY_LABELS: Final[dict[Certainty, str]] = {
    Certainty.BIRTH: "Retrouvé\u00a0: nom et date de naissance",
    Certainty.CONTACT: "Retrouvé\u00a0: nom et coordonnées",
    Certainty.NAME: "Retrouvé par le nom seul",
    Certainty.NEW: "Nouvelle fiche",
    Certainty.SEVERAL: "Plusieurs fiches possibles",
    Certainty.CLOSE: "Mêmes coordonnées, autre nom",
    Certainty.NOBODY: "Aucune fiche",
}
FOUND: Final = frozenset({Certainty.BIRTH, Certainty.CONTACT, Certainty.NAME})


@dataclass(frozen=True, slots=True)
class Record:
    """What is needed of a record to tell people apart."""

    id: UUID
    sort_key: str
    given_name: str
    family_name: str
    birth_date: date
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Whom an event may be about; one record where `certainty` says found."""

    certainty: Certainty
    records: tuple[Record, ...] = ()


NOBODY: Final = Suggestion(Certainty.NOBODY)
_RECORDS = text("""
    select id, sort_key, given_name, family_name, birth_date, phone, email from patient
    where practice_id = :practice_id
      and (sort_key = any(:names) or phone <> '' and phone = any(:phones) or email <> '' and lower(email) = any(:emails))
    order by sort_key, birth_date, id
""").bindparams(*(bindparam(name, type_=ARRAY(String)) for name in ("names", "phones", "emails")))


def suggest(session: Session, practice_id: UUID, told: Sequence[Told]) -> list[Suggestion]:
    """Look for the people of many events at once."""
    values = {
        "practice_id": practice_id,
        "names": sorted({key for one in told for key in one.keys}),
        "phones": sorted({one.phone for one in told if one.phone}),
        "emails": sorted({one.email.casefold() for one in told if one.email}),
    }
    records = [Record(*row) for row in session.connection().execute(_RECORDS, values)]
    names: dict[str, list[Record]] = {}
    contacts: dict[str, list[Record]] = {}
    for record in records:
        names.setdefault(record.sort_key, []).append(record)
        for contact in {record.phone, record.email.casefold()} - {""}:
            contacts.setdefault(contact, []).append(record)
    return [_suggestion(one, names, contacts) for one in told]


def _suggestion(told: Told, names: dict[str, list[Record]], contacts: dict[str, list[Record]]) -> Suggestion:
    """Name and birth date make somebody sure; contacts alone never do, families share them."""
    named = {record.id: record for key in sorted(told.keys) for record in names.get(key, ())}
    close = {record.id: record for contact in (told.phone, told.email.casefold()) for record in contacts.get(contact, ())}
    if told.birth_date:
        found = [record for record in named.values() if record.birth_date == told.birth_date]
        if not found and told.names:
            return Suggestion(Certainty.NEW, tuple((named | close).values())[:MOST_RECORDS])
        certainty = Certainty.BIRTH
    else:
        both = [record for record in named.values() if record.id in close]
        found, certainty = (both, Certainty.CONTACT) if len(both) == 1 else (list(named.values()), Certainty.NAME)
    if found:
        return Suggestion(certainty if len(found) == 1 else Certainty.SEVERAL, tuple(found[:MOST_RECORDS]))
    return Suggestion(Certainty.CLOSE if close else Certainty.NOBODY, tuple(close.values())[:MOST_RECORDS])
