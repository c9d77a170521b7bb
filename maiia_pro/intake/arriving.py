"""A visit on its way in, and whose it is: the record chosen, that of a number, of a name and birth date, or of a name alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.types import String
from sqlmodel import Session

from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.context import OfferingContext
from maiia_pro.intake.fields import Cells
from maiia_pro.intake.patients import who_of
from maiia_pro.intake.plan import key_of, namesakes, records_of
from maiia_pro.patients.records import Identity


@dataclass(slots=True)
class Arriving:
    """A visit of a file; `patient_id` is the practice's record, None where `identity` makes a new one."""

    cells: Cells
    offering: OfferingContext
    starts_at: datetime
    ends_at: datetime
    status: Status
    note: str
    name: str
    """The patient's, reduced; empty where the number alone says who it is."""
    identity: Identity | None
    chosen: UUID | None = None
    """The record that somebody picked for this line."""
    patient_id: UUID | None = None

    @property
    def key(self) -> str:
        """What names the line for good."""
        whose = self.name or f"numero {self.cells['patient']}"
        return key_of(self.cells["source"], self.offering.practitioner_id, self.starts_at.isoformat(), whose)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A record of the practice, as a number or a choice names it."""

    id: UUID
    name: str
    born: date


_OF_NUMBERS = text("""
    select l.key, p.id, p.sort_key, p.birth_date from intake_line l join patient p on p.id = l.patient_id
    where l.practice_id = :practice_id and l.kind = 'patients' and l.key = any(:keys)
""").bindparams(bindparam("keys", type_=ARRAY(String)))
_OF_PRACTICE = text("select id from patient where practice_id = :practice_id and id = any(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True)))
)


def find_patients(session: Session, practice_id: UUID, visits: Sequence[Arriving]) -> None:
    """Tie each visit to the practice's record; a name and birth date that it does not know makes a new one."""
    records = records_of(session, practice_id, (who_of(one.identity) for one in visits if one.identity))
    by_name = namesakes(session, practice_id, {one.name for one in visits if one.identity is None})
    numbers = _numbered(session, practice_id, {one.cells["patient"] for one in visits if one.cells["patient"]})
    here = set(
        session.connection()
        .execute(_OF_PRACTICE, {"practice_id": practice_id, "ids": [one.chosen for one in visits if one.chosen]})
        .scalars()
    )
    for one in visits:
        if one.chosen:
            one.patient_id = one.chosen if one.chosen in here else None
            if one.patient_id is None:
                one.cells.refuse("patient", "Ce patient n’est pas du cabinet. Choisissez-en un autre.")
        elif numbered := numbers.get(key_of(one.cells["patient"])):
            _take_numbered(one, numbered)
        elif not one.name:
            one.cells.refuse(
                "patient", "Aucun patient repris ne porte ce numéro. Reprenez d’abord les patients, ou ajoutez nom et naissance."
            )
        else:
            _take_named(one, records.get(who_of(one.identity), []) if one.identity else by_name.get(one.name, []))


def _numbered(session: Session, practice_id: UUID, numbers: Iterable[str]) -> dict[str, Numbered]:
    values = {"practice_id": practice_id, "keys": [key_of(number) for number in numbers]}
    return {row.key: Numbered(row.id, row.sort_key, row.birth_date) for row in session.connection().execute(_OF_NUMBERS, values)}


def _take_numbered(one: Arriving, record: Numbered) -> None:
    """Believe the number, unless the line speaks of somebody else: names change, births and whole names do not."""
    born = one.identity.birth_date if one.identity else record.born
    if born != record.born or (one.name and not set(one.name.split()) & set(record.name.split())):
        one.cells.refuse("patient", "Ce numéro est celui d’une autre personne. Corrigez le numéro, ou le nom et la date de naissance.")
    else:
        one.patient_id = record.id


def _take_named(one: Arriving, found: Sequence[UUID]) -> None:
    if len(found) > 1:
        same = "ce nom et cette date de naissance" if one.identity else "ce nom"
        hint = "Gardez-en une seule." if one.identity else "Ajoutez la date de naissance."
        one.cells.refuse("birth_date", f"Plusieurs fiches du cabinet portent {same}. {hint}")
    elif not found and one.identity is None:
        one.cells.refuse("birth_date", "Aucune fiche à ce nom : ajoutez la date de naissance, la fiche sera créée.")
    else:
        one.patient_id = found[0] if found else None


def newcomers(visits: Iterable[Arriving]) -> list[Identity]:
    """List the people whose record is to be made, each once."""
    return list({who_of(one.identity): one.identity for one in visits if one.patient_id is None and one.identity}.values())
