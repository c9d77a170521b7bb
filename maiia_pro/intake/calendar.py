"""A calendar of another software brought in as appointments: looked at, then all of it or nothing, and twice like once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from maiia_pro.agenda.context import zone_of_practice
from maiia_pro.agenda.export import table_file
from maiia_pro.intake.arriving import newcomers
from maiia_pro.intake.decisions import CalendarFile, Fate
from maiia_pro.intake.events import EventLine, EventPlan, plan_events
from maiia_pro.intake.importing import LinesRefused, first_come, lock_intake
from maiia_pro.intake.tables import Kind
from maiia_pro.intake.visits import AHEAD
from maiia_pro.intake.writing import write_visits
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, retry_conflicts, transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.french import clock_time, long_date
from maiia_pro.outside.notes import note_change
from maiia_pro.outside.reading import BusyTime, CalendarRead, LeftOut, read_calendar
from maiia_pro.outside.tables import OutsideSource
from maiia_pro.outside.times import known_times, write_times
from maiia_pro.practice.tables import Practitioner

KIND: Final = "calendar"
NOTHING: Final = "Ce calendrier n’a aucun événement à reprendre dans les deux ans qui viennent. Les événements passés ne sont pas repris."
WHY: Final = {
    "cancelled": "annulé(s)",
    "free": "marqué(s) disponible",
    "own": "de Maiia Pro",
    "empty": "sans durée",
    "broken": "illisible(s)",
}


@dataclass(frozen=True, slots=True)
class CalendarReport:
    """What becomes of the coming events of a calendar, or became of them once `imported`."""

    zone: ZoneInfo
    lines: tuple[EventLine, ...]
    left_out: LeftOut
    ready: int
    new_patients: int
    known: int
    busy: int
    left: int
    refused: int
    imported: bool = False


def check_calendar(actor: Actor, practice_id: UUID, file: CalendarFile) -> CalendarReport:
    """Tell what an import would do, event by event; nothing is written but that somebody looked.

    Raises `Invalid` where the file cannot be read or nothing in it lies ahead, `NotFound` for an agenda that is not of the practice.
    """
    require(actor, Permission.PRACTICE_INTAKE, practice_id)
    zone, found = _read(practice_id, file)
    with transaction() as session:
        report = _report(zone, found, plan_events(session, practice_id, file, found.times, clock.now()))
        shown = len({record.id for line in report.lines for record in line.suggestion.records})
        audit.record(
            session, actor, AuditAction.INTAKE_CHECKED, subject_type="practice", subject_id=practice_id, practice_id=practice_id,
            details={"kind": KIND, "lines": len(report.lines), "known": report.known, "records": shown},
        )  # fmt: skip
        return report


def refused_events(actor: Actor, practice_id: UUID, file: CalendarFile) -> bytes:
    """Write what is wrong with events as a table, safe to open in a spreadsheet."""
    report = check_calendar(actor, practice_id, file)
    rows = [
        (str(line.cells.line), *when(line.event, report.zone), line.event.title, fault.message)
        for line in report.lines for fault in line.cells.faults if line.fate is None and not line.known
    ]  # fmt: skip
    return table_file(("Ligne", "Jour", "Heures", "Intitulé", "Problème"), rows)


@retry_conflicts
def run_calendar(actor: Actor, practice_id: UUID, file: CalendarFile) -> CalendarReport:
    """Bring a calendar in: visits as appointments, what is to block as busy time; all of it or nothing.

    Raises `LinesRefused` while anything is undecided, and what `check_calendar` and `run_intake` raise.
    """
    require(actor, Permission.PRACTICE_INTAKE, practice_id)
    zone, found = _read(practice_id, file)
    with transaction() as session:
        lock_intake(session, practice_id, Kind.VISITS)
        now = clock.now()
        plan = plan_events(session, practice_id, file, found.times, now)
        report = _report(zone, found, plan)
        if report.refused:
            raise LinesRefused(report.refused)
        with first_come():
            write_visits(session, actor, practice_id, plan.visits.accepted, now)
        _block(session, actor, file, plan)
        audit.record(
            session, actor, AuditAction.INTAKE_DONE, subject_type="practice", subject_id=practice_id, practice_id=practice_id,
            details={
                "kind": KIND, "imported": report.ready, "known": report.known, "busy": report.busy, "refused": report.left,
                "new_patients": report.new_patients,
            },
        )  # fmt: skip
        return replace(report, imported=True)


def when(event: BusyTime, zone: ZoneInfo) -> tuple[str, str]:
    """Tell the day of an event and its hours, by the practice's clock."""
    begins, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    day = long_date(begins.date(), year=True)
    return (day, "toute la journée") if event.all_day else (day, f"{clock_time(begins)} – {clock_time(ends)}")


def _read(practice_id: UUID, file: CalendarFile) -> tuple[ZoneInfo, CalendarRead]:
    """Read what lies ahead, in the process that strangers' files are read in."""
    with reading() as session:
        agenda = select(Practitioner.id).where(Practitioner.id == file.practitioner_id, Practitioner.practice_id == practice_id)
        if session.exec(agenda).first() is None:
            raise NotFound
        zone = zone_of_practice(session, practice_id)
    now = clock.now()
    found = read_calendar(file.content, zone, now, now + AHEAD, about=True)
    ahead = replace(found, times=tuple(one for one in found.times if one.starts_at > now))
    if not ahead.times:
        left = [f"{count} {why}" for name, why in WHY.items() if (count := getattr(found.left_out, name))]
        raise Invalid(NOTHING + (f" Laissés de côté\u00a0: {', '.join(left)}." if left else ""))
    return zone, ahead


def _block(session: Session, actor: Actor, file: CalendarFile, plan: EventPlan) -> None:
    """Write what is to be busy time, without its title, and take away what was and is a visit now."""
    practitioner = session.get_one(Practitioner, file.practitioner_id)
    before = known_times(session, practitioner.id, OutsideSource.FILE)
    visits: Sequence[EventLine] = plan.of(Fate.VISIT)
    gone = [before[key] for line in visits if (key := (line.event.event_key, line.event.occurrence)) in before]
    busy = [replace(line.event, title="") for line in plan.of(Fate.BUSY)]
    written = write_times(session, practitioner.id, OutsideSource.FILE, busy, gone)
    if written.any:
        counts = {"added": written.added, "changed": written.changed, "removed": written.removed}
        note_change(session, actor, practitioner, AuditAction.CALENDAR_IMPORTED, counts, free_time=True)


def _report(zone: ZoneInfo, found: CalendarRead, plan: EventPlan) -> CalendarReport:
    return CalendarReport(
        zone, tuple(plan.lines), found.left_out, len(plan.visits.accepted), len(newcomers(plan.visits.accepted)),
        sum(line.known for line in plan.lines), len(plan.of(Fate.BUSY)), len(plan.of(Fate.LEAVE)), len(plan.of(None)),
    )  # fmt: skip
