"""When practitioners receive and what blocks them, read for a window in one exchange; and the starts that follow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from maiia_pro.agenda.context import COUNTS, HELD, NOBODY, Holder, OfferingContext, of_one, own_holds
from maiia_pro.agenda.free_time import free_starts
from maiia_pro.agenda.openings import (
    Interval,
    WeeklyHours,
    merged,
    to_minutes,
    weekly_openings,
    without,
)
from maiia_pro.agenda.slots import LATEST
from maiia_pro.agenda.terms import read_reasons, read_terms
from maiia_pro.kernel import clock
from maiia_pro.kernel.exchange import exchange

LONGEST_BLOCK = timedelta(hours=16)
"""480 minutes of visit and 240 of buffer on each side: how far before a window a busy interval may begin."""
BOOKING_HORIZON = timedelta(days=366)
"""How far ahead patients and programs may book; staff look further."""

_RULES = """
    select 'weekly' as kind, r.practitioner_id, r.site_id, r.weekday,
           date_part('hour', r.opens)::int * 60 + date_part('minute', r.opens)::int,
           date_part('hour', r.closes)::int * 60 + date_part('minute', r.closes)::int,
           concat(s.postal_code, '|', p.closed_on_holidays, '|', r.valid_from, '|', r.valid_until, '|', r.weeks, '|', r.school, '|',
                  array_to_string(r.reason_ids, ','))
    from opening_rule r join site s on s.id = r.site_id join practitioner p on p.id = r.practitioner_id
    where r.practitioner_id = any(%(ids)s)
"""
_EXCEPTIONS = """
    select kind, practitioner_id, site_id, coalesce(day - date '0001-01-01' + 1, 0),
           floor(date_part('epoch', starts_at) / 60)::int, floor(date_part('epoch', ends_at) / 60)::int, array_to_string(reason_ids, ',')
    from opening_exception where practitioner_id = any(%(ids)s) and starts_at < %(until)s and ends_at > %(since)s
"""
_ROWS = """
    select 'busy', practitioner_id, site_id, 0,
           floor(date_part('epoch', lower(blocked)) / 60)::int, ceil(date_part('epoch', upper(blocked)) / 60)::int, null
    from appointment a
    where practitioner_id = any(%(ids)s) and starts_at >= %(busy_since)s and starts_at < %(busy_until)s and active
      and id is distinct from %(leaving_out)s and """
_BUSY = _ROWS + COUNTS
_OUTSIDE = """
    select 'busy', t.practitioner_id, null::uuid, 0,
           floor(date_part('epoch', lower(t.during)) / 60)::int, ceil(date_part('epoch', upper(t.during)) / 60)::int, null
    from unnest(cast(%(ids)s as uuid[])) as who (id)
    join outside_time t on t.practitioner_id = who.id and t.during && tstzrange(%(busy_since)s, %(busy_until)s)
"""
_HOURS = _RULES + "union all" + _EXCEPTIONS
_HOURS_AND_BUSY = _HOURS + "union all" + _BUSY + "union all" + _OUTSIDE
_VERSION = " select 'version', id, null::uuid, agenda_version, 0, 0, null::text from held"
_LOCKED_HOURS_AND_BUSY = of_one(HELD + _VERSION + " union all " + _HOURS_AND_BUSY)
"""Each reads kind, practitioner, site, weekday (or a special day's ordinal, or version), from, to (in minutes of the day, or since 1970),
and the terms of a rule or the reasons of an exception."""
_WHOLE_DAYS = timedelta(days=2)
"""How far around a window exceptions are read: more than the local days that touch it."""


Admitting = tuple[Interval, frozenset[UUID]]
"""An interval and the reasons that it admits; none: every reason."""


def _admitted(some: Iterable[Admitting], reason_id: UUID | None) -> list[Interval]:
    return [
        interval for interval, reasons in some if interval[0] < interval[1] and (reason_id is None or not reasons or reason_id in reasons)
    ]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Weekly rules and exceptions of some practitioners, as read for a window."""

    rules: dict[tuple[UUID, UUID], list[WeeklyHours]]
    """By practitioner and site."""
    opened: dict[tuple[UUID, UUID], list[Admitting]]
    special: dict[tuple[UUID, UUID], dict[int, list[Admitting]]]
    """By practitioner and site, then by the day's ordinal: what replaces the weekly hours of that day."""
    closed: dict[UUID, list[tuple[UUID | None, Interval]]]
    """By practitioner; with no site, closed everywhere."""

    def openings(
        self, practitioner_id: UUID, site_id: UUID, zone: ZoneInfo, begins: datetime, ends: datetime, *, reason_id: UUID | None = None
    ) -> list[Interval]:
        """Lay the hours of a practitioner at a site over a window: whole local days that touch it, sorted and disjoint.

        Of all that is open, only what admits the reason, if one is named.
        """
        first, last = begins.astimezone(zone).date(), ends.astimezone(zone).date()
        place = (practitioner_id, site_id)
        rules: Sequence[WeeklyHours] = self.rules.get(place, ())
        if reason_id is not None:
            rules = [rule for rule in rules if not rule.terms.reasons or reason_id in rule.terms.reasons]
        special = self.special.get(place, {})
        usual = weekly_openings(rules, zone, first, (last - first).days + 1, special)
        if special:
            usual = merged([*usual, *_admitted((one for day in special.values() for one in day), reason_id)])
        extra = merged(_admitted(self.opened.get(place, ()), reason_id))
        opened = merged([*usual, *without(extra, usual)]) if extra else usual
        closed = [interval for site, interval in self.closed.get(practitioner_id, ()) if site is None or site == site_id]
        return without(opened, closed) if closed else opened


def opening_hours(session: Session, practitioner_ids: Iterable[UUID], begins: datetime, ends: datetime) -> OpeningHours:
    """Read the hours of several practitioners for a window."""
    values = {"ids": list(practitioner_ids), "since": begins - _WHOLE_DAYS, "until": ends + _WHOLE_DAYS}
    return _filed(exchange(session, _HOURS, values), {})


def _filed(rows: Iterable[Sequence[Any]], busy: dict[UUID, list[Interval]]) -> OpeningHours:
    """Put each row where it belongs; busy time into `busy`."""
    hours = OpeningHours({}, {}, {}, {})
    for kind, practitioner_id, site_id, weekday, begins, ends, terms in rows:
        if kind == "busy":
            busy[practitioner_id].append((begins, ends))
        elif kind == "weekly":
            hours.rules.setdefault((practitioner_id, site_id), []).append(WeeklyHours(weekday, begins, ends, read_terms(terms)))
        elif kind == "open":
            hours.opened.setdefault((practitioner_id, site_id), []).append(((begins, ends), read_reasons(terms)))
        elif kind == "special":
            day = hours.special.setdefault((practitioner_id, site_id), {}).setdefault(weekday, [])
            day.append(((begins, ends), read_reasons(terms)))
        else:
            hours.closed.setdefault(practitioner_id, []).append((site_id, (begins, ends)))
    return hours


def _asked(ids: list[UUID], begins: datetime, ends: datetime, leaving_out: UUID | None = None, *, holds: bool = True) -> dict[str, Any]:
    return {
        "ids": ids,
        "since": begins - _WHOLE_DAYS,
        "until": ends + _WHOLE_DAYS,
        "busy_since": begins - LONGEST_BLOCK,
        "busy_until": ends + LONGEST_BLOCK,
        "leaving_out": leaving_out,
        "now": clock.now() if holds else LATEST,  # then every hold is over
        "visitor": None,
        "account_id": None,
    }


def hours_and_busy_time(
    session: Session,
    practitioner_ids: Iterable[UUID],
    begins: datetime,
    ends: datetime,
    leaving_out: UUID | None = None,
    *,
    holds: bool = True,
) -> tuple[OpeningHours, dict[UUID, list[Interval]]]:
    """Read hours and what blocks each practitioner in a window, in one query; every practitioner asked for has a list of busy time.

    Busy intervals are sorted and merged, buffers included; `leaving_out` names an appointment that does not count;
    without `holds`, none of these does.
    """
    ids = list(practitioner_ids)
    busy: dict[UUID, list[Interval]] = {practitioner_id: [] for practitioner_id in ids}
    hours = _filed(exchange(session, _HOURS_AND_BUSY, _asked(ids, begins, ends, leaving_out, holds=holds)), busy)
    return hours, {practitioner_id: merged(intervals) for practitioner_id, intervals in busy.items()}


@dataclass(frozen=True, slots=True)
class Window:
    """Starts in [begins, ends), strictly after `now`; aware instants."""

    begins: datetime
    ends: datetime
    now: datetime

    def ahead(self) -> "Window":
        """Cut off what is over, and what lies beyond the horizon of bookings."""
        return Window(max(self.begins, self.now), min(self.ends, self.now + BOOKING_HORIZON), self.now)


def starts_of(offering: OfferingContext, hours: OpeningHours, busy: list[Interval], window: Window) -> list[int]:
    """List the minutes at which the offering may begin in the window."""
    whose, site = offering.practitioner_id, offering.site_id
    openings = hours.openings(whose, site, offering.zone, window.begins, window.ends, reason_id=offering.reason_id)
    earliest = max(to_minutes(window.now) + 1, -(-int(window.begins.timestamp()) // 60))
    until = -(-int(min(window.ends, window.now + BOOKING_HORIZON).timestamp()) // 60)
    return [start for start in free_starts(openings, busy, offering.shape, earliest) if start < until]


def open_online(offering: OfferingContext, window: Window) -> Window:
    """Narrow a window to what the reason's rules let patients and programs book."""
    earliest, until = offering.rules.open_between(window.now, offering.zone)
    return Window(max(window.begins, earliest), min(window.ends, until), window.now)


def is_offered(session: Session, offering: OfferingContext, starts_at: datetime, now: datetime, leaving_out: UUID | None = None) -> bool:
    """Tell whether the offering may begin exactly then: the very computation that the page shows slots by."""
    end = starts_at + timedelta(minutes=1)
    hours, busy = hours_and_busy_time(session, [offering.practitioner_id], starts_at, end, leaving_out)
    window = open_online(offering, Window(starts_at, end, now))
    return to_minutes(starts_at) in starts_of(offering, hours, busy[offering.practitioner_id], window)


def offered_under_lock(session: Session, offering: OfferingContext, starts_at: datetime, now: datetime, holder: Holder = NOBODY) -> bool:
    """Lock the practitioner and tell whether the offering may begin exactly then, in one exchange; the holder's own hold there goes.

    The answer rests on rows as they were when the waiting for the lock began. Yes holds all the same: hours and reasons have not
    changed since (the lock gives back their version), and a slot that was taken meanwhile is refused by the insert. No may be out of
    date, as after a cancellation: ask again.
    """
    end = starts_at + timedelta(minutes=1)
    busy: dict[UUID, list[Interval]] = {offering.practitioner_id: []}
    own = own_holds(holder, offering.blocked_at(starts_at))
    rows = exchange(
        session, _LOCKED_HOURS_AND_BUSY, _asked([offering.practitioner_id], starts_at, end) | own | {"id": offering.practitioner_id}
    ).fetchall()
    if [row[3] for row in rows if row[0] == "version"] != [offering.agenda_version]:
        return False
    hours = _filed((row for row in rows if row[0] != "version"), busy)
    window = open_online(offering, Window(starts_at, end, now))
    return to_minutes(starts_at) in starts_of(offering, hours, merged(busy[offering.practitioner_id]), window)
