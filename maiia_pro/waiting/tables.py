"""Tables of the waiting list: what patients wish for, and the places offered to them, one patient at a time."""

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from maiia_pro.kernel import clock
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7


class Standing(StrEnum):
    """What became of a wish; one that is active past its last day is over without a word."""

    ACTIVE = "active"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """What became of an offer."""

    AWAITED = "awaited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PASSED = "passed"


class Wish(SQLModel, table=True):
    """A patient who would take a place that becomes free: with a practitioner or in a specialty of the practice, for a reason by name."""

    __tablename__ = "wish"
    __table_args__ = (
        CheckConstraint(one_of("standing", Standing), name="standing"),
        CheckConstraint("(practitioner_id is null) <> (specialty is null)", name="with"),
        CheckConstraint("weekdays <@ array[0, 1, 2, 3, 4, 5, 6]", name="weekdays"),
        CheckConstraint("begins < ends", name="hours"),
        CheckConstraint("(standing = 'active') = (closed_at is null)", name="closed_at"),
        ForeignKeyConstraint(["patient_id", "practice_id"], ["patient.id", "patient.practice_id"]),
        ForeignKeyConstraint(["practitioner_id", "practice_id"], ["practitioner.id", "practitioner.practice_id"]),
        Index(
            "uq_wish_patient_id_with_reason_key", "patient_id", text("coalesce(practitioner_id::text, specialty)"), "reason_key",
            unique=True, postgresql_where=text("standing = 'active'"),
        ),
        Index("ix_wish_practice_id_created_at", "practice_id", "created_at", postgresql_where=text("standing = 'active'")),
        Index("ix_wish_practice_id_closed_at", "practice_id", "closed_at"),
    )  # fmt: skip

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(foreign_key="practice.id")
    patient_id: UUID
    practitioner_id: UUID | None = None
    specialty: str | None = None
    """Any practitioner of the practice who has it."""
    reason: str
    """By name: each practitioner has their own of that name."""
    reason_key: str
    """The name without accents or case."""
    weekdays: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
    """0 is Monday; none: any day."""
    begins: time = time(0)
    """By the site's own clock: the visit begins at or after it, and before `ends`."""
    ends: time = time(23, 59)
    until: date
    """The last day that suits, included."""
    standing: str = Standing.ACTIVE
    created_by_id: UUID = Field(foreign_key="account.id")
    created_at: datetime = Field(default_factory=clock.now)
    closed_at: datetime | None = None
    version: int = 1


class WishOffer(SQLModel, table=True):
    """A place offered to one patient for a time; the hold that keeps it is a row of the agenda."""

    __tablename__ = "wish_offer"
    __table_args__ = (
        CheckConstraint(one_of("answer", Answer), name="answer"),
        CheckConstraint("(answer = 'awaited') = (answered_at is null)", name="answered_at"),
        Index("uq_wish_offer_wish_id", "wish_id", unique=True, postgresql_where=text("answer = 'awaited'")),
        Index(
            "uq_wish_offer_practitioner_id_starts_at", "practitioner_id", "starts_at", unique=True,
            postgresql_where=text("answer = 'awaited'"),
        ),
        Index("ix_wish_offer_expires_at", "expires_at", postgresql_where=text("answer = 'awaited'")),
        Index("ix_wish_offer_wish_id_starts_at", "wish_id", "starts_at"),
    )  # fmt: skip

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    wish_id: UUID = Field(foreign_key="wish.id")
    practitioner_id: UUID = Field(foreign_key="practitioner.id")
    offering_id: UUID = Field(foreign_key="offering.id")
    starts_at: datetime
    ends_at: datetime
    hold_id: UUID
    """Gone once it was booked, declined or broken."""
    made_at: datetime = Field(default_factory=clock.now)
    expires_at: datetime
    answer: str = Answer.AWAITED
    answered_at: datetime | None = None


def today_there(now: str) -> str:
    """Write in SQL which day it is for the practice of a wish `w`; `now` is the name of the statement's instant.

    A day in Papeete ends ten hours after that of UTC, and one in Nouméa eleven before.
    """
    zone = "(select s.zone from site s where s.practice_id = w.practice_id order by s.name limit 1)"
    return f"cast(cast({now} as timestamptz) at time zone coalesce({zone}, 'Europe/Paris') as date)"
