"""Visits that an absence or other opening hours would strand, found by comparing the hours before with the hours after.

The change itself is the use case that saves it, run in the same transaction: whatever rules the hours follow, none is written twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from maiia_pro.agenda.context import zone_of
from maiia_pro.agenda.exceptions import NewException, span_of
from maiia_pro.agenda.hours import OpeningHours, opening_hours
from maiia_pro.agenda.openings import to_minutes
from maiia_pro.agenda.reason_rules import reason_key
from maiia_pro.agenda.relocating import Place, Span, Visit, places_for
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import enclosing_transaction
from maiia_pro.kernel.errors import NotAllowed, NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.patients.preferences import Kind
from maiia_pro.patients.reaching import reached
from maiia_pro.practice.tables import Practitioner

Change = Callable[[], object]
"""The use case that saves other hours, ready to be called."""


class Choice(StrEnum):
    """What becomes of a stranded visit."""

    KEEP = "keep"
    COLLEAGUE = "colleague"
    LATER = "later"
    CANCEL = "cancel"


CHOICE_LABELS: Final[dict[Choice, str]] = {
    Choice.KEEP: "Garder tel quel",
    Choice.COLLEAGUE: "Confier à un autre praticien",
    Choice.LATER: "Reporter",
    Choice.CANCEL: "Annuler et prévenir",
}


@dataclass(frozen=True, slots=True)
class Upset:
    """What upsets an agenda: hours that are saved, a time when nobody receives, or both."""

    practitioner_id: UUID
    change: Change | None = None
    closing: NewException | None = None
    """Every visit in this time is stranded, in opening hours or not."""
    only: frozenset[UUID] | None = None
    """Look at these visits and no other, wherever they lie: those that something stood in the way of."""


@dataclass(frozen=True, slots=True)
class Stranded:
    """A visit that would be stranded, and where it could go; no two are offered the same place."""

    id: UUID
    version: int
    patient: str
    phone: str
    patient_id: UUID
    reason: str
    site: str
    zone: ZoneInfo
    starts_at: datetime
    ends_at: datetime
    told: bool = False
    """Whether a message reaches the patient."""
    colleague: Place | None = None
    later: Place | None = None


_COMING: Final = """
    select a.id, a.practitioner_id, a.site_id, a.reason_id, s.zone, a.starts_at, a.ends_at, a.mode, a.version,
           trim(f.given_name || ' ' || f.family_name), f.phone, f.id, r.name, s.name
    from appointment a
    join site s on s.id = a.site_id
    join visit_reason r on r.id = a.reason_id
    join patient f on f.id = a.patient_id
    where a.practitioner_id = %(id)s and a.active and a.status <> 'fulfilled' and a.starts_at > %(now)s
    order by a.starts_at, a.id
"""
Coming = tuple[Visit, Stranded]


def stranded_visits(actor: Actor, upset: Upset) -> list[Stranded]:
    """List the coming visits that would be stranded, with a place to go for each; nothing of it is kept but who looked.

    Raises what saving the hours raises, `NotFound` and `NotAllowed`.
    """
    require(actor, Permission.APPOINTMENT_MANAGE)
    with enclosing_transaction() as session:
        practitioner = staff_practitioner(session, actor, upset.practitioner_id)
        lost, span = strand(session, practitioner, upset)
        found = places_for(session, practitioner, [visit for visit, _ in lost], span)
        told = reached(session, [line.patient_id for _, line in lost], Kind.CHANGES) if lost else {}
        session.rollback()
        if lost:
            audit.record(
                session, actor, AuditAction.APPOINTMENT_SEARCHED, subject_type="practitioner", subject_id=practitioner.id,
                practice_id=practitioner.practice_id, on_behalf_of=actor.stands_for(practitioner.id),
                details={"found": [str(visit.id) for visit, _ in lost]},
            )  # fmt: skip
    return [
        replace(line, told=line.patient_id in told, colleague=place.colleague, later=place.later)
        for (_, line), place in zip(lost, found, strict=True)
    ]


def staff_practitioner(session: Session, actor: Actor, practitioner_id: UUID) -> Practitioner:
    """Fetch a practitioner whose visits the actor may settle: any of the practice's, for its staff."""
    if not actor.is_staff:
        raise NotAllowed
    practitioner = session.get(Practitioner, practitioner_id)
    if practitioner is None:
        raise NotFound
    require(actor, Permission.APPOINTMENT_MANAGE, practitioner.practice_id, practitioner.id)
    return practitioner


def strand(session: Session, practitioner: Practitioner, upset: Upset) -> tuple[list[Coming], Span | None]:
    """Save the change in the caller's transaction, and tell which visits it strands, and the time that is closed."""
    span = span_of(session, practitioner, upset.closing) if upset.closing else None
    rows = exchange(session, _COMING, {"id": practitioner.id, "now": clock.now()}).fetchall()
    coming = [_coming(row) for row in rows]
    if not coming:
        if upset.change:
            upset.change()
        return [], span
    window = coming[0][0].starts_at, max(visit.ends_at for visit, _ in coming)
    before = opening_hours(session, [practitioner.id], *window)
    if upset.change:
        upset.change()
    after = opening_hours(session, [practitioner.id], *window)
    site = upset.closing.site_id if upset.closing else None

    def lost(visit: Visit) -> bool:
        if upset.only is not None:
            return visit.id in upset.only
        if span and visit.starts_at < span[1] and visit.ends_at > span[0] and site in {None, visit.site_id}:
            return True
        return bool(upset.change) and is_open(before, visit) and not is_open(after, visit)

    return [(visit, line) for visit, line in coming if lost(visit)], span


def _coming(row: Sequence[Any]) -> Coming:
    ident, practitioner_id, site_id, reason_id, zone, starts_at, ends_at, mode, version, patient, phone, whose, reason, site = row
    visit = Visit(ident, practitioner_id, site_id, reason_id, zone_of(zone), starts_at, ends_at, reason_key(reason), mode)
    return visit, Stranded(ident, version, patient, phone, whose, reason, site, visit.zone, starts_at, ends_at)


def is_open(hours: OpeningHours, visit: Visit) -> bool:
    """Tell whether a visit lies wholly in opening hours of its site that admit its reason."""
    begins, ends = to_minutes(visit.starts_at), to_minutes(visit.ends_at)
    whose, window = visit.practitioner_id, (visit.starts_at, visit.ends_at)
    openings = hours.openings(whose, visit.site_id, visit.zone, *window, reason_id=visit.reason_id)
    return sum(max(0, min(ends, closes) - max(begins, opens)) for opens, closes in openings) >= ends - begins
