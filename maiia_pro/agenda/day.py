"""What several practitioners' days hold, and what one appointment looks like on open screens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session, col, select

from maiia_pro.agenda.blocks import Block
from maiia_pro.agenda.codes import Mode, Origin, Status
from maiia_pro.agenda.context import zone_of
from maiia_pro.agenda.hours import opening_hours
from maiia_pro.agenda.openings import Interval, local_day, merged, to_instant, to_minutes, without
from maiia_pro.agenda.tables import Offering
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, allowed, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.practice.tables import Practitioner, Site

MOST_DAYS = 42


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """An appointment as the agenda shows it; instants are aware UTC, the site's zone beside them."""

    id: UUID
    practice_id: UUID
    practitioner_id: UUID
    site_id: UUID
    reason_id: UUID
    patient_id: UUID
    patient_name: str
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    reason: str
    hue: str
    mode: Mode
    status: Status
    origin: Origin
    has_note: bool
    deliberate_overbooking: bool
    version: int


@dataclass(frozen=True, slots=True)
class OpenTime:
    """When a practitioner receives at a site."""

    practitioner_id: UUID
    site_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class HeldTime:
    """A slot that a visitor is about to book, or that is offered to somebody of the waiting list."""

    id: UUID
    practitioner_id: UUID
    starts_at: datetime
    ends_at: datetime
    held_until: datetime
    offered: bool
    """Whether it is kept for somebody of the waiting list."""


@dataclass(frozen=True, slots=True)
class AwayTime:
    """When a practitioner is busy elsewhere; a title only for the practitioner themselves, where they kept it."""

    practitioner_id: UUID
    starts_at: datetime
    ends_at: datetime
    title: str


@dataclass(frozen=True, slots=True)
class AgendaWindow:
    """Some practitioners' agendas over some days."""

    first: date
    days: int
    zone: ZoneInfo
    blocks: tuple[Block, ...]
    openings: tuple[OpenTime, ...]
    holds: tuple[HeldTime, ...] = ()
    postal_code: str = ""
    """Of the first site: says which holidays the days shown are."""
    away: tuple[AwayTime, ...] = ()


_FROM = """
    from appointment a
    join patient p on p.id = a.patient_id
    join site s on s.id = a.site_id
    join visit_reason r on r.id = a.reason_id
"""
_COLUMNS = (
    """
    select a.id, a.practice_id, a.practitioner_id, a.site_id, a.reason_id, a.patient_id,
           p.given_name || ' ' || p.family_name as patient_name, a.starts_at, a.ends_at, s.zone, r.name as reason, r.hue,
           a.mode, a.status, a.origin, a.note <> '' as has_note, a.deliberate_overbooking, a.version
"""
    + _FROM
)
_BLOCKS = (
    """
    select encode(uuid_send(a.id), 'hex'), a.version, encode(uuid_send(a.practitioner_id), 'hex'), encode(uuid_send(a.site_id), 'hex'),
           encode(uuid_send(a.patient_id), 'hex'), p.given_name || ' ' || p.family_name, r.name, r.hue, a.mode, a.status, a.origin,
           a.note <> '', a.deliberate_overbooking, to_char(wall.at, 'YYYY-MM-DD'),
           cast(date_part('hour', wall.at) * 60 + date_part('minute', wall.at) as int),
           cast(floor(date_part('epoch', a.ends_at - a.starts_at) / 60) as int)
"""
    + _FROM
    + """
    cross join lateral (select a.starts_at at time zone s.zone as at) wall
    where a.practitioner_id = any(%(ids)s) and a.starts_at >= %(since)s and a.starts_at < %(until)s and a.ends_at > %(begins)s
    order by a.starts_at, a.id
"""
)
"""A week of many practitioners is a thousand rows: the database writes them as `Block` has them, in its order."""
_FIELDS = tuple(Block.__annotations__)
_HOLDS = text("""
    select id, practitioner_id, starts_at, ends_at, held_until, held_by is null from appointment
    where practitioner_id = any(:ids) and held_until > :now and starts_at >= :since and starts_at < :until and ends_at > :begins
    order by starts_at, id
""").bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))
_BY_ID = text(_COLUMNS + "where a.id = :id").bindparams(bindparam("id", type_=PG_UUID(as_uuid=True)))


def _view(row: Row[tuple[object, ...]]) -> AppointmentView:
    return AppointmentView(
        id=row.id,
        practice_id=row.practice_id,
        practitioner_id=row.practitioner_id,
        site_id=row.site_id,
        reason_id=row.reason_id,
        patient_id=row.patient_id,
        patient_name=row.patient_name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=zone_of(row.zone),
        reason=row.reason,
        hue=row.hue,
        mode=Mode(row.mode),
        status=Status(row.status),
        origin=Origin(row.origin),
        has_note=row.has_note,
        deliberate_overbooking=row.deliberate_overbooking,
        version=row.version,
    )


def agenda_window(actor: Actor, practitioner_ids: Sequence[UUID], first: date, days: int = 1) -> AgendaWindow:
    """Read the agendas of practitioners of one's practice over `days` days from `first`, by the first site's clock."""
    require(actor, Permission.AGENDA_VIEW)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("Affichez de 1 à 42 jours à la fois.")
    with reading() as session:
        columns = session.exec(select(Practitioner).where(col(Practitioner.id).in_(practitioner_ids))).all()
        if len(columns) != len(set(practitioner_ids)):
            raise NotFound
        for practitioner in columns:
            require(actor, Permission.AGENDA_VIEW, practitioner.practice_id, practitioner.id)
        sites = _sites_of(session, practitioner_ids)
        zone = zone_of(sites[0].zone) if sites else zone_of("Europe/Paris")
        begins = to_instant(local_day(first, zone)[0])
        ends = to_instant(local_day(first + timedelta(days=days), zone)[0])
        values = {"ids": list(practitioner_ids), "since": begins - timedelta(hours=8), "until": ends, "begins": begins}
        blocks = tuple(Block(zip(_FIELDS, row, strict=True)) for row in exchange(session, _BLOCKS, values).fetchall())  # type: ignore[misc]
        held = session.connection().execute(_HOLDS, values | {"now": clock.now()})
        holds = tuple(HeldTime(*row) for row in held)
        openings = _openings(session, practitioner_ids, sites, begins, ends)
        postal_code = sites[0].postal_code if sites else ""
        away = _away(session, actor, practitioner_ids, begins, ends)
        return AgendaWindow(first, days, zone, blocks, openings, holds, postal_code, away)


_AWAY = """
    select t.practitioner_id, lower(t.during), upper(t.during), case when p.account_id = %(me)s then t.title else '' end
    from unnest(cast(%(ids)s as uuid[])) as who (id)
    join outside_time t on t.practitioner_id = who.id and t.during && tstzrange(%(begins)s, %(ends)s)
    join practitioner p on p.id = t.practitioner_id order by 2, 3
"""


def _away(session: Session, actor: Actor, ids: Sequence[UUID], begins: datetime, ends: datetime) -> tuple[AwayTime, ...]:
    values = {"ids": list(ids), "me": actor.account_id, "begins": begins, "ends": ends}
    rows = exchange(session, _AWAY, values).fetchall()
    return tuple(AwayTime(whose, max(since, begins), min(until, ends), title) for whose, since, until, title in rows)


def _sites_of(session: Session, practitioner_ids: Sequence[UUID]) -> Sequence[Site]:
    concerned = select(Offering.site_id).where(col(Offering.practitioner_id).in_(practitioner_ids))
    return session.exec(select(Site).where(col(Site.id).in_(concerned)).order_by(col(Site.name))).all()


def _openings(
    session: Session, practitioner_ids: Sequence[UUID], sites: Sequence[Site], begins: datetime, ends: datetime
) -> tuple[OpenTime, ...]:
    hours = opening_hours(session, practitioner_ids, begins, ends)
    return tuple(
        OpenTime(practitioner_id, site.id, *_clipped(interval, begins, ends))
        for practitioner_id in practitioner_ids
        for site in sites
        for interval in hours.openings(practitioner_id, site.id, zone_of(site.zone), begins, ends)
        if to_instant(interval[1]) > begins and to_instant(interval[0]) < ends
    )


def opening_times(actor: Actor, practitioner_id: UUID, site_id: UUID, day: date) -> tuple[OpenTime, ...]:
    """Tell when a practitioner receives at a site on a day of its calendar and is not busy elsewhere; raises `NotFound`."""
    require(actor, Permission.AGENDA_VIEW)
    with reading() as session:
        practitioner, site = session.get(Practitioner, practitioner_id), session.get(Site, site_id)
        if practitioner is None or site is None or practitioner.practice_id != site.practice_id:
            raise NotFound
        require(actor, Permission.AGENDA_VIEW, practitioner.practice_id, practitioner.id)
        begins, ends = (to_instant(minute) for minute in local_day(day, zone_of(site.zone)))
        opened = _openings(session, [practitioner_id], [site], begins, ends)
        away = merged(
            (to_minutes(one.starts_at), to_minutes(one.ends_at)) for one in _away(session, actor, [practitioner_id], begins, ends)
        )
        left = without([(to_minutes(one.starts_at), to_minutes(one.ends_at)) for one in opened], away)
        return tuple(OpenTime(practitioner_id, site_id, to_instant(since), to_instant(until)) for since, until in left)


def _clipped(interval: Interval, begins: datetime, ends: datetime) -> tuple[datetime, datetime]:
    return max(to_instant(interval[0]), begins), min(to_instant(interval[1]), ends)


def appointment_view(actor: Actor, appointment_id: UUID) -> AppointmentView | None:
    """Read one appointment as the agenda shows it; nothing where it is not the actor's to see."""
    require(actor, Permission.AGENDA_VIEW)
    with reading() as session:
        view = view_of(session, appointment_id)
        mine = view is not None and allowed(actor, Permission.AGENDA_VIEW, view.practice_id, view.practitioner_id)
        return view if mine else None


def view_of(session: Session, appointment_id: UUID) -> AppointmentView | None:
    """Read one appointment as the agenda shows it, for a use case that has authorised it."""
    row = session.connection().execute(_BY_ID, {"id": appointment_id}).first()
    return _view(row) if row else None
