"""Two visits of one person at the same time: said before the second is given, and never refused (twins of a name, two sites, a mistake
that the desk knows better)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from maiia_pro.agenda.context import zone_of
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.access import Permission, for_whom, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.exchange import exchange

_SELECT: Final = """
    select a.starts_at, s.zone, trim(p.title || ' ' || p.given_name || ' ' || p.family_name), s.city
    from appointment a join practitioner p on p.id = a.practitioner_id join site s on s.id = a.site_id
"""
_OF_RECORD: Final = f"""{_SELECT}
    where a.patient_id = %(patient_id)s and a.practice_id = any(%(practices)s) and a.practitioner_id <> %(practitioner_id)s and a.active
      and (cast(%(whose)s as uuid[]) is null or a.practitioner_id = any(%(whose)s))
      and a.starts_at > %(begins)s - interval '8 hours' and a.starts_at < %(ends)s and a.ends_at > %(begins)s
    order by a.starts_at limit 1
"""
_OF_PERSON: Final = f"""{_SELECT}
    join patient f on f.id = a.patient_id join person h on h.id = f.person_id
    join offering o on o.id = %(offering_id)s join visit_reason r on r.id = o.reason_id
    where h.id = %(person_id)s and h.account_id = %(account_id)s and a.active and a.id is distinct from %(leaving_out)s
      and a.starts_at > %(begins)s - interval '8 hours' and a.starts_at < %(begins)s + make_interval(mins => r.duration_minutes)
      and a.ends_at > %(begins)s
    order by a.starts_at limit 1
"""


@dataclass(frozen=True, slots=True)
class Clash:
    """A visit that the person has at that time already."""

    starts_at: datetime
    zone: ZoneInfo
    practitioner: str
    city: str


def clash_of_record(actor: Actor, patient_id: UUID, practitioner_id: UUID, begins: datetime, minutes: int) -> Clash | None:
    """Find a visit that a patient of the practice has with a colleague at that time (one with the same practitioner is refused anyway)."""
    require(actor, Permission.AGENDA_VIEW)
    ends = begins + timedelta(minutes=minutes)
    values = {
        "patient_id": patient_id,
        "practitioner_id": practitioner_id,
        "practices": list(actor.practice_ids),
        "whose": for_whom(actor, Permission.AGENDA_VIEW),
    }
    return _first(_OF_RECORD, values | {"begins": begins, "ends": ends})


def clash_of_person(actor: Actor, person_id: UUID, slot: SlotKey, leaving_out: UUID | None = None) -> Clash | None:
    """Find a visit of a person of the account, in any practice, that overlaps a slot; `leaving_out` is the one that moves to it."""
    require(actor, Permission.APPOINTMENT_OWN)
    values = {"offering_id": slot.offering_id, "begins": slot.starts_at, "leaving_out": leaving_out}
    return _first(_OF_PERSON, values | {"person_id": person_id, "account_id": actor.account_id})


def _first(statement: str, values: dict[str, Any]) -> Clash | None:
    with reading() as session:
        row = exchange(session, statement, values).fetchone()
        return Clash(row[0], zone_of(row[1]), row[2], row[3]) if row else None
