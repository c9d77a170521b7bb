"""What an act leaves behind, in one exchange with the database: its line of history, the job it asks for, the word to open screens."""

from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.kernel import audit, live, queue

_LEAVE = text("with noted as (" + audit.ADD + ") select pg_notify(:channel, :payload), " + queue.DEFER)


def leave(session: Session, entry: dict[str, Any], job: queue.Job, change: live.Change, *, lock: str | None = None) -> None:
    """Do at once what `audit.record`, `queue.enqueue` and `live.announce` do; `entry` is made by `audit.entry_values`."""
    told = {"channel": live.CHANNEL, "payload": change.encode()}
    session.connection().execute(_LEAVE, entry | queue.job_values(job, lock) | told)
