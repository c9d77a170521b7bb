"""What a practitioner alone decides: weekly hours, exceptions and visit reasons (terms of use, article 8.1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, select

from maiia_pro.agenda.codes import Audience, ExceptionKind, Mode
from maiia_pro.agenda.context import first_zone, lock_practitioners, zone_of
from maiia_pro.agenda.opening_tables import OpeningException, OpeningRule
from maiia_pro.agenda.resource_tables import ReasonNeed
from maiia_pro.agenda.tables import Offering, VisitReason
from maiia_pro.agenda.week_rules import DayRange, check_ranges, range_of, rule_of
from maiia_pro.kernel import audit, live
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotAllowed, NotFound
from maiia_pro.practice.own_agenda import open_sites
from maiia_pro.practice.tables import Practitioner, Site


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """Time closed, opened besides the weekly hours or in their place; no site means everywhere."""

    id: UUID
    site_id: UUID | None
    kind: ExceptionKind
    starts_at: datetime
    ends_at: datetime
    label: str
    day: date | None = None
    """Of a special day."""
    ranges: tuple[tuple[datetime, datetime], ...] = ()
    """Of a special day, which is listed once; none where it is closed."""
    reason_ids: tuple[UUID, ...] = ()
    """Those that it admits, if not all."""


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A visit reason with the sites where it is offered; durations and buffers in minutes."""

    id: UUID
    name: str
    duration_minutes: int
    step_minutes: int
    buffer_before_minutes: int
    buffer_after_minutes: int
    mode: Mode
    hue: str
    online: bool
    fee_cents: int | None
    site_ids: tuple[UUID, ...]
    new_patient_minutes: int | None
    audience: Audience
    notice_minutes: int
    horizon_days: int
    same_day: bool
    cancel_hours: int
    new_patients_a_day: int | None
    open_bookings: int | None
    instructions: str
    bring: tuple[str, ...]
    needs: tuple[UUID, ...]
    """Kinds of rooms and equipment."""


@dataclass(frozen=True, slots=True)
class Setup:
    """All that the settings of an agenda show."""

    practitioner_id: UUID
    sites: tuple[tuple[UUID, str, ZoneInfo], ...]
    hours: dict[UUID, tuple[DayRange, ...]]
    """By site, sorted by weekday and time."""
    exceptions: tuple[ExceptionView, ...]
    reasons: tuple[ReasonView, ...]
    postal_codes: dict[UUID, str]
    """By site: says which holidays it keeps."""

    @property
    def zone(self) -> ZoneInfo:
        """The practice's clock, where no site is named."""
        return first_zone(zone for _, _, zone in self.sites)


def own_practitioner(session: Session, actor: Actor, practitioner_id: UUID) -> Practitioner:
    """Fetch the agenda's owner, for what they let nobody else do."""
    practitioner = session.get(Practitioner, practitioner_id)
    if practitioner is None or practitioner.practice_id not in actor.practice_ids:
        raise NotFound
    if practitioner.id != actor.practitioner_id:
        raise NotAllowed("Seul le praticien peut le faire, depuis son propre compte. Demandez-le-lui.")
    return practitioner


def let_practitioner(session: Session, actor: Actor, practitioner_id: UUID) -> Practitioner:
    """Fetch an agenda to set up: one's own, or one whose owner lets the actor do so."""
    practitioner = session.get(Practitioner, practitioner_id)
    if practitioner is None:
        raise NotFound
    require(actor, Permission.AGENDA_SETUP, practitioner.practice_id, practitioner.id)
    return practitioner


def opening_week(actor: Actor, practitioner_id: UUID) -> Setup:
    """Read the settings of one's own agenda."""
    require(actor, Permission.AGENDA_SETUP)
    with reading() as session:
        practitioner = let_practitioner(session, actor, practitioner_id)
        sites = session.exec(open_sites(practitioner.practice_id)).all()
        rules = session.exec(
            select(OpeningRule)
            .where(OpeningRule.practitioner_id == practitioner_id)
            .order_by(col(OpeningRule.weekday), col(OpeningRule.opens))
        ).all()
        exceptions = session.exec(
            select(OpeningException)
            .where(OpeningException.practitioner_id == practitioner_id)
            .order_by(col(OpeningException.starts_at).desc())
        ).all()
        return Setup(
            practitioner_id,
            tuple((site.id, site.name, zone_of(site.zone)) for site in sites),
            {site.id: tuple(range_of(rule) for rule in rules if rule.site_id == site.id) for site in sites},
            _exceptions(exceptions),
            reason_views(session, practitioner_id),
            {site.id: site.postal_code for site in sites},
        )


def _exceptions(rows: Sequence[OpeningException]) -> tuple[ExceptionView, ...]:
    together: dict[object, list[OpeningException]] = {}
    for row in rows:
        together.setdefault((row.site_id, row.day) if row.day else row.id, []).append(row)
    return tuple(_exception(sorted(some, key=lambda row: row.starts_at)) for some in together.values())


def _exception(rows: Sequence[OpeningException]) -> ExceptionView:
    first = rows[0]
    return ExceptionView(
        first.id,
        first.site_id,
        ExceptionKind(first.kind),
        first.starts_at,
        rows[-1].ends_at,
        first.label,
        first.day,
        tuple((row.starts_at, row.ends_at) for row in rows if first.day and row.starts_at < row.ends_at),
        tuple(sorted({reason for row in rows for reason in row.reason_ids})),
    )


def reason_views(session: Session, practitioner_id: UUID) -> tuple[ReasonView, ...]:
    """List the reasons of a practitioner that are not retired."""
    return views_of_reasons(session, [practitioner_id])[practitioner_id]


def views_of_reasons(session: Session, practitioner_ids: Sequence[UUID]) -> dict[UUID, tuple[ReasonView, ...]]:
    """List the reasons of some practitioners that are not retired, by practitioner, in three queries."""
    offered: dict[UUID, list[UUID]] = {}
    for offering in session.exec(select(Offering).where(col(Offering.practitioner_id).in_(practitioner_ids), col(Offering.active))).all():
        offered.setdefault(offering.reason_id, []).append(offering.site_id)
    needs: dict[UUID, list[UUID]] = {}
    theirs = col(ReasonNeed.reason_id).in_(select(VisitReason.id).where(col(VisitReason.practitioner_id).in_(practitioner_ids)))
    for need in session.exec(select(ReasonNeed).where(theirs).order_by(col(ReasonNeed.kind_id))).all():
        needs.setdefault(need.reason_id, []).append(need.kind_id)
    wanted = select(VisitReason).where(col(VisitReason.practitioner_id).in_(practitioner_ids), col(VisitReason.active))
    found: dict[UUID, list[ReasonView]] = {ident: [] for ident in practitioner_ids}
    for reason in session.exec(wanted.order_by(col(VisitReason.position), col(VisitReason.name))).all():
        found[reason.practitioner_id].append(_reason_view(reason, offered.get(reason.id, ()), needs.get(reason.id, ())))
    return {ident: tuple(views) for ident, views in found.items()}


def _reason_view(reason: VisitReason, sites: Sequence[UUID], needs: Sequence[UUID]) -> ReasonView:
    return ReasonView(
        reason.id,
        reason.name,
        reason.duration_minutes,
        reason.step_minutes,
        reason.buffer_before_minutes,
        reason.buffer_after_minutes,
        Mode(reason.mode),
        reason.hue,
        reason.online,
        reason.fee_cents,
        tuple(sites),
        reason.new_patient_minutes,
        Audience(reason.audience),
        reason.notice_minutes,
        reason.horizon_days,
        reason.same_day,
        reason.cancel_hours,
        reason.new_patients_a_day,
        reason.open_bookings,
        reason.instructions,
        tuple(reason.bring),
        tuple(needs),
    )


def save_weekly_hours(actor: Actor, practitioner_id: UUID, site_id: UUID, hours: Sequence[DayRange]) -> None:
    """Replace the weekly hours at a site; raises `Invalid` where ranges are empty or overlap, at this site or another."""
    require(actor, Permission.AGENDA_SETUP)
    with transaction() as session:
        practitioner = let_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        site = check_site(session, practitioner, site_id)
        known = session.exec(select(OpeningRule, Site.postal_code).join(Site).where(OpeningRule.practitioner_id == practitioner_id)).all()
        placed = [replace(entry, terms=entry.terms._replace(postal_code=site.postal_code)) for entry in hours]
        elsewhere = [range_of(rule, postal_code) for rule, postal_code in known if rule.site_id != site_id]
        check_ranges(placed, elsewhere, reasons_of(session, practitioner_id))
        for rule, _ in known:
            if rule.site_id == site_id:
                session.delete(rule)
        session.add_all([rule_of(entry, practitioner_id, site_id) for entry in hours])
        changed(session, actor, practitioner, AuditAction.OPENING_CHANGED, site_id)


def reasons_of(session: Session, practitioner_id: UUID) -> set[UUID]:
    """Name the reasons that hours may admit: the practitioner's own, those no longer offered too, which earlier hours may name."""
    return set(session.exec(select(VisitReason.id).where(VisitReason.practitioner_id == practitioner_id)))


def check_site(session: Session, practitioner: Practitioner, site_id: UUID) -> Site:
    """Fetch a site where the practitioner's practice receives; raises `NotFound` for any other."""
    site = session.get(Site, site_id)
    if site is None or site.practice_id != practitioner.practice_id or site.closed_at is not None:
        raise NotFound
    return site


_RAISE_VERSION = text("update practitioner set agenda_version = agenda_version + 1 where id = :id")


def changed(session: Session, actor: Actor, practitioner: Practitioner, action: AuditAction, subject_id: UUID) -> None:
    """Write the history of the change and tell open screens that free time may have changed."""
    session.connection().execute(_RAISE_VERSION, {"id": practitioner.id})
    audit.record(
        session,
        actor,
        action,
        subject_type="practitioner",
        subject_id=practitioner.id,
        practice_id=practitioner.practice_id,
        on_behalf_of=actor.stands_for(practitioner.id),
        details={"concerns": str(subject_id)},
    )
    live.announce(session, live.Change(live.agenda_topic(practitioner.id), practitioner.id, 0))
