"""How tests wish for a place, and look at what became of it."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from maiia_pro.agenda.booking import BookedAppointment, BookingRequest, book_slot
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.tables import Appointment
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.waiting.offering import offer_freed
from maiia_pro.waiting.tables import Wish, WishOffer
from maiia_pro.waiting.wishing import When, wish_for_myself
from tests.factories import House

WORKER = Actor.system("Maiia Pro")


def when(**more: Any) -> When:
    """Any day and hour of the next month, unless told otherwise."""
    return When(**({"until": clock.now().date() + timedelta(days=30)} | more))


def wished(house: House, actor: Actor, offering: int = 0, **more: Any) -> UUID:
    """Have a patient wish for what is offered; `more` is `person_id`, `anyone`, or what narrows the days and hours."""
    beside = {name: more.pop(name) for name in ("person_id", "anyone") if name in more}
    return wish_for_myself(actor, house.offerings[offering], when(**more), **beside)


def freed(house: House, hour: int = 9, minute: int = 0, *, number: int = 0, **more: Any) -> UUID | None:
    """Let the worker do what it does when twenty minutes of a practitioner become free; gives the offer."""
    begins = house.instant(hour, minute, **more)
    return offer_freed(WORKER, house.practitioners[number], begins, begins + timedelta(minutes=20))


def booked(house: House, actor: Actor, slot: SlotKey, patient: int = 0) -> BookedAppointment:
    """Book as staff for a record of the practice."""
    return book_slot(actor, BookingRequest(slot, patient_id=house.patients[patient]))


def offers(house: House) -> list[WishOffer]:
    """Read every offer of a practice, in the order that they were made."""
    with reading() as session:
        found = select(WishOffer).join(Wish, col(Wish.id) == WishOffer.wish_id).where(Wish.practice_id == house.practice_id)
        return list(session.exec(found.order_by(col(WishOffer.made_at), col(WishOffer.id))).all())


def wish_of(wish_id: UUID) -> Wish:
    """Read a wish."""
    with reading() as session:
        return session.get_one(Wish, wish_id)


def holds(house: House) -> list[Appointment]:
    """Read what is kept in the agendas of a practice."""
    return [one for one in house.appointments() if one.held_until is not None]


def visits(house: House) -> list[Appointment]:
    """Read the appointments that stand."""
    return [one for one in house.appointments() if one.held_until is None and one.status != "cancelled"]


def next_weekday(weekday: int, after: date) -> date:
    """Give the first day after another that is that day of the week, 0 for Monday."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def at_noon() -> datetime:
    """Give an instant by day, so that no offer meets the night: noon in Paris, tomorrow."""
    return (clock.now() + timedelta(days=1)).replace(hour=11, minute=0, second=0, microsecond=0)
