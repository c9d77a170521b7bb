"""What takes free starts away besides hours and visits: rooms that are taken, days that have their new patients.

Read in one query more, for the offerings that have such limits and for nobody else.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.context import OfferingContext
from maiia_pro.agenda.free_time import VisitShape
from maiia_pro.agenda.hours import LONGEST_BLOCK, Window
from maiia_pro.agenda.openings import Interval, merged, to_instant
from maiia_pro.kernel import clock
from maiia_pro.kernel.exchange import exchange

_ROOMS: Final = "r.site_id = any(%(sites)s) and r.kind_id = any(%(kinds)s) and not r.retired"
_LIMITS: Final = f"""
    select 'room', r.id, r.site_id, r.kind_id, 0, 0 from resource r where {_ROOMS}
    union all
    select 'taken', r.id, null, null,
           floor(date_part('epoch', lower(b.blocked)) / 60)::int, ceil(date_part('epoch', upper(b.blocked)) / 60)::int
    from resource r join resource_booking b on b.resource_id = r.id and b.blocked && tstzrange(%(since)s, %(until)s)
    join appointment a on a.id = b.appointment_id and (a.held_until is null or a.held_until > %(now)s)
    where {_ROOMS} and b.appointment_id is distinct from %(leaving_out)s
    union all
    select 'first', reason_id, null, null, floor(date_part('epoch', starts_at) / 60)::int, 0 from appointment
    where reason_id = any(%(reasons)s) and first_visit and active and starts_at >= %(since)s and starts_at < %(until)s
      and id is distinct from %(leaving_out)s
"""  # noqa: S608 - composed once, of constants


@dataclass(slots=True)
class Limits:
    """What was read for some offerings over a window."""

    rooms: dict[tuple[UUID, UUID], list[UUID]] = field(default_factory=dict)
    """By site and kind."""
    taken: dict[UUID, list[Interval]] = field(default_factory=dict)
    first_visits: dict[UUID, list[int]] = field(default_factory=dict)
    """Starts of visits by new patients, by reason."""

    def keep(self, offering: OfferingContext, starts: list[int]) -> list[int]:
        """Keep the starts at which a room of each kind is free for the whole visit, on days that take one new patient more."""
        for kind in offering.rules.needs:
            free = [self.taken.get(room, []) for room in self.rooms.get((offering.site_id, kind), ())]
            starts = starts_with_room(starts, offering.shape, free)
        most = offering.rules.new_patients_a_day
        if most is None or offering.known or not starts:
            return starts
        counted = Counter(_day(offering, start) for start in self.first_visits.get(offering.reason_id, ()))
        return [start for start in starts if counted[_day(offering, start)] < most]


def _day(offering: OfferingContext, minute: int) -> date:
    return to_instant(minute).astimezone(offering.zone).date()


def starts_with_room(starts: Iterable[int], shape: VisitShape, rooms: Sequence[Sequence[Interval]]) -> list[int]:
    """Keep the starts for which one single room is free from buffer to buffer; each room is its sorted, disjoint taken time."""

    def free(taken: Sequence[Interval], begins: int, ends: int) -> bool:
        index = bisect_left(taken, (ends, ends))
        return index == 0 or taken[index - 1][1] <= begins

    reach = shape.length + shape.after
    return [start for start in starts if any(free(taken, start - shape.before, start + reach) for taken in rooms)]


def read_limits(session: Session, offerings: Iterable[OfferingContext], window: Window, leaving_out: UUID | None = None) -> Limits:
    """Read the limits of several offerings; no query where they have none."""
    limited = [one for one in offerings if one.rules.needs or (one.rules.new_patients_a_day is not None and not one.known)]
    found = Limits()
    if not limited:
        return found
    values = {
        "sites": list({one.site_id for one in limited}),
        "kinds": list({kind for one in limited for kind in one.rules.needs}),
        "reasons": [one.reason_id for one in limited],
        "since": window.begins - LONGEST_BLOCK,
        "until": window.ends + LONGEST_BLOCK,
        "leaving_out": leaving_out,
        "now": clock.now(),
    }
    for what, ident, site_id, kind_id, begins, ends in exchange(session, _LIMITS, values):
        if what == "room":
            found.rooms.setdefault((site_id, kind_id), []).append(ident)
        elif what == "taken":
            found.taken.setdefault(ident, []).append((begins, ends))
        else:
            found.first_visits.setdefault(ident, []).append(begins)
    found.taken = {room: merged(spans) for room, spans in found.taken.items()}
    return found
