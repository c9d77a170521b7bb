"""Noting a request: who asks what, of whom, for when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.agenda.context import zone_of_practice
from maiia_pro.agenda.tables import Appointment
from maiia_pro.identity.tables import Membership
from maiia_pro.kernel import audit, clock, live
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.french import read_phone
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import FieldErrors, one_line, paragraph
from maiia_pro.patients.tables import Patient
from maiia_pro.practice.tables import Practitioner
from maiia_pro.requests.due import UNREADABLE, read_due
from maiia_pro.requests.tables import Kind, PracticeRequest, Priority

LONGEST_SUBJECT: Final = 120
LONGEST_WORDS: Final = 4000


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What is asked, cleaned; phone in E.164 or empty. Either the record or the caller's name is there."""

    kind: Kind
    priority: Priority
    subject: str
    words: str
    due: str
    """As it was typed: only the practice's clock says when that is."""
    patient_id: UUID | None = None
    caller_name: str = ""
    caller_phone: str = ""
    practitioner_id: UUID | None = None
    owner_id: UUID | None = None
    appointment_id: UUID | None = None

    @classmethod
    def parse(cls, form: dict[str, Any]) -> "NewRequest":
        """Read what somebody filled in; raises `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        caller = _text(errors, "caller_name", form, lambda value: one_line(value, longest=80))
        if not caller and not form.get("patient"):
            errors.add("caller_name", "Choisissez un patient, ou écrivez le nom de l’appelant.")
        phone = _text(errors, "caller_phone", form, _phone)
        subject = _text(errors, "subject", form, lambda value: one_line(value, longest=LONGEST_SUBJECT))
        words = _text(errors, "words", form, lambda value: paragraph(value, longest=LONGEST_WORDS))
        due = _text(errors, "due", form, lambda value: one_line(value, longest=60))
        if not subject:
            errors.add("subject", "Écrivez l’objet en une ligne.")
        if not due:
            errors.add("due", UNREADABLE)
        errors.check()
        named = {name: parse_id(form[name]) if form.get(name) else None for name in ("patient", "practitioner", "owner", "appointment")}
        return cls(
            Kind(form["kind"]) if form.get("kind") in list(Kind) else Kind.OTHER,
            Priority.URGENT if form.get("priority") == Priority.URGENT else Priority.NORMAL,
            subject, words, due, named["patient"], caller, phone, named["practitioner"], named["owner"], named["appointment"],
        )  # fmt: skip


def _text(errors: FieldErrors, field: str, form: dict[str, Any], read: Callable[[object], str]) -> str:
    try:
        return read(form.get(field))
    except Invalid as refusal:
        errors.add(field, refusal.message)
        return ""


def _phone(value: object) -> str:
    typed = one_line(value, longest=40)
    return read_phone(typed) if typed else ""


def due_of(session: Session, practice_id: UUID, typed: str) -> datetime:
    """Read when something is due by the clock of the practice; raises `Invalid` naming the field."""
    try:
        return read_due(one_line(typed, longest=60), clock.now(), zone_of_practice(session, practice_id))
    except Invalid as refusal:
        raise Invalid(fields={"due": refusal.message}) from None


def check_owner(session: Session, practice_id: UUID, owner_id: UUID) -> None:
    """Let only somebody who works in the practice be given a request; raises `NotFound`."""
    if not works_there(session, practice_id, owner_id):
        raise NotFound


def works_there(session: Session, practice_id: UUID, account_id: UUID) -> bool:
    """Tell whether somebody works in a practice."""
    found = select(Membership.id).where(Membership.practice_id == practice_id, Membership.account_id == account_id)
    found = found.where(col(Membership.asked_at).is_(None))
    return session.exec(found).first() is not None


def create_request(actor: Actor, practice_id: UUID, new: NewRequest) -> UUID:
    """Note a request in a practice of the actor's; raises `NotFound` where patient, practitioner, owner or visit is not of the practice."""
    require(actor, Permission.REQUEST_MANAGE, practice_id)
    if actor.account_id is None:
        raise NotFound
    with transaction() as session:
        _check_named(session, practice_id, new)
        require(actor, Permission.REQUEST_MANAGE, practice_id, new.practitioner_id)
        request = PracticeRequest(
            practice_id=practice_id, kind=new.kind, priority=new.priority, subject=new.subject, words=new.words,
            patient_id=new.patient_id, caller_name=new.caller_name, caller_phone=new.caller_phone, practitioner_id=new.practitioner_id,
            owner_id=new.owner_id, appointment_id=new.appointment_id, due_at=due_of(session, practice_id, new.due),
            created_by_id=actor.account_id, changed_by_id=actor.account_id, created_at=clock.now(), changed_at=clock.now(),
        )  # fmt: skip
        session.add(request)
        session.flush()
        tell(session, actor, request, AuditAction.REQUEST_CREATED, request.version)
        return request.id


def _check_named(session: Session, practice_id: UUID, new: NewRequest) -> None:
    """Refuse what is of another practice, and a visit of another patient."""
    patient = session.get(Patient, new.patient_id) if new.patient_id else None
    practitioner = session.get(Practitioner, new.practitioner_id) if new.practitioner_id else None
    visit = session.get(Appointment, new.appointment_id) if new.appointment_id else None
    for ident, row in ((new.patient_id, patient), (new.practitioner_id, practitioner), (new.appointment_id, visit)):
        if ident is not None and (row is None or row.practice_id != practice_id):
            raise NotFound
    if visit is not None and visit.patient_id != new.patient_id:
        raise NotFound
    if new.owner_id is not None:
        check_owner(session, practice_id, new.owner_id)


def tell(session: Session, actor: Actor, request: PracticeRequest, action: AuditAction, version: int) -> None:
    """Write the act into the history, and tell the open screens of the practice; no word of the request goes with either."""
    audit.record(
        session, actor, action, subject_type="request", subject_id=request.id, practice_id=request.practice_id,
        on_behalf_of=actor.stands_for(request.practitioner_id) if request.practitioner_id else None, details={"version": version},
    )  # fmt: skip
    live.announce(session, live.Change(live.requests_topic(request.practice_id), request.id, version))


def check_watchable(actor: Actor, practice_ids: list[UUID]) -> None:
    """Let somebody hear of the requests of these practices. Raises `NotSignedIn`, `NotAllowed`, or `NotFound` where one is not theirs."""
    for practice_id in practice_ids:
        require(actor, Permission.REQUEST_MANAGE, practice_id)
