"""What professionals declare of their profession and RPPS, and the first look at it: nothing counts until an operator has decided."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ColumnElement, ForeignKeyConstraint, Index, LargeBinary, exists, or_, text
from sqlmodel import Field, SQLModel, col

from maiia_pro.identity.tables import Membership
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7


class Declared(StrEnum):
    """What counts by an operator's decision only."""

    SPECIALTY = "specialty"
    """Of a practitioner, what they practise."""
    RPPS = "rpps"
    PROFESSION = "profession"
    """Of a substitute or an aidant, what they practise."""
    CHECK = "check"
    """That a substitute or an aidant practises what they are asked in as; they act once it is accepted."""


CHECKED: Final = "checked"
"""What a first look leads to, from nothing."""


class Declaration(SQLModel, table=True):
    """A change that a professional declared; `before` and `wanted` are values of the row that it changes, as `proof` says.

    That is the practitioner's, where one is named; else the `professional` of the account. `accepted` is nothing until an operator
    decides; a refusal has its `answer`.
    """

    __tablename__ = "declaration"
    __table_args__ = (
        CheckConstraint(one_of("what", Declared), name="what"),
        CheckConstraint("before <> wanted", name="changes"),
        CheckConstraint("(practitioner_id is null) = (practice_id is null)", name="where"),
        CheckConstraint("what = 'rpps' or (what = 'specialty') = (practitioner_id is not null)", name="whose"),
        CheckConstraint("proof <> ''", name="proof"),
        CheckConstraint("(accepted is null) = (decided_at is null) and (accepted is null) = (decided_by is null)", name="decided"),
        CheckConstraint("accepted is distinct from false or answer <> ''", name="refused_with_reason"),
        ForeignKeyConstraint(["practitioner_id", "practice_id"], ["practitioner.id", "practitioner.practice_id"]),
        Index("declaration_one_open", "account_id", "what", unique=True, postgresql_where=text("accepted is null")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID | None = None
    practitioner_id: UUID | None = Field(default=None, index=True)
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


_STILL_ASKED: Final = exists().where(
    col(Membership.account_id) == col(Declaration.account_id), col(Membership.role).in_([ActorKind.SUBSTITUTE, ActorKind.AIDANT])
)
"""Somebody still wants them: who declined, or was removed from everywhere, waits for nothing."""
WAITS: Final[ColumnElement[bool]] = col(Declaration.accepted).is_(None) & or_(col(Declaration.what) != Declared.CHECK, _STILL_ASKED)
"""An operator has a declaration to decide on."""


class ProofKind(StrEnum):
    """What a proof of identity is written as (RFC 6838)."""

    PDF = "application/pdf"
    IMAGE = "image/jpeg"


class IdentityProof(SQLModel, table=True):
    """A document by which somebody shows who they are or what they practise; it goes as soon as nothing is left to decide."""

    __tablename__ = "identity_proof"
    __table_args__ = (
        CheckConstraint(one_of("kind", ProofKind), name="kind"),
        CheckConstraint("octet_length(content) between 1 and 5000100", name="size"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    kind: str
    size: int
    """Bytes, before it is sealed."""
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Sealed, about the row's id."""
    added_at: datetime = Field(default_factory=clock.now)
