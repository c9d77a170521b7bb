"""What becomes of the requests of somebody who leaves the practice."""

from uuid import UUID

from sqlmodel import Session, select

from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.requests.creating import tell
from maiia_pro.requests.tables import PracticeRequest, Progress


def hand_back(session: Session, actor: Actor, practice_id: UUID, account_id: UUID) -> None:
    """Give somebody's open requests back to everybody, in the caller's transaction, which has authorised; closed ones keep their name."""
    theirs = select(PracticeRequest).where(PracticeRequest.practice_id == practice_id, PracticeRequest.open_owner_id == account_id)
    for request in session.exec(theirs.with_for_update()).all():
        request.owner_id, request.progress = None, Progress.TODO
        request.version += 1
        request.changed_at = clock.now()
        request.changed_by_id = actor.account_id or request.changed_by_id
        session.add(request)
        tell(session, actor, request, AuditAction.REQUEST_ASSIGNED, request.version)
    session.flush()
