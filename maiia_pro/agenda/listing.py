"""Appointments in full lines, for what leaves the screen: paper, files, a practitioner's own calendar."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session, col, select

from maiia_pro.agenda.calendar import CalendarEntry
from maiia_pro.agenda.codes import Mode, Origin, Status
from maiia_pro.agenda.context import zone_of
from maiia_pro.agenda.openings import local_day, to_instant
from maiia_pro.kernel.access import Permission, for_whom, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.french import short_date
from maiia_pro.practice.own_agenda import let_to
from maiia_pro.practice.tables import Practitioner

SUMMARIES: dict[Mode, str] = {Mode.IN_PERSON: "Rendez-vous", Mode.VIDEO: "Rendez-vous en vidéo"}
WIDEST_ZONES = timedelta(hours=26)
"""How far apart the same wall clock can be at two places (UTC−12 to UTC+14)."""


@dataclass(frozen=True, slots=True)
class Line:
    """An appointment with all that a list says of it; instants are aware UTC, the site's zone beside them."""

    id: UUID
    version: int
    practitioner_id: UUID
    site_id: UUID
    site: str
    address: str
    zone: ZoneInfo
    starts_at: datetime
    ends_at: datetime
    reason: str
    mode: Mode
    status: Status
    origin: Origin
    has_note: bool
    given_name: str
    family_name: str
    birth_date: date | None
    """None, as an empty number, where the reader may not know who it is (`as_let`)."""
    phone: str
    changed_at: datetime
    """When it was last booked, moved or cancelled."""

    @property
    def begins(self) -> datetime:
        """The start by the site's own clock."""
        return self.starts_at.astimezone(self.zone)

    @property
    def born(self) -> str:
        """The birth date in figures, where the reader may know it."""
        return short_date(self.birth_date) if self.birth_date else ""

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)


_LINES = text("""
    select a.id, a.version, a.practitioner_id, a.site_id, s.name as site, s.street, s.postal_code, s.city, s.zone, a.starts_at, a.ends_at,
           r.name as reason, a.mode, a.status, a.origin, a.note <> '' as has_note, p.given_name, p.family_name, p.birth_date, p.phone,
           greatest(a.created_at, (
               select max(e.at) from audit_entry e
               where e.subject_id = a.id and e.subject_type = 'appointment' and e.action <> 'appointment:read'
           )) as changed_at
    from appointment a
    join patient p on p.id = a.patient_id
    join site s on s.id = a.site_id
    join visit_reason r on r.id = a.reason_id
    where a.practitioner_id = any(:ids) and a.starts_at >= :begins and a.starts_at < :ends and (a.active or :cancelled)
    order by a.starts_at, a.id
""").bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))


def lines_between(
    session: Session, practitioner_ids: Sequence[UUID], begins: datetime, ends: datetime, *, cancelled: bool = False
) -> list[Line]:
    """List what starts between two instants, for a use case that has authorised it; cancelled ones only if asked for."""
    values = {"ids": list(practitioner_ids), "begins": begins, "ends": ends, "cancelled": cancelled}
    return [_line(row) for row in session.connection().execute(_LINES, values)]


def lines_of_days(session: Session, practitioner_ids: Sequence[UUID], first: date, last: date, *, cancelled: bool = False) -> list[Line]:
    """List what starts on these days, last one included, each by its own site's clock."""
    utc = zone_of("UTC")
    begins = to_instant(local_day(first, utc)[0]) - WIDEST_ZONES
    ends = to_instant(local_day(last, utc)[1]) + WIDEST_ZONES
    found = lines_between(session, practitioner_ids, begins, ends, cancelled=cancelled)
    return [line for line in found if first <= line.begins.date() <= last]


def as_let(actor: Actor, lines: list[Line]) -> list[Line]:
    """Leave out birth dates and numbers where the practitioner lets the actor see the agenda alone."""
    whose = for_whom(actor, Permission.PATIENT_VIEW)
    return [line if whose is None or line.practitioner_id in whose else replace(line, birth_date=None, phone="") for line in lines]


def _line(row: Row[tuple[object, ...]]) -> Line:
    return Line(
        id=row.id,
        version=row.version,
        practitioner_id=row.practitioner_id,
        site_id=row.site_id,
        site=row.site,
        address=f"{row.site}, {row.street}, {row.postal_code} {row.city}",
        zone=zone_of(row.zone),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        reason=row.reason,
        mode=Mode(row.mode),
        status=Status(row.status),
        origin=Origin(row.origin),
        has_note=row.has_note,
        given_name=row.given_name,
        family_name=row.family_name,
        birth_date=row.birth_date,
        phone=row.phone,
        changed_at=row.changed_at,
    )


def calendar_entry(line: Line, *, initials: bool = False) -> CalendarEntry:
    """Say an appointment to a calendar: neither reason nor name, at most the patient's initials."""
    who = f" ({line.given_name[:1]}.\u00a0{line.family_name[:1]}.)" if initials else ""
    return CalendarEntry(
        appointment_id=line.id,
        sequence=line.version,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        summary=SUMMARIES[line.mode] + who,
        location=line.address,
        cancelled=line.status is Status.CANCELLED,
        stamped_at=line.changed_at,
    )


def colleagues(session: Session, actor: Actor, permission: Permission, practitioner_ids: Sequence[UUID]) -> list[Practitioner]:
    """Fetch practitioners by name, where none is named all whom the actor may use the permission for; raises `NotFound` for others'."""
    wanted = col(Practitioner.id).in_(practitioner_ids) if practitioner_ids else let_to(actor, permission)
    found = session.exec(select(Practitioner).where(wanted).order_by(col(Practitioner.sort_key))).all()
    if practitioner_ids and len(found) != len(set(practitioner_ids)):
        raise NotFound
    for practitioner in found:
        require(actor, permission, practitioner.practice_id, practitioner.id)
    return list(found)
