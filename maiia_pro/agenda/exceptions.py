"""Exceptions to the weekly hours: time closed, or opened besides them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.agenda.context import lock_practitioners, zone_of
from maiia_pro.agenda.setup import changed, check_site, own_practitioner
from maiia_pro.agenda.slots import LATEST
from maiia_pro.agenda.tables import ExceptionKind, OpeningException
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.text import one_line
from maiia_pro.practice.tables import Practitioner, Site

EARLIEST_DAY = date(2000, 1, 1)


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


def add_exception(actor: Actor, practitioner_id: UUID, new: NewException) -> UUID:
    """Close some time, or open some besides the weekly hours (then on one day, at one site); gives the exception's id."""
    require(actor, Permission.AGENDA_SETUP)
    if new.first < EARLIEST_DAY or new.last > LATEST.date():
        raise Invalid(fields={"first": "Choisissez des dates entre 2000 et 2199."})
    if new.last < new.first or (new.last == new.first and new.opens >= new.closes):
        raise Invalid(fields={"last": "La fin doit venir après le début."})
    if new.kind is ExceptionKind.OPEN and (new.site_id is None or new.first != new.last):
        raise Invalid(
            "Une ouverture exceptionnelle tient dans une journée, dans un lieu.", {"site_id": "Choisissez le lieu et un seul jour."}
        )
    with transaction() as session:
        practitioner = own_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        zone = zone_of(_zone_name(session, practitioner, new.site_id))
        starts_at, ends_at = datetime.combine(new.first, new.opens, zone), datetime.combine(new.last, new.closes, zone)
        if starts_at.astimezone(UTC) >= ends_at.astimezone(UTC):
            raise Invalid(fields={"opens": "Cette nuit-là, l’heure change et ce moment n’existe pas. Choisissez une autre heure."})
        row = OpeningException(
            practitioner_id=practitioner_id,
            site_id=new.site_id,
            kind=new.kind,
            starts_at=starts_at,
            ends_at=ends_at,
            label=one_line(new.label, longest=80),
        )
        session.add(row)
        session.flush()
        changed(session, actor, practitioner, AuditAction.OPENING_CHANGED, row.id)
        return row.id


def _zone_name(session: Session, practitioner: Practitioner, site_id: UUID | None) -> str:
    if site_id is not None:
        return check_site(session, practitioner, site_id).zone
    first = session.exec(select(Site).where(Site.practice_id == practitioner.practice_id).order_by(col(Site.name))).first()
    return first.zone if first else "Europe/Paris"


def remove_exception(actor: Actor, practitioner_id: UUID, exception_id: UUID) -> None:
    """Take an exception back."""
    require(actor, Permission.AGENDA_SETUP)
    with transaction() as session:
        practitioner = own_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        row = session.get(OpeningException, exception_id)
        if row is None or row.practitioner_id != practitioner_id:
            raise NotFound
        session.delete(row)
        session.flush()
        changed(session, actor, practitioner, AuditAction.OPENING_CHANGED, exception_id)
