"""Finding records for programs: by each trait of its own, page by page in the order of their making."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.french import name_key
from maiia_pro.patients.records import PatientView, view_of
from maiia_pro.patients.tables import Patient

BATCH: Final = 200
Alternatives = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """Which records: those that match everything given. Names are beginnings of words, without regard to accents and case.

    Each element of `family`, `given` and `names` holds alternatives; `ids`, `phones` and `emails` ask nothing where they are None.
    """

    ids: Collection[UUID] | None = None
    family: tuple[Alternatives, ...] = ()
    given: tuple[Alternatives, ...] = ()
    names: tuple[Alternatives, ...] = ()
    born_from: date | None = None
    born_before: date | None = None
    phones: Collection[str] | None = None
    emails: Collection[str] | None = None
    after: UUID | None = None
    limit: int = 100


def find_records(actor: Actor, query: RecordQuery) -> list[PatientView]:
    """List the records of the actor's practices that match, by id; audited as one search without what was asked."""
    require(actor, Permission.PATIENT_VIEW)
    with transaction() as session:
        found: list[PatientView] = []
        after = query.after
        while len(found) < query.limit:
            batch = _batch(session, actor, query, after)
            found += [view_of(patient) for patient in batch if _matches(patient, query)]
            if len(batch) < BATCH:
                break
            after = batch[-1].id
        del found[query.limit :]
        for practice_id in actor.practice_ids:
            audit.record(
                session, actor, AuditAction.PATIENT_SEARCHED, subject_type="practice", subject_id=practice_id, practice_id=practice_id,
                details={"found": [str(view.id) for view in found if view.practice_id == practice_id]},
            )  # fmt: skip
        return found


def _batch(session: Session, actor: Actor, query: RecordQuery, after: UUID | None) -> list[Patient]:
    """Read candidates: the database narrows by what it has an order or an equality for."""
    rows = select(Patient).where(col(Patient.practice_id).in_(actor.practice_ids)).order_by(col(Patient.id)).limit(BATCH)
    if after is not None:
        rows = rows.where(col(Patient.id) > after)
    for column, wanted in ((Patient.id, query.ids), (Patient.phone, query.phones), (Patient.email, query.emails)):
        if wanted is not None:
            rows = rows.where(col(column).in_(wanted))
    for alternatives in (*query.family, *query.given, *query.names):
        if len(alternatives) == 1:
            rows = rows.where((" " + col(Patient.sort_key)).contains(" " + name_key(alternatives[0])))
    if query.born_from is not None:
        rows = rows.where(col(Patient.birth_date) >= query.born_from)
    if query.born_before is not None:
        rows = rows.where(col(Patient.birth_date) < query.born_before)
    return list(session.exec(rows))


def _matches(patient: Patient, query: RecordQuery) -> bool:
    return (
        all(_begins(patient.family_name, words) for words in query.family)
        and all(_begins(patient.given_name, words) for words in query.given)
        and all(_begins(f"{patient.family_name} {patient.given_name}", words) for words in query.names)
    )


def _begins(name: str, alternatives: Iterable[str]) -> bool:
    keys = [name_key(word) for word in alternatives]
    return any(key and f" {key}" in f" {name_key(name)}" for key in keys)
