"""Tables of the reception: the secret of each site's poster, and the delay announced for a practitioner."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from maiia_pro.kernel import clock


class SiteDoor(SQLModel, table=True):
    """The secret in the address on a site's poster; one at a time. It hangs on a wall, so it is kept as it is, to be printed again."""

    __tablename__ = "site_door"

    site_id: UUID = Field(foreign_key="site.id", primary_key=True)
    token: str = Field(unique=True)
    directions: str = ""
    """Where those who signalled themselves wait: « Salle d’attente du premier étage »."""
    created_at: datetime = Field(default_factory=clock.now)


class AnnouncedDelay(SQLModel, table=True):
    """How late a practitioner is today, as told to those who wait; it holds until `ends_at`, the end of the day."""

    __tablename__ = "announced_delay"
    __table_args__ = (
        CheckConstraint("minutes between 0 and 240", name="minutes"),
        CheckConstraint("mailed_minutes between 0 and 240", name="mailed_minutes"),
        ForeignKeyConstraint(["practitioner_id", "practice_id"], ["practitioner.id", "practitioner.practice_id"]),
    )

    practitioner_id: UUID = Field(primary_key=True)
    practice_id: UUID = Field(index=True)
    minutes: int
    announced_at: datetime
    ends_at: datetime
    mailed_minutes: int = 0
    """What was last told by mail today."""
