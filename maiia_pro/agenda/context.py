"""What a booking must know of an offering, read in one query, and the locks it takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from maiia_pro.agenda.free_time import VisitShape
from maiia_pro.agenda.reason_rules import COLUMNS, KNOWN, ReasonRules
from maiia_pro.kernel import clock
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.practice.tables import Offer, Site


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
    """The practitioner's when this was read; see `offered_under_lock`."""
    rules: ReasonRules
    minutes: int
    """The ordinary duration; the one of `shape` is of whom this was read for."""
    known: bool | None = None
    """Whether the practitioner knows whom this was read for; None where nobody was named."""

    def lasting(self, minutes: int) -> "OfferingContext":
        """Give the same offering for a visit of another length."""
        if minutes == self.shape.length:
            return self
        return replace(self, shape=VisitShape(minutes, self.shape.step, self.shape.before, self.shape.after))

    def blocked_at(self, starts_at: datetime) -> tuple[datetime, datetime]:
        """Tell what a visit then would keep others from, buffers included."""
        shape = self.shape
        return starts_at - timedelta(minutes=shape.before), starts_at + timedelta(minutes=shape.length + shape.after)

    def for_whom(self, known: bool | None) -> "OfferingContext":
        """Give the same offering for somebody known or new; where nobody knows, for the longer visit of both."""
        return replace(self.lasting(self.rules.length_for(known, self.minutes)), known=known)


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """Give a time zone, once."""
    return ZoneInfo(name)


def first_zone(zones: Iterable[ZoneInfo]) -> ZoneInfo:
    """Give the clock of the first of a practice's sites; Paris where it has none yet."""
    return next(iter(zones), zone_of("Europe/Paris"))


def zone_of_practice(session: Session, practice_id: UUID) -> ZoneInfo:
    """Give the clock of the practice's first site; Paris where it has none yet."""
    zones = session.exec(select(Site.zone).where(Site.practice_id == practice_id).order_by(col(Site.name)).limit(1))
    return first_zone(zone_of(name) for name in zones)


_COLUMNS = (
    """
    select o.id, o.practice_id, o.practitioner_id, o.site_id, o.reason_id, s.zone, r.duration_minutes, r.step_minutes,
           r.buffer_before_minutes, r.buffer_after_minutes, r.mode, c.offer,
           o.active and r.active as active, o.active and r.active and r.online and p.published as online, p.agenda_version
"""
    + COLUMNS
)
_JOINED = """
    from offering o
    join visit_reason r on r.id = o.reason_id
    join site s on s.id = o.site_id
    join practitioner p on p.id = o.practitioner_id
    join practice c on c.id = o.practice_id
"""
_CONTEXTS = _COLUMNS + _JOINED + "where o.id = any(%(ids)s)"
OWN = "((a.held_by = cast(%(visitor)s as text)) is true or (a.held_for = cast(%(account_id)s as uuid)) is true)"
"""Whether a hold is the asker's: of their browser, or kept for their account."""
COUNTS = f"(a.held_until is null or a.held_until > %(now)s and not {OWN})"
"""Whether a row keeps the asker from its time: a hold that is over does not, nor does their own."""
_LIES_THERE = """
    , (
        select case when bool_or(a.held_until is null) then 'taken' else 'held' end from appointment a
        where a.practitioner_id = o.practitioner_id and a.active and a.id is distinct from %(leaving_out)s and """
_TAKEN_AND_RECORD = """
          and a.starts_at > cast(%(starts_at)s as timestamptz) - interval '16 hours'
          and a.starts_at < cast(%(starts_at)s as timestamptz) + interval '16 hours'
          and a.blocked && tstzrange(
              %(starts_at)s - make_interval(mins => r.buffer_before_minutes),
              %(starts_at)s + make_interval(mins => r.buffer_after_minutes
                  + coalesce(cast(%(length)s as int), least(r.duration_minutes, r.new_patient_minutes))))
        having count(*) > 0
    ) as taken, f.id as record_id, """
_RECORD = """
    left join patient f on f.practice_id = o.practice_id and f.id = coalesce((
        select f.id from person h join patient f on f.person_id = h.id and f.practice_id = o.practice_id
        where h.account_id = %(account_id)s and h.removed_at is null
          and case when cast(%(person_id)s as uuid) is null then h.is_self else h.id = %(person_id)s end
    ), %(patient_id)s)
"""
_TAKEN = _LIES_THERE + COUNTS + _TAKEN_AND_RECORD + KNOWN
_CONTEXT_OF_SLOT = _COLUMNS + _TAKEN + _JOINED + _RECORD + "where o.id = %(id)s"


def load_offerings(session: Session, ids: Iterable[UUID]) -> dict[UUID, OfferingContext]:
    """Read several offerings; those that do not exist are absent from the answer."""
    rows = exchange(session, _CONTEXTS, {"ids": list(ids)})
    return {row[0]: _context(row) for row in rows}


def load_offering(session: Session, offering_id: UUID) -> OfferingContext:
    """Read an offering; raises `NotFound`."""
    found = load_offerings(session, [offering_id]).get(offering_id)
    if found is None:
        raise NotFound
    return found


class Holder(NamedTuple):
    """Whose record a practice may have already: a person of an account (its holder unless one is named), or the record itself; and
    from which browser, by its fingerprint, they ask."""

    account_id: UUID | None = None
    person_id: UUID | None = None
    patient_id: UUID | None = None
    visitor: str | None = None


NOBODY = Holder()


def load_slot(
    session: Session,
    offering_id: UUID,
    starts_at: datetime,
    length: int | None,
    *,
    leaving_out: UUID | None = None,
    holder: Holder = NOBODY,
) -> tuple[OfferingContext, str | None, UUID | None]:
    """Read an offering, what lies where a visit of it would (buffers included), and the holder's record there.

    « taken », « held » where it is no more than somebody else's hold, or nothing.

    One exchange, because everybody who books begins with it; raises `NotFound`.
    """
    values = {
        "id": offering_id,
        "starts_at": starts_at,
        "length": length,
        "leaving_out": leaving_out,
        "now": clock.now(),
    } | holder._asdict()
    row = exchange(session, _CONTEXT_OF_SLOT, values).fetchone()
    if row is None:
        raise NotFound
    *context, taken, record_id, known = row
    named = holder.account_id or holder.patient_id
    return _context(context).for_whom(known if named else None), taken, record_id


def _context(row: Sequence[Any]) -> OfferingContext:
    ident, practice_id, practitioner_id, site_id, reason_id, zone, length, step, before, after, mode, offer, active, online, version = row[
        :15
    ]
    rules = ReasonRules(*row[15:])
    return OfferingContext(
        offering_id=ident,
        practice_id=practice_id,
        practitioner_id=practitioner_id,
        site_id=site_id,
        reason_id=reason_id,
        zone=zone_of(zone),
        shape=VisitShape(rules.length_for(None, length), step, before, after),
        mode=mode,
        active=active,
        online=online and offer == Offer.PREMIUM,
        has_online_booking=offer == Offer.PREMIUM,
        agenda_version=version,
        rules=rules,
        minutes=length,
    )


_VERSIONS = " select id, agenda_version from held"
_ROWS = """
    with held as materialized (
        select id, agenda_version from practitioner where id = any(%(ids)s) order by id for no key update
    ), swept as (
        delete from appointment a using held
        where a.practitioner_id = held.id and a.held_until is not null
          and (a.held_until <= %(now)s or a.blocked && tstzrange(%(own_begins)s, %(own_ends)s) and """
HELD = _ROWS + OWN + "))"
"""Takes the rows of practitioners, then removes what nobody holds any more, and what the asker holds at the time that they take now."""
_LOCK = HELD + _VERSIONS


def of_one(sql: str) -> str:
    """Ask of one practitioner what is written for several: PostgreSQL then keeps one plan, where it would plan lists each time anew."""
    return sql.replace("= any(%(ids)s)", "= %(id)s").replace("unnest(cast(%(ids)s as uuid[]))", "(values (cast(%(id)s as uuid)))")


Span = tuple[datetime | None, datetime | None]
ANY_TIME: Span = (None, None)


def lock_practitioners(session: Session, ids: Iterable[UUID], holder: Holder = NOBODY, span: Span = ANY_TIME) -> dict[UUID, int]:
    """Take the practitioners' rows, in id order, before anything is booked, moved, cancelled or set up in their agendas.

    Holds that are over go, and the holder's own in `span`. Gives each one's `agenda_version`, which every change of hours or
    reasons raises. Rooms come after practitioners (`take_rooms`).
    """
    values = {"ids": sorted(set(ids)), "now": clock.now()} | own_holds(holder, span)
    return dict(exchange(session, _LOCK, values).fetchall())


def own_holds(holder: Holder, span: Span) -> dict[str, object]:
    """Give the values by which `HELD` knows the holds that are the asker's own, and in the way of what they take now."""
    return {"visitor": holder.visitor, "account_id": holder.account_id, "own_begins": span[0], "own_ends": span[1]}
