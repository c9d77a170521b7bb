"""Rooms and equipment of a visit: one of each kind that its reason needs, taken with it and left with it."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.context import OfferingContext
from maiia_pro.agenda.errors import ResourceTaken
from maiia_pro.kernel import clock
from maiia_pro.kernel.exchange import exchange

_LOCK = """
    with rooms as materialized (
        select id from resource where site_id = %(site_id)s and kind_id = any(%(kinds)s) and not retired order by id for no key update
    ), swept as (
        delete from appointment where id in (
            select a.id from appointment a join resource_booking b on b.appointment_id = a.id join rooms on rooms.id = b.resource_id
            where a.held_until <= %(now)s for update of a skip locked
        )
    )
    select id from rooms
"""
IS_FREE: Final = """
    and not exists (select 1 from resource_booking b where b.resource_id = r.id and b.blocked && tstzrange(%(begins)s, %(ends)s))
"""
"""Asked under the rooms' lock; the constraint has the last word."""
_TAKE = """
    insert into resource_booking (id, resource_id, appointment_id, blocked)
    select gen_random_uuid(), id, %(appointment_id)s, tstzrange(%(begins)s, %(ends)s) from (
        select distinct on (r.kind_id) r.id from resource r
        where r.site_id = %(site_id)s and r.kind_id = any(%(kinds)s) and not r.retired {free}
        order by r.kind_id, r.id <> all(%(liked)s), r.id
    ) as chosen
    on conflict on constraint resource_booking_no_overlap do nothing returning id
"""
_LEAVE = "delete from resource_booking where appointment_id = %(appointment_id)s returning resource_id"
_NAMES = """
    select r.name from resource_booking b join resource r on r.id = b.resource_id
    where b.appointment_id = %(appointment_id)s order by r.name
"""


def lock_rooms(session: Session, offering: OfferingContext) -> None:
    """Take the rows of all that could serve a visit, in id order, after the practitioners'; holds that are over let go of theirs."""
    values = {"site_id": offering.site_id, "kinds": list(offering.rules.needs), "now": clock.now()}
    exchange(session, _LOCK, values).fetchall()


def take_rooms(
    session: Session, offering: OfferingContext, appointment_id: UUID, span: tuple[datetime, datetime], liked: Collection[UUID] = ()
) -> None:
    """Take one resource of each kind needed, free for the whole blocked time: one of `liked` if it is, else the lowest id.

    Raises `ResourceTaken` where a kind has none; the caller's transaction is then undone.
    """
    needs = offering.rules.needs
    if not needs:
        return
    lock_rooms(session, offering)
    values = {"site_id": offering.site_id, "kinds": list(needs), "liked": list(liked)}
    values |= {"appointment_id": appointment_id, "begins": span[0], "ends": span[1]}
    if len(exchange(session, _TAKE.format(free=IS_FREE), values).fetchall()) < len(needs):
        raise ResourceTaken


def leave_rooms(session: Session, appointment_id: UUID) -> list[UUID]:
    """Give back what a visit has; tells what it was."""
    return [row[0] for row in exchange(session, _LEAVE, {"appointment_id": appointment_id})]


def rooms_of(session: Session, appointment_id: UUID) -> tuple[str, ...]:
    """Name what a visit has."""
    return tuple(row[0] for row in exchange(session, _NAMES, {"appointment_id": appointment_id}))
