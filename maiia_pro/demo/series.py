"""A series of the demonstration: a pregnancy followed every Tuesday at nine, half of it past, half to come."""

import random
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from maiia_pro.agenda.tables import Appointment, Series
from maiia_pro.demo.appointments import DemoPatients, appointment_row
from maiia_pro.demo.ids import PRACTICE_ID, demo_id
from maiia_pro.demo.people import PRACTITIONERS
from maiia_pro.demo.practice import add_missing
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.french import PARIS

VISITS: Final = 10
TUESDAY: Final = 1
_AHEAD: Final = text("""
    select exists (select 1 from appointment where practice_id = :practice_id and series_id is not null and starts_at > :now)
""")


def seed_series(session: Session, patients: DemoPatients, secretary: Actor) -> None:
    """Add a series where none has a visit ahead; run before the other appointments, so that its places are free."""
    now = clock.now()
    if session.connection().execute(_AHEAD, {"practice_id": PRACTICE_ID, "now": now}).scalar_one():
        return
    midwife = next(one for one in PRACTITIONERS if one.key == "ferrand")
    first = _tuesday(now.astimezone(PARIS).date()) - timedelta(weeks=VISITS // 2)
    series_id = demo_id(f"series:{first}")
    row: dict[str, object] = {
        "id": series_id, "practice_id": PRACTICE_ID, "practitioner_id": demo_id("practitioner:ferrand"),
        "created_by": secretary.account_id,
        "created_at": now - timedelta(weeks=VISITS), "version": 1,
    }  # fmt: skip
    add_missing(session, Series, [row])
    picks = random.Random(f"series:{first}")  # noqa: S311 - the same series at each run
    starts = [datetime.combine(first + timedelta(weeks=week), time(9), PARIS) for week in range(VISITS)]
    reason = midwife.reasons[0]
    whom = DemoPatients(tuple(patients.who_come_for(reason, first.year)[:1]))
    visits = [appointment_row(midwife, reason, at, picks, whom, now) | {"series_id": series_id} for at in starts]
    session.connection().execute(insert(Appointment).values(visits).on_conflict_do_nothing())


def _tuesday(day: date) -> date:
    """Give the Tuesday of a week."""
    return day - timedelta(days=day.weekday() - TUESDAY)
