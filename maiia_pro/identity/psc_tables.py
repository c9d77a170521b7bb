"""What is kept of Pro Santé Connect: requests under way, the account that a number proved to be theirs, sessions to end there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Uuid
from sqlmodel import Field, SQLModel

from maiia_pro.kernel.clock import now


class PscRequest(SQLModel, table=True):
    """A browser that left for Pro Santé Connect; `token_hash` is the SHA-256 of its cookie, from which state, nonce and verifier follow."""

    __tablename__ = "psc_request"

    token_hash: str = Field(primary_key=True)
    leads_to: str = ""
    """Which of our pages to go on to; nothing for the account's first one."""
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime = Field(index=True)


class PscLink(SQLModel, table=True):
    """An account whose holder proved by Pro Santé Connect to be the professional of this RPPS."""

    __tablename__ = "psc_link"
    __table_args__ = (CheckConstraint("rpps ~ '^[0-9]{11}$'", name="rpps"),)

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    rpps: str = Field(unique=True)
    subject: str
    """How the provider names them (`sub`)."""
    linked_at: datetime = Field(default_factory=now)
    used_at: datetime = Field(default_factory=now)


class PscSession(SQLModel, table=True):
    """A session opened by Pro Santé Connect; `leave` is the address that ends the one there, encrypted."""

    __tablename__ = "psc_session"

    session_id: UUID = Field(sa_column=Column(Uuid(), ForeignKey("account_session.id", ondelete="CASCADE"), primary_key=True))
    leave: str
