"""Slots open to online booking, as the public page, the API and the desk's search read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session

from maiia_pro.agenda.context import OfferingContext, load_offering, load_offerings
from maiia_pro.agenda.hours import BOOKING_HORIZON, Window, hours_and_busy_time, open_online, starts_of
from maiia_pro.agenda.limits import read_limits
from maiia_pro.agenda.openings import local_day, to_instant
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Invalid, NotFound

LONGEST_WINDOW = timedelta(days=62)
MOST_DAYS = 42
"""How many days the public page shows at once."""


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A time at which an offering may be booked."""

    key: str
    offering_id: UUID
    practitioner_id: UUID
    site_id: UUID
    reason_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class FreeSlotQuery:
    """Which slots: those starting in [begins, ends) that match every list given; an empty list asks nothing."""

    begins: datetime
    ends: datetime
    offering_ids: tuple[UUID, ...] = ()
    practitioner_ids: tuple[UUID, ...] = ()
    site_ids: tuple[UUID, ...] = ()
    practice_ids: tuple[UUID, ...] = ()
    reason_ids: tuple[UUID, ...] = ()
    known: bool | None = None
    """Whether the practitioner knows whom the slots are for; only what fits both where nobody says."""


_MATCHING = text("""
    select id from offering
    where active
      and (cardinality(:offerings) = 0 or id = any(:offerings))
      and (cardinality(:practitioners) = 0 or practitioner_id = any(:practitioners))
      and (cardinality(:sites) = 0 or site_id = any(:sites))
      and (cardinality(:practices) = 0 or practice_id = any(:practices))
      and (cardinality(:reasons) = 0 or reason_id = any(:reasons))
""").bindparams(
    *(bindparam(name, type_=ARRAY(PG_UUID(as_uuid=True))) for name in ("offerings", "practitioners", "sites", "practices", "reasons"))
)


def free_slots(actor: Actor, query: FreeSlotQuery) -> list[FreeSlot]:
    """List the free online slots, by start then key; raises `Invalid` where the window is longer than 62 days."""
    require(actor, Permission.DIRECTORY_SEARCH)
    if query.ends - query.begins > LONGEST_WINDOW:
        raise Invalid("Cherchez des créneaux sur 62 jours au plus.")
    with reading() as session:
        ids = session.connection().execute(
            _MATCHING,
            {
                "offerings": list(query.offering_ids),
                "practitioners": list(query.practitioner_ids),
                "sites": list(query.site_ids),
                "practices": list(query.practice_ids),
                "reasons": list(query.reason_ids),
            },
        )
        offerings = list(load_offerings(session, [row[0] for row in ids]).values())
        return slots_of(session, for_whom(offerings, query.known), Window(query.begins, query.ends, clock.now()))


def for_whom(offerings: Iterable[OfferingContext], known: bool | None) -> list[OfferingContext]:
    """Choose the offerings that are for somebody known or new, with the length that their visit has."""
    return [one if known is None else one.for_whom(known) for one in offerings if one.rules.admits(known)]


def slots_of(session: Session, offerings: Sequence[OfferingContext], window: Window, *, online_only: bool = True) -> list[FreeSlot]:
    """List the free slots of the offerings, by start then key, in one query, and one more where rooms or quotas limit some.

    Those open online and within the rules of their reasons, unless asked otherwise.
    """
    online = [offering for offering in offerings if offering.online or not online_only]
    practitioners = {offering.practitioner_id for offering in online}
    window = window.ahead()
    if not practitioners or window.ends <= window.begins:
        return []
    hours, busy = hours_and_busy_time(session, practitioners, window.begins, window.ends)
    limits = read_limits(session, online, window)
    slots: list[FreeSlot] = []
    for offering in online:
        open_to_them = open_online(offering, window) if online_only else window
        starts = starts_of(offering, hours, busy[offering.practitioner_id], open_to_them)
        slots.extend(_slot(offering, start) for start in limits.keep(offering, starts))
    slots.sort(key=lambda slot: (slot.starts_at, slot.key))
    return slots


LOOKS: Final = (4, 8, 28)
"""How many days ahead first slots are looked for, in turn."""


def first_slots(session: Session, offerings: Sequence[OfferingContext], now: datetime, count: int) -> dict[UUID, list[FreeSlot]]:
    """Find each practitioner's first `count` online slots of the next 28 days, by start then key; whoever has none is absent.

    Looks near first, and further only for those who have not enough there: reading agendas is what costs. The last day of a look
    settles nothing, because a visit may reach past its end.
    """
    settled: dict[UUID, list[FreeSlot]] = {}
    waiting = [offering for offering in offerings if offering.online]
    for days in LOOKS:
        near = _first_within(session, waiting, Window(now, now + timedelta(days=days), now), count)
        sure = now + timedelta(days=days - 1)
        last_look = days == LOOKS[-1]
        settled |= {one: slots for one, slots in near.items() if last_look or (len(slots) == count and slots[-1].starts_at < sure)}
        waiting = [offering for offering in waiting if offering.practitioner_id not in settled]
    return settled


def _first_within(session: Session, offerings: Sequence[OfferingContext], window: Window, count: int) -> dict[UUID, list[FreeSlot]]:
    practitioners = {offering.practitioner_id for offering in offerings}
    if not practitioners:
        return {}
    hours, busy = hours_and_busy_time(session, practitioners, window.begins, window.ends)
    limits = read_limits(session, offerings, window)
    starts: dict[UUID, list[tuple[int, str, OfferingContext]]] = {}
    for offering in offerings:
        open_to_them = starts_of(offering, hours, busy[offering.practitioner_id], open_online(offering, window))
        found = limits.keep(offering, open_to_them)[:count]
        starts.setdefault(offering.practitioner_id, []).extend((start, offering.offering_id.hex, offering) for start in found)
    earliest = {one: sorted(some, key=itemgetter(0, 1))[:count] for one, some in starts.items() if some}
    return {one: [_slot(offering, start) for start, _, offering in some] for one, some in earliest.items()}


def _slot(offering: OfferingContext, start: int) -> FreeSlot:
    starts_at = to_instant(start)
    return FreeSlot(
        key=str(SlotKey(offering.offering_id, starts_at)),
        offering_id=offering.offering_id,
        practitioner_id=offering.practitioner_id,
        site_id=offering.site_id,
        reason_id=offering.reason_id,
        starts_at=starts_at,
        ends_at=to_instant(start + offering.shape.length),
    )


@dataclass(frozen=True, slots=True)
class OfferedDay:
    """A day at the site, with its free slots."""

    day: date
    slots: tuple[FreeSlot, ...]


@dataclass(frozen=True, slots=True)
class OfferingDays:
    """Consecutive days of one offering; `next_day` is the first later day with a free slot, when all these have none."""

    offering_id: UUID
    zone: ZoneInfo
    days: tuple[OfferedDay, ...]
    next_day: date | None


def offering_days(actor: Actor, offering_id: UUID, first: date | None = None, days: int = 14, known: bool | None = None) -> OfferingDays:
    """List the days of an offering from `first` (today at the site, at the earliest), for somebody known or new; raises `NotFound`."""
    require(actor, Permission.DIRECTORY_SEARCH)
    now = clock.now()
    with reading() as session:
        offering = load_offering(session, offering_id)
        if not offering.online:
            raise NotFound("Ce motif n’est plus proposé en ligne. Choisissez-en un autre.")
        today = now.astimezone(offering.zone).date()
        begins = min(max(first or today, today), today + BOOKING_HORIZON)
        count = max(1, min(days, MOST_DAYS))
        offerings = for_whom([offering], known)
        by_day = _by_day(slots_of(session, offerings, _window(begins, count, offering.zone, now)), offering.zone)
        listed = [begins + timedelta(days=offset) for offset in range(count)]
        found = tuple(OfferedDay(day, tuple(by_day.get(day, ()))) for day in listed)
        next_day = None
        if not by_day:
            later = _window(listed[-1] + timedelta(days=1), BOOKING_HORIZON.days, offering.zone, now)
            next_day = min(_by_day(slots_of(session, offerings, later), offering.zone), default=None)
        return OfferingDays(offering_id, offering.zone, found, next_day)


def _window(first: date, days: int, zone: ZoneInfo, now: datetime) -> Window:
    return Window(to_instant(local_day(first, zone)[0]), to_instant(local_day(first + timedelta(days=days), zone)[0]), now)


def _by_day(slots: Sequence[FreeSlot], zone: ZoneInfo) -> dict[date, list[FreeSlot]]:
    days: dict[date, list[FreeSlot]] = {}
    for slot in slots:
        days.setdefault(slot.starts_at.astimezone(zone).date(), []).append(slot)
    return days
