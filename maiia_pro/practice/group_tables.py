"""Tables of the groups that a practice puts its practitioners in."""

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from maiia_pro.kernel.ids import uuid7


class PractitionerGroup(SQLModel, table=True):
    """Practitioners whose agendas are looked at together: « Pédiatrie », « Étage 2 »; lower positions come first."""

    __tablename__ = "practitioner_group"
    __table_args__ = (
        UniqueConstraint("id", "practice_id"),
        Index("uq_practitioner_group_practice_id_name", "practice_id", text("lower(name)"), unique=True),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(foreign_key="practice.id")
    name: str
    position: int = 0


class GroupPlace(SQLModel, table=True):
    """A practitioner in a group of their practice; they may be in several."""

    __tablename__ = "practitioner_group_place"
    __table_args__ = (
        ForeignKeyConstraint(["group_id", "practice_id"], ["practitioner_group.id", "practitioner_group.practice_id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["practitioner_id", "practice_id"], ["practitioner.id", "practitioner.practice_id"]),
        Index("ix_practitioner_group_place_practitioner_id", "practitioner_id"),
    )

    group_id: UUID = Field(primary_key=True)
    practitioner_id: UUID = Field(primary_key=True)
    practice_id: UUID
