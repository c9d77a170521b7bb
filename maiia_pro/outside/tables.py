"""Tables of linked calendars: where one is, and what we wrote there."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE
from sqlmodel import Field, SQLModel

from maiia_pro.kernel import clock
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7


class OutsideSource(StrEnum):
    """How we know that a practitioner is busy elsewhere."""

    FILE = "file"
    CALDAV = "caldav"


class OutsideTime(SQLModel, table=True):
    """Time that another calendar of a practitioner fills: patients and programs find nothing there, staff decide for themselves."""

    __tablename__ = "outside_time"
    __table_args__ = (
        UniqueConstraint("practitioner_id", "source", "event_key", "occurrence"),
        CheckConstraint(one_of("source", OutsideSource), name="source"),
        CheckConstraint("not isempty(during) and lower(during) >= '1970-01-01Z' and upper(during) <= '2201-01-01Z'", name="during"),
        Index("ix_outside_time_during", "practitioner_id", "during", postgresql_using="gist"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practitioner_id: UUID = Field(foreign_key="practitioner.id")
    source: str
    event_key: str
    """A hash of the event's UID, which may hold a name."""
    occurrence: str = ""
    """Of a repeated event: which, as its RECURRENCE-ID in UTC."""
    during: Any = Field(sa_column=Column(TSTZRANGE, nullable=False))
    title: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Kept only where the practitioner asked for it, shown to them alone."""


class LinkState(StrEnum):
    """Where a link stands."""

    NEW = "new"
    """The address and the password are to be tried."""
    CHOOSE = "choose"
    """The user has several calendars."""
    ACTIVE = "active"
    STOPPED = "stopped"
    """Refused for a reason that only its owner can mend: nothing is tried any more."""
    LEAVING = "leaving"
    """What we wrote is being taken away; then the link goes."""


class CalendarLink(SQLModel, table=True):
    """A practitioner's calendar elsewhere; one at a time."""

    __tablename__ = "calendar_link"
    __table_args__ = (CheckConstraint(one_of("state", LinkState), name="state"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practitioner_id: UUID = Field(foreign_key="practitioner.id", unique=True)
    address: str
    user_name: str
    sealed_password: str
    state: str = LinkState.NEW
    calendar_url: str = ""
    calendar_name: str = ""
    choices: list[Any] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    """Addresses and names, while one is to be chosen."""
    read_tag: str = ""
    """What the calendar said of its version when it was last read; see `read_day`."""
    read_day: date | None = None
    asked: bool = True
    """Whether its owner waits for the worker."""
    fault: str = ""
    """Code of what went wrong the last time; "" if nothing did."""
    failures: int = 0
    """In a row."""
    retry_at: datetime | None = None
    """Nothing is tried before."""
    next_at: datetime = Field(default_factory=clock.now)
    """When it is read again of itself."""
    synced_at: datetime | None = None
    created_at: datetime = Field(default_factory=clock.now)


class CalendarPush(SQLModel, table=True):
    """An appointment that we wrote, or are about to write, into a linked calendar; the times are those it has there."""

    __tablename__ = "calendar_push"

    link_id: UUID = Field(sa_column=Column(ForeignKey("calendar_link.id", ondelete="CASCADE"), primary_key=True))
    appointment_id: UUID = Field(primary_key=True)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
