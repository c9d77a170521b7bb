"""The bounds of the public search, computed by the worker: before when a practitioner surely has no free slot (decision 26)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.context import load_offerings
from maiia_pro.agenda.hours import Window, hours_and_busy_time, open_online, starts_of
from maiia_pro.agenda.offered import LOOKS
from maiia_pro.agenda.openings import to_instant
from maiia_pro.agenda.slots import LATEST
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.exchange import exchange

A_ROUND: Final = 500
Bound = tuple[datetime, datetime, datetime]
"""As in `FirstFree`: nothing before, until when that holds best, nothing before from then on."""

FIRST_OFFERED: Final = """
    select o.practitioner_id, o.id, r.id, o.site_id
    from offering o join visit_reason r on r.id = o.reason_id
    where o.practitioner_id = any(%(ids)s) and o.active and r.active and r.online
    order by r.position, r.id
"""
_MISSING: Final = """
    insert into first_free (practitioner_id, until, then_at)
    select p.id, now(), now() from practitioner p
    where p.published and not exists (select 1 from first_free f where f.practitioner_id = p.id)
    on conflict do nothing
"""
_STALE: Final = """
    select f.practitioner_id, f.forgotten from first_free f join practitioner p on p.id = f.practitioner_id and p.published
    where f.starts_at is null or f.until <= %(now)s or f.then_at > f.starts_at and exists (
        select 1 from appointment a
        where a.practitioner_id = f.practitioner_id and a.active and a.held_until is null
          and a.starts_at > f.starts_at - interval '16 hours' and a.starts_at < f.starts_at + interval '16 hours'
          and a.blocked @> f.starts_at
    )
    order by f.starts_at nulls first limit %(most)s
"""
_WRITE: Final = """
    with new as (
        select * from unnest(%(ids)s::uuid[], %(forgotten)s::int[], %(first)s::timestamptz[], %(until)s::timestamptz[],
                             %(then)s::timestamptz[]) as n (id, forgotten, first, until, then_at)
    ), mine as (
        select f.practitioner_id from first_free f join new on new.id = f.practitioner_id and new.forgotten = f.forgotten
        for no key update of f skip locked
    )
    update first_free f set starts_at = new.first, until = new.until, then_at = new.then_at
    from new join mine on mine.practitioner_id = new.id where f.practitioner_id = new.id and f.forgotten = new.forgotten
"""


def first_offered(session: Session, ids: Iterable[UUID]) -> list[tuple[UUID, UUID, UUID]]:
    """Name the offerings of each practitioner's first online reason: practitioner, offering, site."""
    first: dict[UUID, UUID] = {}
    rows = exchange(session, FIRST_OFFERED, {"ids": list(ids)})
    return [(whose, offering, site) for whose, offering, reason, site in rows if first.setdefault(whose, reason) == reason]


def refresh_bounds(actor: Actor, most: int = A_ROUND) -> int:
    """Compute anew the bounds that are forgotten, past or taken; gives how many.

    What changed while it was computed stays forgotten: `forgotten` was read before any agenda.
    """
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        exchange(session, _MISSING, {})
    with reading() as session:
        stale: dict[UUID, int] = dict(exchange(session, _STALE, {"now": clock.now(), "most": most}).fetchall())
        bounds = bounds_of(session, list(stale)) if stale else {}
    if not bounds:
        return 0
    first, until, then = zip(*(bounds[one] for one in stale), strict=True)
    values: dict[str, Any] = {"ids": list(stale), "forgotten": list(stale.values()), "first": list(first), "until": list(until)}
    with transaction() as session:
        return exchange(session, _WRITE, values | {"then": list(then)}).rowcount


def bounds_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, Bound]:
    """Compute the bounds of some practitioners: holds, rooms and quotas are left out, because they end without a word."""
    now = clock.now()
    offerings = load_offerings(session, [offering for _, offering, _ in first_offered(session, ids)]).values()
    bounds: dict[UUID, Bound] = dict.fromkeys(ids, (LATEST, LATEST, LATEST))
    waiting = [one for one in offerings if one.online]
    for days in LOOKS:
        window = Window(now, now + timedelta(days=days), now)
        hours, busy = hours_and_busy_time(session, {one.practitioner_id for one in waiting}, window.begins, window.ends, holds=False)
        sure = window.ends - timedelta(days=1)
        found: dict[UUID, list[tuple[list[datetime], datetime, int]]] = {}
        for one in waiting:
            starts = starts_of(one, hours, busy[one.practitioner_id], open_online(one, window))
            closes = min(sure, one.rules.open_between(now, one.zone)[1])
            entry = ([to_instant(start) for start in starts[:2]], closes, one.rules.notice_minutes)
            found.setdefault(one.practitioner_id, []).append(entry)
        bounds |= {whose: _bound(some, now) for whose, some in found.items()}
        waiting = [one for one in waiting if bounds[one.practitioner_id][0] >= sure]
        if not waiting:
            break
    return bounds


def _bound(some: list[tuple[list[datetime], datetime, int]], now: datetime) -> Bound:
    """Put starts of several places together, as far as all were looked at; with no start, nothing is known beyond (`then_at` is equal)."""
    closes = min(close for _, close, _ in some)
    starts = sorted({at for starts, _, _ in some for at in starts if at < closes})
    first, then, *_ = [*starts, closes, closes]
    notice = min(minutes for _, _, minutes in some)
    return first, max(first - timedelta(minutes=notice), now + timedelta(minutes=1)), then
