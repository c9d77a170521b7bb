"""What a practitioner alone decides: weekly hours, exceptions and visit reasons (terms of use, article 8.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, select

from maiia_pro.agenda.context import lock_practitioners, zone_of
from maiia_pro.agenda.tables import ExceptionKind, Mode, Offering, OpeningException, OpeningRule, VisitReason
from maiia_pro.kernel import audit, live
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.practice.tables import Practitioner, Site

MOST_RANGES_A_DAY = 6


@dataclass(frozen=True, slots=True)
class DayRange:
    """Hours of one weekday (0 is Monday) by the site's clock, half-open."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """Time closed or opened besides the weekly hours; no site means everywhere."""

    id: UUID
    site_id: UUID | None
    kind: ExceptionKind
    starts_at: datetime
    ends_at: datetime
    label: str


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


@dataclass(frozen=True, slots=True)
class Setup:
    """All that the settings of an agenda show."""

    practitioner_id: UUID
    sites: tuple[tuple[UUID, str, ZoneInfo], ...]
    hours: dict[UUID, tuple[DayRange, ...]]
    """By site, sorted by weekday and time."""
    exceptions: tuple[ExceptionView, ...]
    reasons: tuple[ReasonView, ...]


def own_practitioner(session: Session, actor: Actor, practitioner_id: UUID) -> Practitioner:
    """Fetch the agenda's owner: only they decide, whoever else works in the practice."""
    practitioner = session.get(Practitioner, practitioner_id)
    if practitioner is None or practitioner.practice_id not in actor.practice_ids:
        raise NotFound
    if practitioner.account_id != actor.account_id:
        raise NotAllowed("Seul le praticien choisit ses horaires et ses motifs. Demandez-lui de les changer.")
    return practitioner


def opening_week(actor: Actor, practitioner_id: UUID) -> Setup:
    """Read the settings of one's own agenda."""
    require(actor, Permission.AGENDA_SETUP)
    with reading() as session:
        practitioner = own_practitioner(session, actor, practitioner_id)
        sites = session.exec(select(Site).where(Site.practice_id == practitioner.practice_id).order_by(col(Site.name))).all()
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
            {site.id: tuple(DayRange(r.weekday, r.opens, r.closes) for r in rules if r.site_id == site.id) for site in sites},
            tuple(ExceptionView(e.id, e.site_id, ExceptionKind(e.kind), e.starts_at, e.ends_at, e.label) for e in exceptions),
            _reasons(session, practitioner_id),
        )


def _reasons(session: Session, practitioner_id: UUID) -> tuple[ReasonView, ...]:
    offered: dict[UUID, list[UUID]] = {}
    for offering in session.exec(select(Offering).where(Offering.practitioner_id == practitioner_id, col(Offering.active))).all():
        offered.setdefault(offering.reason_id, []).append(offering.site_id)
    reasons = session.exec(
        select(VisitReason)
        .where(VisitReason.practitioner_id == practitioner_id, col(VisitReason.active))
        .order_by(col(VisitReason.position), col(VisitReason.name))
    ).all()
    return tuple(
        ReasonView(
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
            tuple(offered.get(reason.id, ())),
        )
        for reason in reasons
    )


def save_weekly_hours(actor: Actor, practitioner_id: UUID, site_id: UUID, hours: Sequence[DayRange]) -> None:
    """Replace the weekly hours at a site; raises `Invalid` where ranges are empty or overlap, at this site or another."""
    require(actor, Permission.AGENDA_SETUP)
    with transaction() as session:
        practitioner = own_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        check_site(session, practitioner, site_id)
        elsewhere = session.exec(
            select(OpeningRule).where(OpeningRule.practitioner_id == practitioner_id, OpeningRule.site_id != site_id)
        ).all()
        _check_ranges(hours, [DayRange(rule.weekday, rule.opens, rule.closes) for rule in elsewhere])
        for rule in session.exec(
            select(OpeningRule).where(OpeningRule.practitioner_id == practitioner_id, OpeningRule.site_id == site_id)
        ).all():
            session.delete(rule)
        for entry in hours:
            session.add(
                OpeningRule(practitioner_id=practitioner_id, site_id=site_id, weekday=entry.weekday, opens=entry.opens, closes=entry.closes)
            )
        changed(session, actor, practitioner, AuditAction.OPENING_CHANGED, site_id)


def check_site(session: Session, practitioner: Practitioner, site_id: UUID) -> Site:
    """Fetch a site of the practitioner's practice; raises `NotFound` for any other."""
    site = session.get(Site, site_id)
    if site is None or site.practice_id != practitioner.practice_id:
        raise NotFound
    return site


def _check_ranges(hours: Sequence[DayRange], elsewhere: Sequence[DayRange]) -> None:
    for entry in hours:
        if not 0 <= entry.weekday <= 6 or entry.opens >= entry.closes:
            raise Invalid(fields={"hours": "Chaque plage doit finir après son début."})
        others = [other for other in (*hours, *elsewhere) if other is not entry and other.weekday == entry.weekday]
        if any(other.opens < entry.closes and entry.opens < other.closes for other in others):
            raise Invalid(fields={"hours": "Deux plages se chevauchent le même jour, ici ou dans un autre lieu."})
        if len(others) >= MOST_RANGES_A_DAY:
            raise Invalid(fields={"hours": "Choisissez au plus six plages par jour."})


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
        details={"concerns": str(subject_id)},
    )
    live.announce(session, live.Change(live.agenda_topic(practitioner.id), practitioner.id, 0))
