"""The company that a practice is: its name, its SIREN and its partners, each with an RPPS or ADELI number."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from sqlmodel import Session, col, delete, select

from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotFound
from maiia_pro.kernel.text import FieldErrors, named, one_line, paragraph, read_field
from maiia_pro.practice.company_tables import Company, Partner
from maiia_pro.practice.rpps import luhn_holds, read_rpps
from maiia_pro.practice.tables import Practice

MOST: Final = 50
LONGEST: Final = 120
FIELDS: Final = ("company_name", "siren", "partners")
HOW: Final = "Écrivez un associé par ligne, son nom puis son numéro\u00a0: «\u00a0Claire Vasseur, 10001234567\u00a0»."


@dataclass(frozen=True, slots=True)
class CompanyDetails:
    """A company as it is written and shown: nine digits of SIREN, and the `partners`, names with their numbers, in their order."""

    name: str
    siren: str
    partners: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, typed: Mapping[str, object], errors: FieldErrors) -> Self | None:
        """Read the form, nothing where it is empty; what is wrong is noted, for the caller to raise."""
        if not any(str(typed.get(name) or "").strip() for name in FIELDS):
            return None
        return cls(
            read_field(errors, "company_name", typed, named, "Écrivez la dénomination de la société."),
            read_field(errors, "siren", typed, read_siren, "Écrivez le numéro SIREN de la société."),
            _read_partners(errors, typed.get("partners")),
        )


class CompanyChanged(Conflict):
    """Somebody wrote the company meanwhile; `now` is what stands, nothing where the practice is none."""

    code = "company-changed"
    message = "Cette société a changé entre-temps. Relisez ce qui est enregistré, puis enregistrez à nouveau."

    def __init__(self, now: CompanyDetails | None) -> None:
        self.now = now
        super().__init__()


def read_siren(line: str) -> str:
    """Read a SIREN as people type it; raises `Invalid` where it is not nine digits, some not 0, of which the last is their key (Luhn)."""
    digits = re.sub(r"[\s.\-\u00a0\u202f]", "", line)
    if re.fullmatch(r"[0-9]{9}", digits) and luhn_holds(digits) and int(digits):  # noughts have their key, and are nobody's
        return digits
    raise Invalid("Écrivez les neuf chiffres du numéro SIREN, comme sur l’extrait du registre.")


def _read_partners(errors: FieldErrors, typed: object) -> tuple[tuple[str, str], ...]:
    try:
        lines = [line.strip() for line in paragraph(typed, longest=MOST * LONGEST).split("\n")]
        found = tuple(_read_partner(line) for line in lines if line)
    except Invalid as refusal:
        errors.add("partners", refusal.message)
        return ()
    numbers = [number for _, number in found]
    if not found:
        errors.add("partners", f"Une société a au moins un associé. {HOW}")
    elif len(found) > MOST:
        errors.add("partners", f"Écrivez au plus {MOST} associés.")
    elif len(set(numbers)) < len(numbers):
        errors.add("partners", "Deux associés ont le même numéro. Chacun a le sien\u00a0: vérifiez-les.")
    return found


def _read_partner(line: str) -> tuple[str, str]:
    name, _, number = line.replace(";", ",").rpartition(",")
    name = named(one_line(name, longest=LONGEST))
    if not name:
        raise Invalid(f"«\u00a0{line[:LONGEST]}\u00a0»\u00a0: il manque le nom ou le numéro. {HOW}")
    try:
        return name, read_rpps(number)
    except Invalid as refusal:
        raise Invalid(f"{name}\u00a0: {refusal.message[:1].lower()}{refusal.message[1:]}") from None


def company_of(session: Session, practice_id: UUID) -> CompanyDetails | None:
    """Read the company that a practice is, in the caller's transaction, which has authorised."""
    found = session.get(Company, practice_id)
    if found is None:
        return None
    partners = session.exec(select(Partner).where(Partner.practice_id == practice_id).order_by(col(Partner.place)))
    return CompanyDetails(found.name, found.siren, tuple((one.name, one.number) for one in partners))


def practice_company(actor: Actor, practice_id: UUID) -> CompanyDetails | None:
    """Read the company that a practice is, as the operator keeps it."""
    require(actor, Permission.OPERATION)
    with reading() as session:
        return company_of(session, practice_id)


def set_company(actor: Actor, practice_id: UUID, form: CompanyDetails | None, seen: CompanyDetails | None) -> None:
    """Write which company a practice is and who its partners are, or that it is none; `seen` is the company that its author changed.

    Raises `CompanyChanged` where another one stands, or `NotFound`.
    """
    require(actor, Permission.OPERATION)
    with transaction() as session:
        if session.get(Practice, practice_id, with_for_update=True) is None:
            raise NotFound("Ce cabinet n’existe plus. Rechargez la page.")
        now = company_of(session, practice_id)
        if now not in (seen, form):
            raise CompanyChanged(now)
        write_company(session, practice_id, form)
        audit.record(
            session, actor, AuditAction.COMPANY_CHANGED, subject_type="practice", subject_id=practice_id, practice_id=practice_id
        )  # fmt: skip


def write_company(session: Session, practice_id: UUID, form: CompanyDetails | None) -> None:
    """Put a company and its partners in the place of what was written, in the caller's transaction, which holds the practice."""
    session.exec(delete(Partner).where(col(Partner.practice_id) == practice_id))
    session.exec(delete(Company).where(col(Company.practice_id) == practice_id))
    if form is None:
        return
    session.add(Company(practice_id=practice_id, name=form.name, siren=form.siren, changed_at=clock.now()))
    session.flush()
    session.add_all(
        Partner(practice_id=practice_id, place=place, name=name, number=number) for place, (name, number) in enumerate(form.partners)
    )
