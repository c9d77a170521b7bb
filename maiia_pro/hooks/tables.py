"""Tables of subscriptions and of what was sent to them; a trigger on appointments writes the deliveries."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from maiia_pro.kernel.clock import now
from maiia_pro.kernel.ids import uuid7


class EventKind(StrEnum):
    """What programs are told of."""

    BOOKED = "appointment.booked"
    MOVED = "appointment.moved"
    CANCELLED = "appointment.cancelled"
    RESTORED = "appointment.restored"


TEST: Final = "test"
"""An event that somebody sends to see whether it arrives."""


class Webhook(SQLModel, table=True):
    """Where a practice has events sent to; `sealed_secret` signs them and must be read again, so it is encrypted."""

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint("cardinality(events) > 0", name="some_event"),
        Index("ix_webhook_practice_id_live", "practice_id", postgresql_where=text("ended_at is null")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(foreign_key="practice.id")
    url: str
    sealed_secret: str
    events: list[str] = Field(sa_column=Column(ARRAY(String), nullable=False))
    created_by: UUID = Field(foreign_key="account.id")
    created_at: datetime = Field(default_factory=now)
    failing_since: datetime | None = None
    """Since when nothing at all arrived."""
    stopped_at: datetime | None = None
    """When sending stopped, after days in vain; somebody of the practice starts it again."""
    ended_at: datetime | None = None


class Delivery(SQLModel, table=True):
    """An event for a subscription; `id` is the same at each try, so that the program may know it again."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (CheckConstraint("tries >= 0", name="tries"), Index("ix_webhook_delivery_recent", "webhook_id", "created_at"))

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    webhook_id: UUID = Field(sa_column=Column(Uuid(), ForeignKey("webhook.id", ondelete="CASCADE"), nullable=False))
    event: str
    subject_id: UUID | None = None
    """The appointment."""
    practitioner_id: UUID | None = None
    version: int = 0
    created_at: datetime = Field(default_factory=now, index=True)
    tries: int = 0
    tried_at: datetime | None = None
    status: int | None = None
    """What the program answered last."""
    failure: str = ""
    """Why it has not arrived, in a sentence for people."""
    received_at: datetime | None = None
    given_up_at: datetime | None = None
