"""Somebody leaves a practice, and comes back: what ends with them, and what stays under their name."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, delete, func, select

from maiia_pro.administration.errors import StillBooked
from maiia_pro.administration.members import check_may_touch, check_not_last, hold_practice, member_of
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.context import lock_practitioners
from maiia_pro.agenda.tables import Appointment, Offering
from maiia_pro.identity.consent import end_grants_of
from maiia_pro.identity.session_ends import end_sessions_as
from maiia_pro.identity.tables import FormerMember
from maiia_pro.kernel import audit, clock, live
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.onboarding.answering import forget_typed
from maiia_pro.onboarding.inviting import is_awaited
from maiia_pro.onboarding.returning import readmit
from maiia_pro.onboarding.telling import REMOVED, tell_member
from maiia_pro.outside.linking import take_away
from maiia_pro.outside.tables import CalendarLink
from maiia_pro.practice.delegating import end_all
from maiia_pro.practice.group_tables import GroupPlace
from maiia_pro.practice.publishing import take_down
from maiia_pro.practice.tables import Practitioner
from maiia_pro.requests.leaving import hand_back
from maiia_pro.waiting.leaving import close_wishes


def remove_member(actor: Actor, practice_id: UUID, account_id: UUID) -> None:
    """Remove somebody from a practice: what was let to them or by them ends, an agenda of theirs closes.

    The sessions in which they were at work end at once; in another role, as a patient above all, they go on.

    Open requests of theirs go back to everybody, the waiting list of their agenda closes; visits, files, closed requests and the history
    keep their name. They are told, and may be asked in again; who has not come yet is only asked no more. Raises `StillBooked` while
    patients are to come, `LastAdministrator`, `PractitionersOnly`, `NotFound`.
    """
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    with transaction() as session:
        own = session.exec(
            select(Practitioner).where(Practitioner.account_id == account_id, Practitioner.practice_id == practice_id)
        ).first()
        lock_practitioners(session, [own.id] if own else [])  # before the practice: bookings and invitations take them in this order
        hold_practice(session, actor, practice_id)
        member, account = member_of(session, practice_id, account_id)
        role = ActorKind(member.role)
        check_may_touch(actor, role, account_id)
        check_not_last(session, member)
        if own is not None and role is ActorKind.PRACTITIONER:
            _close_agenda(session, actor, own)
        end_all(session, actor, practice_id, account_id, own.id if own else None)
        end_grants_of(session, actor, account_id, practice_id)
        hand_back(session, actor, practice_id, account_id, own.id if own else None)
        session.delete(member)
        session.flush()
        audit.record(session, actor, AuditAction.MEMBER_REMOVED, subject_type="account", subject_id=account_id, practice_id=practice_id)
        if is_awaited(session, member, account):
            forget_typed(session, account_id, practice_id)
            return  # an invitation taken back touches nothing of who never worked here
        session.merge(  # who was removed before, and came back as something else, leaves as that
            FormerMember(account_id=account_id, practice_id=practice_id, role=role, left_at=clock.now(), removed_by=actor.account_id)
        )
        tell_member(session, actor, practice_id, account, REMOVED)
        end_sessions_as(session, actor, account_id, role)


_CLOSE = text("update practitioner set agenda_version = agenda_version + 1 where id = :id")


def _close_agenda(session: Session, actor: Actor, own: Practitioner) -> None:
    """Offer nothing more in somebody's agenda, whose row is held; raises `StillBooked`."""
    ahead = select(func.count()).where(
        Appointment.practitioner_id == own.id,
        col(Appointment.status) != Status.CANCELLED,
        col(Appointment.held_until).is_(None),
        Appointment.ends_at > clock.now(),
    )
    if visits := session.exec(ahead).one():
        raise StillBooked(own.display_name, visits)
    close_wishes(session, actor, own.id)
    held = delete(Appointment).where(col(Appointment.practitioner_id) == own.id, col(Appointment.held_until).is_not(None))
    session.exec(held)  # what a visitor was about to book, what somebody of another waiting list was offered
    for offering in session.exec(select(Offering).where(Offering.practitioner_id == own.id, col(Offering.active))):
        offering.active = False
    session.exec(delete(GroupPlace).where(col(GroupPlace.practitioner_id) == own.id))
    if own.consent_id is not None:
        take_down(session, actor, own)
    link = session.exec(select(CalendarLink).where(CalendarLink.practitioner_id == own.id)).first()
    if link is not None:
        take_away(session, actor, own, link, remove_ours=True)
    session.flush()
    session.connection().execute(_CLOSE, {"id": own.id})
    live.announce(session, live.Change(live.agenda_topic(own.id), own.id, 0))


def bring_back(actor: Actor, practice_id: UUID, account_id: UUID) -> None:
    """Have somebody who was removed work in the practice again, by the account they have; nobody's agenda is theirs by that alone.

    Raises `PractitionersOnly`, `AlreadyHere`, and `NotFound` for who never worked there.
    """
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    with transaction() as session:
        hold_practice(session, actor, practice_id)
        former = session.get(FormerMember, (account_id, practice_id))
        if former is None:
            raise NotFound
        check_may_touch(actor, ActorKind(former.role), account_id)
        readmit(session, actor, former)
