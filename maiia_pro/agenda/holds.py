"""Holds: a slot that a visitor has chosen is theirs for ten minutes, as a row of the same constraint, until they book it or leave.

A hold that is over keeps nobody from anything: whoever takes the practitioner's row removes it (`context.HELD`), and so does the worker.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.booking import THERE, load_appointment, note_broken
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.context import Holder, OfferingContext, load_slot, lock_practitioners
from maiia_pro.agenda.errors import SlotTaken
from maiia_pro.agenda.jobs import SlotFreed
from maiia_pro.agenda.rooms import take_rooms
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.tables import Appointment
from maiia_pro.agenda.visit import bounds_of, check_asked, fitted, lock_and_check, refusal_of, widened
from maiia_pro.kernel import clock, live, queue
from maiia_pro.kernel.access import Permission, allowed, require
from maiia_pro.kernel.actor import VISITORS, Actor, ActorKind
from maiia_pro.kernel.db import reading, retry_conflicts, transaction
from maiia_pro.kernel.errors import NotAllowed, NotFound, TooMany
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.rates import count_request

HELD_FOR: Final = timedelta(minutes=10)
MOST_A_VISITOR: Final = 2
MOST_A_NETWORK: Final = 30
"""How many slots the visitors of one network may hold at once: a waiting room shares an address, a robot shall not hold an agenda."""
NEW_A_MINUTE: Final = 20
SURELY_OVER: Final = timedelta(seconds=2)
"""The queue goes by the database's clock, which is not quite the server's."""
GONE: Final = "Ce créneau n’est plus retenu."
TOO_MANY: Final = "Trop de créneaux sont retenus depuis votre réseau. Confirmez sans attendre, ou réessayez dans quelques minutes."


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose hold it is: the fingerprints of a browser and of its network, neither of which can be read back."""

    browser: str
    network: str

    @classmethod
    def of(cls, token: str, network: str) -> "Visitor":
        """Take the fingerprints of the secret of a browser tab and of a network address."""
        return cls(*(hashlib.sha256(f"{kind} {value}".encode()).hexdigest() for kind, value in (("hold", token), ("hold from", network))))


@dataclass(frozen=True, slots=True)
class Hold:
    """A slot held until an instant."""

    id: UUID
    held_until: datetime


_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended(%(whose)s, 7))"
_OWN = """
    select id, held_until, practitioner_id, reason_id = %(reason_id)s and site_id = %(site_id)s and starts_at = %(starts_at)s,
           held_by is not null
    from appointment where held_until > %(now)s and (held_by = %(browser)s or held_for = %(account_id)s)
    order by held_until
"""
_FROM_NETWORK = "select count(*) from appointment where held_until > %(now)s and held_from = %(network)s"
_ADOPT = "update appointment set held_for = %(account_id)s where id = %(id)s and held_by is not null and held_for is null"
"""A visitor signed in meanwhile."""
ROW = """
    insert into appointment (id, practice_id, practitioner_id, site_id, reason_id, starts_at, ends_at, blocked, status, mode, origin,
                             deliberate_overbooking, note, cancellation_note, version, told_version, created_at,
                             held_until, held_by, held_for, held_from)
    select %(id)s, %(practice_id)s, %(practitioner_id)s, %(site_id)s, %(reason_id)s, %(starts_at)s, %(ends_at)s,
           tstzrange(%(begins)s, %(ends)s), 'planned', %(mode)s, 'online', false, '', '', 1, 1, %(now)s,
           %(held_until)s, %(browser)s, %(account_id)s, %(network)s
"""
LAST_WORD = " on conflict on constraint appointment_no_overlap do nothing returning id"
_INSERT = ROW + f"where not {THERE}" + LAST_WORD
RELEASE = "delete from appointment where id = %(id)s and held_until is not null returning practitioner_id"
_RELEASE_OWN = """
    delete from appointment where held_until is not null and held_by = %(browser)s returning id, practitioner_id
"""
_SWEEP = """
    delete from appointment where id in (select id from appointment where held_until <= %(now)s for update skip locked)
    returning id, practitioner_id
"""
"""What is locked is being removed by somebody else, who may hold an agenda: the worker waits for nobody."""


@retry_conflicts
def hold_slot(actor: Actor, slot: SlotKey, visitor: Visitor, moving: UUID | None = None) -> Hold | None:
    """Hold a slot for a visitor, a patient or who follows a link; what they hold stays as it is, and beyond two the oldest goes.

    `moving` names the visit that would move there, whose length is held: where it lies in the way itself, nobody else can take the
    time, and nothing is held.
    Raises `SlotHeld`, `SlotTaken`, `NotOffered`, `NoOnlineBooking`, `InThePast`, `NotFound`, and `TooMany` for a network.
    """
    require(actor, Permission.DIRECTORY_SEARCH)
    if actor.kind not in VISITORS | {ActorKind.PATIENT} and (moving is None or actor.visit_id != moving):
        raise NotAllowed  # a link holds for its own visit alone
    check_asked(actor, slot.starts_at, None)
    count_request(("hold", visitor.network), NEW_A_MINUTE, TOO_MANY)
    with transaction() as session:
        for whose in (visitor.browser, *([str(actor.account_id)] if actor.account_id else [])):
            exchange(session, _ONE_AT_A_TIME, {"whose": whose})
        holder = Holder(actor.account_id, visitor=visitor.browser)
        visit = _that_moves(session, actor, moving)
        length = visit.minutes if visit else None
        offering, taken, _ = load_slot(session, slot.offering_id, slot.starts_at, length, leaving_out=moving, holder=holder)
        offering = replace(offering.lasting(length), known=None) if length else fitted(actor, offering)
        values = _values(actor, offering, slot, visitor)
        if visit and _lies_there(visit, values):
            return None
        if taken:
            raise refusal_of(taken)
        if kept := _kept(session, values):
            return kept
        lock_and_check(session, actor, offering, slot.starts_at, holder)
        _make_room(session, values)
        if exchange(session, _INSERT, values).fetchone() is None:
            raise SlotTaken
        take_rooms(session, offering, values["id"], (values["begins"], values["ends"]))
        live.announce(session, live.Change(live.agenda_topic(offering.practitioner_id), values["id"], 0))
        _offer_afterwards(session, values)
        return Hold(values["id"], values["held_until"])


def _that_moves(session: Session, actor: Actor, moving: UUID | None) -> Appointment | None:
    """Find the visit that would move there; a visitor's is known once they have signed in. Raises `NotFound`."""
    if moving is None or actor.kind in VISITORS:
        return None
    return load_appointment(session, actor, moving, Permission.APPOINTMENT_OWN)


def _lies_there(visit: Appointment, values: dict[str, Any]) -> bool:
    there = visit.status != Status.CANCELLED and visit.practitioner_id == values["practitioner_id"]
    return there and visit.blocked.lower < values["ends"] and values["begins"] < visit.blocked.upper


def _values(actor: Actor, offering: OfferingContext, slot: SlotKey, visitor: Visitor) -> dict[str, Any]:
    starts_at, ends_at = bounds_of(actor, offering, slot.starts_at, None)
    begins, ends = widened(offering, starts_at, ends_at)
    now = clock.now()
    return {
        "id": uuid7(),
        "practice_id": offering.practice_id,
        "practitioner_id": offering.practitioner_id,
        "site_id": offering.site_id,
        "reason_id": offering.reason_id,
        "mode": offering.mode,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "begins": begins,
        "ends": ends,
        "now": now,
        "held_until": now + HELD_FOR,
        "browser": visitor.browser,
        "network": visitor.network,
        "account_id": actor.account_id,
        "leaving_out": None,
    }


def _offer_afterwards(session: Session, values: dict[str, Any]) -> None:
    """Have whoever waits be asked once the time of the hold is over, unless it was booked: given up, broken and left alike."""
    freed = SlotFreed(values["practitioner_id"], values["begins"].isoformat(), values["ends"].isoformat())
    queue.enqueue(session, freed, at=values["held_until"] + SURELY_OVER)


def _kept(session: Session, values: dict[str, Any]) -> Hold | None:
    """Give the visitor's hold of this very slot, if there is one."""
    for ident, held_until, _, same, _ in exchange(session, _OWN, values).fetchall():
        if same:
            exchange(session, _ADOPT, values | {"id": ident})
            return Hold(ident, held_until)
    return None


def _make_room(session: Session, values: dict[str, Any]) -> None:
    """Let the visitor's oldest hold go where there are two already; after the agenda's lock, so that nobody waits for it in a circle."""
    own = exchange(session, _OWN, values).fetchall()
    chosen = [(ident, practitioner_id) for ident, _, practitioner_id, _, by_choice in own if by_choice]
    for ident, practitioner_id in chosen[: max(0, len(chosen) - MOST_A_VISITOR + 1)]:
        exchange(session, RELEASE, {"id": ident})
        live.announce(session, live.Change(live.agenda_topic(practitioner_id), ident, 0))
    there = exchange(session, _FROM_NETWORK, values).fetchone()
    if there and there[0] >= MOST_A_NETWORK:
        raise TooMany(TOO_MANY, retry_after=int(HELD_FOR.total_seconds()))


def release_holds(actor: Actor, visitor: Visitor) -> None:
    """Give back what a browser holds: its person went on to something else."""
    require(actor, Permission.DIRECTORY_SEARCH)
    with transaction() as session:
        _announce_gone(session, exchange(session, _RELEASE_OWN, {"browser": visitor.browser}).fetchall())


@retry_conflicts
def break_hold(actor: Actor, hold_id: UUID) -> None:
    """Free a slot that a visitor holds; raises `NotFound` where the hold is gone, or of another practice."""
    require(actor, Permission.APPOINTMENT_MANAGE)
    with transaction() as session:
        found = exchange(session, _HOLD, {"id": hold_id}).fetchone()
        if found is None or not allowed(actor, Permission.APPOINTMENT_MANAGE, *found):
            raise NotFound(GONE)
        practice_id, practitioner_id = found
        lock_practitioners(session, [practitioner_id])
        if exchange(session, RELEASE, {"id": hold_id}).fetchone() is None:
            raise NotFound(GONE)
        note_broken(session, actor, hold_id, practice_id, practitioner_id)


_HOLD = "select practice_id, practitioner_id from appointment where id = %(id)s and held_until is not null"


def sweep_holds(actor: Actor) -> int:
    """Remove the holds that are over and tell open screens; gives how many."""
    require(actor, Permission.SYSTEM)
    with reading() as session:
        if exchange(session, "select 1 from appointment where held_until <= %(now)s limit 1", {"now": clock.now()}).fetchone() is None:
            return 0
    with transaction() as session:
        gone = exchange(session, _SWEEP, {"now": clock.now()}).fetchall()
        _announce_gone(session, gone)
        return len(gone)


def _announce_gone(session: Session, gone: list[Any]) -> None:
    for ident, practitioner_id in gone:
        live.announce(session, live.Change(live.agenda_topic(practitioner_id), ident, 0))
