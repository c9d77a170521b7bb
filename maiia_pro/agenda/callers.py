"""Who calls, with what the desk is most likely asked about: the visit that comes next and the last one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from maiia_pro.agenda.context import zone_of
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, for_whom, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.exchange import exchange
from maiia_pro.patients.records import PatientView


@dataclass(frozen=True, slots=True)
class CallerVisit:
    """A visit as a call asks for it: when, with whom."""

    id: UUID
    starts_at: datetime
    zone: ZoneInfo
    who: str


@dataclass(frozen=True, slots=True)
class CallerVisits:
    """The visits next to now."""

    last: CallerVisit | None = None
    following: CallerVisit | None = None


_AROUND: Final = """
    select distinct on (a.patient_id, a.starts_at >= %(now)s) a.patient_id, a.starts_at >= %(now)s, a.id, a.starts_at, s.zone,
        concat_ws(' ', nullif(d.title, ''), d.given_name, d.family_name)
    from appointment a join site s on s.id = a.site_id join practitioner d on d.id = a.practitioner_id
    where a.patient_id = any(%(patients)s) and a.practice_id = any(%(practices)s) and a.active
      and (cast(%(whose)s as uuid[]) is null or a.practitioner_id = any(%(whose)s))
    order by a.patient_id, a.starts_at >= %(now)s, abs(extract(epoch from a.starts_at - %(now)s))
"""


def visits_of_callers(actor: Actor, callers: list[PatientView]) -> dict[UUID, CallerVisits]:
    """Give each caller's last visit and the next one, in the actor's practices; each is written down as read."""
    for practice_id in {one.practice_id for one in callers}:
        require(actor, Permission.PATIENT_VIEW, practice_id)
    values = {"patients": [one.id for one in callers], "practices": list(actor.practice_ids), "now": clock.now()}
    values["whose"] = for_whom(actor, Permission.AGENDA_VIEW)
    found: dict[UUID, dict[bool, CallerVisit]] = {one.id: {} for one in callers}
    with transaction() as session:
        for patient, coming, ident, starts_at, zone, who in exchange(session, _AROUND, values).fetchall():
            found[patient][coming] = CallerVisit(ident, starts_at, zone_of(zone), who)
        for one in callers:
            audit.record(
                session, actor, AuditAction.PATIENT_READ, subject_type="patient", subject_id=one.id, practice_id=one.practice_id
            )  # fmt: skip
    return {patient: CallerVisits(visits.get(False), visits.get(True)) for patient, visits in found.items()}
