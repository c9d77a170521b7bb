"""Table of the links that lead to one visit without signing in."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from maiia_pro.kernel import clock


class VisitLink(SQLModel, table=True):
    """A link that has not served yet; only the hash of its secret is kept."""

    __tablename__ = "visit_link"

    token_hash: str = Field(primary_key=True)
    appointment_id: UUID = Field(foreign_key="appointment.id", index=True)
    created_at: datetime = Field(default_factory=clock.now)
