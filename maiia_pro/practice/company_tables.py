"""Companies that practise: the partners by whose numbers they may (terms of use, article 2)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from maiia_pro.identity.national_number import PATTERN
from maiia_pro.kernel import clock
from maiia_pro.kernel.ids import uuid7


class Company(SQLModel, table=True):
    """The company that a practice is, where it is one; a trigger of the database refuses one without a partner."""

    __tablename__ = "practice_company"
    __table_args__ = (CheckConstraint("siren ~ '^[0-9]{9}$'", name="siren"),)

    practice_id: UUID = Field(foreign_key="practice.id", primary_key=True)
    name: str
    siren: str
    """Nine digits, by which the national register of companies knows it."""
    changed_at: datetime = Field(default_factory=clock.now)


class Partner(SQLModel, table=True):
    """A partner of a company: a health professional with a number of their own."""

    __tablename__ = "practice_partner"
    __table_args__ = (
        UniqueConstraint("practice_id", "number", name="practice_partner_once"),
        CheckConstraint(f"number ~ '{PATTERN}'", name="national_number"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(foreign_key="practice_company.practice_id")
    place: int
    """Where they stand in the list, from 0."""
    name: str
    number: str
