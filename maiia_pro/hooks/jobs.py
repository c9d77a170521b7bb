"""The job that sends an event; `maiia_pro.jobs` binds what does it. A trigger of the migration enqueues it too."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from maiia_pro.kernel.queue import OUTSIDE, Job


@dataclass(frozen=True)
class EventReady(Job):
    """Send an event to the program that waits for it."""

    name: ClassVar[str] = "hooks.event_ready"
    queue: ClassVar[str] = OUTSIDE
    delivery_id: UUID
