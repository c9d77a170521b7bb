"""Acts on a request: take, hand over, put off, comment, close, open again; each holds only on the version it was decided on."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from maiia_pro.identity.tables import Account
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, allowed, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.text import paragraph
from maiia_pro.requests.creating import check_owner, due_of, tell, works_there
from maiia_pro.requests.errors import RequestChanged, RequestClosed, RequestOpen, RequestTaken
from maiia_pro.requests.tables import OPEN, PracticeRequest, Priority, Progress, RequestComment

LONGEST_COMMENT = 2000


def load_request(session: Session, actor: Actor, request_id: UUID) -> PracticeRequest:
    """Fetch a request and authorise in one step; what one may not see is `NotFound`."""
    request = session.get(PracticeRequest, request_id)
    if request is None or not allowed(actor, Permission.REQUEST_MANAGE, request.practice_id, request.practitioner_id):
        raise NotFound
    return request


def _open(session: Session, actor: Actor, request_id: UUID) -> PracticeRequest:
    request = load_request(session, actor, request_id)
    if request.progress not in OPEN:
        raise RequestClosed
    return request


def _still(version: int) -> ColumnElement[bool]:
    """Hold an act to the version it was decided on: of two at once, the second finds another."""
    return col(PracticeRequest.version) == version


def _change(session: Session, actor: Actor, request: PracticeRequest, version: int, action: AuditAction, **values: Any) -> int:
    """Write the act if nobody came first, and tell of it; gives the version it made. Raises `RequestTaken`, `RequestChanged`."""
    changed = values | {"version": version + 1, "changed_by_id": actor.account_id, "changed_at": clock.now()}
    act = update(PracticeRequest).where(col(PracticeRequest.id) == request.id, _still(version)).values(changed)
    if session.exec(act).rowcount != 1:
        session.refresh(request)
        _refuse(session, actor, request, taking=action is AuditAction.REQUEST_TAKEN)
    tell(session, actor, request, action, version + 1)
    return version + 1


def _refuse(session: Session, actor: Actor, request: PracticeRequest, *, taking: bool) -> None:
    """Say who came first."""
    if taking and request.owner_id not in {None, actor.account_id}:
        raise RequestTaken(_name(session, request.owner_id))
    raise RequestChanged(_name(session, request.changed_by_id))


def _name(session: Session, account_id: UUID | None) -> str:
    return session.exec(select(Account.name).where(Account.id == account_id)).one()


def take_request(actor: Actor, request_id: UUID, version: int) -> int:
    """Take care of a request that nobody takes care of, or that was handed to oneself; of two at once, one is told who won."""
    require(actor, Permission.REQUEST_MANAGE)
    with transaction() as session:
        request = _open(session, actor, request_id)
        if request.owner_id not in {None, actor.account_id}:
            raise RequestTaken(_name(session, request.owner_id))
        owned = {"owner_id": actor.account_id, "progress": Progress.IN_PROGRESS}
        return _change(session, actor, request, version, AuditAction.REQUEST_TAKEN, **owned)


def assign_request(actor: Actor, request_id: UUID, version: int, owner_id: UUID | None) -> int:
    """Hand a request to somebody of the practice, or back to everybody; whoever has it now."""
    require(actor, Permission.REQUEST_MANAGE)
    with transaction() as session:
        request = _open(session, actor, request_id)
        if owner_id is not None:
            check_owner(session, request.practice_id, owner_id)
        return _change(session, actor, request, version, AuditAction.REQUEST_ASSIGNED, owner_id=owner_id, progress=Progress.TODO)


def reschedule_request(actor: Actor, request_id: UUID, version: int, due: str, priority: Priority) -> int:
    """Say anew when a request is due, as people type it, and how much it presses; raises `Invalid` naming the field."""
    require(actor, Permission.REQUEST_MANAGE)
    with transaction() as session:
        request = _open(session, actor, request_id)
        due_at = due_of(session, request.practice_id, due)
        return _change(session, actor, request, version, AuditAction.REQUEST_RESCHEDULED, due_at=due_at, priority=priority)


def comment_request(actor: Actor, request_id: UUID, words: object) -> int:
    """Add a word to a request, open or closed: nothing is overwritten, so it goes onto whatever version there is."""
    require(actor, Permission.REQUEST_MANAGE)
    said = _words(words)
    with transaction() as session:
        request = load_request(session, actor, request_id)
        session.refresh(request, with_for_update=True)
        session.add(RequestComment(request_id=request.id, author_id=_account(actor), at=clock.now(), words=said))
        return _change(session, actor, request, request.version, AuditAction.REQUEST_COMMENTED)


def _words(words: object) -> str:
    try:
        said = paragraph(words, longest=LONGEST_COMMENT)
    except Invalid as refusal:
        raise Invalid(fields={"comment": refusal.message}) from None
    if not said:
        raise Invalid(fields={"comment": "Écrivez votre commentaire."})
    return said


def _account(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise NotFound
    return actor.account_id


def close_request(actor: Actor, request_id: UUID, version: int, *, done: bool = True) -> int:
    """Close a request: it is done, or dropped. Raises `RequestClosed` where it is closed already."""
    require(actor, Permission.REQUEST_MANAGE)
    with transaction() as session:
        request = _open(session, actor, request_id)
        closed = {"progress": Progress.DONE if done else Progress.DROPPED, "closed_at": clock.now()}
        return _change(session, actor, request, version, AuditAction.REQUEST_CLOSED, **closed)


def reopen_request(actor: Actor, request_id: UUID, version: int) -> int:
    """Open a closed request again, with whom it was if they still work there; raises `RequestOpen` where it is open."""
    require(actor, Permission.REQUEST_MANAGE)
    with transaction() as session:
        request = load_request(session, actor, request_id)
        if request.progress in OPEN:
            raise RequestOpen
        owner_id = request.owner_id if request.owner_id and works_there(session, request.practice_id, request.owner_id) else None
        reopened = {"progress": Progress.IN_PROGRESS if owner_id else Progress.TODO, "closed_at": None, "owner_id": owner_id}
        return _change(session, actor, request, version, AuditAction.REQUEST_REOPENED, **reopened)
