"""Table of the outbox: every e-mail, before and after it left."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from maiia_pro.kernel import clock
from maiia_pro.kernel.ids import uuid7


class OutgoingEmail(SQLModel, table=True):
    """An e-mail. `key` names the event that it tells, so that the event is told once; `id` is also its Message-ID (RFC 5322)."""

    __tablename__ = "outgoing_email"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    key: str = Field(unique=True)
    practice_id: UUID | None = Field(default=None, foreign_key="practice.id", index=True)
    recipient: str
    subject: str
    body: str
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
