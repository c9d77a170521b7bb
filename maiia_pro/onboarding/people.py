"""Who a practitioner is, as it is typed, and the row that is made of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Self
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from maiia_pro.agenda.reasons import HUES
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import name_key
from maiia_pro.kernel.text import FieldErrors, named, read_field
from maiia_pro.practice.rpps import RppsTaken, flush_rpps, is_taken, read_rpps
from maiia_pro.practice.tables import Practitioner, Specialty

TITLES = ("", "Dr", "Pr")
LONGEST_SLUG = 100


@dataclass(frozen=True, slots=True)
class PersonForm:
    """A practitioner as somebody filled it in, cleaned."""

    title: str
    given_name: str
    family_name: str
    specialty: Specialty
    rpps: str
    hue: str

    @classmethod
    def read(cls, typed: Mapping[str, object], errors: FieldErrors, hue: str = "teal") -> Self:
        """Read the fields; what is wrong is noted, for the caller to raise."""
        title, specialty, chosen = (str(typed.get(name) or "") for name in ("title", "specialty", "hue"))
        if title not in TITLES:
            errors.add("title", "Choisissez un titre de la liste.")
        if specialty not in set(Specialty):
            errors.add("specialty", "Choisissez une spécialité.")
        if chosen and chosen not in HUES:
            errors.add("hue", "Choisissez une couleur de la liste.")
        return cls(
            title,
            read_field(errors, "given_name", typed, named, "Écrivez le prénom."),
            read_field(errors, "family_name", typed, named, "Écrivez le nom."),
            Specialty(specialty) if specialty in set(Specialty) else Specialty.GENERAL_MEDICINE,
            read_field(errors, "rpps", typed, read_rpps, "Écrivez le numéro RPPS ou ADELI."),
            chosen or hue,
        )

    @property
    def display_name(self) -> str:
        """« Dr Claire Vasseur »."""
        return f"{self.title} {self.given_name} {self.family_name}".strip()

    def fill(self, session: Session, row: Practitioner) -> Practitioner:
        """Write the form into a row; its public address follows the name until patients may know it."""
        if not row.published and not re.fullmatch(rf"{slug_of(self.given_name, self.family_name)}(-\d+)?", row.slug):
            row.slug = free_slug(session, self.given_name, self.family_name)
        row.title, row.given_name, row.family_name = self.title, self.given_name, self.family_name
        row.sort_key = name_key(f"{self.family_name} {self.given_name}")
        row.specialty, row.rpps, row.hue = self.specialty, self.rpps, self.hue
        return row


def new_practitioner(session: Session, form: PersonForm, practice_id: UUID, account_id: UUID) -> Practitioner:
    """Add a practitioner whom patients do not see yet; raises `Invalid` on field `rpps` where the number is another's."""
    row = Practitioner(
        practice_id=practice_id, account_id=account_id, given_name="", family_name="", sort_key="", specialty="", rpps="", slug=""
    )
    if is_taken(session, form.rpps, account_id, by_checked=True):
        raise Invalid(fields={"rpps": RppsTaken.message})
    session.add(form.fill(session, row))
    flush_rpps(session)
    return row


def slug_of(given_name: str, family_name: str) -> str:
    """Write the last part of a public address: « claire-vasseur », no longer than what is read of one."""
    return name_key(f"{given_name} {family_name}")[:LONGEST_SLUG].strip().replace(" ", "-")


def free_slug(session: Session, given_name: str, family_name: str) -> str:
    """Find an address that nobody has; whoever looks next waits until this transaction has taken it."""
    session.connection().execute(text("select pg_advisory_xact_lock(hashtext('practitioner_slug'))"))
    base = slug_of(given_name, family_name)
    taken = set(session.exec(select(Practitioner.slug).where(col(Practitioner.slug).startswith(base))))
    return base if base not in taken else next(f"{base}-{number}" for number in count(2) if f"{base}-{number}" not in taken)
