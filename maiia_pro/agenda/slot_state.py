"""What became of one slot of a practice: free, taken, or no longer to be had."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from maiia_pro.agenda.context import load_offering
from maiia_pro.agenda.errors import NoSuchSlot
from maiia_pro.agenda.hours import Window, hours_and_busy_time, open_online, starts_of
from maiia_pro.agenda.limits import read_limits
from maiia_pro.agenda.offered import FreeSlot
from maiia_pro.agenda.openings import to_minutes
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, allowed, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading

FREE: Final = "free"
TAKEN: Final = "busy"
CLOSED: Final = "busy-unavailable"
"""Past, or not open online: the codes are those of http://hl7.org/fhir/slotstatus."""


@dataclass(frozen=True, slots=True)
class SlotState:
    """A slot and its state."""

    slot: FreeSlot
    status: str


def read_slot(actor: Actor, key: SlotKey) -> SlotState:
    """Read a slot of the actor's practice; raises `NoSuchSlot` where opening hours know no such start."""
    require(actor, Permission.DIRECTORY_SEARCH)
    end = key.starts_at + timedelta(minutes=1)
    with reading() as session:
        offering = load_offering(session, key.offering_id)
        if offering.practice_id not in actor.practice_ids:
            raise NoSuchSlot
        hours, busy_by = hours_and_busy_time(session, [offering.practitioner_id], key.starts_at, end)
        ever = Window(key.starts_at, end, key.starts_at - timedelta(minutes=1))
        wanted = to_minutes(key.starts_at)
        if wanted not in starts_of(offering, hours, [], ever):
            raise NoSuchSlot
        limits = read_limits(session, [offering], ever)
        is_free = wanted in limits.keep(offering, starts_of(offering, hours, busy_by[offering.practitioner_id], ever))
        slot = FreeSlot(
            str(key), offering.offering_id, offering.practitioner_id, offering.site_id, offering.reason_id, key.starts_at,
            key.starts_at + timedelta(minutes=offering.shape.length),
        )  # fmt: skip
        now = clock.now()
        opened = open_online(offering, Window(key.starts_at, end, now))
        bookable = offering.online and now < key.starts_at == opened.begins < opened.ends
        return SlotState(slot, TAKEN if not is_free else FREE if bookable else CLOSED)


def slot_end(actor: Actor, key: SlotKey) -> datetime:
    """Tell when a visit in this slot ends, for who may book it; raises `NoSuchSlot`, or `NotFound` where there is no such offering."""
    require(actor, Permission.APPOINTMENT_BOOK)
    with reading() as session:
        offering = load_offering(session, key.offering_id)
    if not allowed(actor, Permission.APPOINTMENT_BOOK, offering.practice_id, offering.practitioner_id):
        raise NoSuchSlot
    return key.starts_at + timedelta(minutes=offering.shape.length)


@dataclass(frozen=True, slots=True)
class OfferingParts:
    """Whose, where and what an offering is; it never changes."""

    practitioner_id: UUID
    site_id: UUID
    reason_id: UUID


@lru_cache(maxsize=4096)
def _parts(offering_id: UUID) -> tuple[UUID, OfferingParts]:
    with reading() as session:
        found = load_offering(session, offering_id)
        return found.practice_id, OfferingParts(found.practitioner_id, found.site_id, found.reason_id)


def offering_parts(actor: Actor, offering_id: UUID) -> OfferingParts:
    """Tell what an offering that the actor may book is made of; raises `NoSuchSlot`, or `NotFound` where it never was."""
    require(actor, Permission.APPOINTMENT_BOOK)
    practice_id, parts = _parts(offering_id)
    if not allowed(actor, Permission.APPOINTMENT_BOOK, practice_id, parts.practitioner_id):
        raise NoSuchSlot
    return parts
