"""The job that sends what waits in the outbox; `maiia_pro.jobs` binds what does it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from maiia_pro.kernel.queue import Job


@dataclass(frozen=True)
class MailReady(Job):
    """Send a message that waits in the outbox."""

    name: ClassVar[str] = "evening.mail_ready"  # as those that wait in a queue are named
    email_id: UUID


class DelayReady(MailReady):
    """Send the message of a delay: within two minutes or not at all."""

    name: ClassVar[str] = "notifications.delay_ready"
