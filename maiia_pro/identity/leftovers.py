"""What goes on after somebody's sessions have ended: what is theirs ends with them, what is their practices' is named to who sees to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.identity.consent import end_grants_of
from maiia_pro.identity.jobs import LeftoversTold
from maiia_pro.identity.session_ends import end_sessions_of
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import enqueue

LATELY: Final = timedelta(days=30)
"""How far back what an account opened for a practice is named: nobody knows since when a stolen session was."""


class Opened(StrEnum):
    """What somebody opens for a practice that goes on without them."""

    PROGRAM = "program"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    WEBHOOK = "webhook"
    MEMBER = "member"


OPENED_LABELS: Final = {
    Opened.PROGRAM: "Application ajoutée",
    Opened.SECRET: "Secret renouvelé",
    Opened.WEBHOOK: "Adresse prévenue",
    Opened.MEMBER: "Personne invitée",
}


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that an account opened for a practice and that is open still; `name` is a program's, an address or a person's."""

    practice_id: UUID
    practice: str
    what: Opened
    name: str
    at: datetime


_FEEDS = text("""
    delete from calendar_feed f using practitioner p where p.id = f.practitioner_id and p.account_id = :id returning p.id, p.practice_id
""")
_CALENDARS = text("""
    update calendar_link l set state = 'stopped', fault = 'lost', asked = false from practitioner p
    where p.id = l.practitioner_id and p.account_id = :id and l.state <> 'leaving'
""")


def end_everything(session: Session, actor: Actor, account_id: UUID) -> None:
    """End every session of an account and whatever lets somebody else in by it, in the caller's transaction: its credentials are lost.

    Consents, the address of its agenda and its linked calendar end; what it opened lately for its practices goes on, and is told of.
    """
    end_sessions_of(session, actor, account_id)
    end_grants_of(session, actor, account_id)
    for practitioner_id, practice_id in session.connection().execute(_FEEDS, {"id": account_id}).all():
        audit.record(
            session, actor, AuditAction.FEED_REVOKED, subject_type="practitioner", subject_id=practitioner_id, practice_id=practice_id
        )  # fmt: skip
    session.connection().execute(_CALENDARS, {"id": account_id})
    enqueue(session, LeftoversTold(account_id, uuid7()))


_OPENED = text("""
    select e.practice_id, c.name as practice, e.at, coalesce(a.name, w.url, nullif(m.name, ''), h.name) as name,
        case when e.action = 'api_client:registered' then 'program' when e.action = 'api_client:secret_renewed' then 'secret'
            when e.action = 'webhook:added' then 'webhook' else 'member' end as what
    from audit_entry e join practice c on c.id = e.practice_id
    left join api_client a on a.id = e.subject_id and a.revoked_at is null
    left join webhook w on w.id = e.subject_id and w.ended_at is null
    left join membership m on m.account_id = e.subject_id and m.practice_id = e.practice_id
    left join account h on h.id = m.account_id
    where e.actor_id = :id and e.at > :since and coalesce(a.id, w.id, m.id) is not null
        and e.action in ('api_client:registered', 'api_client:secret_renewed', 'webhook:added', 'account:invited', 'member:back')
    order by c.name, e.practice_id, e.at limit 200
""")


def opened_lately(session: Session, account_id: UUID) -> list[Leftover]:
    """List what an account opened for its practices in the last thirty days and that is open still, in the caller's transaction."""
    rows = session.connection().execute(_OPENED, {"id": account_id, "since": clock.now() - LATELY})
    return [Leftover(row.practice_id, row.practice, Opened(row.what), row.name, row.at) for row in rows]
