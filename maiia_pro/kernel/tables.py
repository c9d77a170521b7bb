"""Tables of the kernel: the audit trail, its seals, and how far they reach."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Identity, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from maiia_pro.kernel.ids import uuid7


class AuditEntry(SQLModel, table=True):
    """One act. `sequence` orders the entries of all chains; the worker seals each by a row of `AuditSeal`."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_practice_id_at_sequence", "practice_id", "at", "sequence"),
        Index("ix_audit_entry_at_sequence", "at", "sequence"),
        Index("ix_audit_entry_actor_id_at", "actor_id", "at", postgresql_where=text("actor_id is not null")),
        Index("ix_audit_entry_on_behalf_of_at", "on_behalf_of", "at", postgresql_where=text("on_behalf_of is not null")),
        Index(
            "audit_entry_found",
            text("(details -> 'found')"),
            postgresql_using="gin",
            postgresql_where=text("details ? 'found'"),
        ),
        Index("ix_audit_entry_subject_id", "subject_id"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    sequence: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), unique=True, nullable=False))
    practice_id: UUID
    at: datetime
    action: str
    actor_kind: str
    actor_id: UUID | None = None
    actor_name: str
    on_behalf_of: UUID | None = None
    subject_type: str
    subject_id: UUID | None = None
    session_id: UUID | None = None
    network: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Where the act came from; empty for what the software does of itself, and for what is older than this column."""
    browser: str = Field(default="", sa_column_kwargs={"server_default": ""})
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    mark: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What the content leaves under the server's key; see `audit.mark_of`."""


class AuditSeal(SQLModel, table=True):
    """The chain's digest after one entry; a row of its own, because entries are never updated."""

    __tablename__ = "audit_seal"

    entry_id: UUID = Field(primary_key=True)
    position: int = Field(sa_column=Column(BigInteger, unique=True, nullable=False))
    """1 for the first entry that was sealed, and no gap."""
    digest: str


class AuditHorizon(SQLModel, table=True):
    """The one row that says how far the trail is sealed; see `kernel/horizon.py`. `audit_chain.verify` does not take its word."""

    __tablename__ = "audit_horizon"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: int = Field(default=1, primary_key=True)
    settled: int = Field(sa_column=Column(BigInteger, nullable=False))
    seen: int = Field(sa_column=Column(BigInteger, nullable=False))
    awaited: list[str] = Field(sa_column=Column(ARRAY(String), nullable=False))


class AuditWatch(SQLModel, table=True):
    """The one row that says what the last look at the chain found, for the operator's screen; no look takes its word."""

    __tablename__ = "audit_watch"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: int = Field(default=1, primary_key=True)
    looked_at: datetime
    sealed: int = Field(sa_column=Column(BigInteger, nullable=False))
    checked: int = Field(sa_column=Column(BigInteger, nullable=False))
    """Every link up to this one was looked at once."""
    faults: int = 0
    fault: str = ""
    """The first one, in words."""
    broken_at: datetime | None = None
    """When a look first found one; a whole look without any takes it away."""
