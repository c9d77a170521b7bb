"""Events of a calendar as visits of the intake: read, tied to people and reasons, held against the agenda like the lines of any file."""

import bisect
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.context import OfferingContext
from maiia_pro.agenda.hours import opening_hours
from maiia_pro.agenda.openings import Interval, to_minutes
from maiia_pro.agenda.visit import LONGEST_VISIT, SHORTEST_VISIT
from maiia_pro.intake.arriving import Arriving
from maiia_pro.intake.decisions import COLUMNS, CalendarFile, Decision, Fate
from maiia_pro.intake.fields import Cells
from maiia_pro.intake.patients import read_identity, who_of
from maiia_pro.intake.plan import Plan, key_of, known_keys
from maiia_pro.intake.roster import Offered, load_roster
from maiia_pro.intake.sheet import Row
from maiia_pro.intake.suggest import FOUND, NOBODY, Certainty, Suggestion, suggest
from maiia_pro.intake.tables import Kind
from maiia_pro.intake.values import whole_minutes
from maiia_pro.intake.visits import read_who, sort_visits
from maiia_pro.intake.whom import Told, named_reason, whom
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import short_date
from maiia_pro.outside.reading import BusyTime
from maiia_pro.outside.tables import OutsideSource
from maiia_pro.outside.times import known_times
from maiia_pro.patients.records import Identity

_WHO: Final[dict[Certainty, str]] = {
    Certainty.SEVERAL: "Plusieurs fiches portent ce nom. Choisissez la bonne.",
    Certainty.CLOSE: "Une fiche a les mêmes coordonnées sous un autre nom. Choisissez-la si c’est elle, ou écrivez pour qui c’est.",
    Certainty.NOBODY: "Aucune fiche ne correspond. Écrivez le nom, le prénom et la date de naissance, ou n’en faites pas un rendez-vous.",
}
_ALL_DAY: Final = "Un événement d’une journée entière n’est pas un rendez-vous. Bloquez ce temps, ou laissez-le de côté."
_REASON: Final = "Choisissez le motif."


@dataclass(slots=True)
class EventLine:
    """An event with what is known of it and what becomes of it; `fate` is None while something is wrong with it."""

    event: BusyTime
    key: str
    cells: Cells
    told: Told
    decision: Decision
    offering: OfferingContext | None
    suggestion: Suggestion = NOBODY
    fate: Fate | None = None
    known: bool = False
    outside_hours: bool = False


@dataclass
class EventPlan:
    """What an import would do with a calendar."""

    lines: list[EventLine]
    visits: Plan[Arriving]

    def of(self, fate: Fate | None) -> list[EventLine]:
        """List the lines of a fate that are not here already."""
        return [line for line in self.lines if line.fate is fate and not line.known]


def plan_events(session: Session, practice_id: UUID, file: CalendarFile, events: Sequence[BusyTime], now: datetime) -> EventPlan:
    """Sort the events of a calendar; under the practitioners' locks it holds until the commit."""
    offered = load_roster(session, practice_id).offered.get(file.practitioner_id, ())
    if not offered:
        raise Invalid("Aucun motif n’est ouvert dans cet agenda. Créez-en un dans les réglages, puis reprenez vos rendez-vous.")
    lines = [_line(number, file, event, offered, now) for number, event in enumerate(events, 1)]
    known = known_keys(session, practice_id, Kind.VISITS, (key_of(line.cells["source"]) for line in lines))
    for line in lines:
        line.known = key_of(line.cells["source"]) in known
    asked = [line for line in lines if not line.known and line.decision.fate not in {Fate.BUSY, Fate.LEAVE}]
    for line, found in zip(asked, suggest(session, practice_id, [line.told for line in asked]), strict=True):
        line.suggestion = found
    visits = [visit for line in asked if (visit := _visit(line, file, now))]
    plan = EventPlan(lines, sort_visits(session, practice_id, [line.cells for line in asked], visits))
    _settle(plan, file, set(known_times(session, file.practitioner_id, OutsideSource.FILE)))
    _look_outside(session, plan, file.practitioner_id)
    return plan


def _line(number: int, file: CalendarFile, event: BusyTime, offered: Sequence[Offered], now: datetime) -> EventLine:
    """Read what an event says, and what was decided of it."""
    source = f"calendar {file.practitioner_id} {event.event_key} {event.occurrence}"
    decision = file.decisions.get(key_of(source), Decision())
    offering = _offering(file, event, decision, offered)
    zone = (offering or offered[0].context).zone
    told = whom(event, {one.reason for one in offered}, now.astimezone(zone).date())
    family, given = told.split(family_first=file.family_first)
    said = {"family_name": family, "given_name": given, "birth_date": short_date(told.birth_date) if told.birth_date else ""}
    said |= {"phone": told.phone, "email": told.email, "source": source, **decision.named}
    cells = Cells(Kind.VISITS, Row(number, tuple(said.get(name, "") for name in COLUMNS)), COLUMNS)
    return EventLine(event, key_of(source), cells, told, decision, offering)


def _offering(file: CalendarFile, event: BusyTime, decision: Decision, offered: Sequence[Offered]) -> OfferingContext | None:
    """Give the reason that was chosen for the event, else the one that its words name, else the one of the file."""
    contexts = {one.context.offering_id: one.context for one in offered}
    usual = contexts.get(file.offering_id) if file.offering_id else offered[0].context if len(offered) == 1 else None
    if decision.offering_id:
        return contexts.get(decision.offering_id)
    name = named_reason(event, {one.reason for one in offered})
    fitting = [one.context for one in offered if one.reason == name]
    here = [context for context in fitting if usual and context.site_id == usual.site_id]
    return next(iter(here or fitting), usual)


def _visit(line: EventLine, file: CalendarFile, now: datetime) -> Arriving | None:
    """Make a visit of an event; None, with what is wrong noted, where it is none."""
    if line.event.all_day:
        line.cells.refuse("date", _ALL_DAY)
        return None
    starts_at = line.event.starts_at.replace(second=0, microsecond=0)
    minutes = whole_minutes(starts_at, line.event.ends_at)
    if not SHORTEST_VISIT <= minutes <= LONGEST_VISIT:
        line.cells.refuse("length", "Une visite dure de 5 minutes à 8 heures.")
    if line.offering is None:
        line.cells.refuse("reason", _REASON)
    chosen, identity, name = _person(line, now)
    if line.cells.faults or line.offering is None:
        return None
    note = line.event.about.description if file.keep_notes else ""
    ends_at = starts_at + timedelta(minutes=minutes)
    return Arriving(line.cells, line.offering, starts_at, ends_at, Status.PLANNED, note, name, identity, chosen)


def _person(line: EventLine, now: datetime) -> tuple[UUID | None, Identity | None, str]:
    """Tell whose visit it is: the record picked or found, whom somebody typed, or somebody new; notes what is wrong."""
    if line.decision.patient_id:
        return line.decision.patient_id, None, ""
    today = now.astimezone(line.offering.zone).date() if line.offering else now.date()
    if line.decision.named:
        name, identity = read_who(line.cells, today) or ("", None)
        return None, identity, name
    if line.suggestion.certainty in FOUND:
        return line.suggestion.records[0].id, None, ""
    if line.suggestion.certainty is Certainty.NEW:
        identity = read_identity(line.cells, today)
        return None, identity, who_of(identity)[0] if identity else ""
    line.cells.refuse("patient", _WHO[line.suggestion.certainty])
    return None, None, ""


def _settle(plan: EventPlan, file: CalendarFile, blocked: Collection[tuple[str, str]]) -> None:
    """Say what becomes of each event: what was decided, a visit, else what becomes of the rest; what is blocked already stays so."""
    for line in plan.lines:
        if line.known:
            continue
        if line.decision.fate in {Fate.BUSY, Fate.LEAVE}:
            line.fate = line.decision.fate
        else:
            there = Fate.BUSY if (line.event.event_key, line.event.occurrence) in blocked else None
            line.fate = file.rest or there if line.cells.faults else Fate.VISIT


def _look_outside(session: Session, plan: EventPlan, practitioner_id: UUID) -> None:
    """Mark the visits that lie outside the practitioner's hours: staff may have them there all the same."""
    accepted = {one.cells.line: one for one in plan.visits.accepted}
    if not accepted:
        return
    begins, ends = min(one.starts_at for one in accepted.values()), max(one.ends_at for one in accepted.values())
    hours = opening_hours(session, [practitioner_id], begins, ends)
    opened: dict[UUID, list[Interval]] = {}
    for line in plan.lines:
        if one := accepted.get(line.cells.line):
            if one.offering.site_id not in opened:
                opened[one.offering.site_id] = hours.openings(practitioner_id, one.offering.site_id, one.offering.zone, begins, ends)
            line.outside_hours = not _inside(opened[one.offering.site_id], to_minutes(one.starts_at), to_minutes(one.ends_at))


def _inside(opened: Sequence[Interval], begins: int, ends: int) -> bool:
    place = bisect.bisect_right(opened, (begins, 1 << 40)) - 1
    return place >= 0 and ends <= opened[place][1]
