"""What every change of busy time leaves behind: a line of history, and open screens that read again."""

from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.kernel import audit, live
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.practice.tables import Practitioner

_RAISE_VERSION = text("update practitioner set agenda_version = agenda_version + 1 where id = :id")


def note_change(
    session: Session, actor: Actor, practitioner: Practitioner, action: AuditAction, details: dict[str, Any], *, free_time: bool
) -> None:
    """Write the history; where free time may have changed, bookings and screens take notice. No title, no address."""
    audit.record(
        session,
        actor,
        action,
        subject_type="practitioner",
        subject_id=practitioner.id,
        practice_id=practitioner.practice_id,
        details=details,
    )
    if free_time:
        session.connection().execute(_RAISE_VERSION, {"id": practitioner.id})
        live.announce(session, live.Change(live.agenda_topic(practitioner.id), practitioner.id, 0))
