"""Patients' records: finding, reading and creating them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session, select

from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.french import name_key, read_date, read_phone
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.text import FieldErrors, email, one_line
from maiia_pro.patients.search_words import beginning_key
from maiia_pro.patients.tables import Patient

OLDEST_BIRTH = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a record is about, cleaned: traits as the practice writes them, phone in E.164 or empty."""

    given_name: str
    family_name: str
    birth_date: date
    phone: str = ""
    email: str = ""

    @classmethod
    def parse(
        cls, *, given_name: object, family_name: object, birth_date: object, phone: object = "", email_address: object = ""
    ) -> "Identity":
        """Read what somebody typed; raises `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        today = clock.now().date()
        values = {
            "given_name": _required(errors, "given_name", given_name, "Écrivez le prénom."),
            "family_name": _required(errors, "family_name", family_name, "Écrivez le nom."),
        }
        born = _birth_date(errors, birth_date, today)
        telephone = _optional(errors, "phone", phone, read_phone)
        address = _optional(errors, "email", email_address, email)
        errors.check()
        return cls(values["given_name"], values["family_name"], born or today, telephone, address)


def _required(errors: FieldErrors, field: str, value: object, missing: str) -> str:
    try:
        text_value = one_line(value, longest=80)
    except Invalid as refusal:
        errors.add(field, refusal.message)
        return ""
    if not name_key(text_value):
        errors.add(field, missing)
    return text_value


def _birth_date(errors: FieldErrors, value: object, today: date) -> date | None:
    try:
        born = value if isinstance(value, date) else read_date(one_line(value, longest=40), today)
    except Invalid as refusal:
        errors.add("birth_date", refusal.message)
        return None
    if not OLDEST_BIRTH <= born <= today:
        errors.add("birth_date", "La date de naissance doit être passée, et pas avant 1900.")
    return born


def _optional(errors: FieldErrors, field: str, value: object, read: Callable[[str], str]) -> str:
    try:
        text_value = one_line(value, longest=254)
        return read(text_value) if text_value else ""
    except Invalid as refusal:
        errors.add(field, refusal.message)
        return ""


@dataclass(frozen=True, slots=True)
class PatientView:
    """A record as lists show it."""

    id: UUID
    practice_id: UUID
    given_name: str
    family_name: str
    birth_date: date
    phone: str
    email: str

    @property
    def display_name(self) -> str:
        """« Josiane Keller »."""
        return f"{self.given_name} {self.family_name}".strip()


def view_of(patient: Patient) -> PatientView:
    """Give a record as lists show it."""
    return PatientView(
        patient.id, patient.practice_id, patient.given_name, patient.family_name, patient.birth_date, patient.phone, patient.email
    )


def insert_patient(session: Session, actor: Actor, practice_id: UUID, identity: Identity, person_id: UUID | None = None) -> Patient:
    """Write a new record and its audit entry in the caller's transaction."""
    patient = Patient(
        practice_id=practice_id,
        person_id=person_id,
        given_name=identity.given_name,
        family_name=identity.family_name,
        sort_key=name_key(f"{identity.family_name} {identity.given_name}"),
        birth_date=identity.birth_date,
        phone=identity.phone,
        email=identity.email,
    )
    session.add(patient)
    session.flush()
    audit.record(session, actor, AuditAction.PATIENT_CREATED, subject_type="patient", subject_id=patient.id, practice_id=practice_id)
    return patient


def create_patient(actor: Actor, practice_id: UUID, identity: Identity) -> PatientView:
    """Create a record in a practice of the actor's."""
    require(actor, Permission.PATIENT_EDIT, practice_id)
    with transaction() as session:
        return view_of(insert_patient(session, actor, practice_id, identity))


def read_patient(actor: Actor, patient_id: UUID) -> PatientView:
    """Read a record; the reading is audited. Raises `NotFound` where it is not the actor's to see."""
    require(actor, Permission.PATIENT_VIEW)
    with transaction() as session:
        patient = session.get(Patient, patient_id)
        if patient is None or patient.practice_id not in actor.practice_ids:
            raise NotFound
        audit.record(
            session, actor, AuditAction.PATIENT_READ, subject_type="patient", subject_id=patient.id, practice_id=patient.practice_id
        )
        return view_of(patient)


_PERSON = text("""
    select p.id, p.given_name, p.family_name, r.id as record_id
    from person p left join patient r on r.person_id = p.id and r.practice_id = :practice_id
    where p.account_id = :account_id and case when cast(:person_id as uuid) is null then p.is_self else p.id = :person_id end
      and p.removed_at is null
""").bindparams(*(bindparam(name, type_=PG_UUID(as_uuid=True)) for name in ("practice_id", "account_id", "person_id")))
_OWN_RECORD = text("""
    insert into patient (id, practice_id, person_id, given_name, family_name, sort_key, birth_date, phone, email, created_at)
    select :id, :practice_id, p.id, p.given_name, p.family_name, :sort_key, p.birth_date, p.phone, coalesce(a.email, ''), :now
    from person p join account a on a.id = p.account_id where p.id = :person_id
    on conflict (practice_id, person_id) do nothing returning id
""")


_GIVEN = """
    select not exists (select 1 from patient where practice_id = %(practice)s and sort_key >= %(begins)s and sort_key < %(beyond)s)
       and exists (
        select 1 from patient where practice_id = %(practice)s and patient_keys(practice_id, sort_key) @> %(keys)s::text[]
           and sort_key like %(ends)s
    )
"""
"""The usual answer first: what is typed first is most often a family name, which an index tells at once."""


def is_given_name(actor: Actor, practice_id: UUID, word: str) -> bool:
    """Tell whether a word ends somebody's names in the practice, where given names stand, and begins nobody's; names nobody."""
    require(actor, Permission.PATIENT_VIEW, practice_id)
    key = name_key(one_line(word, longest=80))
    if not key:
        return False
    keys = [beginning_key(practice_id, part) for part in key.split()]
    values = {"practice": practice_id, "keys": keys, "ends": f"% {key}", "begins": f"{key} ", "beyond": f"{key}!"}
    with reading() as session:
        row = exchange(session, _GIVEN, values).fetchone()
        return bool(row and row[0])


def record_of_account(session: Session, actor: Actor, practice_id: UUID, person_id: UUID | None = None) -> UUID:
    """Find the practice's record of a person of the account (its holder unless another is named), or create it, in one transaction.

    Raises `NotFound` for a person of another account.
    """
    if actor.kind is not ActorKind.PATIENT or actor.account_id is None:
        raise NotFound
    wanted = {"practice_id": practice_id, "account_id": actor.account_id, "person_id": person_id}
    person = session.connection().execute(_PERSON, wanted).first()
    if person is None:
        raise NotFound
    if person.record_id:
        return UUID(str(person.record_id))
    record_id = uuid7()
    sort_key = name_key(f"{person.family_name} {person.given_name}")
    values = {"id": record_id, "practice_id": practice_id, "person_id": person.id, "sort_key": sort_key, "now": clock.now()}
    if session.connection().execute(_OWN_RECORD, values).first() is None:
        return session.exec(select(Patient.id).where(Patient.practice_id == practice_id, Patient.person_id == person.id)).one()
    audit.record(session, actor, AuditAction.PATIENT_CREATED, subject_type="patient", subject_id=record_id, practice_id=practice_id)
    return record_id
