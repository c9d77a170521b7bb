"""Declaring a change of profession or RPPS (terms of use, article 7.3), and an operator's decision on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from maiia_pro.identity.health import Detail, note_details
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import constraint_of, reading, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotFound
from maiia_pro.kernel.queue import enqueue
from maiia_pro.kernel.text import FieldErrors, one_line, paragraph
from maiia_pro.practice.declared_tables import Declaration, Declared
from maiia_pro.practice.jobs import DeclarationDecided
from maiia_pro.practice.own_agenda import own_row
from maiia_pro.practice.rpps import RppsTaken, flush_rpps, read_rpps
from maiia_pro.practice.tables import SPECIALTY_LABELS, Practice, Practitioner, Specialty

LONGEST_PROOF: Final = 1000
LABELS: Final[dict[Declared, str]] = {Declared.SPECIALTY: "Profession", Declared.RPPS: "Numéro RPPS"}


class AlreadyDeclared(Conflict):
    """A declaration of the same kind waits."""

    code = "already-declared"
    message = "Une demande de ce type attend déjà une réponse. Elle vous arrivera par e-mail."


class AlreadyDecided(Conflict):
    """Somebody has decided meanwhile, or what was declared holds no more."""

    code = "already-decided"
    message = "Cette demande a déjà reçu une réponse, ou la fiche a changé depuis. Rechargez la page."


@dataclass(frozen=True, slots=True)
class DeclarationForm:
    """A change as somebody declared it, cleaned."""

    what: Declared
    wanted: str
    proof: str

    @classmethod
    def read(cls, typed: Mapping[str, object]) -> Self:
        """Read the form; raises `Invalid` naming every field that is wrong."""
        errors, wanted, proof = FieldErrors(), "", ""
        what = Declared.RPPS if typed.get("what") == Declared.RPPS else Declared.SPECIALTY
        try:
            line = one_line(typed.get(what), longest=120)
            wanted = read_rpps(line) if what is Declared.RPPS else str(Specialty(line))
        except Invalid as refusal:
            errors.add(what, refusal.message)
        except ValueError:
            errors.add(what, "Choisissez une profession de la liste.")
        try:
            proof = paragraph(typed.get("proof"), longest=LONGEST_PROOF)
        except Invalid as refusal:
            errors.add("proof", refusal.message)
        if not proof:
            errors.add("proof", "Dites ce qui le prouve\u00a0: diplôme, inscription à l’ordre, courrier de l’ARS…")
        errors.check()
        return cls(what, wanted, proof)


def declare(actor: Actor, form: DeclarationForm) -> UUID:
    """Declare a change of one's own profession or number; the value stays until an operator decides.

    Raises `Invalid` where it is the present one, `RppsTaken` or `AlreadyDeclared`.
    """
    require(actor, Permission.PROFILE_OWN)
    try:
        with transaction() as session:
            own = own_row(session, actor)
            before = _value(own, form.what)
            if form.wanted == before:
                raise Invalid(fields={form.what: "C’est déjà ce qui est enregistré."})
            if form.what is Declared.RPPS and _has_rpps(session, form.wanted):
                raise RppsTaken
            made = Declaration(
                practice_id=own.practice_id, practitioner_id=own.id, account_id=_account(actor), what=form.what, before=before,
                wanted=form.wanted, proof=form.proof, declared_at=clock.now(),
            )  # fmt: skip
            session.add(made)
            session.flush()
            _recorded(session, actor, made, AuditAction.IDENTITY_DECLARED)
            return made.id
    except IntegrityError as error:
        if constraint_of(error) == "declaration_one_open":
            raise AlreadyDeclared from None
        raise


def _account(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise NotFound
    return actor.account_id


def _value(row: Practitioner, what: Declared) -> str:
    return row.rpps if what is Declared.RPPS else row.specialty


def _has_rpps(session: Session, rpps: str) -> bool:
    return session.exec(select(Practitioner.id).where(Practitioner.rpps == rpps)).first() is not None


@dataclass(frozen=True, slots=True)
class DeclarationView:
    """A declaration as it is shown: to an operator with who and where, to its author among their own."""

    id: UUID
    who: str
    practice: str
    what: Declared
    before: str
    wanted: str
    proof: str
    declared_at: datetime
    accepted: bool | None
    answer: str


def waiting_declarations(actor: Actor) -> list[DeclarationView]:
    """List what waits for a decision, the oldest first."""
    require(actor, Permission.OPERATION)
    with reading() as session:
        return _views(session, col(Declaration.accepted).is_(None))


def own_declarations(actor: Actor) -> list[DeclarationView]:
    """List what the actor declared, the oldest first."""
    require(actor, Permission.PROFILE_OWN)
    with reading() as session:
        return _views(session, col(Declaration.practitioner_id) == actor.practitioner_id)


def _views(session: Session, condition: ColumnElement[bool]) -> list[DeclarationView]:
    joined = select(Declaration, Practitioner, Practice).join(Practitioner, col(Practitioner.id) == Declaration.practitioner_id)
    asked = joined.join(Practice, col(Practice.id) == Declaration.practice_id).where(condition)
    return [
        DeclarationView(
            one.id, row.display_name, practice.name, Declared(one.what), shown(one.what, one.before), shown(one.what, one.wanted),
            one.proof, one.declared_at, one.accepted, one.answer,
        )
        for one, row, practice in session.exec(asked.order_by(col(Declaration.declared_at), col(Declaration.id)))
    ]  # fmt: skip


def shown(what: str, value: str) -> str:
    """Write a value as people read it."""
    return SPECIALTY_LABELS[Specialty(value)] if what == Declared.SPECIALTY and value else value


def decide(actor: Actor, declaration_id: UUID, *, accept: bool, answer: object = "") -> None:
    """Accept a declaration, which changes the practitioner's row, or refuse it with a reason; its author is told.

    Raises `Invalid` on field `answer`, `AlreadyDecided`, `RppsTaken` or `NotFound`.
    """
    require(actor, Permission.OPERATION)
    said = paragraph(answer, longest=LONGEST_PROOF)
    if not accept and not said:
        raise Invalid(fields={"answer": "Écrivez pourquoi, pour que la personne sache quoi faire."})
    with transaction() as session:
        found = session.exec(select(Declaration).where(Declaration.id == declaration_id).with_for_update()).first()
        if found is None:
            raise NotFound
        row = session.exec(select(Practitioner).where(Practitioner.id == found.practitioner_id).with_for_update()).one()
        what = Declared(found.what)
        if found.accepted is not None or (accept and _value(row, what) != found.before):
            raise AlreadyDecided
        found.accepted, found.answer, found.decided_at, found.decided_by = accept, said, clock.now(), _account(actor)
        session.flush()  # the database lets the number change only behind the decision
        if accept:
            _apply(session, actor, row, found)
        _recorded(session, actor, found, AuditAction.IDENTITY_DECIDED)
        enqueue(session, DeclarationDecided(found.id))


def _apply(session: Session, actor: Actor, row: Practitioner, found: Declaration) -> None:
    if found.what == Declared.RPPS:
        row.rpps = found.wanted
    else:
        row.specialty = found.wanted
    flush_rpps(session)
    changed = (shown(found.what, found.before), shown(found.what, found.wanted))
    note_details(session, actor, found.account_id, {Detail(found.what): changed})


def _recorded(session: Session, actor: Actor, one: Declaration, action: AuditAction) -> None:
    details = {"what": one.what} | ({} if one.accepted is None else {"accepted": one.accepted})
    audit.record(session, actor, action, subject_type="declaration", subject_id=one.id, practice_id=one.practice_id, details=details)
