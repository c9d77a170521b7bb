"""Exceptions to the weekly hours: time closed, opened besides them, or a day with hours of its own."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.context import lock_practitioners, zone_of, zone_of_practice
from maiia_pro.agenda.opening_tables import OpeningException
from maiia_pro.agenda.openings import at_wall_clock, minute_of_day
from maiia_pro.agenda.setup import changed, check_site, let_practitioner, reasons_of
from maiia_pro.agenda.slots import LATEST
from maiia_pro.agenda.special_days import lay_day, remove_day
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.text import one_line
from maiia_pro.practice.tables import Practitioner, Site

EARLIEST_DAY = date(2000, 1, 1)
ENDS_FIRST = "La fin doit venir après le début."
NO_SUCH_HOUR = "Cette nuit-là, l’heure change et ce moment n’existe pas. Choisissez une autre heure."


@dataclass(frozen=True, slots=True)
class NewException:
    """Time to close or to open, on one day or more, by the wall clock of the site (of the first site when closing everywhere)."""

    kind: ExceptionKind
    first: date
    last: date
    opens: time
    closes: time
    site_id: UUID | None = None
    label: str = ""
    reasons: tuple[UUID, ...] = ()
    """Which an opening admits, if not all."""
    second: tuple[time, time] | None = None
    """More hours of a special day. One that opens and closes at the same time is closed."""


def add_exception(actor: Actor, practitioner_id: UUID, new: NewException) -> UUID:
    """Close some time, or open some besides the weekly hours or in their place (one day, one site); gives the exception's id."""
    require(actor, Permission.AGENDA_SETUP)
    _check(new)
    with transaction() as session:
        practitioner = let_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        if not set(new.reasons) <= reasons_of(session, practitioner_id):
            raise NotFound
        if new.kind is ExceptionKind.SPECIAL and new.site_id is not None:
            special = _lay_special_day(session, practitioner_id, check_site(session, practitioner, new.site_id), new)
            changed(session, actor, practitioner, AuditAction.OPENING_CHANGED, special)
            return special
        starts_at, ends_at = span_of(session, practitioner, new)
        row = OpeningException(
            practitioner_id=practitioner_id,
            site_id=new.site_id,
            kind=new.kind,
            starts_at=starts_at,
            ends_at=ends_at,
            reason_ids=sorted(new.reasons),
            label=one_line(new.label, longest=80),
        )
        session.add(row)
        session.flush()
        changed(session, actor, practitioner, AuditAction.OPENING_CHANGED, row.id)
        return row.id


def _lay_special_day(session: Session, practitioner_id: UUID, site: Site, new: NewException) -> UUID:
    zone = zone_of(site.zone)
    ranges = [(new.opens, new.closes), *([new.second] if new.second else [])]
    hours = [(minute_of_day(opens), minute_of_day(closes), frozenset(new.reasons)) for opens, closes in ranges if opens < closes]
    if any(at_wall_clock(new.first, one[0], zone) >= at_wall_clock(new.first, one[1], zone) for one in hours):
        raise Invalid(fields={"opens": NO_SUCH_HOUR})
    return lay_day(session, practitioner_id, site, new.first, hours, label=one_line(new.label, longest=80))


def _check(new: NewException) -> None:
    if new.first < EARLIEST_DAY or new.last > LATEST.date():
        raise Invalid(fields={"first": "Choisissez des dates entre 2000 et 2199."})
    closed = new.kind is ExceptionKind.SPECIAL and new.opens == new.closes and new.second is None
    if new.last < new.first or (new.last == new.first and new.opens >= new.closes and not closed):
        raise _ends_first(new)
    if new.second and not new.closes <= new.second[0] < new.second[1]:
        raise Invalid(fields={"second_closes": "La seconde plage vient après la première, et finit après son début."})
    if new.kind is not ExceptionKind.CLOSED and (new.site_id is None or new.first != new.last):
        raise Invalid(
            "Une ouverture exceptionnelle tient dans une journée, dans un lieu.", {"site_id": "Choisissez le lieu et un seul jour."}
        )
    if new.kind is ExceptionKind.CLOSED and new.reasons:
        raise Invalid("Une fermeture vaut pour tous les motifs.")


def _ends_first(new: NewException) -> Invalid:
    """Name the field to mend: the hour, where one was written on the same day."""
    return Invalid(fields={"closes" if new.first == new.last and new.closes > time(0) else "last": ENDS_FIRST})


def span_of(session: Session, practitioner: Practitioner, new: NewException) -> tuple[datetime, datetime]:
    """Tell when the time begins and ends by the wall clock of its place; raises `Invalid` where the end is not after the beginning."""
    if (new.first, new.opens) >= (new.last, new.closes):
        raise _ends_first(new)
    zone = _zone(session, practitioner, new.site_id)
    starts_at, ends_at = datetime.combine(new.first, new.opens, zone), datetime.combine(new.last, new.closes, zone)
    if starts_at.astimezone(UTC) >= ends_at.astimezone(UTC):
        raise Invalid(fields={"opens": NO_SUCH_HOUR})
    return starts_at, ends_at


def _zone(session: Session, practitioner: Practitioner, site_id: UUID | None) -> ZoneInfo:
    if site_id is not None:
        return zone_of(check_site(session, practitioner, site_id).zone)
    return zone_of_practice(session, practitioner.practice_id)


def remove_exception(actor: Actor, practitioner_id: UUID, exception_id: UUID) -> None:
    """Take an exception back."""
    require(actor, Permission.AGENDA_SETUP)
    with transaction() as session:
        practitioner = let_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        row = session.get(OpeningException, exception_id)
        if row is None or row.practitioner_id != practitioner_id:
            raise NotFound
        if row.day and row.site_id:
            remove_day(session, practitioner_id, row.site_id, row.day)
        else:
            session.delete(row)
        session.flush()
        changed(session, actor, practitioner, AuditAction.OPENING_CHANGED, exception_id)
