"""The bounds of a visit and the rule that holds patients and programs to what the public page offers."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.context import NOBODY, Holder, OfferingContext, load_offering, load_slot, lock_practitioners
from maiia_pro.agenda.errors import FirstVisitTooLong, InThePast, NoOnlineBooking, NotOffered, SlotHeld, SlotTaken
from maiia_pro.agenda.hours import is_offered, offered_under_lock
from maiia_pro.agenda.openings import local_day, to_instant
from maiia_pro.agenda.quotas import check_audience
from maiia_pro.agenda.slots import LATEST
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import VISITORS, Actor, ActorKind
from maiia_pro.kernel.errors import Conflict, Invalid, NotAllowed

LONGEST_VISIT = 480
SHORTEST_VISIT = 5


def check_asked(actor: Actor, starts_at: datetime, length: int | None) -> None:
    """Refuse what no agenda needs to be read for: only staff choose a length, and a visit begins at a whole minute."""
    if length is not None and not actor.is_staff:
        raise NotAllowed
    if length is not None and not SHORTEST_VISIT <= length <= LONGEST_VISIT:
        raise Invalid("Une visite dure de 5 minutes à 8 heures.", {"length": "Écrivez une durée entre 5 et 480 minutes."})
    if starts_at.second or starts_at.microsecond:
        raise Invalid("Un rendez-vous commence à une minute juste.")
    if starts_at > LATEST:
        raise Invalid("Choisissez une date avant 2200.")


def bounds_of(actor: Actor, offering: OfferingContext, starts_at: datetime, length: int | None) -> tuple[datetime, datetime]:
    """Tell when the visit begins and ends; raises `InThePast`, though staff may write down a visit of this very day."""
    now = clock.now()
    earliest = to_instant(local_day(now.astimezone(offering.zone).date(), offering.zone)[0]) if actor.is_staff else now
    if starts_at < earliest:
        raise InThePast
    return starts_at, starts_at + timedelta(minutes=length or offering.shape.length)


def widened(offering: OfferingContext, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """Add the buffers of the reason: what the visit keeps others from."""
    return starts_at - timedelta(minutes=offering.shape.before), ends_at + timedelta(minutes=offering.shape.after)


def check_rule(session: Session, actor: Actor, offering: OfferingContext, starts_at: datetime, leaving_out: UUID | None = None) -> None:
    """Hold patients and programs to what the public page offers; staff decide for themselves.

    Raises `NoOnlineBooking`, `SlotTaken` where somebody came first, `FirstVisitTooLong` where only a shorter visit would fit, and
    `NotOffered` for any other reason.
    """
    if actor.is_staff:
        return
    if not offering.has_online_booking:
        raise NoOnlineBooking
    if not offering.online:
        raise NotOffered
    if not is_offered(session, offering, starts_at, clock.now(), leaving_out):
        _, taken, _ = load_slot(session, offering.offering_id, starts_at, None, leaving_out=leaving_out)
        shorter = offering.lasting(min(offering.minutes, offering.shape.length))
        if taken is None and shorter is not offering and is_offered(session, shorter, starts_at, clock.now(), leaving_out):
            raise FirstVisitTooLong
        raise refusal_of(taken)


def refusal_of(taken: str | None) -> Conflict:
    """Give the refusal for what lies at a time (`load_slot`)."""
    return NotOffered() if taken is None else SlotHeld() if taken == "held" else SlotTaken()


def fitted(actor: Actor, offering: OfferingContext) -> OfferingContext:
    """Give a program's visit the length of the slot that it was shown, which fits whoever comes; a visitor's hold the shorter one."""
    if actor.kind in VISITORS:
        return offering.lasting(min(offering.minutes, offering.shape.length))
    if actor.kind is ActorKind.API_CLIENT:
        return offering.lasting(offering.rules.length_for(None, offering.minutes))
    return offering


def lock_and_check(
    session: Session, actor: Actor, offering: OfferingContext, starts_at: datetime, holder: Holder = NOBODY
) -> OfferingContext:
    """Lock the practitioner and hold the booking to the rule; gives the offering as it is under the lock.

    Raises `NotOffered` for a retired reason, `ForKnownPatients` and `ForNewPatients`, and what `check_rule` raises.
    """
    bookable = offering.active and offering.online and not actor.is_staff
    if bookable and offered_under_lock(session, offering, starts_at, clock.now(), holder):
        check_audience(offering)
        return offering
    versions = lock_practitioners(session, [offering.practitioner_id], holder, offering.blocked_at(starts_at))
    if versions.get(offering.practitioner_id) != offering.agenda_version:
        offering = fitted(actor, load_offering(session, offering.offering_id).for_whom(offering.known))
    if not offering.active:
        raise NotOffered
    check_rule(session, actor, offering, starts_at)
    if not actor.is_staff:
        check_audience(offering)
    return offering
