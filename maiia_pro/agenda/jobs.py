"""Jobs that the agenda enqueues; `maiia_pro.jobs` binds what does them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from maiia_pro.kernel.queue import Job


@dataclass(frozen=True)
class AppointmentTold(Job):
    """Tell the patient what became of an appointment: booked, moved, cancelled or restored; `version` is the row's at that moment."""

    name: ClassVar[str] = "agenda.appointment_told"
    appointment_id: UUID
    event: str
    version: int


@dataclass(frozen=True)
class SeriesTold(Job):
    """Tell the patient, in one message, what became of several visits of a series; `visits` are their ids, `version` is the series'."""

    name: ClassVar[str] = "agenda.series_told"
    series_id: UUID
    event: str
    version: int
    visits: list[str]


@dataclass(frozen=True)
class SlotFreed(Job):
    """Time of a practitioner became free again, from one instant to another (ISO 8601): whoever waits for it may be asked."""

    name: ClassVar[str] = "agenda.slot_freed"
    practitioner_id: UUID
    begins: str
    ends: str
