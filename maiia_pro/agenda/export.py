"""Appointments taken out in a file: a table for spreadsheets, or a calendar; only by staff of the practice, and audited."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from maiia_pro.agenda.calendar import calendar_file
from maiia_pro.agenda.codes import MODE_LABELS, ORIGIN_LABELS, STATUS_LABELS
from maiia_pro.agenda.listing import Line, as_let, calendar_entry, colleagues, lines_of_days
from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.french import name_key, phone, short_date
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import FieldErrors, read_period
from maiia_pro.practice.tables import Practitioner

HEAD: Final = (
    "Date", "Heure", "Durée (min)", "Praticien", "Lieu", "Motif", "Mode", "Statut", "Pris",
    "Nom", "Prénom", "Date de naissance", "Téléphone",
)  # fmt: skip
RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet run a cell instead of showing it (the wide signs too, in some of them)."""


class FileKind(StrEnum):
    """What the appointments are written as."""

    CSV = "csv"
    ICS = "ics"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Whose appointments (everybody's where nobody is named), on which days, last one included, and in what form."""

    practitioner_id: UUID | None
    first: date
    last: date
    kind: FileKind

    @classmethod
    def parse(cls, practitioner: object, first: object, last: object, kind: object) -> "ExportRequest":
        """Read what somebody asked for; raises `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        begins, ends = read_period(errors, first, last)
        if kind not in set(FileKind):
            errors.add("kind", "Choisissez un format.")
        errors.check()
        ident = parse_id(practitioner) if practitioner not in ("", "tous", None) else None
        return cls(ident, begins, ends, FileKind(str(kind)))


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to keep: its name, what is in it, how many appointments."""

    name: str
    content: bytes
    count: int


def export_appointments(actor: Actor, request: ExportRequest) -> ExportFile:
    """Write the appointments of a period, cancelled ones marked as such. Raises `NotFound` for a practitioner of another practice."""
    require(actor, Permission.AGENDA_EXPORT)
    with transaction() as session:
        practitioners = colleagues(session, actor, Permission.AGENDA_EXPORT, [request.practitioner_id] if request.practitioner_id else [])
        if not practitioners:
            raise NotFound
        lines = as_let(actor, lines_of_days(session, [one.id for one in practitioners], request.first, request.last, cancelled=True))
        for one in practitioners:
            audit.record(
                session, actor, AuditAction.AGENDA_EXPORTED, subject_type="practitioner", subject_id=one.id, practice_id=one.practice_id,
                on_behalf_of=actor.stands_for(one.id),
                details={
                    "first": request.first.isoformat(), "last": request.last.isoformat(), "kind": request.kind,
                    "count": sum(line.practitioner_id == one.id for line in lines),
                },
            )  # fmt: skip
    return ExportFile(_file_name(practitioners, request), _content(practitioners, request, lines), len(lines))


def _file_name(practitioners: Sequence[Practitioner], request: ExportRequest) -> str:
    who = name_key(practitioners[0].family_name).replace(" ", "-") if request.practitioner_id else ""
    ascii_who = who.encode("ascii", "ignore").decode()
    parts = ["rendez-vous", *([ascii_who] if ascii_who else []), request.first.isoformat(), request.last.isoformat()]
    return f"{'_'.join(parts)}.{request.kind}"


def _content(practitioners: Sequence[Practitioner], request: ExportRequest, lines: Sequence[Line]) -> bytes:
    names = {one.id: one.display_name for one in practitioners}
    if request.kind is FileKind.ICS:
        whose = names[practitioners[0].id] if request.practitioner_id else "cabinet"
        return calendar_file(f"Rendez-vous · {whose}", map(calendar_entry, lines))
    return table_file(HEAD, (_cells(line, names[line.practitioner_id]) for line in lines))


def _cells(line: Line, practitioner: str) -> tuple[str, ...]:
    begins = line.begins
    return (
        short_date(begins.date()), f"{begins:%H:%M}", str(line.minutes), practitioner, line.site, line.reason, MODE_LABELS[line.mode],
        STATUS_LABELS[line.status], ORIGIN_LABELS[line.origin], line.family_name, line.given_name, line.born,
        phone(line.phone),
    )  # fmt: skip


def table_file(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write a table as French spreadsheets read it: UTF-8 with its mark, semicolons, every cell quoted, nothing that runs."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """Give a text, on one line, that a spreadsheet shows as it is: what would begin a formula, even after blanks, gets an apostrophe."""
    risky = text.startswith(RISKY) or text.lstrip().startswith(RISKY)
    return ("'" if risky else "") + re.sub(r"[\r\n]+", " ", text)
