"""Deliberate overbookings: what becomes of them when the visit above them goes."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.booking import THERE
from maiia_pro.kernel import audit, live
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.exchange import exchange

_SOMETHING = f"select {THERE}"
_UNDER = """
    select id from appointment
    where practitioner_id = %(practitioner_id)s and active and deliberate_overbooking and blocked && tstzrange(%(begins)s, %(ends)s)
      and starts_at > cast(%(begins)s as timestamptz) - interval '16 hours'
      and starts_at < cast(%(ends)s as timestamptz) + interval '16 hours'
    order by starts_at, id
"""
_PROMOTE = """
    update appointment o set deliberate_overbooking = false, version = version + 1
    where id = %(id)s and not exists (
        select 1 from appointment a
        where a.practitioner_id = o.practitioner_id and a.id <> o.id and a.active and not a.deliberate_overbooking
          and a.blocked && o.blocked
    )
    returning practice_id, version
"""


def something_there(session: Session, practitioner_id: UUID, begins: datetime, ends: datetime, leaving_out: UUID | None = None) -> bool:
    """Tell, under the practitioner's lock, whether anything active lies between two instants, overbooked or not."""
    values = {"practitioner_id": practitioner_id, "begins": begins, "ends": ends, "starts_at": begins, "leaving_out": leaving_out}
    row = exchange(session, _SOMETHING, values).fetchone()
    return bool(row and row[0])


def promote(session: Session, actor: Actor, practitioner_id: UUID, begins: datetime, ends: datetime) -> None:
    """Make ordinary visits of those overbooked under what has just gone, the earliest first, where nothing ordinary overlaps them.

    The practitioner's row is locked by the caller.
    """
    span = {"practitioner_id": practitioner_id, "begins": begins, "ends": ends}
    for (ident,) in exchange(session, _UNDER, span).fetchall():
        promoted = exchange(session, _PROMOTE, {"id": ident}).fetchone()
        if promoted is None:
            continue
        practice_id, version = promoted
        audit.record(
            session, actor, AuditAction.APPOINTMENT_PROMOTED, subject_type="appointment", subject_id=ident, practice_id=practice_id,
            details={"version": version},
        )  # fmt: skip
        live.announce(session, live.Change(live.agenda_topic(practitioner_id), ident, version))
