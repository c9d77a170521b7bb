"""What a practitioner and their substitute hand over to each other."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel


class Handover(SQLModel, table=True):
    """The sheet of one replacement: the practitioner's word for its beginning, the substitute's for its end.

    The words are clinical: they are in no log and in no entry of the audit trail.
    """

    __tablename__ = "handover"

    delegation_id: UUID = Field(foreign_key="delegation.id", primary_key=True)
    before: str = ""
    """By the practitioner: patients to follow, things to know."""
    before_at: datetime | None = None
    before_read_at: datetime | None = None
    """When the substitute first read it as it stands."""
    after: str = ""
    """By the substitute: what happened, what is left to do."""
    after_at: datetime | None = None
    after_read_at: datetime | None = None
