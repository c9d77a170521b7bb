"""Patients of a file: read, told apart from those the practice has, written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from maiia_pro.intake.fields import Cells
from maiia_pro.intake.plan import Plan, Seen, Who, key_of, known_keys, records_of, remember
from maiia_pro.intake.tables import Kind
from maiia_pro.intake.values import read_number
from maiia_pro.kernel import audit
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.exchange import exchange_many
from maiia_pro.kernel.french import name_key, read_date
from maiia_pro.kernel.text import email
from maiia_pro.patients.records import OLDEST_BIRTH, Identity
from maiia_pro.patients.tables import Patient


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody of a file; `record_id` where the practice knows them already and only the line is new."""

    key: str
    identity: Identity
    record_id: UUID | None = None

    @property
    def who(self) -> Who:
        """How the practice tells them apart."""
        return who_of(self.identity)


def who_of(identity: Identity) -> Who:
    """Give the name, reduced as records sort by it, and the birth date."""
    return name_key(f"{identity.family_name} {identity.given_name}"), identity.birth_date


def read_identity(cells: Cells, today: date) -> Identity | None:
    """Read who a line is about; None, with what is wrong noted, where that cannot be told."""
    born: object = cells["birth_date"]
    before = len(cells.faults)
    try:
        born = read_date(str(born), today)
    except Invalid as refusal:
        cells.refuse_all(refusal, "birth_date")
    number = _optional(cells, "mobile" if cells["mobile"] else "phone", read_number)
    address = _optional(cells, "email", email)
    try:
        identity = Identity.parse(
            given_name=cells["given_name"], family_name=cells["family_name"], birth_date=born if isinstance(born, date) else OLDEST_BIRTH,
            phone=number, email_address=address,
        )  # fmt: skip
    except Invalid as refusal:
        cells.refuse_all(refusal, "family_name")
        return None
    return identity if len(cells.faults) == before else None


def _optional(cells: Cells, name: str, read: Callable[[str], str]) -> str:
    try:
        return read(cells[name]) if cells[name] else ""
    except Invalid as refusal:
        cells.refuse_all(refusal, name)
        return ""


def plan_patients(session: Session, practice_id: UUID, lines: Sequence[Cells], today: date) -> Plan[Newcomer]:
    """Sort the lines of a file: new, here already (taken over before, or the same name and birth date), refused."""
    plan: Plan[Newcomer] = Plan(len(lines))
    read = [(cells, identity) for cells in lines if (identity := read_identity(cells, today))]
    people = [(cells, Newcomer(key_of(cells["source"], *who_of(identity)), identity)) for cells, identity in read]
    seen = Seen(known_keys(session, practice_id, Kind.PATIENTS, (one.key for _, one in people)))
    records = records_of(session, practice_id, (one.who for _, one in people))
    namesake: dict[Who, int] = {}
    for cells, one in people:
        if seen.is_twice(cells, one.key):
            continue
        first = namesake.setdefault(one.who, cells.line)
        if first != cells.line:
            cells.refuse("family_name", f"Même nom et même date de naissance qu’à la ligne {first}.")
        elif one.key in seen.known:
            plan.known += 1
        elif one.who in records:
            plan.known += 1
            plan.accepted.append(Newcomer(one.key, one.identity, records[one.who][0]))
        else:
            plan.accepted.append(one)
    plan.faults = [fault for cells in lines for fault in cells.faults]
    return plan


def write_patients(session: Session, actor: Actor, practice_id: UUID, accepted: Sequence[Newcomer]) -> int:
    """Write the records with their history, and remember the lines; tells how many records are new."""
    new = [one for one in accepted if one.record_id is None]
    ids = add_records(session, actor, practice_id, [one.identity for one in new])
    records = {one.key: ident for one, ident in zip(new, ids, strict=True)}
    remember(session, practice_id, Kind.PATIENTS, [(one.key, one.record_id or records[one.key], None) for one in accepted])
    return len(new)


def add_records(session: Session, actor: Actor, practice_id: UUID, identities: Sequence[Identity]) -> list[UUID]:
    """Write many records at once, each with the entry that one alone leaves; gives their ids in order."""
    rows = [
        Patient(
            practice_id=practice_id, given_name=one.given_name, family_name=one.family_name, sort_key=who_of(one)[0],
            birth_date=one.birth_date, phone=one.phone, email=one.email,
        )
        for one in identities
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    entries = [
        audit.entry_values(actor, AuditAction.PATIENT_CREATED, subject_type="patient", subject_id=row.id, practice_id=practice_id)
        for row in rows
    ]
    exchange_many(session, audit.ADD, entries)
    return [row.id for row in rows]
