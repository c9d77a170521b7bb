"""What a slot would be for one person, told before it is booked; the booking itself has the last word."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.booking import load_appointment
from maiia_pro.agenda.context import Holder, OfferingContext, load_offering, load_slot
from maiia_pro.agenda.errors import FirstVisitTooLong, NotOffered
from maiia_pro.agenda.hours import Window
from maiia_pro.agenda.offered import slots_of
from maiia_pro.agenda.quotas import check_audience
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading


@dataclass(frozen=True, slots=True)
class SlotTerms:
    """How long the visit would be, whether the slot is free for it, and why the person is not admitted, if they are not."""

    minutes: int
    free: bool
    refusal: str
    known: bool | None


def slot_terms(actor: Actor, slot: SlotKey, person_id: UUID | None = None, moved: UUID | None = None) -> SlotTerms:
    """Tell the terms for a person of the account, or for the visit that moves there; a visitor is told those of the shorter visit.

    Raises `NotFound`, also for a visit of somebody else's.
    """
    require(actor, Permission.DIRECTORY_SEARCH if moved is None else Permission.APPOINTMENT_OWN)
    with reading() as session:
        offering = _for_whom(session, actor, slot, person_id, moved)
        shorter = offering.lasting(min(offering.minutes, offering.shape.length))
        free = _is_free(session, offering, slot)
        refusal = ""
        try:
            if moved is None:
                check_audience(offering)
            if not free and shorter is not offering and _is_free(session, shorter, slot):
                raise FirstVisitTooLong
        except NotOffered as refused:
            refusal = refused.message
        return SlotTerms(offering.shape.length, free, refusal, offering.known)


def _for_whom(session: Session, actor: Actor, slot: SlotKey, person_id: UUID | None, moved: UUID | None) -> OfferingContext:
    if moved:
        visit = load_appointment(session, actor, moved, Permission.APPOINTMENT_OWN)
        return replace(load_offering(session, slot.offering_id).lasting(visit.minutes), known=not visit.first_visit)
    if actor.kind is ActorKind.PATIENT:
        return load_slot(session, slot.offering_id, slot.starts_at, None, holder=Holder(actor.account_id, person_id))[0]
    offering = load_offering(session, slot.offering_id)
    return offering.lasting(min(offering.minutes, offering.shape.length))


def _is_free(session: Session, offering: OfferingContext, slot: SlotKey) -> bool:
    window = Window(slot.starts_at, slot.starts_at + timedelta(minutes=1), clock.now())
    return any(one.starts_at == slot.starts_at for one in slots_of(session, [offering], window))
