"""Declaring a change of profession or RPPS (terms of use, article 7.3), the first look at a substitute or an aidant, and its decision."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from maiia_pro.identity.health import Detail, note_details
from maiia_pro.identity.national_number import NAME, number_words
from maiia_pro.identity.tables import AIDANTS, PROFESSION_LABELS, Account, Membership, Profession, Professional
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import PLATFORM, AuditAction
from maiia_pro.kernel.db import constraint_of, reading, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotFound
from maiia_pro.kernel.live import Change, account_topic, announce
from maiia_pro.kernel.queue import enqueue
from maiia_pro.kernel.text import FieldErrors, one_line, paragraph
from maiia_pro.practice.declared_tables import CHECKED, WAITS, Declaration, Declared
from maiia_pro.practice.jobs import DeclarationDecided
from maiia_pro.practice.own_agenda import own_row
from maiia_pro.practice.proofs import ProofLine, forget_proofs, proofs_of
from maiia_pro.practice.rpps import RppsTaken, flush_rpps, is_taken, read_rpps
from maiia_pro.practice.tables import SPECIALTY_LABELS, Practice, Practitioner, Specialty

LONGEST_PROOF: Final = 1000
LABELS: Final[dict[Declared, str]] = {
    Declared.SPECIALTY: "Profession",
    Declared.RPPS: NAME,
    Declared.PROFESSION: "Profession",
    Declared.CHECK: "Vérification",
}
Whose = Practitioner | Professional
"""The row that a declaration changes."""


class AlreadyDeclared(Conflict):
    """A declaration of the same kind waits."""

    code = "already-declared"
    message = "Une demande de ce type attend déjà une réponse. Elle vous arrivera par e-mail."


class AlreadyDecided(Conflict):
    """Somebody has decided meanwhile, or what was declared holds no more."""

    code = "already-decided"
    message = "Cette demande a déjà reçu une réponse, ou la fiche a changé depuis. Rechargez la page."


class ProofMissing(Conflict):
    """Somebody without a national number has shown nothing by which they could be known."""

    code = "proof-missing"
    message = "Sans numéro, il faut une pièce justificative. Refusez en demandant de la déposer dans «\u00a0Mes informations\u00a0»."


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
        known = {one.value: one for one in Declared}
        what = known.get(str(typed.get("what")), Declared.SPECIALTY)
        try:
            wanted = _READ[what](one_line(typed.get(what), longest=120))
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


_READ: Final[dict[Declared, Callable[[str], str]]] = {
    Declared.SPECIALTY: lambda line: str(Specialty(line)),
    Declared.RPPS: read_rpps,
    Declared.PROFESSION: lambda line: str(Profession(line)),
    Declared.CHECK: lambda _: CHECKED,
}


def declare(actor: Actor, form: DeclarationForm) -> UUID:
    """Declare a change of one's own profession or number, or ask to be looked at again; nothing counts until an operator decides.

    Raises `Invalid` where it is so already or cannot be, `RppsTaken`, `AlreadyDeclared`, or `NotFound` for what others declare.
    """
    require(actor, Permission.IDENTITY_OWN)
    try:
        with transaction() as session:
            own = _own(session, actor)
            if form.what is not Declared.RPPS and (form.what is Declared.SPECIALTY) is not isinstance(own, Practitioner):
                raise NotFound
            before = _value(own, form.what)
            if form.wanted == before:
                raise Invalid(fields={form.what: "C’est déjà ce qui est enregistré."})
            _check_possible(session, actor, own, form)
            return _made(session, actor, own, form, before).id
    except IntegrityError as error:
        if constraint_of(error) == "declaration_one_open":
            raise AlreadyDeclared from None
        raise


def ask_check(session: Session, actor: Actor, row: Professional, proof: str) -> None:
    """Have an operator look at somebody who was just asked in as a substitute or an aidant, in the caller's transaction."""
    _made(session, actor, row, DeclarationForm(Declared.CHECK, CHECKED, proof), "")


def _made(session: Session, actor: Actor, own: Whose, form: DeclarationForm, before: str) -> Declaration:
    made = Declaration(
        account_id=own.account_id or _account(actor), what=form.what, before=before, wanted=form.wanted, proof=form.proof,
        declared_at=clock.now(),
    )  # fmt: skip
    if isinstance(own, Practitioner):
        made.practice_id, made.practitioner_id = own.practice_id, own.id
    session.add(made)
    session.flush()
    _recorded(session, actor, made, AuditAction.IDENTITY_DECLARED)
    return made


def _own(session: Session, actor: Actor) -> Whose:
    """Fetch the row of the role that the actor is in."""
    if actor.kind not in {ActorKind.SUBSTITUTE, ActorKind.AIDANT}:
        return own_row(session, actor)
    found = session.get(Professional, actor.account_id)
    if found is None:
        raise NotFound
    return found


def _account(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise NotFound
    return actor.account_id


def _value(row: Whose, what: Declared) -> str:
    if what is Declared.RPPS:
        return row.rpps or ""
    if isinstance(row, Practitioner):
        return row.specialty
    return row.profession if what is Declared.PROFESSION else CHECKED if row.checked_at else ""


def _check_possible(session: Session, actor: Actor, own: Whose, form: DeclarationForm) -> None:
    """Refuse a number that is another's, and a profession that the role is not for or that has a number where there is none."""
    if form.what is Declared.RPPS and is_taken(session, form.wanted, own.account_id):
        raise RppsTaken
    if form.what is not Declared.PROFESSION:
        return
    if (form.wanted in AIDANTS) is not (actor.kind is ActorKind.AIDANT):
        raise Invalid(fields={form.what: "Choisissez une profession de la liste."})
    if form.wanted != Profession.CARE_ASSISTANT and not own.rpps:
        raise Invalid(fields={form.what: "Déclarez d’abord votre numéro RPPS ou ADELI\u00a0: cette profession en a un."})


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
    number: str = ""
    """The number that the decision is about, if it is."""
    proofs: tuple[ProofLine, ...] = ()
    """The documents that its author shows."""


def waiting_declarations(actor: Actor) -> list[DeclarationView]:
    """List what waits for a decision, the oldest first."""
    require(actor, Permission.OPERATION)
    with reading() as session:
        return _views(session, WAITS)


def own_declarations(actor: Actor) -> list[DeclarationView]:
    """List what the actor declared, the oldest first."""
    require(actor, Permission.IDENTITY_OWN)
    with reading() as session:
        return _views(session, col(Declaration.account_id) == actor.account_id)


def _views(session: Session, condition: ColumnElement[bool]) -> list[DeclarationView]:
    asked = select(Declaration, Account, Professional).join(Account, col(Account.id) == Declaration.account_id).where(condition)
    asked = asked.join(Professional, col(Professional.account_id) == Declaration.account_id, isouter=True)
    found = session.exec(asked.order_by(col(Declaration.declared_at), col(Declaration.id))).all()
    return [_view(session, one, account, professional) for one, account, professional in found]


def _view(session: Session, one: Declaration, account: Account, professional: Professional | None) -> DeclarationView:
    """Write a declaration; a first look shows what is looked at as it stands now."""
    row = session.get(Practitioner, one.practitioner_id) if one.practitioner_id else None
    wanted, number = shown(one.what, one.wanted), one.wanted if one.what == Declared.RPPS else ""
    if one.what == Declared.CHECK and professional is not None:
        wanted, number = profession_words(professional), professional.rpps or ""
    return DeclarationView(
        one.id, row.display_name if row else account.name, _places(session, one), Declared(one.what), shown(one.what, one.before), wanted,
        one.proof, one.declared_at, one.accepted, one.answer, number, tuple(proofs_of(session, one.account_id)),
    )  # fmt: skip


def _places(session: Session, one: Declaration) -> str:
    """Name the practice of an agenda, or those that somebody works in or is asked into."""
    mine = select(Membership.practice_id).where(Membership.account_id == one.account_id)
    where = col(Practice.id) == one.practice_id if one.practice_id else col(Practice.id).in_(mine)
    return ", ".join(session.exec(select(Practice.name).where(where).order_by(col(Practice.name))))


def profession_words(row: Professional) -> str:
    """Say what somebody practises: « Infirmier, RPPS 10001234567 »."""
    return PROFESSION_LABELS[Profession(row.profession)] + ", " + (number_words(row.rpps or "") or "sans numéro")


def shown(what: str, value: str) -> str:
    """Write a value as people read it."""
    if what == Declared.SPECIALTY and value:
        return SPECIALTY_LABELS[Specialty(value)]
    if what == Declared.PROFESSION and value:
        return PROFESSION_LABELS[Profession(value)]
    return "vérifié" if what == Declared.CHECK and value else value


def decide(actor: Actor, declaration_id: UUID, *, accept: bool, answer: object = "") -> None:
    """Accept a declaration, which changes the row that it is about, or refuse it with a reason; its author is told.

    The documents that were shown go with the last decision that needs them.
    Raises `Invalid` on field `answer`, `AlreadyDecided`, `ProofMissing`, `RppsTaken` or `NotFound`.
    """
    require(actor, Permission.OPERATION)
    said = paragraph(answer, longest=LONGEST_PROOF)
    if not accept and not said:
        raise Invalid(fields={"answer": "Écrivez pourquoi, pour que la personne sache quoi faire."})
    with transaction() as session:
        found = session.exec(select(Declaration).where(Declaration.id == declaration_id).with_for_update()).first()
        if found is None:
            raise NotFound
        row, what = _row_of(session, found), Declared(found.what)
        if found.accepted is not None or (accept and _value(row, what) != found.before):
            raise AlreadyDecided
        found.accepted, found.answer, found.decided_at, found.decided_by = accept, said, clock.now(), _account(actor)
        session.flush()  # the database lets the number change only behind the decision
        if accept:
            _apply(session, actor, row, found)
        forget_proofs(session, found.account_id)
        _recorded(session, actor, found, AuditAction.IDENTITY_DECIDED)
        enqueue(session, DeclarationDecided(found.id))


def _row_of(session: Session, found: Declaration) -> Whose:
    """Take the row that a declaration is about."""
    if found.practitioner_id:
        return session.exec(select(Practitioner).where(Practitioner.id == found.practitioner_id).with_for_update()).one()
    return session.exec(select(Professional).where(Professional.account_id == found.account_id).with_for_update()).one()


def _apply(session: Session, actor: Actor, row: Whose, found: Declaration) -> None:
    number = found.wanted if found.what == Declared.RPPS else row.rpps if found.what == Declared.CHECK else None
    if number and is_taken(session, number, row.account_id):
        raise RppsTaken
    if isinstance(row, Professional) and found.what == Declared.CHECK:
        if not row.rpps and not proofs_of(session, row.account_id):
            raise ProofMissing
        row.checked_at = clock.now()
        announce(session, Change(account_topic(row.account_id), row.account_id, int(clock.now().timestamp() * 1000)))
        return
    if found.what == Declared.RPPS:
        row.rpps = found.wanted
    elif isinstance(row, Practitioner):
        row.specialty = found.wanted
    else:
        row.profession = found.wanted
    flush_rpps(session)
    changed = (shown(found.what, found.before), shown(found.what, found.wanted))
    note_details(session, actor, found.account_id, {Detail(found.what): changed})


def _recorded(session: Session, actor: Actor, one: Declaration, action: AuditAction) -> None:
    details, where = {"what": one.what} | ({} if one.accepted is None else {"accepted": one.accepted}), one.practice_id or PLATFORM
    audit.record(session, actor, action, subject_type="declaration", subject_id=one.id, practice_id=where, details=details)
