"""Days with hours of their own at a site, as rows; whoever writes them holds the practitioner's lock."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, delete

from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.context import zone_of
from maiia_pro.agenda.opening_tables import OpeningException
from maiia_pro.agenda.openings import at_wall_clock, local_day, to_instant
from maiia_pro.practice.tables import Site

WallHours = tuple[int, int, frozenset[UUID]]
"""Minutes of the day by the site's clock, from and to, and the reasons admitted (none: all)."""


def lay_day(session: Session, practitioner_id: UUID, site: Site, day: date, hours: Iterable[WallHours], *, label: str = "") -> UUID:
    """Give a day these hours instead of the weekly ones, and of what was special before; without hours it is closed. Gives a row's id."""
    remove_day(session, practitioner_id, site.id, day)
    zone = zone_of(site.zone)
    laid = [(at_wall_clock(day, opens, zone), at_wall_clock(day, closes, zone), reasons) for opens, closes, reasons in hours]
    midnight = local_day(day, zone)[0]
    rows = [
        OpeningException(
            practitioner_id=practitioner_id,
            site_id=site.id,
            kind=ExceptionKind.SPECIAL,
            day=day,
            starts_at=to_instant(begins),
            ends_at=to_instant(ends),
            reason_ids=sorted(reasons),
            label=label,
        )
        for begins, ends, reasons in [one for one in laid if one[0] < one[1]] or [(midnight, midnight, frozenset[UUID]())]
    ]
    session.add_all(rows)
    session.flush()
    return rows[0].id


def remove_day(session: Session, practitioner_id: UUID, site_id: UUID, day: date) -> None:
    """Give a day its weekly hours again."""
    session.connection().execute(
        delete(OpeningException).where(
            col(OpeningException.practitioner_id) == practitioner_id,
            col(OpeningException.site_id) == site_id,
            col(OpeningException.day) == day,
        )
    )
