"""What becomes of the waiting list of a practitioner who leaves the practice."""

from uuid import UUID

from sqlmodel import Session, select

from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.waiting.offering import leave_place, tell
from maiia_pro.waiting.tables import Standing, Wish


def close_wishes(session: Session, actor: Actor, practitioner_id: UUID) -> None:
    """Take off the list who waits for that practitioner and no other, in the caller's transaction, which holds their row."""
    theirs = select(Wish).where(Wish.practitioner_id == practitioner_id, Wish.standing == Standing.ACTIVE)
    for wish in session.exec(theirs.with_for_update()).all():
        wish.standing, wish.closed_at, wish.version = Standing.WITHDRAWN, clock.now(), wish.version + 1
        session.flush()
        tell(session, actor, AuditAction.WISH_WITHDRAWN, wish.practice_id, wish.id)
        leave_place(session, wish.id)
