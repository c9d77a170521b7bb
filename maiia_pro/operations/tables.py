"""Tables of the service as a whole: its heartbeats, its releases."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel


class Heartbeat(SQLModel, table=True):
    """A minute in which the service answered; the share of such minutes is the public uptime."""

    __tablename__ = "heartbeat"

    minute: datetime = Field(primary_key=True)


class Release(SQLModel, table=True):
    """A release of the software, and since when this installation runs it."""

    __tablename__ = "release"

    version: str = Field(primary_key=True)
    since: datetime


class ReleaseRead(SQLModel, table=True):
    """The last release whose news an account has opened."""

    __tablename__ = "release_read"

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    version: str
