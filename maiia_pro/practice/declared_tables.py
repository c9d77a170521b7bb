"""Changes of profession or RPPS that practitioners declare: nothing changes until an operator has decided."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from maiia_pro.kernel import clock
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7


class Declared(StrEnum):
    """What of a practitioner changes by an operator's decision only."""

    SPECIALTY = "specialty"
    RPPS = "rpps"


class Declaration(SQLModel, table=True):
    """A change that a practitioner declared; `before` and `wanted` are values of the practitioner's row, as `proof` says.

    `accepted` is nothing until an operator decides; a refusal has its `answer`.
    """

    __tablename__ = "declaration"
    __table_args__ = (
        CheckConstraint(one_of("what", Declared), name="what"),
        CheckConstraint("before <> wanted", name="changes"),
        CheckConstraint("proof <> ''", name="proof"),
        CheckConstraint("(accepted is null) = (decided_at is null) and (accepted is null) = (decided_by is null)", name="decided"),
        CheckConstraint("accepted is distinct from false or answer <> ''", name="refused_with_reason"),
        ForeignKeyConstraint(["practitioner_id", "practice_id"], ["practitioner.id", "practitioner.practice_id"]),
        Index("declaration_one_open", "practitioner_id", "what", unique=True, postgresql_where=text("accepted is null")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID
    practitioner_id: UUID = Field(index=True)
    account_id: UUID = Field(foreign_key="account.id")
    what: str
    before: str
    wanted: str
    proof: str
    """What shows it, in the words of who declares: number of the diploma, of the registration with the order …"""
    declared_at: datetime = Field(default_factory=clock.now)
    decided_at: datetime | None = None
    decided_by: UUID | None = Field(default=None, foreign_key="account.id")
    accepted: bool | None = None
    answer: str = ""
