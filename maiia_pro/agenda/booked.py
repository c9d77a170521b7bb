"""Appointments as programs read them: found by patient, practitioner, day and status, page by page."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.types import DateTime, String
from sqlmodel import Session

from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.context import zone_of
from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, for_whom, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class BookedEntry:
    """An appointment with the names of all concerned."""

    id: UUID
    practice_id: UUID
    practitioner_id: UUID
    site_id: UUID
    reason_id: UUID
    patient_id: UUID
    offering_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    status: Status
    version: int
    created_at: datetime
    practitioner: str
    site: str
    zone: ZoneInfo
    reason: str
    patient: str


@dataclass(frozen=True, slots=True)
class BookedQuery:
    """Which appointments: those that match every list given (None asks nothing), that start in the window of their site's zone."""

    ids: Collection[UUID] | None = None
    patient_ids: Collection[UUID] | None = None
    practitioner_ids: Collection[UUID] | None = None
    site_ids: Collection[UUID] | None = None
    statuses: Collection[Status] | None = None
    within: Callable[[ZoneInfo], tuple[datetime, datetime]] | None = None
    after: tuple[datetime, UUID] | None = None
    limit: int = 100


_COLUMNS = """
    select a.id, a.practice_id, a.practitioner_id, a.site_id, a.reason_id, a.patient_id, o.id as offering_id, a.starts_at, a.ends_at,
           a.status, a.version, a.created_at, trim(d.title || ' ' || d.given_name || ' ' || d.family_name) as practitioner, s.name as site,
           s.zone, r.name as reason, trim(p.given_name || ' ' || p.family_name) as patient
    from appointment a
    join practitioner d on d.id = a.practitioner_id
    join site s on s.id = a.site_id
    join visit_reason r on r.id = a.reason_id
    join patient p on p.id = a.patient_id
    left join offering o on o.reason_id = a.reason_id and o.site_id = a.site_id
"""
_IDS = ARRAY(PG_UUID(as_uuid=True))
_LISTS = ("ids", "patients", "practitioners", "sites")
_FIND = text(
    _COLUMNS
    + """
    join unnest(:zones, :begins, :ends) as w(zone, begins, ends) on w.zone = s.zone
    where a.practice_id = any(:practices) and (cast(:whose as uuid[]) is null or a.practitioner_id = any(:whose))
      and a.starts_at >= w.begins and a.starts_at < w.ends
      and a.starts_at >= :first and a.starts_at < :last
      and (:any_ids or a.id = any(:ids)) and (:any_patients or a.patient_id = any(:patients))
      and (:any_practitioners or a.practitioner_id = any(:practitioners)) and (:any_sites or a.site_id = any(:sites))
      and (:any_statuses or a.status = any(:statuses))
      and (a.starts_at, a.id) > (:after_start, :after_id)
    order by a.starts_at, a.id limit :limit
"""
).bindparams(
    bindparam("practices", type_=_IDS),
    bindparam("whose", type_=_IDS),
    bindparam("zones", type_=ARRAY(String)),
    bindparam("begins", type_=ARRAY(DateTime(timezone=True))),
    bindparam("ends", type_=ARRAY(DateTime(timezone=True))),
    bindparam("statuses", type_=ARRAY(String)),
    bindparam("after_start", type_=DateTime(timezone=True)),
    bindparam("first", type_=DateTime(timezone=True)),
    bindparam("last", type_=DateTime(timezone=True)),
    bindparam("after_id", type_=PG_UUID(as_uuid=True)),
    *(bindparam(name, type_=_IDS) for name in _LISTS),
)
_ZONES = text("select distinct zone from site where practice_id = any(:practices)").bindparams(bindparam("practices", type_=_IDS))
_ONE = text(_COLUMNS + " where a.id = :id").bindparams(bindparam("id", type_=PG_UUID(as_uuid=True)))
_EVER = (datetime(1800, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


def find_appointments(actor: Actor, query: BookedQuery) -> list[BookedEntry]:
    """List appointments of the actor's practices, by start then id; audited as one search."""
    require(actor, Permission.AGENDA_VIEW)
    with transaction() as session:
        zones = [row[0] for row in session.connection().execute(_ZONES, {"practices": list(actor.practice_ids)})]
        windows = [query.within(zone_of(zone)) if query.within else _EVER for zone in zones]
        if not windows:
            return []
        rows = session.connection().execute(_FIND, _values(actor, query, zones, windows))
        found = [_entry(row) for row in rows]
        for practice_id in actor.practice_ids:
            audit.record(
                session, actor, AuditAction.APPOINTMENT_SEARCHED, subject_type="practice", subject_id=practice_id,
                practice_id=practice_id, details={"found": [str(entry.id) for entry in found if entry.practice_id == practice_id]},
            )  # fmt: skip
        return found


def _values(actor: Actor, query: BookedQuery, zones: list[str], windows: list[tuple[datetime, datetime]]) -> dict[str, object]:
    after = query.after or (_EVER[0], UUID(int=0))
    lists = {
        "ids": query.ids,
        "patients": query.patient_ids,
        "practitioners": query.practitioner_ids,
        "sites": query.site_ids,
        "statuses": query.statuses,
    }
    return {
        "practices": list(actor.practice_ids),
        "whose": for_whom(actor, Permission.AGENDA_VIEW),
        "zones": zones,
        "begins": [begins for begins, _ in windows],
        "ends": [ends for _, ends in windows],
        "first": min(begins for begins, _ in windows),
        "last": max(ends for _, ends in windows),
        "after_start": after[0],
        "after_id": after[1],
        "limit": query.limit,
        **{f"any_{name}": wanted is None for name, wanted in lists.items()},
        **{name: list(wanted or ()) for name, wanted in lists.items()},
    }


def _entry(row: Row[tuple[object, ...]]) -> BookedEntry:
    values = dict(row._mapping)
    return BookedEntry(**values | {"zone": zone_of(row.zone), "status": Status(row.status)})


def booked_entry(actor: Actor, appointment_id: UUID, permission: Permission) -> BookedEntry:
    """Give an appointment that the actor is acting on, by the permission for that act; raises `NotFound`."""
    require(actor, permission)
    with reading() as session:
        return _load(session, actor, appointment_id, permission)


def read_booked(actor: Actor, appointment_id: UUID) -> BookedEntry:
    """Read an appointment; the reading is audited. Raises `NotFound` where it is not the actor's to see."""
    require(actor, Permission.AGENDA_VIEW)
    with transaction() as session:
        entry = _load(session, actor, appointment_id, Permission.AGENDA_VIEW)
        audit.record(
            session, actor, AuditAction.APPOINTMENT_READ, subject_type="appointment", subject_id=entry.id,
            practice_id=entry.practice_id, on_behalf_of=actor.stands_for(entry.practitioner_id),
            details={"patient_id": str(entry.patient_id)},
        )  # fmt: skip
        return entry


def _load(session: Session, actor: Actor, appointment_id: UUID, permission: Permission) -> BookedEntry:
    row = session.connection().execute(_ONE, {"id": appointment_id}).one_or_none()
    if row is None:
        raise NotFound
    require(actor, permission, row.practice_id, row.practitioner_id)
    return _entry(row)
