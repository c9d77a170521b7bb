"""The public uptime: the share of minutes in which the service answered, as the worker measured it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.operations.tables import Heartbeat

PERIOD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Uptime:
    """Minutes answered of minutes measured since `since`, at most thirty days ago."""

    since: datetime | None
    answered: int
    measured: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1; nothing before the first measure."""
        return min(1.0, self.answered / self.measured) if self.measured else None


def note_heartbeat(actor: Actor) -> None:
    """Write down that the service answered in this minute."""
    require(actor, Permission.SYSTEM)
    minute = clock.now().replace(second=0, microsecond=0)
    with transaction() as session:
        session.connection().execute(insert(Heartbeat).values(minute=minute).on_conflict_do_nothing())


def uptime(actor: Actor) -> Uptime:
    """Tell the uptime over the last thirty days, or since the first measure; the present minute counts once it has answered."""
    require(actor, Permission.DIRECTORY_SEARCH)
    now = clock.now()
    this_minute = now.replace(second=0, microsecond=0)
    with reading() as session:
        statement = select(func.min(Heartbeat.minute), func.max(Heartbeat.minute), func.count()).where(
            col(Heartbeat.minute) >= now - PERIOD
        )
        since, latest, answered = session.exec(statement).one()
    if not answered:
        return Uptime(None, 0, 0)
    measured = int((this_minute - since).total_seconds()) // 60 + (latest == this_minute)
    return Uptime(since, answered, measured)
