"""The visits of a series in order of time, as the panel of one of them lists them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.tables import Appointment
from maiia_pro.kernel.exchange import exchange


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A visit of a series."""

    id: UUID
    starts_at: datetime
    status: Status
    edited: bool
    """Whether it was moved or cancelled by itself."""


_OCCURRENCES: Final = """
    select id, starts_at, status, series_edited from appointment where series_id = %(series_id)s order by starts_at, id
"""


def occurrences(session: Session, appointment: Appointment) -> tuple[Occurrence, ...]:
    """List the series of a visit that the caller has authorised; nothing where it is in none."""
    if appointment.series_id is None:
        return ()
    rows = exchange(session, _OCCURRENCES, {"series_id": appointment.series_id})
    return tuple(Occurrence(ident, starts_at, Status(status), edited) for ident, starts_at, status, edited in rows)
