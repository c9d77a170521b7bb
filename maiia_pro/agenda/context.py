"""What a booking must know of an offering, read in one query, and the locks it takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from maiia_pro.agenda.free_time import VisitShape
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.practice.tables import Offer


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
_CONTEXTS = _COLUMNS + _JOINED + "where o.id = any(%(ids)s)"
_TAKEN = """
    , exists (
        select 1 from appointment a
        where a.practitioner_id = o.practitioner_id and a.active and a.id is distinct from %(leaving_out)s
          and a.starts_at > cast(%(starts_at)s as timestamptz) - interval '16 hours'
          and a.starts_at < cast(%(starts_at)s as timestamptz) + interval '16 hours'
          and a.blocked && tstzrange(
              %(starts_at)s - make_interval(mins => r.buffer_before_minutes),
              %(starts_at)s + make_interval(mins => coalesce(cast(%(length)s as int), r.duration_minutes) + r.buffer_after_minutes))
    ) as taken, coalesce((
        select f.id from person h join patient f on f.person_id = h.id and f.practice_id = o.practice_id
        where h.account_id = %(account_id)s
          and case when cast(%(person_id)s as uuid) is null then h.is_self else h.id = %(person_id)s end
    ), (select f.id from patient f where f.id = %(patient_id)s and f.practice_id = o.practice_id)) as record_id
"""
_CONTEXT_OF_SLOT = _COLUMNS + _TAKEN + _JOINED + "where o.id = %(id)s"


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
    """Whose record a practice may have already: a person of an account (its holder unless one is named), or the record itself."""

    account_id: UUID | None = None
    person_id: UUID | None = None
    patient_id: UUID | None = None


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
    row = exchange(session, _CONTEXT_OF_SLOT, values).fetchone()
    if row is None:
        raise NotFound
    *context, taken, record_id = row
    return _context(context), taken, record_id


def _context(row: Sequence[Any]) -> OfferingContext:
    ident, practice_id, practitioner_id, site_id, reason_id, zone, length, step, before, after, mode, offer, active, online, version = row
    return OfferingContext(
        offering_id=ident,
        practice_id=practice_id,
        practitioner_id=practitioner_id,
        site_id=site_id,
        reason_id=reason_id,
        zone=zone_of(zone),
        shape=VisitShape(length, step, before, after),
        mode=mode,
        active=active,
        online=online and offer == Offer.PREMIUM,
        has_online_booking=offer == Offer.PREMIUM,
        agenda_version=version,
    )


LOCK = "select id, agenda_version from practitioner where id = any(%(ids)s) order by id for no key update"


def lock_practitioners(session: Session, ids: Iterable[UUID]) -> dict[UUID, int]:
    """Take the practitioners' rows, in id order, before anything is booked, moved, cancelled or set up in their agendas.

    Gives each one's `agenda_version`, which every change of hours or reasons raises. Resources come after practitioners (`lock_resources`).
    """
    return dict(exchange(session, LOCK, {"ids": sorted(set(ids))}).fetchall())


_LOCK_RESOURCES = """
    select id from resource where id = any(%(ids)s) and practice_id = %(practice_id)s and site_id = %(site_id)s
    order by id for no key update
"""


def lock_resources(session: Session, ids: Iterable[UUID], practice_id: UUID, site_id: UUID) -> list[UUID]:
    """Take the rows of rooms and equipment, in id order, after the practitioners'; raises `NotFound` for one of another site."""
    asked = sorted(set(ids))
    values = {"ids": asked, "practice_id": practice_id, "site_id": site_id}
    if asked and len(exchange(session, _LOCK_RESOURCES, values).fetchall()) != len(asked):
        raise NotFound
    return asked
