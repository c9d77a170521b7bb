"""Offering a place that became free: to one patient at a time, the oldest wish that it suits first, for a set time, then to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.context import Holder, OfferingContext, load_offering, load_slot, lock_practitioners
from maiia_pro.agenda.hours import Window
from maiia_pro.agenda.jobs import SlotFreed
from maiia_pro.agenda.keeping import give_back, keep_for
from maiia_pro.agenda.offered import slots_of
from maiia_pro.agenda.quotas import check_audience, check_quotas
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel import audit, clock, live
from maiia_pro.kernel.access import Permission, for_whom, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, retry_conflicts, transaction
from maiia_pro.kernel.errors import Conflict, NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.french import name_key
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import enqueue
from maiia_pro.waiting.errors import NotOnline, OfferAwaited, PlaceGone
from maiia_pro.waiting.jobs import PlaceOffered
from maiia_pro.waiting.matching import Wanted, answer_by, suits
from maiia_pro.waiting.tables import today_there

MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A wish as offers are made to it; whoever has no account cannot answer one."""

    id: UUID
    practice_id: UUID
    patient_id: UUID
    reason_key: str
    wanted: Wanted
    account_id: UUID | None
    awaited: bool
    """Whether another offer waits for an answer."""


_WISH = """
    select w.id, w.practice_id, w.patient_id, w.reason_key, w.weekdays, w.begins, w.ends, w.until, h.account_id,
           exists (
               select 1 from wish_offer o where o.wish_id = w.id and o.answer = 'awaited'
                 and (o.expires_at <= %(now)s or exists (select 1 from appointment k where k.id = o.hold_id)))
    from wish w join patient p on p.id = w.patient_id left join person h on h.id = p.person_id and h.removed_at is null
    where w.standing = 'active' and w.until >= {today}
""".format(today=today_there("%(now)s"))  # noqa: S608 - composed once, of constants
_ONE = _WISH + " and w.id = %(id)s for update of w"
_LET = (
    _WISH
    + """ and w.id = %(id)s
      and (cast(%(whose)s as uuid[]) is null or w.practitioner_id is null or w.practitioner_id = any(%(whose)s))
"""
)
_SUITED = """
      and w.practice_id = (select practice_id from practitioner where id = %(practitioner_id)s)
      and (w.practitioner_id = %(practitioner_id)s
           or w.specialty = (select specialty from practitioner where id = %(practitioner_id)s))
      and h.account_id is not null
      and not exists (
          select 1 from wish_offer o where o.wish_id = w.id and o.answer = 'awaited'
            and (o.expires_at <= %(now)s or exists (select 1 from appointment k where k.id = o.hold_id)))
      and not exists (
          select 1 from wish_offer o join wish v on v.id = o.wish_id
          where v.patient_id = w.patient_id and o.practitioner_id = %(practitioner_id)s and o.answer <> 'awaited'
            and o.starts_at < %(ends)s and o.ends_at > %(begins)s)
    order by w.created_at, w.id
"""
_FITTING = _WISH + _SUITED
"""Whoever declined a place there, or let it pass, is not asked again."""
_OFFERINGS = """
    select o.id, r.name from offering o join visit_reason r on r.id = o.reason_id
    join practitioner p on p.id = o.practitioner_id
    where p.id = %(practitioner_id)s and not p.barred and o.active and r.active and r.online
"""
_BROKEN = """
    update wish_offer o set answer = 'passed', answered_at = %(now)s
    where o.wish_id = %(wish_id)s and o.answer = 'awaited' and o.expires_at > %(now)s
      and not exists (select 1 from appointment k where k.id = o.hold_id)
"""
"""An offer whose place the practice took back keeps its patient from no other."""
_INSERT = """
    insert into wish_offer (id, wish_id, practitioner_id, offering_id, starts_at, ends_at, hold_id, made_at, expires_at, answer)
    values (%(id)s, %(wish_id)s, %(practitioner_id)s, %(offering_id)s, %(starts_at)s, %(ends_at)s, %(hold_id)s, %(now)s, %(until)s,
            'awaited')
    on conflict do nothing returning id
"""


def read_waiting(row: Sequence[Any]) -> Waiting:
    """Read a row of `_WISH`."""
    ident, practice_id, patient_id, reason_key, weekdays, begins, ends, until, account_id, awaited = row
    return Waiting(ident, practice_id, patient_id, reason_key, _wanted(weekdays, begins, ends, until), account_id, awaited)


def _wanted(weekdays: list[int], begins: time, ends: time, until: date) -> Wanted:
    return Wanted(tuple(weekdays), begins, ends, until)


@retry_conflicts
def offer_freed(actor: Actor, practitioner_id: UUID, begins: datetime, ends: datetime) -> UUID | None:
    """Offer what became free between two instants to the first whom it suits; gives the offer's id, or nothing."""
    require(actor, Permission.SYSTEM)
    span = {"practitioner_id": practitioner_id, "begins": begins, "ends": ends, "now": clock.now()}
    with transaction() as session:
        waiting = [read_waiting(row) for row in exchange(session, _FITTING, span).fetchall()]
        if not waiting:
            return None
        named: dict[UUID, str] = dict(exchange(session, _OFFERINGS, span).fetchall())
        for wish in waiting:
            for offering_id in (one for one, name in named.items() if name_key(name) == wish.reason_key):
                offer = _offer_within(session, actor, wish, offering_id, (begins, ends))
                if offer:
                    # A time may hold more than one visit: what this one leaves is for the next.
                    enqueue(session, SlotFreed(practitioner_id, begins.isoformat(), ends.isoformat()))
                    return offer
        return None


def _offer_within(session: Session, actor: Actor, wish: Waiting, offering_id: UUID, span: tuple[datetime, datetime]) -> UUID | None:
    """Offer the first free time that wants some of what became free and suits a wish, for a visit as long as its patient's.

    What begins between the two instants comes first, then what only reaches in: an odd visit keeps others from starts of the grid.
    """
    offering, _, _ = load_slot(session, offering_id, span[0], None, holder=Holder(patient_id=wish.patient_id))
    shape = offering.shape
    around = Window(span[0] - MINUTE * (shape.length + shape.after - 1), span[1] + MINUTE * shape.before, clock.now())
    slots = sorted(slots_of(session, [offering], around), key=lambda slot: not span[0] <= slot.starts_at < span[1])
    for slot in slots:
        if suits(wish.wanted, slot.starts_at, offering.zone):
            offer = _offer(session, actor, wish, offering, slot.starts_at)
            if offer:
                return offer
    return None


def _offer(session: Session, actor: Actor, asked: Waiting, offering: OfferingContext, starts_at: datetime) -> UUID | None:
    """Keep the place and write the offer; nothing where the place, or the wish, went to something else meanwhile.

    The practitioner's row comes before the wish's, everywhere.
    """
    lock_practitioners(session, [offering.practitioner_id])
    row = exchange(session, _ONE, {"id": asked.id, "now": clock.now()}).fetchone()
    wish = read_waiting(row) if row else None
    until = answer_by(clock.now(), starts_at, offering.zone, timedelta(minutes=offering.rules.notice_minutes))
    if wish is None or wish.awaited or wish.account_id is None or until is None:
        return None
    try:
        check_audience(offering)
        check_quotas(session, offering, wish.patient_id, starts_at)
    except Conflict:
        return None  # the rules of the reason: the patient could not accept
    hold_id = keep_for(session, offering, starts_at, wish.account_id, until)
    if hold_id is None:
        return None
    offer_id = uuid7()
    values = {
        "id": offer_id, "wish_id": wish.id, "practitioner_id": offering.practitioner_id, "offering_id": offering.offering_id,
        "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=offering.shape.length),
        "hold_id": hold_id, "now": clock.now(), "until": until,
    }  # fmt: skip
    exchange(session, _BROKEN, values)
    if exchange(session, _INSERT, values).fetchone() is None:
        give_back(session, hold_id)
        return None
    tell(session, actor, AuditAction.WISH_OFFERED, wish.practice_id, wish.id, offer_id=str(offer_id), hold_id=str(hold_id))
    enqueue(session, PlaceOffered(offer_id))
    return offer_id


def tell(session: Session, actor: Actor, action: AuditAction, practice_id: UUID, wish_id: UUID, **details: str) -> None:
    """Write the act into the history, and tell the open lists of the practice."""
    audit.record(session, actor, action, subject_type="wish", subject_id=wish_id, practice_id=practice_id, details=details or None)
    live.announce(session, live.Change(live.waiting_topic(practice_id), wish_id, 0))


@retry_conflicts
def offer_by_hand(actor: Actor, wish_id: UUID, slot: SlotKey) -> UUID:
    """Offer a free place to somebody whom staff picked.

    Raises `NotOnline` for who cannot answer, `OfferAwaited`, `PlaceGone`, and `NotFound` where wish or place is not the practice's.
    """
    require(actor, Permission.WISH_MANAGE)
    with transaction() as session:
        offered = load_offering(session, slot.offering_id)
        require(actor, Permission.WISH_MANAGE, offered.practice_id, offered.practitioner_id)
        values = {"id": wish_id, "now": clock.now(), "whose": for_whom(actor, Permission.WISH_MANAGE)}
        row = exchange(session, _LET, values).fetchone()
        wish = read_waiting(row) if row else None
        if wish is None:
            raise NotFound
        offering, _, record = load_slot(session, slot.offering_id, slot.starts_at, None, holder=Holder(patient_id=wish.patient_id))
        if record is None:
            raise NotFound  # of another practice
        if wish.account_id is None or not offering.online:
            raise NotOnline
        if wish.awaited:
            raise OfferAwaited
        offer = _offer(session, actor, wish, offering, slot.starts_at)
        if offer is None:
            raise PlaceGone
        return offer


_DUE = "select id, practitioner_id from wish_offer where answer = 'awaited' and expires_at <= %(now)s order by expires_at limit 100"
_OVER = """
    update wish_offer o set answer = 'passed', answered_at = %(now)s from wish w
    where o.id = %(id)s and o.answer = 'awaited' and o.expires_at <= %(now)s and w.id = o.wish_id
    returning w.practice_id, w.id, o.starts_at, o.ends_at, o.hold_id
"""


def pass_on_due(actor: Actor) -> int:
    """Let offers that nobody answered pass: each place goes to the next; gives how many."""
    require(actor, Permission.SYSTEM)
    with reading() as session:
        due = exchange(session, _DUE, {"now": clock.now()}).fetchall()
    return sum(_pass_on(actor, offer_id, practitioner_id) for offer_id, practitioner_id in due)


@retry_conflicts
def _pass_on(actor: Actor, offer_id: UUID, practitioner_id: UUID) -> bool:
    with transaction() as session:
        lock_practitioners(session, [practitioner_id])
        row = exchange(session, _OVER, {"id": offer_id, "now": clock.now()}).fetchone()
        if row is None:
            return False  # answered meanwhile
        practice_id, wish_id, starts_at, ends_at, hold_id = row
        tell(session, actor, AuditAction.WISH_ANSWERED, practice_id, wish_id, offer_id=str(offer_id), answer="passed")
        give_on(session, practitioner_id, starts_at, ends_at, hold_id)
        return True


_AWAITED = "select practitioner_id from wish_offer where wish_id = any(%(ids)s) and answer = 'awaited'"
_LEFT = """
    update wish_offer set answer = 'declined', answered_at = %(now)s where wish_id = %(id)s and answer = 'awaited'
    returning practitioner_id, starts_at, ends_at, hold_id
"""


def lock_agendas_of(session: Session, wish_ids: Sequence[UUID]) -> None:
    """Lock the agendas in which places are kept for some wishes, before the wishes themselves."""
    lock_practitioners(session, [row[0] for row in exchange(session, _AWAITED, {"ids": list(wish_ids)}).fetchall()])


def leave_place(session: Session, wish_id: UUID) -> None:
    """Give on the place that is kept for a wish which is closed, if there is one."""
    for practitioner_id, starts_at, ends_at, hold_id in exchange(session, _LEFT, {"id": wish_id, "now": clock.now()}).fetchall():
        give_on(session, practitioner_id, starts_at, ends_at, hold_id)


def give_on(session: Session, practitioner_id: UUID, starts_at: datetime, ends_at: datetime, hold_id: UUID) -> None:
    """Give a kept place back and have it offered to the next."""
    give_back(session, hold_id)
    enqueue(session, SlotFreed(practitioner_id, starts_at.isoformat(), ends_at.isoformat()))
