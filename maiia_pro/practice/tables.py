"""Tables of practices, sites and practitioners."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Column, Computed, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from maiia_pro.identity.national_number import PATTERN
from maiia_pro.kernel import clock
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7


class Offer(StrEnum):
    """What the client subscribed to (terms of use, article 8.1)."""

    INITIAL = "initial"
    PREMIUM = "premium"


class Specialty(StrEnum):
    """What a practitioner practises; the label table is total."""

    GENERAL_MEDICINE = "general_medicine"
    PAEDIATRICS = "paediatrics"
    DERMATOLOGY = "dermatology"
    CARDIOLOGY = "cardiology"
    GYNAECOLOGY = "gynaecology"
    OPHTHALMOLOGY = "ophthalmology"
    PSYCHIATRY = "psychiatry"
    MIDWIFERY = "midwifery"
    PHYSIOTHERAPY = "physiotherapy"
    DENTISTRY = "dentistry"


SPECIALTY_LABELS: dict[Specialty, str] = {
    Specialty.GENERAL_MEDICINE: "Médecine générale",
    Specialty.PAEDIATRICS: "Pédiatrie",
    Specialty.DERMATOLOGY: "Dermatologie",
    Specialty.CARDIOLOGY: "Cardiologie",
    Specialty.GYNAECOLOGY: "Gynécologie",
    Specialty.OPHTHALMOLOGY: "Ophtalmologie",
    Specialty.PSYCHIATRY: "Psychiatrie",
    Specialty.MIDWIFERY: "Sage-femme",
    Specialty.PHYSIOTHERAPY: "Kinésithérapie",
    Specialty.DENTISTRY: "Chirurgie dentaire",
}


class Practice(SQLModel, table=True):
    """A client: the legal person that subscribes, with its sites and its people."""

    __tablename__ = "practice"
    __table_args__ = (
        CheckConstraint(one_of("offer", Offer), name="offer"),
        CheckConstraint("lock_minutes between 1 and 120", name="lock_minutes"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    name: str
    offer: str = Offer.PREMIUM
    lock_minutes: int = 10
    """After how long without a key or a pointer its people's screens lock."""
    is_demo: bool = False
    """Shown as « démonstration » wherever its name appears."""
    created_at: datetime = Field(default_factory=clock.now)


class Site(SQLModel, table=True):
    """A place where a practice receives; its zone decides what its clocks show."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("id", "practice_id"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(foreign_key="practice.id", index=True)
    name: str
    street: str
    postal_code: str
    city: str
    place_key: str
    """City, postal code and street without accents, for the search by place."""
    phone: str
    zone: str = "Europe/Paris"
    """IANA name of the time zone."""
    closed_at: datetime | None = None
    """Since when nobody receives there any more; visits of before keep it."""


class Practitioner(SQLModel, table=True):
    """A health professional with an agenda; the row is the lock that bookings take first."""

    __tablename__ = "practitioner"
    __table_args__ = (
        CheckConstraint(one_of("specialty", Specialty), name="specialty"),
        CheckConstraint(f"rpps ~ '{PATTERN}'", name="national_number"),
        Index("ix_practitioner_practice_id_sort_key", "practice_id", "sort_key"),
        Index("practitioner_one_rpps", "rpps", unique=True),
        ForeignKeyConstraint(
            ["consent_id", "id"],
            ["licence_consent.id", "licence_consent.practitioner_id"],
            name="published_with_consent",
            use_alter=True,
        ),
        UniqueConstraint("id", "practice_id"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(foreign_key="practice.id")
    account_id: UUID | None = Field(default=None, foreign_key="account.id", unique=True)
    title: str = ""
    """« Dr », or nothing."""
    given_name: str
    family_name: str
    sort_key: str = Field(sa_column=Column(String(collation="C"), nullable=False))
    """Family then given name, without accents; compared byte by byte."""
    specialty: str
    rpps: str
    """RPPS, or ADELI: nobody is a practitioner without (terms of use, article 2). It changes by an accepted `Declaration` alone: a
    trigger of the database holds it."""
    slug: str = Field(unique=True)
    """Last part of the public address `/medecin/<slug>`."""
    hue: str = "teal"
    consent_id: UUID | None = None
    """The practitioner's own consent in force, by which the page is public; nothing else makes it so."""
    barred: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    """Their account is shut by the operator: nobody books with them, and the page is not shown, whatever they consented to."""
    published: bool = Field(default=None, sa_column=Column(Boolean, Computed("consent_id is not null and not barred"), nullable=False))
    closed_on_holidays: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    """Whether weekly hours stop on public holidays; special days and extra openings hold all the same."""
    agenda_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Raised by each change of hours, exceptions or reasons, so that a booking under the lock knows whether what it read still holds."""

    @property
    def display_name(self) -> str:
        """How people read it: « Dr Claire Vasseur »."""
        return f"{self.title} {self.given_name} {self.family_name}".strip()
