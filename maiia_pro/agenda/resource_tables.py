"""Tables of rooms and equipment."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    column,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint
from sqlmodel import Field, SQLModel

from maiia_pro.kernel.ids import uuid7

NO_RESOURCE_OVERLAP = "resource_booking_no_overlap"


class ResourceKind(SQLModel, table=True):
    """What rooms and equipment of a practice stand for one another: « Salle d’examen », « Échographe »."""

    __tablename__ = "resource_kind"
    __table_args__ = (
        UniqueConstraint("id", "practice_id"),
        Index("uq_resource_kind_practice_id_name", "practice_id", text("lower(name)"), unique=True),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(foreign_key="practice.id")
    name: str


class Resource(SQLModel, table=True):
    """A room or a piece of equipment of a site."""

    __tablename__ = "resource"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "practice_id"], ["site.id", "site.practice_id"]),
        ForeignKeyConstraint(["kind_id", "practice_id"], ["resource_kind.id", "resource_kind.practice_id"]),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(index=True)
    site_id: UUID
    kind_id: UUID = Field(index=True)
    name: str
    retired: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    """No visit takes it any more; those that have it keep it."""


class ReasonNeed(SQLModel, table=True):
    """A visit of the reason takes one resource of the kind."""

    __tablename__ = "reason_need"
    __table_args__ = (
        ForeignKeyConstraint(["reason_id", "practice_id"], ["visit_reason.id", "visit_reason.practice_id"]),
        ForeignKeyConstraint(["kind_id", "practice_id"], ["resource_kind.id", "resource_kind.practice_id"]),
    )

    reason_id: UUID = Field(primary_key=True)
    kind_id: UUID = Field(primary_key=True)
    practice_id: UUID


class ResourceBooking(SQLModel, table=True):
    """A room or equipment taken by an appointment; it leaves with it."""

    __tablename__ = "resource_booking"
    __table_args__ = (
        ExcludeConstraint(
            (column("resource_id"), "="),
            (column("blocked"), "&&"),
            using="gist",
            name=NO_RESOURCE_OVERLAP,
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    resource_id: UUID = Field(foreign_key="resource.id")
    appointment_id: UUID = Field(sa_column=Column(ForeignKey("appointment.id", ondelete="CASCADE"), nullable=False, index=True))
    blocked: Any = Field(sa_column=Column(TSTZRANGE, nullable=False))
