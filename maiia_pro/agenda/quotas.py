"""What a reason's rules refuse to patients and programs once it is known whom a visit is for; counted under the practitioner's lock."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.codes import Audience
from maiia_pro.agenda.context import OfferingContext
from maiia_pro.agenda.errors import ForKnownPatients, ForNewPatients, NoNewPatients, TooManyOpen
from maiia_pro.agenda.openings import local_day, to_instant
from maiia_pro.kernel import clock
from maiia_pro.kernel.exchange import exchange

_COUNTS: Final = """
    select (
        select count(*) from appointment
        where reason_id = %(reason_id)s and first_visit and active and starts_at >= %(begins)s and starts_at < %(ends)s
          and id is distinct from %(leaving_out)s
    ), (
        select count(*) from appointment
        where patient_id = %(patient_id)s and reason_id = %(reason_id)s and active and starts_at > %(now)s
          and id is distinct from %(leaving_out)s
    )
"""


def check_audience(offering: OfferingContext) -> None:
    """Refuse a reason that is not for this patient; raises `ForKnownPatients` or `ForNewPatients`."""
    if not offering.rules.admits(offering.known):
        raise ForKnownPatients if offering.rules.audience == Audience.KNOWN else ForNewPatients


def check_quotas(
    session: Session, offering: OfferingContext, patient_id: UUID | None, starts_at: datetime, moved: UUID | None = None
) -> None:
    """Refuse one new patient too many that day, or one visit to come too many; raises `NoNewPatients` or `TooManyOpen`.

    The practitioner's row is locked by the caller, so that nobody else is being counted in meanwhile.
    """
    rules = offering.rules
    a_day = None if offering.known else rules.new_patients_a_day
    if a_day is None and rules.open_bookings is None:
        return
    begins, ends = local_day(starts_at.astimezone(offering.zone).date(), offering.zone)
    values = {"reason_id": offering.reason_id, "patient_id": patient_id, "now": clock.now(), "leaving_out": moved}
    values |= {"begins": to_instant(begins), "ends": to_instant(ends)}
    new, coming = exchange(session, _COUNTS, values).fetchone() or (0, 0)
    if a_day is not None and new >= a_day:
        raise NoNewPatients
    if rules.open_bookings is not None and coming >= rules.open_bookings:
        raise TooManyOpen
