"""A place kept for a patient's account until an instant: a hold like a visitor's, made by the practice or by its waiting list."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.booking import THERE
from maiia_pro.agenda.context import OfferingContext, lock_practitioners
from maiia_pro.agenda.holds import LAST_WORD, RELEASE, ROW
from maiia_pro.agenda.hours import Window
from maiia_pro.agenda.offered import slots_of
from maiia_pro.agenda.rooms import lock_rooms, take_rooms
from maiia_pro.agenda.visit import widened
from maiia_pro.kernel import clock, live
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.ids import uuid7

_KEEP: Final = ROW + f"where not {THERE}" + LAST_WORD


def keep_for(session: Session, offering: OfferingContext, starts_at: datetime, account_id: UUID, until: datetime) -> UUID | None:
    """Keep a place, with the rooms that its reason needs, for an account; gives the hold's id, or nothing where it is not free."""
    lock_practitioners(session, [offering.practitioner_id])
    if offering.rules.needs:
        lock_rooms(session, offering)  # before the look, so that what is seen free is still free when it is taken
    if not _is_free(session, offering, starts_at):
        return None
    ends_at = starts_at + timedelta(minutes=offering.shape.length)
    begins, ends = widened(offering, starts_at, ends_at)
    values = {
        "id": uuid7(), "practice_id": offering.practice_id, "practitioner_id": offering.practitioner_id, "site_id": offering.site_id,
        "reason_id": offering.reason_id, "mode": offering.mode, "starts_at": starts_at, "ends_at": ends_at, "begins": begins, "ends": ends,
        "now": clock.now(), "held_until": until, "account_id": account_id, "browser": None, "network": None, "leaving_out": None,
    }  # fmt: skip
    row = exchange(session, _KEEP, values).fetchone()
    if row is None:
        return None
    take_rooms(session, offering, row[0], (begins, ends))
    live.announce(session, live.Change(live.agenda_topic(offering.practitioner_id), row[0], 0))
    return UUID(str(row[0]))


def _is_free(session: Session, offering: OfferingContext, starts_at: datetime) -> bool:
    window = Window(starts_at, starts_at + timedelta(minutes=1), clock.now())
    return any(one.starts_at == starts_at for one in slots_of(session, [offering], window))


def give_back(session: Session, hold_id: UUID) -> None:
    """Give a kept place back, if it is still kept."""
    row = exchange(session, RELEASE, {"id": hold_id}).fetchone()
    if row is not None:
        live.announce(session, live.Change(live.agenda_topic(row[0]), hold_id, 0))
