"""Copying a week: the hours that it really has, laid on later weeks as special days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, delete

from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.context import lock_practitioners, zone_of
from maiia_pro.agenda.days_off import public_holiday
from maiia_pro.agenda.exceptions import EARLIEST_DAY
from maiia_pro.agenda.hours import OpeningHours, opening_hours
from maiia_pro.agenda.opening_tables import OpeningException
from maiia_pro.agenda.openings import Interval, local_day, to_instant, without
from maiia_pro.agenda.setup import changed, let_practitioner
from maiia_pro.agenda.slots import LATEST
from maiia_pro.agenda.special_days import WallHours, lay_day
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid
from maiia_pro.practice.own_agenda import open_sites
from maiia_pro.practice.tables import Practitioner, Site

MOST_WEEKS: Final = 12
LABEL: Final = "Semaine copiée"
WEEK: Final = timedelta(days=7)
_NO_REASON: Final = UUID(int=0)
"""Admitted only where every reason is."""


@dataclass(frozen=True, slots=True)
class CopiedDay:
    """A day at a site: its hours now and once copied, in minutes by the site's clock; `holiday` names the one that keeps it closed."""

    day: date
    site: str
    before: tuple[tuple[int, int], ...]
    after: tuple[tuple[int, int], ...]
    holiday: str
    absent: bool
    """Whether an absence or a closure still takes some of that day away."""


@dataclass(frozen=True, slots=True)
class _Plan:
    site: Site
    day: date
    hours: tuple[WallHours, ...]
    changes: bool
    shown: CopiedDay


def preview_week_copy(actor: Actor, practitioner_id: UUID, source: date, target: date, weeks: int = 1) -> tuple[CopiedDay, ...]:
    """Tell what copying the week of `source` onto `weeks` weeks from that of `target` would change; nothing is written."""
    require(actor, Permission.AGENDA_SETUP)
    with reading() as session:
        plans = _plans(session, let_practitioner(session, actor, practitioner_id), source, target, weeks)
        return tuple(plan.shown for plan in plans)


def copy_week(actor: Actor, practitioner_id: UUID, source: date, target: date, weeks: int = 1) -> int:
    """Lay the hours of a week on others; absences stay, public holidays stay closed. Gives the number of days changed."""
    require(actor, Permission.AGENDA_SETUP)
    with transaction() as session:
        practitioner = let_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        plans = _plans(session, practitioner, source, target, weeks)
        for plan in plans:
            if plan.changes:
                _forget_extra_hours(session, practitioner_id, plan.site, plan.day)
                lay_day(session, practitioner_id, plan.site, plan.day, plan.hours, label=LABEL)
        changed(session, actor, practitioner, AuditAction.OPENING_CHANGED, practitioner_id)
        return len({plan.day for plan in plans if plan.changes})


def monday(day: date) -> date:
    """Give the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _plans(session: Session, practitioner: Practitioner, source: date, target: date, weeks: int) -> list[_Plan]:
    if not 1 <= weeks <= MOST_WEEKS:
        raise Invalid(fields={"weeks": f"Choisissez de 1 à {MOST_WEEKS} semaines."})
    if min(source, target) <= EARLIEST_DAY or max(source, target) > LATEST.date() - WEEK * MOST_WEEKS:
        raise Invalid(fields={"source": "Choisissez des semaines entre 2000 et 2199."})
    source, target = monday(source), monday(target)
    if target <= source < target + WEEK * weeks:
        raise Invalid(fields={"target": "Choisissez une autre semaine que celle que vous copiez."})
    sites = session.exec(open_sites(practitioner.practice_id)).all()
    hours = {one: _hours_of(session, practitioner.id, one, one + WEEK) for one in [source, *_mondays(target, weeks)]}
    return [
        _plan(practitioner, site, (hours[source], source + offset), (hours[begins], begins + offset))
        for begins in _mondays(target, weeks)
        for offset in (timedelta(days=number) for number in range(7))
        for site in sites
    ]


def _mondays(first: date, weeks: int) -> list[date]:
    return [first + WEEK * number for number in range(weeks)]


def _hours_of(session: Session, practitioner_id: UUID, first: date, until: date) -> OpeningHours:
    begins, ends = (to_instant(local_day(day, ZoneInfo("UTC"))[0]) for day in (first, until))
    return opening_hours(session, [practitioner_id], begins, ends)


def _plan(practitioner: Practitioner, site: Site, source: tuple[OpeningHours, date], target: tuple[OpeningHours, date]) -> _Plan:
    hours, onto = target
    after, before = (_wall_hours(known, practitioner.id, site, day) for known, day in (source, target))
    rests = public_holiday(site.postal_code, onto) if after and practitioner.closed_on_holidays else ""
    begins, ends = local_day(onto, zone_of(site.zone))
    closed = hours.closed.get(practitioner.id, ())
    absent = any(where in {None, site.id} and span[0] < ends and span[1] > begins for where, span in closed)
    shown = CopiedDay(onto, site.name, _spans(before), _spans(() if rests else after), rests, absent)
    return _Plan(site, onto, after, changes=not rests and after != before, shown=shown)


def _spans(hours: Sequence[WallHours]) -> tuple[tuple[int, int], ...]:
    return tuple((begins, ends) for begins, ends, _ in hours)


def _wall_hours(hours: OpeningHours, practitioner_id: UUID, site: Site, day: date) -> tuple[WallHours, ...]:
    """Read what a day really holds by the site's clock, with the reasons that each part admits."""
    zone = zone_of(site.zone)
    noon = sum(local_day(day, zone)) // 2

    def laid(reason_id: UUID) -> list[Interval]:
        found = hours.openings(practitioner_id, site.id, zone, to_instant(noon), to_instant(noon), reason_id=reason_id)
        begins, ends = local_day(day, zone)
        return [(max(one[0], begins), min(one[1], ends)) for one in found if one[0] < ends and one[1] > begins]

    place = (practitioner_id, site.id)
    named = [rule.terms.reasons for rule in hours.rules.get(place, ())] + [reasons for _, reasons in hours.opened.get(place, ())]
    named += [reasons for some in hours.special.get(place, {}).values() for _, reasons in some]
    always = laid(_NO_REASON)
    admitted: dict[Interval, set[UUID]] = {}
    for reason in sorted(set().union(*named)):
        for interval in without(laid(reason), always):
            admitted.setdefault(interval, set()).add(reason)
    parts = [(one, frozenset[UUID]()) for one in always] + [(one, frozenset(some)) for one, some in admitted.items()]
    return tuple(sorted((_minute(one[0], day, zone), _minute(one[1], day, zone), some) for one, some in parts))


def _minute(at: int, day: date, zone: ZoneInfo) -> int:
    local = to_instant(at).astimezone(zone)
    return 24 * 60 if local.date() > day else local.hour * 60 + local.minute


def _forget_extra_hours(session: Session, practitioner_id: UUID, site: Site, day: date) -> None:
    begins, ends = (to_instant(minute) for minute in local_day(day, zone_of(site.zone)))
    session.connection().execute(
        delete(OpeningException).where(
            col(OpeningException.practitioner_id) == practitioner_id,
            col(OpeningException.site_id) == site.id,
            col(OpeningException.kind) == ExceptionKind.OPEN,
            col(OpeningException.starts_at) >= begins,
            col(OpeningException.ends_at) <= ends,
        )
    )
