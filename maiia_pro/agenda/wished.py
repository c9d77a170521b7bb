"""The next free times that fit what somebody typed, across the practitioners of the practice."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from maiia_pro.agenda.context import load_offerings
from maiia_pro.agenda.desk import SEARCH_AHEAD, Desk, DeskReason
from maiia_pro.agenda.hours import Window
from maiia_pro.agenda.offered import FreeSlot, slots_of
from maiia_pro.agenda.openings import local_day, to_instant
from maiia_pro.agenda.slot_words import FURTHEST_DAYS, Wish
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading

NEAR: Final = timedelta(days=7)


def wished_slots(actor: Actor, frame: Desk, wish: Wish, offered: Sequence[DeskReason], limit: int) -> list[FreeSlot]:
    """List the next free times of what is offered that lie within the days and hours of the wish."""
    require(actor, Permission.AGENDA_VIEW, frame.practice_id)
    now = clock.now()
    spans = [Window(now, now + ahead, now) for ahead in (NEAR, SEARCH_AHEAD)]
    if wish.first and wish.last:
        if abs((wish.first - now.date()).days) > FURTHEST_DAYS:
            return []
        begins, ends = (to_instant(local_day(day, frame.zone)[0]) for day in (wish.first, wish.last + timedelta(days=1)))
        spans = [Window(max(begins, now), ends, now)]
    zones = {site.id: site.zone for site in frame.sites}

    def fits(slot: FreeSlot) -> bool:
        local = slot.starts_at.astimezone(zones[slot.site_id])
        return wish.begins <= local.hour * 60 + local.minute < wish.ends

    found: list[FreeSlot] = []
    with reading() as session:
        known = [one.for_whom(True) for one in load_offerings(session, [one.offering_id for one in offered]).values()]
        for span in spans:
            found = [slot for slot in slots_of(session, known, span, online_only=False) if fits(slot)]
            if len(found) >= limit:
                break
    return found[:limit]
