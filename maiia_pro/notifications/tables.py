"""Table of the outbox: every e-mail and SMS, before and after it left."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from maiia_pro.kernel import clock
from maiia_pro.kernel.ids import uuid7

ACTIVATION: Final = "activation:"
"""Begins the keys of messages that bring a link by which an account is opened."""

RECOVERY: Final = "recovery:"
"""Begins the keys of messages that bring a link by which somebody comes back in, or blocks their account."""

CHANGED: Final = "changed:"
"""Begins the keys of messages that tell the old address or number of an account that it was changed."""

SECURITY: Final = "security:"
"""Begins the keys of messages that tell the holder of an account what was done in it."""


class OutgoingEmail(SQLModel, table=True):
    """A message. `key` names the event that it tells, so that the event is told once; `id` is also its Message-ID (RFC 5322).

    `channel` is `email`, or `sms` to a number in E.164. With a `code_id` the body hides the code, which is worked out when it leaves.
    """

    __tablename__ = "outgoing_email"
    __table_args__ = (CheckConstraint("channel in ('email', 'sms')", name="channel"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    key: str = Field(unique=True)
    practice_id: UUID | None = Field(default=None, foreign_key="practice.id", index=True)
    channel: str = Field(default="email", sa_column_kwargs={"server_default": "email"})
    recipient: str
    subject: str
    body: str
    code_id: UUID | None = None
    calendar: str = ""
    """An iCalendar object (RFC 5545), or empty."""
    attachment: bytes | None = None
    """A file that goes with it, encrypted already; gone once the message has left."""
    attachment_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    created_at: datetime = Field(default_factory=clock.now, index=True)
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    """When it was last tried in vain, while it has not left."""
    failure: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why, in a sentence for people."""
