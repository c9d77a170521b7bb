"""Jobs that the reception enqueues; `maiia_pro.jobs` binds what does them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from maiia_pro.kernel.queue import Job


@dataclass(frozen=True)
class DelayTold(Job):
    """Tell the delay of a practitioner to those whose visit comes soon; `announced_at` names the announcement."""

    name: ClassVar[str] = "reception.delay_told"
    practitioner_id: UUID
    announced_at: str
