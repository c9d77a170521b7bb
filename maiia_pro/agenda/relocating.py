"""Where visits could go instead: to a colleague at the same time or near it, or later with the same practitioner."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from maiia_pro.agenda.context import OfferingContext, load_offerings
from maiia_pro.agenda.free_time import VisitShape
from maiia_pro.agenda.hours import OpeningHours, Window, hours_and_busy_time, starts_of
from maiia_pro.agenda.limits import Limits, read_limits
from maiia_pro.agenda.openings import Interval, merged, to_instant, to_minutes
from maiia_pro.agenda.reason_rules import reason_key
from maiia_pro.kernel import clock
from maiia_pro.kernel.exchange import exchange
from maiia_pro.practice.tables import Practitioner

NEAR: Final = (timedelta(0), timedelta(hours=2), timedelta(days=1), timedelta(days=7))
"""How far from its time a visit is looked a colleague for, in turn."""
LATER: Final = (timedelta(days=7), timedelta(days=28), timedelta(days=84))
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that must go elsewhere."""

    id: UUID
    practitioner_id: UUID
    site_id: UUID
    reason_id: UUID
    zone: ZoneInfo
    starts_at: datetime
    ends_at: datetime
    reason: str
    """The key of its name (`reason_key`): the same for every practitioner."""
    mode: str


@dataclass(frozen=True, slots=True)
class Place:
    """A free time of somebody who gives such visits at that site."""

    practitioner_id: UUID
    practitioner: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Places:
    """What there is for one visit."""

    colleague: Place | None = None
    later: Place | None = None


_OFFERED: Final = """
    select o.id, trim(p.title || ' ' || p.given_name || ' ' || p.family_name), r.name
    from offering o join visit_reason r on r.id = o.reason_id join practitioner p on p.id = o.practitioner_id
    where o.practice_id = %(practice)s and o.active and r.active and o.site_id = any(%(sites)s)
    order by p.sort_key, r.position, o.id
"""


Span = tuple[datetime, datetime]


def places_for(session: Session, practitioner: Practitioner, visits: Sequence[Visit], span: Span | None) -> list[Places]:
    """Find a place with a colleague and one later for each visit, in four exchanges, five where visits need rooms.

    No place is given twice, none lies in `span`, and each has a room free.
    """
    if not visits:
        return []
    search = _read(session, practitioner, visits, span)
    return [Places(search.colleague(visit), search.later(visit)) for visit in visits]


def _read(session: Session, practitioner: Practitioner, visits: Sequence[Visit], span: Span | None) -> "_Search":
    asked = {"practice": practitioner.practice_id, "sites": list({visit.site_id for visit in visits})}
    wanted = {visit.reason for visit in visits}
    rows = [(ident, who, key) for ident, who, name in exchange(session, _OFFERED, asked).fetchall() if (key := reason_key(name)) in wanted]
    contexts = load_offerings(session, [row[0] for row in rows])
    first, last = visits[0].starts_at, max(visit.ends_at for visit in visits)
    who = {context.practitioner_id for context in contexts.values()} | {practitioner.id}
    hours, busy = hours_and_busy_time(session, who - {practitioner.id}, first - NEAR[-1], last + NEAR[-1])
    own_hours, own_busy = hours_and_busy_time(session, [practitioner.id], first, last + LATER[-1])
    if span:
        own_busy[practitioner.id] = merged([*own_busy[practitioner.id], (to_minutes(span[0]), to_minutes(span[1]))])
    needy = [replace(one, known=True) for one in contexts.values()]  # staff are held by no quota of new patients
    limits = read_limits(session, needy, Window(first - NEAR[-1], last + LATER[-1], clock.now()))
    offered: dict[tuple[UUID, str], list[tuple[OfferingContext, str]]] = defaultdict(list)
    for ident, name, reason in rows:
        offered[contexts[ident].site_id, reason].append((contexts[ident], name))
    return _Search(practitioner.id, offered, hours, own_hours, busy | own_busy, limits, clock.now())


@dataclass(slots=True)
class _Search:
    """What was read, and what is already promised."""

    own: UUID
    offered: dict[tuple[UUID, str], list[tuple[OfferingContext, str]]]
    hours: OpeningHours
    own_hours: OpeningHours
    busy: dict[UUID, list[Interval]]
    limits: Limits
    now: datetime

    def colleague(self, visit: Visit) -> Place | None:
        """The free time nearest to the visit's own with any colleague; its very time first, whatever their grid."""
        for reach in NEAR:
            window = Window(visit.starts_at - reach, visit.starts_at + reach + MINUTE, self.now)
            wanted = to_minutes(visit.starts_at)
            starts = [
                (abs(start - wanted), number, start)
                for number, (offering, _) in enumerate(self._others(visit))
                for start in self._starts(_as_long(offering, visit, any_minute=not reach), self.hours, window)
            ]
            if starts:
                _, number, start = min(starts)
                return self._promise(visit, self._others(visit)[number], start)
        return None

    def later(self, visit: Visit) -> Place | None:
        """The first free time after the visit's own with the same practitioner."""
        for reach in LATER:
            window = Window(visit.starts_at, visit.starts_at + reach, self.now)
            for one in self._of(visit, own=True):
                starts = self._starts(_as_long(one[0], visit), self.own_hours, window)
                if starts:
                    return self._promise(visit, one, starts[0])
        return None

    def _others(self, visit: Visit) -> list[tuple[OfferingContext, str]]:
        return self._of(visit, own=False)

    def _of(self, visit: Visit, *, own: bool) -> list[tuple[OfferingContext, str]]:
        offered: Iterable[tuple[OfferingContext, str]] = self.offered[visit.site_id, visit.reason]
        return [one for one in offered if (one[0].practitioner_id == self.own) is own and one[0].mode == visit.mode]

    def _starts(self, offering: OfferingContext, hours: OpeningHours, window: Window) -> list[int]:
        starts = starts_of(offering, hours, self.busy[offering.practitioner_id], window)
        return self.limits.keep(replace(offering, known=True), starts)

    def _promise(self, visit: Visit, one: tuple[OfferingContext, str], start: int) -> Place:
        offering, name = one
        shape = _as_long(offering, visit).shape
        taken = (start - shape.before, start + shape.length + shape.after)
        self.busy[offering.practitioner_id] = merged([*self.busy[offering.practitioner_id], taken])
        return Place(offering.practitioner_id, name, to_instant(start))


def _as_long(offering: OfferingContext, visit: Visit, *, any_minute: bool = False) -> OfferingContext:
    """Ask the offering for a visit of the length that this one has."""
    shape = offering.shape
    length = (visit.ends_at - visit.starts_at) // MINUTE
    return replace(offering, shape=VisitShape(length, 1 if any_minute else shape.step, shape.before, shape.after))
