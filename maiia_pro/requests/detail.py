"""One request in full, with what was said and done about it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session, col, select

from maiia_pro.identity.tables import Account
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.patients.tables import Patient
from maiia_pro.requests.changing import load_request
from maiia_pro.requests.listing import LINE, RequestLine, line_of
from maiia_pro.requests.tables import PracticeRequest, RequestComment


@dataclass(frozen=True, slots=True)
class Comment:
    """A word that was added."""

    at: datetime
    author: str
    words: str


@dataclass(frozen=True, slots=True)
class RequestAct:
    """One act on a request."""

    at: datetime
    action: str
    actor_name: str


@dataclass(frozen=True, slots=True)
class RequestDetail:
    """A request in full; `phone` is the caller's, else the patient's, in E.164 or empty."""

    line: RequestLine
    words: str
    birth_date: date | None
    phone: str
    appointment_id: UUID | None
    appointment_at: datetime | None
    created_at: datetime
    created_by: str
    comments: tuple[Comment, ...]
    acts: tuple[RequestAct, ...]


_LINE = text(LINE + "where r.id = :id").bindparams(bindparam("id", type_=PG_UUID(as_uuid=True)))
_VISIT = text("select starts_at from appointment where id = :id").bindparams(bindparam("id", type_=PG_UUID(as_uuid=True)))


def read_request(actor: Actor, request_id: UUID) -> RequestDetail:
    """Read a request in full; the reading is audited. Raises `NotFound` where it is not the actor's to see."""
    require(actor, Permission.REQUEST_MANAGE)
    with transaction() as session:
        request = load_request(session, actor, request_id)
        detail = _detail(session, request)
        audit.record(
            session, actor, AuditAction.REQUEST_READ, subject_type="request", subject_id=request.id, practice_id=request.practice_id,
            on_behalf_of=actor.stands_for(request.practitioner_id) if request.practitioner_id else None,
            details={"patient_id": str(request.patient_id)} if request.patient_id else {},
        )  # fmt: skip
        return detail


def _detail(session: Session, request: PracticeRequest) -> RequestDetail:
    line = line_of(session.connection().execute(_LINE, {"id": request.id, "now": clock.now()}).one())
    patient = session.get(Patient, request.patient_id) if request.patient_id else None
    return RequestDetail(
        line=line,
        words=request.words,
        birth_date=patient.birth_date if patient else None,
        phone=request.caller_phone or (patient.phone if patient else ""),
        appointment_id=request.appointment_id,
        appointment_at=session.connection().execute(_VISIT, {"id": request.appointment_id}).scalar(),
        created_at=request.created_at,
        created_by=session.exec(select(Account.name).where(Account.id == request.created_by_id)).one(),
        comments=_comments(session, request.id),
        acts=_acts(session, request.id),
    )


def _comments(session: Session, request_id: UUID) -> tuple[Comment, ...]:
    said = (
        select(RequestComment.at, Account.name, RequestComment.words)
        .join(Account, col(Account.id) == RequestComment.author_id)
        .where(RequestComment.request_id == request_id)
        .order_by(col(RequestComment.at), col(RequestComment.id))
    )
    return tuple(Comment(*row) for row in session.exec(said))


def _acts(session: Session, request_id: UUID) -> tuple[RequestAct, ...]:
    done = (
        select(AuditEntry.at, AuditEntry.action, AuditEntry.actor_name)
        .where(AuditEntry.subject_id == request_id, AuditEntry.subject_type == "request")
        .where(col(AuditEntry.action).not_in([AuditAction.REQUEST_READ, AuditAction.REQUEST_COMMENTED]))
        .order_by(col(AuditEntry.sequence))
    )
    return tuple(RequestAct(*row) for row in session.exec(done))
