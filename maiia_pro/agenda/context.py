"""What a booking must know of an offering, read in one query, and the locks it takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Row, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session

from maiia_pro.agenda.free_time import VisitShape, free_starts
from maiia_pro.agenda.openings import (
    Interval,
    WeeklyHours,
    merged,
    to_minutes,
    weekly_openings,
    without,
)
from maiia_pro.kernel.errors import NotFound
from maiia_pro.practice.tables import Offer

LONGEST_BLOCK = timedelta(hours=16)
"""480 minutes of visit and 240 of buffer on each side: how far before a window a busy interval may begin."""
BOOKING_HORIZON = timedelta(days=366)
"""How far ahead patients and programs may book; staff look further."""


@dataclass(frozen=True, slots=True)
class OfferingContext:
    """An offering with its practice, site, practitioner and reason."""

    offering_id: UUID
    practice_id: UUID
    practitioner_id: UUID
    site_id: UUID
    reason_id: UUID
    zone: ZoneInfo
    shape: VisitShape
    mode: str
    active: bool
    """Whether anybody may book it."""
    online: bool
    """Whether patients may book it: the offer is premium, the profile public, the reason open online."""
    has_online_booking: bool
    agenda_version: int
    """The practitioner's when this was read; see `lock_offering`."""


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """Give a time zone, once."""
    return ZoneInfo(name)


_COLUMNS = """
    select o.id, o.practice_id, o.practitioner_id, o.site_id, o.reason_id, s.zone, r.duration_minutes, r.step_minutes,
           r.buffer_before_minutes, r.buffer_after_minutes, r.mode, c.offer,
           o.active and r.active as active, o.active and r.active and r.online and p.published as online, p.agenda_version
"""
_JOINED = """
    from offering o
    join visit_reason r on r.id = o.reason_id
    join site s on s.id = o.site_id
    join practitioner p on p.id = o.practitioner_id
    join practice c on c.id = o.practice_id
"""
_CONTEXT = text(_COLUMNS + _JOINED + "where o.id = any(:ids)").bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))
_TAKEN = """
    , exists (
        select 1 from appointment a
        where a.practitioner_id = o.practitioner_id and a.active and a.id is distinct from :leaving_out
          and a.starts_at > cast(:starts_at as timestamptz) - interval '16 hours'
          and a.starts_at < cast(:starts_at as timestamptz) + interval '16 hours'
          and a.blocked && tstzrange(
              :starts_at - make_interval(mins => r.buffer_before_minutes),
              :starts_at + make_interval(mins => coalesce(cast(:length as int), r.duration_minutes) + r.buffer_after_minutes))
    ) as taken, (
        select f.id from person h join patient f on f.person_id = h.id and f.practice_id = o.practice_id
        where h.account_id = :account_id and case when cast(:person_id as uuid) is null then h.is_self else h.id = :person_id end
    ) as record_id
"""
_CONTEXT_OF_SLOT = text(_COLUMNS + _TAKEN + _JOINED + "where o.id = :id").bindparams(
    bindparam("starts_at", type_=DateTime(timezone=True)),
    *(bindparam(name, type_=PG_UUID(as_uuid=True)) for name in ("id", "leaving_out", "account_id", "person_id")),
)


def load_offerings(session: Session, ids: Iterable[UUID]) -> dict[UUID, OfferingContext]:
    """Read several offerings; those that do not exist are absent from the answer."""
    rows = session.connection().execute(_CONTEXT, {"ids": list(ids)})
    return {row.id: _context(row) for row in rows}


def load_offering(session: Session, offering_id: UUID) -> OfferingContext:
    """Read an offering; raises `NotFound`."""
    found = load_offerings(session, [offering_id]).get(offering_id)
    if found is None:
        raise NotFound
    return found


class Holder(NamedTuple):
    """Whose record a practice may have already: a person of an account, its holder unless one is named."""

    account_id: UUID | None = None
    person_id: UUID | None = None


NOBODY = Holder()


def load_slot(
    session: Session,
    offering_id: UUID,
    starts_at: datetime,
    length: int | None,
    *,
    leaving_out: UUID | None = None,
    holder: Holder = NOBODY,
) -> tuple[OfferingContext, bool, UUID | None]:
    """Read an offering, whether something active lies where a visit of it would (buffers included), and the holder's record there.

    One exchange, because everybody who books begins with it; raises `NotFound`.
    """
    values = {"id": offering_id, "starts_at": starts_at, "length": length, "leaving_out": leaving_out} | holder._asdict()
    row = session.connection().execute(_CONTEXT_OF_SLOT, values).first()
    if row is None:
        raise NotFound
    return _context(row), row.taken, row.record_id


def _context(row: Row[tuple[object, ...]]) -> OfferingContext:
    premium = row.offer == Offer.PREMIUM
    return OfferingContext(
        offering_id=row.id,
        practice_id=row.practice_id,
        practitioner_id=row.practitioner_id,
        site_id=row.site_id,
        reason_id=row.reason_id,
        zone=zone_of(row.zone),
        shape=VisitShape(row.duration_minutes, row.step_minutes, row.buffer_before_minutes, row.buffer_after_minutes),
        mode=row.mode,
        active=row.active,
        online=bool(row.online) and premium,
        has_online_booking=premium,
        agenda_version=row.agenda_version,
    )


_LOCK = text("select id, agenda_version from practitioner where id = any(:ids) order by id for no key update").bindparams(
    bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True)))
)


def lock_practitioners(session: Session, ids: Iterable[UUID]) -> dict[UUID, int]:
    """Take the practitioners' rows, in id order, before anything is booked, moved, cancelled or set up in their agendas.

    Gives each one's `agenda_version`, which every change of hours or reasons raises. Resources come after practitioners (`lock_resources`).
    """
    return {row.id: row.agenda_version for row in session.connection().execute(_LOCK, {"ids": sorted(set(ids))})}


def lock_offering(session: Session, offering: OfferingContext) -> OfferingContext:
    """Lock the offering's practitioner, and read the offering again if the agenda was set up anew since it was read."""
    versions = lock_practitioners(session, [offering.practitioner_id])
    unchanged = versions.get(offering.practitioner_id) == offering.agenda_version
    return offering if unchanged else load_offering(session, offering.offering_id)


_LOCK_RESOURCES = text("""
    select id from resource where id = any(:ids) and practice_id = :practice_id and site_id = :site_id order by id for no key update
""").bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))


def lock_resources(session: Session, ids: Iterable[UUID], practice_id: UUID, site_id: UUID) -> list[UUID]:
    """Take the rows of rooms and equipment, in id order, after the practitioners'; raises `NotFound` for one of another site."""
    asked = sorted(set(ids))
    values = {"ids": asked, "practice_id": practice_id, "site_id": site_id}
    if asked and len(session.connection().execute(_LOCK_RESOURCES, values).all()) != len(asked):
        raise NotFound
    return asked


def _time_query(*parts: str) -> TextClause:
    """Read several kinds of time at once: kind, practitioner, site, weekday, from, to (in minutes of the day, or since 1970)."""
    query = text(" union all ".join(parts)).bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))
    return query.bindparams(bindparam("leaving_out", type_=PG_UUID(as_uuid=True))) if _BUSY in parts else query


_RULES = """
    select 'weekly' as kind, practitioner_id, site_id, weekday,
           date_part('hour', opens)::int * 60 + date_part('minute', opens)::int,
           date_part('hour', closes)::int * 60 + date_part('minute', closes)::int
    from opening_rule where practitioner_id = any(:ids)
"""
_EXCEPTIONS = """
    select kind, practitioner_id, site_id, 0,
           floor(date_part('epoch', starts_at) / 60)::int, floor(date_part('epoch', ends_at) / 60)::int
    from opening_exception where practitioner_id = any(:ids) and starts_at < :until and ends_at > :since
"""
_BUSY = """
    select 'busy', practitioner_id, site_id, 0,
           floor(date_part('epoch', lower(blocked)) / 60)::int, ceil(date_part('epoch', upper(blocked)) / 60)::int
    from appointment
    where practitioner_id = any(:ids) and starts_at >= :busy_since and starts_at < :busy_until and active
      and id is distinct from :leaving_out
"""
_HOURS = _time_query(_RULES, _EXCEPTIONS)
_HOURS_AND_BUSY = _time_query(_RULES, _EXCEPTIONS, _BUSY)
_WHOLE_DAYS = timedelta(days=2)
"""How far around a window exceptions are read: more than the local days that touch it."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Weekly rules and exceptions of some practitioners, as read for a window."""

    rules: dict[tuple[UUID, UUID], list[WeeklyHours]]
    """By practitioner and site."""
    opened: dict[tuple[UUID, UUID], list[Interval]]
    closed: dict[UUID, list[tuple[UUID | None, Interval]]]
    """By practitioner; with no site, closed everywhere."""

    def openings(self, practitioner_id: UUID, site_id: UUID, zone: ZoneInfo, begins: datetime, ends: datetime) -> list[Interval]:
        """Lay the hours of a practitioner at a site over a window: whole local days that touch it, sorted and disjoint."""
        first, last = begins.astimezone(zone).date(), ends.astimezone(zone).date()
        place = (practitioner_id, site_id)
        weekly = weekly_openings(self.rules.get(place, ()), zone, first, (last - first).days + 1)
        extra = self.opened.get(place)
        opened = merged([*weekly, *without(merged(extra), weekly)]) if extra else weekly
        closed = [interval for site, interval in self.closed.get(practitioner_id, ()) if site is None or site == site_id]
        return without(opened, closed) if closed else opened


def opening_hours(session: Session, practitioner_ids: Iterable[UUID], begins: datetime, ends: datetime) -> OpeningHours:
    """Read the hours of several practitioners for a window."""
    values = {"ids": list(practitioner_ids), "since": begins - _WHOLE_DAYS, "until": ends + _WHOLE_DAYS}
    hours = OpeningHours({}, {}, {})
    for row in session.connection().execute(_HOURS, values):
        _file(hours, row)
    return hours


def _file(hours: OpeningHours, row: Sequence[Any]) -> None:
    kind, practitioner_id, site_id, weekday, begins, ends = row
    if kind == "weekly":
        hours.rules.setdefault((practitioner_id, site_id), []).append(WeeklyHours(weekday, begins, ends))
    elif kind == "open":
        hours.opened.setdefault((practitioner_id, site_id), []).append((begins, ends))
    else:
        hours.closed.setdefault(practitioner_id, []).append((site_id, (begins, ends)))


def hours_and_busy_time(
    session: Session, practitioner_ids: Iterable[UUID], begins: datetime, ends: datetime, leaving_out: UUID | None = None
) -> tuple[OpeningHours, dict[UUID, list[Interval]]]:
    """Read hours and what blocks each practitioner in a window, in one query; every practitioner asked for has a list of busy time.

    Busy intervals are sorted and merged, buffers included; `leaving_out` names an appointment that does not count.
    """
    ids = list(practitioner_ids)
    values = {
        "ids": ids,
        "since": begins - _WHOLE_DAYS,
        "until": ends + _WHOLE_DAYS,
        "busy_since": begins - LONGEST_BLOCK,
        "busy_until": ends + LONGEST_BLOCK,
        "leaving_out": leaving_out,
    }
    hours = OpeningHours({}, {}, {})
    busy: dict[UUID, list[Interval]] = {practitioner_id: [] for practitioner_id in ids}
    for row in session.connection().execute(_HOURS_AND_BUSY, values):
        if row[0] == "busy":
            busy[row[1]].append((row[4], row[5]))
        else:
            _file(hours, row)
    return hours, {practitioner_id: merged(intervals) for practitioner_id, intervals in busy.items()}


@dataclass(frozen=True, slots=True)
class Window:
    """Starts in [begins, ends), strictly after `now`; aware instants."""

    begins: datetime
    ends: datetime
    now: datetime

    def ahead(self) -> "Window":
        """Cut off what is over, and what lies beyond the calendar that slots are written in."""
        return Window(max(self.begins, self.now), min(self.ends, self.now + BOOKING_HORIZON), self.now)


def starts_of(offering: OfferingContext, hours: OpeningHours, busy: list[Interval], window: Window) -> list[int]:
    """List the minutes at which the offering may begin in the window."""
    openings = hours.openings(offering.practitioner_id, offering.site_id, offering.zone, window.begins, window.ends)
    earliest = max(to_minutes(window.now) + 1, -(-int(window.begins.timestamp()) // 60))
    until = -(-int(min(window.ends, window.now + BOOKING_HORIZON).timestamp()) // 60)
    return [start for start in free_starts(openings, busy, offering.shape, earliest) if start < until]


def is_offered(session: Session, offering: OfferingContext, starts_at: datetime, now: datetime, leaving_out: UUID | None = None) -> bool:
    """Tell whether the offering may begin exactly then: the very computation that the page shows slots by."""
    end = starts_at + timedelta(minutes=1)
    hours, busy = hours_and_busy_time(session, [offering.practitioner_id], starts_at, end, leaving_out)
    return to_minutes(starts_at) in starts_of(offering, hours, busy[offering.practitioner_id], Window(starts_at, end, now))
