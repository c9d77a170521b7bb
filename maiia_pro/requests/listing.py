"""The requests of a practice: what is open, what is late, whose it is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session

from maiia_pro.agenda.context import zone_of
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, for_whom, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.requests.tables import Kind, Priority, Progress

MOST = 300


class Which(StrEnum):
    """Whose requests, or which."""

    OPEN = "open"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class RequestQuery:
    """What the list asks for."""

    practice_id: UUID
    which: Which = Which.OPEN
    practitioner_id: UUID | None = None
    limit: int = MOST


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request as lists show it; instants are aware UTC, the practice's zone beside them. Names are empty where there is nobody."""

    id: UUID
    version: int
    kind: Kind
    priority: Priority
    progress: Progress
    subject: str
    patient_id: UUID | None
    patient: str
    caller: str
    practitioner: str
    owner_id: UUID | None
    owner: str
    due_at: datetime
    overdue: bool
    zone: ZoneInfo
    comments: int
    changed_by_id: UUID
    changed_by: str


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """How many requests are open; `pressing` are those that are the actor's, or late."""

    open: int = 0
    mine: int = 0
    unassigned: int = 0
    overdue: int = 0
    pressing: int = 0


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who may be given a request."""

    account_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class RequestBoard:
    """A list with its counts, and who may be given a request."""

    lines: tuple[RequestLine, ...]
    counts: RequestCounts
    staff: tuple[StaffMember, ...]


LINE = """
    select r.id, r.version, r.kind, r.priority, r.progress, r.subject, r.patient_id, r.due_at, r.owner_id, r.changed_by_id,
           coalesce(p.given_name || ' ' || p.family_name, '') as patient, r.caller_name as caller,
           coalesce(trim(d.title || ' ' || d.given_name || ' ' || d.family_name), '') as practitioner,
           coalesce(o.name, '') as owner, c.name as changed_by, r.closed_at is null and r.due_at < :now as overdue,
           coalesce((select s.zone from site s where s.practice_id = r.practice_id order by s.name limit 1), 'Europe/Paris') as zone,
           (select count(*) from request_comment k where k.request_id = r.id) as comments
    from practice_request r
    join account c on c.id = r.changed_by_id
    left join patient p on p.id = r.patient_id
    left join practitioner d on d.id = r.practitioner_id
    left join account o on o.id = r.owner_id
"""
"""Reads lines given `now`; `where` comes behind."""
_UUID = PG_UUID(as_uuid=True)
_WHOSE = bindparam("whose", type_=ARRAY(_UUID))
_LIST = text(
    LINE
    + """
    where r.practice_id = :practice_id and (cast(:whose as uuid[]) is null or r.practitioner_id is null or r.practitioner_id = any(:whose))
      and (r.closed_at is not null) = (:which = 'closed')
      and (:which <> 'mine' or r.owner_id = :me) and (:which <> 'unassigned' or r.owner_id is null)
      and (cast(:practitioner_id as uuid) is null or r.practitioner_id = :practitioner_id)
    order by r.closed_at desc nulls first, r.due_at < :now desc, r.due_at, r.id limit :limit
"""
).bindparams(*(bindparam(name, type_=_UUID) for name in ("practice_id", "practitioner_id", "me")), _WHOSE)
_COUNTS = text("""
    select count(*) as open, count(*) filter (where owner_id = :me) as mine, count(*) filter (where owner_id is null) as unassigned,
           count(*) filter (where due_at < :now) as overdue, count(*) filter (where owner_id = :me or due_at < :now) as pressing
    from practice_request r where practice_id = :practice_id and closed_at is null
      and (cast(:whose as uuid[]) is null or r.practitioner_id is null or r.practitioner_id = any(:whose))
""").bindparams(*(bindparam(name, type_=_UUID) for name in ("practice_id", "me")), _WHOSE)
_STAFF = text("""
    select a.id, a.name from membership m join account a on a.id = m.account_id
    where m.practice_id = :practice_id and m.asked_at is null order by a.name
""").bindparams(bindparam("practice_id", type_=_UUID))


def line_of(row: Row[Any]) -> RequestLine:
    """Give a row of `LINE` as a line."""
    return RequestLine(
        id=row.id, version=row.version, kind=Kind(row.kind), priority=Priority(row.priority), progress=Progress(row.progress),
        subject=row.subject, patient_id=row.patient_id, patient=row.patient, caller=row.caller, practitioner=row.practitioner,
        owner_id=row.owner_id, owner=row.owner, due_at=row.due_at, overdue=row.overdue, zone=zone_of(row.zone), comments=row.comments,
        changed_by_id=row.changed_by_id, changed_by=row.changed_by,
    )  # fmt: skip


def request_board(actor: Actor, query: RequestQuery) -> RequestBoard:
    """List requests of a practice of the actor's: late ones, then by when they are due; closed ones, the last closed first."""
    require(actor, Permission.REQUEST_MANAGE, query.practice_id)
    values = {
        "practice_id": query.practice_id, "which": query.which, "me": actor.account_id, "practitioner_id": query.practitioner_id,
        "now": clock.now(), "limit": max(0, min(query.limit, MOST)), "whose": for_whom(actor, Permission.REQUEST_MANAGE),
    }  # fmt: skip
    with reading() as session:
        lines = tuple(line_of(row) for row in session.connection().execute(_LIST, values))
        staff = tuple(StaffMember(*row) for row in session.connection().execute(_STAFF, {"practice_id": query.practice_id}))
        return RequestBoard(lines, _counts(session, actor, query.practice_id), staff)


def count_requests(actor: Actor, practice_id: UUID) -> RequestCounts:
    """Count the open requests of a practice of the actor's."""
    require(actor, Permission.REQUEST_MANAGE, practice_id)
    with reading() as session:
        return _counts(session, actor, practice_id)


def _counts(session: Session, actor: Actor, practice_id: UUID) -> RequestCounts:
    values = {
        "practice_id": practice_id, "me": actor.account_id, "now": clock.now(), "whose": for_whom(actor, Permission.REQUEST_MANAGE),
    }  # fmt: skip
    return RequestCounts(*session.connection().execute(_COUNTS, values).one())
