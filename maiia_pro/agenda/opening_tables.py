"""Tables of when practitioners receive."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.terms import SchoolTime, Weeks
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7


def _admitted() -> Any:
    """Reasons that some hours admit, none meaning all. An array: read with every slot, and a reason is never deleted."""
    return Field(default_factory=list, sa_column=Column(ARRAY(Uuid()), nullable=False, server_default="{}"))


class OpeningRule(SQLModel, table=True):
    """Weekly hours at a site, by the site's own clock, half-open."""

    __tablename__ = "opening_rule"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("opens < closes", name="order"),
        CheckConstraint("valid_from <= valid_until", name="validity"),
        CheckConstraint(one_of("weeks", Weeks), name="weeks"),
        CheckConstraint(one_of("school", SchoolTime), name="school"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practitioner_id: UUID = Field(foreign_key="practitioner.id", index=True)
    site_id: UUID = Field(foreign_key="site.id")
    weekday: int
    """0 for Monday."""
    opens: time
    closes: time
    valid_from: date | None = None
    valid_until: date | None = None
    """The last day, included."""
    weeks: str = Field(default=Weeks.EVERY, sa_column_kwargs={"server_default": Weeks.EVERY.value})
    school: str = Field(default=SchoolTime.ALWAYS, sa_column_kwargs={"server_default": SchoolTime.ALWAYS.value})
    reason_ids: list[UUID] = _admitted()


class OpeningException(SQLModel, table=True):
    """Time closed, opened besides the weekly hours, or in their place, half-open; without a site it closes them all."""

    __tablename__ = "opening_exception"
    __table_args__ = (
        CheckConstraint(one_of("kind", ExceptionKind), name="kind"),
        CheckConstraint("starts_at < ends_at or (kind = 'special' and starts_at = ends_at)", name="order"),
        CheckConstraint("kind = 'closed' or site_id is not null", name="site"),
        CheckConstraint("(kind = 'special') = (day is not null)", name="day"),
        CheckConstraint("kind <> 'closed' or reason_ids = '{}'", name="reasons"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practitioner_id: UUID = Field(foreign_key="practitioner.id", index=True)
    site_id: UUID | None = Field(default=None, foreign_key="site.id")
    kind: str
    day: date | None = None
    """Of a special day: which, by the site's calendar."""
    starts_at: datetime
    ends_at: datetime
    reason_ids: list[UUID] = _admitted()
    label: str = ""
