"""What an import would do, line by line: accepted, here already, refused."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Date, String
from sqlmodel import Session

from maiia_pro.intake.fields import Cells, Fault
from maiia_pro.intake.tables import Kind
from maiia_pro.kernel import clock
from maiia_pro.kernel.exchange import exchange_many
from maiia_pro.kernel.ids import uuid7

E = TypeVar("E")
Who = tuple[str, date]
"""How a practice tells people apart: the name without accents and case, and the birth date."""


@dataclass
class Plan(Generic[E]):
    """The lines of a file, sorted by what becomes of them."""

    total: int
    accepted: list[E] = field(default_factory=list)
    known: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many lines are refused, whatever number of faults they have."""
        return len({fault.line for fault in self.faults})


@dataclass
class Seen:
    """Keys of a file: those that came in before, and at which line each stands."""

    known: frozenset[str]
    lines: dict[str, int] = field(default_factory=dict)

    def is_twice(self, cells: Cells, key: str) -> bool:
        """Refuse a line that says what another one said before it."""
        first = self.lines.setdefault(key, cells.line)
        if first == cells.line:
            return False
        cells.refuse("source" if cells["source"] else "family_name", f"Cette ligne répète la ligne {first}.")
        return True


def key_of(source: str, *traits: object) -> str:
    """Name a line for good, by its number in the other software or else by what it is about; a hash, so that it tells nobody's name."""
    said = f"source\n{source}" if source else "\n".join(["traits", *map(str, traits)])
    return hashlib.sha256(said.encode()).hexdigest()


_KNOWN = text("select key from intake_line where practice_id = :practice_id and kind = :kind and key = any(:keys)").bindparams(
    bindparam("keys", type_=ARRAY(String))
)
_RECORDS = text(
    "select sort_key, birth_date, id from patient where practice_id = :practice_id and birth_date = any(:dates) order by id"
).bindparams(bindparam("dates", type_=ARRAY(Date)))
_NAMESAKES = text("select sort_key, id from patient where practice_id = :practice_id and sort_key = any(:names) order by id").bindparams(
    bindparam("names", type_=ARRAY(String))
)


_REMEMBER = """
    insert into intake_line (id, practice_id, kind, key, patient_id, appointment_id, at)
    values (%(id)s, %(practice_id)s, %(kind)s, %(key)s, %(patient_id)s, %(appointment_id)s, %(at)s)
"""


def remember(session: Session, practice_id: UUID, kind: Kind, lines: Iterable[tuple[str, UUID, UUID | None]]) -> None:
    """Write down which line became which row, by key, patient and appointment; the constraint refuses a key that is there."""
    common = {"practice_id": practice_id, "kind": kind, "at": clock.now()}
    rows = [common | {"id": uuid7(), "key": key, "patient_id": who, "appointment_id": visit} for key, who, visit in lines]
    exchange_many(session, _REMEMBER, rows)


def known_keys(session: Session, practice_id: UUID, kind: Kind, keys: Iterable[str]) -> frozenset[str]:
    """Tell which keys came into the practice before."""
    values = {"practice_id": practice_id, "kind": kind.value, "keys": list(keys)}
    return frozenset(session.connection().execute(_KNOWN, values).scalars())


def records_of(session: Session, practice_id: UUID, wanted: Iterable[Who]) -> dict[Who, list[UUID]]:
    """Find the practice's records of people, by name and birth date."""
    asked = set(wanted)
    found: dict[Who, list[UUID]] = {}
    for row in session.connection().execute(_RECORDS, {"practice_id": practice_id, "dates": list({born for _, born in asked})}):
        if (row.sort_key, row.birth_date) in asked:
            found.setdefault((row.sort_key, row.birth_date), []).append(row.id)
    return found


def namesakes(session: Session, practice_id: UUID, names: Iterable[str]) -> dict[str, list[UUID]]:
    """Find the practice's records by name alone."""
    found: dict[str, list[UUID]] = {}
    for row in session.connection().execute(_NAMESAKES, {"practice_id": practice_id, "names": list(names)}):
        found.setdefault(row.sort_key, []).append(row.id)
    return found
