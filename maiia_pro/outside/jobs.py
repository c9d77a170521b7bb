"""Jobs of linked calendars; `maiia_pro.jobs` binds what does them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from maiia_pro.kernel.queue import OUTSIDE, Job, enqueue


@dataclass(frozen=True)
class CalendarSync(Job):
    """Bring a linked calendar and the agenda together. A change of an appointment enqueues it too: a trigger of the migration."""

    name: ClassVar[str] = "outside.calendar_sync"
    queue: ClassVar[str] = OUTSIDE
    link_id: UUID


def enqueue_sync(session: Session, link_id: UUID) -> None:
    """Enqueue it, one at a time for a link."""
    enqueue(session, CalendarSync(link_id), lock=f"calendar:{link_id}")
