"""What becomes of the requests of somebody who leaves the practice."""

from uuid import UUID

from sqlalchemy import false
from sqlmodel import Session, and_, col, or_, select

from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.requests.creating import tell
from maiia_pro.requests.tables import PracticeRequest, Progress


def hand_back(session: Session, actor: Actor, practice_id: UUID, account_id: UUID, practitioner_id: UUID | None) -> None:
    """Give somebody's open requests back to everybody, and those about their agenda to the whole practice: nobody else could see them.

    In the caller's transaction, which has authorised; closed ones stay as they are.
    """
    about = and_(col(PracticeRequest.practitioner_id) == practitioner_id, col(PracticeRequest.closed_at).is_(None))
    theirs = or_(col(PracticeRequest.open_owner_id) == account_id, about if practitioner_id else false())
    for request in session.exec(select(PracticeRequest).where(PracticeRequest.practice_id == practice_id, theirs).with_for_update()).all():
        if request.owner_id == account_id:
            request.owner_id, request.progress = None, Progress.TODO
        if practitioner_id and request.practitioner_id == practitioner_id:
            request.practitioner_id = None
        request.version += 1
        request.changed_at = clock.now()
        request.changed_by_id = actor.account_id or request.changed_by_id
        session.add(request)
        tell(session, actor, request, AuditAction.REQUEST_ASSIGNED, request.version)
    session.flush()
