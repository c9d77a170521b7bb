"""Coming public and school holidays of a practitioner's sites: whether they rest then, and a holiday on which they work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from maiia_pro.agenda.context import first_zone, lock_practitioners, zone_of
from maiia_pro.agenda.days_off import public_holiday, school_holiday, school_known_until
from maiia_pro.agenda.opening_tables import OpeningException, OpeningRule
from maiia_pro.agenda.openings import minute_of_day
from maiia_pro.agenda.setup import changed, let_practitioner
from maiia_pro.agenda.special_days import lay_day
from maiia_pro.agenda.territories import school_zone
from maiia_pro.agenda.week_rules import range_of
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid
from maiia_pro.practice.own_agenda import open_sites
from maiia_pro.practice.tables import Practitioner, Site

YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ComingHoliday:
    """A public holiday at some of the sites; `worked` where it has hours of its own."""

    day: date
    name: str
    sites: tuple[str, ...]
    """Names, where not all sites keep it."""
    worked: bool


@dataclass(frozen=True, slots=True)
class SchoolBreak:
    """School holidays of one zone, first and last day."""

    name: str
    zone: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class DaysOff:
    """A year of days off ahead, from today where the practice is."""

    today: date
    closed: bool
    """Whether weekly hours stop on public holidays."""
    holidays: tuple[ComingHoliday, ...]
    breaks: tuple[SchoolBreak, ...]
    known_until: date
    """The last day of school years that are known."""
    without_zone: tuple[str, ...]
    """Sites whose school holidays are not known."""


def days_off(actor: Actor, practitioner_id: UUID) -> DaysOff:
    """List the public and school holidays of the coming year at the sites of one's own practice."""
    require(actor, Permission.AGENDA_SETUP)
    with reading() as session:
        practitioner = let_practitioner(session, actor, practitioner_id)
        sites = _sites(session, practitioner)
        special = session.exec(select(OpeningException).where(OpeningException.practitioner_id == practitioner_id))
        worked = {row.day for row in special if row.day and row.starts_at < row.ends_at}
    today = clock.now().astimezone(first_zone(zone_of(site.zone) for site in sites)).date()
    year = [today + timedelta(days=offset) for offset in range(YEAR.days)]
    zones = sorted({school_zone(site.postal_code): site.postal_code for site in sites}.items())
    return DaysOff(
        today,
        practitioner.closed_on_holidays,
        tuple(found for day in year for found in _holidays(sites, day, worked=day in worked)),
        tuple(sorted((one for zone, code in zones if zone for one in _breaks(zone, code, year)), key=lambda one: (one.first, one.zone))),
        school_known_until(),
        tuple(site.name for site in sites if not school_zone(site.postal_code)),
    )


def _sites(session: Session, practitioner: Practitioner) -> Sequence[Site]:
    return session.exec(open_sites(practitioner.practice_id)).all()


def _holidays(sites: Sequence[Site], day: date, *, worked: bool) -> list[ComingHoliday]:
    keeping: dict[str, list[str]] = {}
    for site in sites:
        if name := public_holiday(site.postal_code, day):
            keeping.setdefault(name, []).append(site.name)
    return [ComingHoliday(day, name, tuple(some) if len(some) < len(sites) else (), worked) for name, some in keeping.items()]


def _breaks(zone: str, postal_code: str, days: Sequence[date]) -> list[SchoolBreak]:
    found: list[SchoolBreak] = []
    for day in days:
        name = school_holiday(postal_code, day)
        if found and found[-1].name == name and found[-1].last == day - timedelta(days=1):
            found[-1] = SchoolBreak(name, zone, found[-1].first, day)
        elif name:
            found.append(SchoolBreak(name, zone, day, day))
    return found


def rest_on_holidays(actor: Actor, practitioner_id: UUID, *, closed: bool) -> None:
    """Choose whether weekly hours stop on public holidays."""
    require(actor, Permission.AGENDA_SETUP)
    with transaction() as session:
        practitioner = let_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        practitioner.closed_on_holidays = closed
        session.add(practitioner)
        session.flush()
        changed(session, actor, practitioner, AuditAction.OPENING_CHANGED, practitioner_id)


def work_on_holiday(actor: Actor, practitioner_id: UUID, day: date) -> None:
    """Give a public holiday the hours that its weekday would have, as a special day; raises `Invalid` where there are none."""
    require(actor, Permission.AGENDA_SETUP)
    with transaction() as session:
        practitioner = let_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        rules = session.exec(select(OpeningRule).where(OpeningRule.practitioner_id == practitioner_id)).all()
        opened = False
        for site in _sites(session, practitioner):
            name = public_holiday(site.postal_code, day)
            usual = [range_of(rule, site.postal_code) for rule in rules if rule.site_id == site.id and rule.weekday == day.weekday()]
            hours = [
                (minute_of_day(one.opens), minute_of_day(one.closes), one.terms.reasons) for one in usual if name and one.terms.hold(day)
            ]
            if hours:
                lay_day(session, practitioner_id, site, day, hours, label=name)
                opened = True
        if not opened:
            raise Invalid("Vous ne recevez pas ce jour de la semaine. Ajoutez une journée particulière avec ses heures.")
        changed(session, actor, practitioner, AuditAction.OPENING_CHANGED, practitioner_id)
