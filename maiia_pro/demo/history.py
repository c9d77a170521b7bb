"""The history of the demonstration's appointments: the line that booking each would have left."""

import json
from typing import Any, Final

from sqlalchemy import Row, insert, text
from sqlmodel import Session

from maiia_pro.agenda.booking import BookedAppointment, history_entry
from maiia_pro.agenda.codes import Origin
from maiia_pro.demo.ids import PRACTICE_ID
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction, mark_of
from maiia_pro.kernel.tables import AuditEntry

_UNTOLD: Final = text("""
    select a.id, a.practitioner_id, a.patient_id, a.starts_at, a.ends_at, a.origin, a.created_at, h.account_id,
           trim(p.given_name || ' ' || p.family_name) as patient
    from appointment a join patient p on p.id = a.patient_id left join person h on h.id = p.person_id
    where a.practice_id = :practice_id
      and not exists (select 1 from audit_entry e where e.subject_id = a.id and e.action = 'appointment:booked')
    order by a.created_at, a.id
""")


def seed_history(session: Session, secretary: Actor) -> None:
    """Write down who took each appointment that has no history yet: the patient online, the secretary at the desk."""
    untold = session.connection().execute(_UNTOLD, {"practice_id": PRACTICE_ID}).all()
    if untold:
        session.connection().execute(insert(AuditEntry), [_entry(row, secretary) for row in untold])


def _entry(row: Row[tuple[Any, ...]], secretary: Actor) -> dict[str, Any]:
    patient = Actor(ActorKind.PATIENT, row.patient, account_id=row.account_id)
    visit = BookedAppointment(row.id, PRACTICE_ID, row.practitioner_id, row.patient_id, row.starts_at, row.ends_at, 1)
    entry = history_entry(patient if row.origin == Origin.ONLINE else secretary, visit, AuditAction.APPOINTMENT_BOOKED)
    details = json.loads(entry["details"])
    dated = entry | {"at": row.created_at}
    return dated | {"details": details, "mark": mark_of(dated, details)}
