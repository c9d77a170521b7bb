"""Table of the service's heartbeats."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Heartbeat(SQLModel, table=True):
    """A minute in which the service answered; the share of such minutes is the public uptime."""

    __tablename__ = "heartbeat"

    minute: datetime = Field(primary_key=True)
