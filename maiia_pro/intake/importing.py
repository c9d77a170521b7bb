"""The three steps of taking over a file: look at it, check it, bring it in. The file itself is kept nowhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from psycopg.errors import ExclusionViolation
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from maiia_pro.agenda.context import lock_practitioners, zone_of_practice
from maiia_pro.agenda.errors import SlotTaken
from maiia_pro.agenda.export import table_file
from maiia_pro.intake.arriving import newcomers
from maiia_pro.intake.fields import FIELDS, Fault, FieldOf, Mapping, check_mapping, lines_of, read_mapping
from maiia_pro.intake.patients import plan_patients, write_patients
from maiia_pro.intake.plan import Plan
from maiia_pro.intake.roster import load_roster
from maiia_pro.intake.sheet import read_sheet
from maiia_pro.intake.tables import ONCE, Kind
from maiia_pro.intake.values import shown
from maiia_pro.intake.visits import plan_visits
from maiia_pro.intake.writing import write_visits
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import constraint_of, retry_conflicts, transaction
from maiia_pro.kernel.errors import Conflict, Invalid
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.french import PARIS, today_in
from maiia_pro.practice.tables import Practitioner

FIRST_LINES: Final = 5


class LinesRefused(Conflict):
    """Some lines are refused, and nobody said to leave them out."""

    code = "lines-refused"

    def __init__(self, refused: int) -> None:
        lines = "1 ligne est refusée" if refused == 1 else f"{refused} lignes sont refusées"
        super().__init__(f"{lines} : rien n’a été repris. Corrigez le fichier, ou choisissez d’importer sans elles.")


class TakenOverMeanwhile(Conflict):
    """Somebody else brought the same lines in at the same moment."""

    code = "taken-over-meanwhile"
    message = "Ces lignes viennent d’être reprises par quelqu’un d’autre. Vérifiez le fichier à nouveau."


@dataclass(frozen=True, slots=True)
class IntakeFile:
    """A file with what it holds, and which column goes where as the browser says it (nothing: as guessed)."""

    kind: Kind
    content: bytes
    columns: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file looks like: its columns, where each of our fields is, the first lines as they would be read."""

    head: tuple[str, ...]
    fields: tuple[FieldOf, ...]
    mapping: Mapping
    lines: tuple[tuple[int, dict[str, tuple[str, bool]]], ...]
    """Number in the file, and by field what is read and whether it can be."""
    total: int


@dataclass(frozen=True, slots=True)
class Report:
    """What becomes of the lines of a file, or became of them once `imported`."""

    total: int
    ready: int
    known: int
    refused: int
    new_patients: int
    faults: tuple[Fault, ...]
    imported: bool = False


def preview_intake(actor: Actor, practice_id: UUID, file: IntakeFile) -> Preview:
    """Look at a file; raises `Invalid` where it is no table, `NotFound` where the practice is not the actor's."""
    require(actor, Permission.PRACTICE_INTAKE, practice_id)
    sheet = read_sheet(file.content)
    mapping = read_mapping(file.kind, file.columns, sheet.head)
    today = today_in(PARIS, clock.now())
    lines = lines_of(file.kind, replace(sheet, rows=sheet.rows[:FIRST_LINES]), mapping)
    read = tuple((cells.line, {name: shown(name, cells[name], today) for name in mapping}) for cells in lines)
    return Preview(sheet.head, FIELDS[file.kind], mapping, read, len(sheet.rows))


def check_intake(actor: Actor, practice_id: UUID, file: IntakeFile) -> Report:
    """Tell what an import would do; raises what `preview_intake` raises, and `Invalid` naming fields without a column."""
    require(actor, Permission.PRACTICE_INTAKE, practice_id)
    with transaction() as session:
        report = _plan(session, practice_id, file)[1]
        audit.record(
            session, actor, AuditAction.INTAKE_CHECKED, subject_type="practice", subject_id=practice_id, practice_id=practice_id,
            details={"kind": file.kind, "lines": report.total, "known": report.known},
        )  # fmt: skip
        return report


def refused_lines(actor: Actor, practice_id: UUID, file: IntakeFile) -> bytes:
    """Write what is wrong with the refused lines as a table, safe to open in a spreadsheet."""
    faults = check_intake(actor, practice_id, file).faults
    return table_file(("Ligne", "Champ", "Problème"), ((str(fault.line), fault.field, fault.message) for fault in faults))


@contextmanager
def first_come() -> Iterator[None]:
    """Say in words that somebody came first, where the tables say so."""
    try:
        yield
    except IntegrityError as error:
        if isinstance(error.orig, ExclusionViolation):
            raise SlotTaken from None
        if constraint_of(error) == ONCE:
            raise TakenOverMeanwhile from None
        raise


@retry_conflicts
def run_intake(actor: Actor, practice_id: UUID, file: IntakeFile, *, leave_refused: bool = False) -> Report:
    """Bring a file in: all of it, or with `leave_refused` all that is accepted, or nothing.

    Raises `LinesRefused`, `SlotTaken` or `TakenOverMeanwhile` where somebody came first, and what `check_intake` raises.
    """
    require(actor, Permission.PRACTICE_INTAKE, practice_id)
    with transaction() as session:
        lock_intake(session, practice_id, file.kind)
        write, report = _plan(session, practice_id, file)
        if report.refused and not leave_refused:
            raise LinesRefused(report.refused)
        with first_come():
            write(session, actor)
        audit.record(
            session, actor, AuditAction.INTAKE_DONE, subject_type="practice", subject_id=practice_id, practice_id=practice_id,
            details={
                "kind": file.kind, "imported": report.ready, "known": report.known, "refused": report.refused,
                "new_patients": report.new_patients,
            },
        )  # fmt: skip
        return replace(report, imported=True)


_LOCK_PRACTICE = "select id from practice where id = %(id)s for no key update"


def lock_intake(session: Session, practice_id: UUID, kind: Kind) -> None:
    """Let one import of a practice after another, and nobody book meanwhile in the agendas that it may write to."""
    exchange(session, _LOCK_PRACTICE, {"id": practice_id})
    if kind is Kind.VISITS:
        lock_practitioners(session, session.exec(select(Practitioner.id).where(Practitioner.practice_id == practice_id)).all())


def _plan(session: Session, practice_id: UUID, file: IntakeFile) -> tuple[Callable[[Session, Actor], Any], Report]:
    """Sort the lines of a file; gives what writes those accepted, and the report."""
    sheet = read_sheet(file.content)
    mapping = read_mapping(file.kind, file.columns, sheet.head)
    check_mapping(file.kind, mapping)
    lines, now = lines_of(file.kind, sheet, mapping), clock.now()
    if file.kind is Kind.PATIENTS:
        people = plan_patients(session, practice_id, lines, today_in(zone_of_practice(session, practice_id), now))
        new = sum(one.record_id is None for one in people.accepted)
        return lambda later, actor: write_patients(later, actor, practice_id, people.accepted), _report(people, new, new)
    roster = load_roster(session, practice_id)
    if not roster.offered:
        raise Invalid("Aucun motif n’est ouvert dans ce cabinet. Créez-en un dans les réglages, puis reprenez vos rendez-vous.")
    visits = plan_visits(session, practice_id, lines, roster, now)
    report = _report(visits, len(visits.accepted), len(newcomers(visits.accepted)))
    return lambda later, actor: write_visits(later, actor, practice_id, visits.accepted, now), report


def _report(plan: Plan[Any], ready: int, new_patients: int) -> Report:
    return Report(plan.total, ready, plan.known, plan.refused, new_patients, tuple(plan.faults))
