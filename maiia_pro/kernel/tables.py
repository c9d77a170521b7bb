"""Tables of the kernel: the audit trail, its seals, and how far they reach."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Identity, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from maiia_pro.kernel.ids import uuid7


class AuditEntry(SQLModel, table=True):
    """One act. `sequence` orders the entries of all chains; the worker seals each by a row of `AuditSeal`."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_practice_id_sequence", "practice_id", "sequence"),
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
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))


class AuditSeal(SQLModel, table=True):
    """The chain's hash after one entry; a row of its own, because entries are never updated."""

    __tablename__ = "audit_seal"

    entry_id: UUID = Field(primary_key=True)
    practice_id: UUID = Field(index=True)
    position: int = Field(sa_column=Column(BigInteger, nullable=False))
    """1 for the first entry of the chain, and no gap."""
    digest: str
    __table_args__ = (Index("uq_audit_seal_practice_id_position", "practice_id", "position", unique=True),)


class AuditHorizon(SQLModel, table=True):
    """The one row that says how far the trail is sealed; see `kernel/horizon.py`. `audit.verify` does not take its word."""

    __tablename__ = "audit_horizon"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: int = Field(default=1, primary_key=True)
    settled: int = Field(sa_column=Column(BigInteger, nullable=False))
    seen: int = Field(sa_column=Column(BigInteger, nullable=False))
    awaited: list[str] = Field(sa_column=Column(ARRAY(String), nullable=False))
