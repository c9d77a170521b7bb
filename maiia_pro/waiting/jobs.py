"""Jobs that the waiting list enqueues; `maiia_pro.jobs` binds what does them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from maiia_pro.kernel.queue import Job


@dataclass(frozen=True)
class PlaceOffered(Job):
    """Tell a patient that a place is kept for them."""

    name: ClassVar[str] = "waiting.place_offered"
    offer_id: UUID
