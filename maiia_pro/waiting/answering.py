"""Answering an offer: accepted, it becomes an appointment by the same booking as any other; declined, it goes to the next."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.booking import BookedAppointment, BookingRequest, book_slot
from maiia_pro.agenda.context import lock_practitioners
from maiia_pro.agenda.errors import SlotTaken
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import enclosing_transaction, retry_conflicts, transaction
from maiia_pro.kernel.errors import Conflict, NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.french import name_key
from maiia_pro.waiting.errors import OfferOver
from maiia_pro.waiting.offering import give_on, leave_place, lock_agendas_of, tell

_OWN = """
    select o.id, o.wish_id, o.practitioner_id, o.offering_id, o.starts_at, o.ends_at, o.hold_id, w.practice_id, p.person_id
    from wish_offer o join wish w on w.id = o.wish_id join patient p on p.id = w.patient_id join person h on h.id = p.person_id
    where o.id = %(id)s and h.account_id = %(account_id)s
"""
_ANSWER = """
    update wish_offer set answer = %(answer)s, answered_at = %(now)s
    where id = %(id)s and answer = 'awaited' and expires_at > %(now)s returning id
"""
_MET = """
    update wish set standing = 'booked', closed_at = %(now)s, version = version + 1
    where id = %(id)s and standing = 'active' returning practice_id
"""


@dataclass(frozen=True, slots=True)
class _Offered:
    id: UUID
    wish_id: UUID
    practitioner_id: UUID
    offering_id: UUID
    starts_at: datetime
    ends_at: datetime
    hold_id: UUID
    practice_id: UUID
    person_id: UUID


def _own(session: Session, actor: Actor, offer_id: UUID) -> _Offered:
    """Fetch an offer and lock its agenda; raises `NotFound` for anybody else's."""
    row = exchange(session, _OWN, {"id": offer_id, "account_id": actor.account_id}).fetchone()
    if row is None:
        raise NotFound
    offered = _Offered(*row)
    lock_practitioners(session, [offered.practitioner_id])
    return offered


def _answer(session: Session, actor: Actor, offered: _Offered, answer: str) -> None:
    """Write the answer while it is still awaited; raises `OfferOver`."""
    if exchange(session, _ANSWER, {"id": offered.id, "answer": answer, "now": clock.now()}).fetchone() is None:
        raise OfferOver
    tell(session, actor, AuditAction.WISH_ANSWERED, offered.practice_id, offered.wish_id, offer_id=str(offered.id), answer=answer)


def accept_offer(actor: Actor, offer_id: UUID) -> BookedAppointment:
    """Book the place that is kept; the wish is met by the very same commit. Raises `OfferOver`, `NotFound`.

    A place that is kept and cannot be booked any more (its hours were closed, its reason ended) is offered no longer from then on.
    """
    require(actor, Permission.APPOINTMENT_OWN)
    try:
        return _book(actor, offer_id)
    except OfferOver:
        raise
    except SlotTaken:
        raise OfferOver from None  # the practice took the place back
    except Conflict:
        _answer_no(actor, offer_id, "passed")
        raise OfferOver from None


@retry_conflicts
def _book(actor: Actor, offer_id: UUID) -> BookedAppointment:
    with enclosing_transaction():
        offered = _accepted(actor, offer_id)
        return book_slot(actor, BookingRequest(SlotKey(offered.offering_id, offered.starts_at), person_id=offered.person_id))


def _accepted(actor: Actor, offer_id: UUID) -> _Offered:
    with transaction() as session:
        offered = _own(session, actor, offer_id)
        exchange(session, _MET, {"id": offered.wish_id, "now": clock.now()})  # the wish before its offer, as everywhere
        _answer(session, actor, offered, "accepted")
        return offered


def decline_offer(actor: Actor, offer_id: UUID) -> None:
    """Leave the place to the next; the wish stays. Raises `OfferOver`, `NotFound`."""
    require(actor, Permission.APPOINTMENT_OWN)
    _answer_no(actor, offer_id, "declined")


@retry_conflicts
def _answer_no(actor: Actor, offer_id: UUID, answer: str) -> None:
    with transaction() as session:
        offered = _own(session, actor, offer_id)
        _answer(session, actor, offered, answer)
        give_on(session, offered.practitioner_id, offered.starts_at, offered.ends_at, offered.hold_id)


_MEETING = """
    select w.id, w.reason_key, r.name
    from appointment a join practitioner d on d.id = a.practitioner_id join visit_reason r on r.id = a.reason_id
    join wish w on w.patient_id = a.patient_id and w.standing = 'active'
      and (w.practitioner_id = a.practitioner_id or w.specialty = d.specialty)
    where a.id = %(id)s and a.active order by w.id
"""


@retry_conflicts
def note_booked(actor: Actor, appointment_id: UUID) -> int:
    """Close the wishes that a visit meets, by whatever door it was booked, and give back what was kept for them; gives how many."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        found = exchange(session, _MEETING, {"id": appointment_id}).fetchall()
        met = [wish_id for wish_id, reason_key, name in found if name_key(name) == reason_key]
        lock_agendas_of(session, met)
        return sum(_meet(session, actor, wish_id) for wish_id in met)


def _meet(session: Session, actor: Actor, wish_id: UUID) -> bool:
    row = exchange(session, _MET, {"id": wish_id, "now": clock.now()}).fetchone()
    if row is None:
        return False  # closed meanwhile
    tell(session, actor, AuditAction.WISH_ANSWERED, row[0], wish_id, answer="booked")
    leave_place(session, wish_id)
    return True
