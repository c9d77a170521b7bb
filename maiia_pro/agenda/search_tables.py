"""The table that makes the public search quick."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel


class FirstFree(SQLModel, table=True):
    """Before when a practitioner surely has no free online slot; triggers forget it with whatever may bring one earlier (decision 26)."""

    __tablename__ = "first_free"
    __table_args__ = (ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], ondelete="CASCADE"),)

    practitioner_id: UUID = Field(primary_key=True)
    starts_at: datetime | None = None
    """Nothing before it; null where something changed since it was computed."""
    until: datetime
    """From when on that slot is too near to be booked, and `then_at` holds instead."""
    then_at: datetime
    forgotten: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Raised with each change, so that what was computed before it is not written after it."""
