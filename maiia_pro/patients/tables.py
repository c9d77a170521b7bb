"""Tables of patients: the persons an account books for, and the record each practice keeps."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from maiia_pro.kernel import clock
from maiia_pro.kernel.ids import uuid7


class Person(SQLModel, table=True):
    """Somebody that a patient's account may book for: the holder, later relatives."""

    __tablename__ = "person"
    __table_args__ = (
        Index("uq_person_account_id_is_self", "account_id", unique=True, postgresql_where=text("is_self")),
        CheckConstraint("not is_self or removed_at is null", name="removed"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    given_name: str
    family_name: str
    birth_date: date
    phone: str = ""
    """E.164, or empty."""
    is_self: bool = True
    removed_at: datetime | None = None
    """When the account stopped booking for them; the visits that they have stay theirs, in the account and with the practices."""
    created_at: datetime = Field(default_factory=clock.now)


class Patient(SQLModel, table=True):
    """The record that a practice keeps of somebody; `person_id` links it to the account that books online.

    The database lets nobody give it another person, nor a person another account.
    """

    __tablename__ = "patient"
    __table_args__ = (
        Index("ix_patient_practice_id_sort_key", "practice_id", "sort_key"),
        UniqueConstraint("id", "practice_id"),
        Index("ix_patient_practice_id_birth_date", "practice_id", "birth_date"),
        Index("ix_patient_practice_id_phone", "practice_id", "phone"),
        Index("ix_patient_practice_id_phone_end", "practice_id", text("reverse(phone)")),
        Index("ix_patient_keys", text("patient_keys(practice_id, sort_key)"), postgresql_using="gin"),
        Index("uq_patient_practice_id_person_id", "practice_id", "person_id", unique=True),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(foreign_key="practice.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    given_name: str
    family_name: str
    sort_key: str = Field(sa_column=Column(String(collation="C"), nullable=False))
    """Family then given name, without accents; compared byte by byte."""
    birth_date: date
    phone: str = Field(default="", sa_column=Column(String(collation="C"), nullable=False))
    """E.164, or empty."""
    email: str = ""
    created_at: datetime = Field(default_factory=clock.now)

    @property
    def display_name(self) -> str:
        """How people read it: « Josiane Keller »."""
        return f"{self.given_name} {self.family_name}".strip()


class MessagePreference(SQLModel, table=True):
    """By which channels an account wants which messages; an account without a row has the defaults, which are those of the columns."""

    __tablename__ = "message_preference"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    changes_sms: bool = False
    """Confirmations and changes; by e-mail they always leave."""
    reminders_email: bool = True
    reminders_sms: bool = True
    offers_email: bool = True
    """Places of the waiting list."""
    offers_sms: bool = False
    delays_email: bool = True
    delays_sms: bool = True
    changed_at: datetime = Field(default_factory=clock.now)
