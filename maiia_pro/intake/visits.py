"""Appointments of a file: read by the site's clock, held against the agenda and against each other."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session

from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.context import OfferingContext
from maiia_pro.agenda.visit import LONGEST_VISIT, SHORTEST_VISIT, widened
from maiia_pro.intake.arriving import Arriving, find_patients
from maiia_pro.intake.fields import Cells
from maiia_pro.intake.patients import read_identity, who_of
from maiia_pro.intake.plan import Plan, Seen, known_keys
from maiia_pro.intake.roster import Roster
from maiia_pro.intake.tables import Kind
from maiia_pro.intake.values import read_day, read_hour, read_length, read_status, whole_minutes
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import name_key
from maiia_pro.kernel.text import one_line, paragraph
from maiia_pro.patients.records import Identity

OLDEST: Final = date(2000, 1, 1)
AHEAD: Final = timedelta(days=731)
AROUND: Final = timedelta(hours=16)
"""No visit reaches further from its start, buffers included."""


@dataclass
class Busy:
    """Time that is taken in one agenda: intervals that do not overlap, each with the line it comes from (0: it was there)."""

    taken: list[tuple[datetime, datetime, int]] = field(default_factory=list)

    def take(self, begins: datetime, ends: datetime, line: int) -> int | None:
        """Take an interval, or give the line of what lies there."""
        place = bisect.bisect_left(self.taken, (begins, begins, -1))
        for other in self.taken[max(0, place - 1) : place + 1]:
            if other[0] < ends and begins < other[1]:
                return other[2]
        self.taken.insert(place, (begins, ends, line))
        return None


_TAKEN = text("""
    select practitioner_id, lower(blocked) as begins, upper(blocked) as ends from appointment
    where practitioner_id = any(:ids) and active and starts_at > :first and starts_at < :last
    order by practitioner_id, begins
""").bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))


def read_visit(cells: Cells, roster: Roster, now: datetime) -> Arriving | None:
    """Read a line; None, with what is wrong noted, where it is no visit."""
    offering = roster.offering_of(cells)
    zone = offering.zone if offering else roster.zone
    starts_at = _start(cells, zone, now)
    minutes = _length(cells, starts_at, zone, offering)
    status = _status(cells, starts_at, now)
    who = read_who(cells, now.astimezone(zone).date())
    note = _note(cells)
    if cells.faults or offering is None or starts_at is None or who is None:
        return None
    name, identity = who
    return Arriving(cells, offering, starts_at, starts_at + timedelta(minutes=minutes), status, note, name, identity)


def _start(cells: Cells, zone: ZoneInfo, now: datetime) -> datetime | None:
    today = now.astimezone(zone).date()
    try:
        day, beside = read_day(cells["date"], today)
    except Invalid as refusal:
        cells.refuse_all(refusal, "date")
        return None
    if not OLDEST <= day <= today + AHEAD:
        cells.refuse("date", "Cette date est trop loin : écrivez un jour entre 2000 et dans deux ans.")
        return None
    try:
        at = read_hour(cells["time"] or beside)
    except Invalid as refusal:
        cells.refuse_all(refusal, "time")
        return None
    return _instant(cells, day, at, zone)


def _instant(cells: Cells, day: date, at: time, zone: ZoneInfo) -> datetime | None:
    instant = datetime.combine(day, at, zone).astimezone(UTC)
    if instant.astimezone(zone).time() != at:
        cells.refuse("time", "Cette heure n’existe pas ce jour-là : l’horloge passe à l’heure d’été.")
        return None
    return instant


def _length(cells: Cells, starts_at: datetime | None, zone: ZoneInfo, offering: OfferingContext | None) -> int:
    """Read how long it lasts: said, or up to its end, or as long as its reason."""
    name = "length" if cells["length"] else "end"
    usual = offering.shape.length if offering else SHORTEST_VISIT
    try:
        if cells["length"]:
            return read_length(cells["length"])
        if not cells["end"] or starts_at is None:
            return usual
        ends = datetime.combine(starts_at.astimezone(zone).date(), read_hour(cells["end"]), zone).astimezone(UTC)
        minutes = whole_minutes(starts_at, ends)
        if not SHORTEST_VISIT <= minutes <= LONGEST_VISIT:
            raise Invalid("La fin vient de 5 minutes à 8 heures après le début, le même jour.")
    except Invalid as refusal:
        cells.refuse_all(refusal, name)
        return usual
    return minutes


def _status(cells: Cells, starts_at: datetime | None, now: datetime) -> Status:
    if not cells["status"]:
        return Status.PLANNED
    try:
        status = read_status(cells["status"])
    except Invalid as refusal:
        cells.refuse_all(refusal, "status")
        return Status.PLANNED
    if starts_at and starts_at > now and status in {Status.FULFILLED, Status.MISSED}:
        cells.refuse("status", "Ce rendez-vous est à venir : écrivez prévu, confirmé ou annulé.")
    return status


def read_who(cells: Cells, today: date) -> tuple[str, Identity | None] | None:
    """Read the patient: name and birth date, or the name or number alone for somebody whose record is there."""
    if cells["patient"] and not cells["family_name"] and not cells["given_name"]:
        return "", None
    if cells["birth_date"]:
        identity = read_identity(cells, today)
        return (who_of(identity)[0], identity) if identity else None
    try:
        name = name_key(f"{one_line(cells['family_name'], longest=80)} {one_line(cells['given_name'], longest=80)}")
    except Invalid as refusal:
        cells.refuse_all(refusal, "family_name")
        return None
    if not cells["family_name"] or not cells["given_name"]:
        cells.refuse("given_name" if cells["family_name"] else "family_name", "Écrivez le nom et le prénom du patient.")
        return None
    return name, None


def _note(cells: Cells) -> str:
    try:
        return paragraph(cells["note"], longest=1000)
    except Invalid as refusal:
        cells.refuse_all(refusal, "note")
        return ""


def plan_visits(session: Session, practice_id: UUID, lines: Sequence[Cells], roster: Roster, now: datetime) -> Plan[Arriving]:
    """Sort the lines of a file: new, taken over before, refused. Under the practitioners' locks it holds until the commit."""
    return sort_visits(session, practice_id, lines, [visit for cells in lines if (visit := read_visit(cells, roster, now))])


def sort_visits(session: Session, practice_id: UUID, lines: Sequence[Cells], visits: Sequence[Arriving]) -> Plan[Arriving]:
    """Hold the visits that could be read against the records, the agendas and each other; `lines` are all that the file has."""
    plan: Plan[Arriving] = Plan(len(lines))
    seen = Seen(known_keys(session, practice_id, Kind.VISITS, (one.key for one in visits)))
    find_patients(session, practice_id, [one for one in visits if one.key not in seen.known])
    agendas = _agendas(session, visits)
    for one in visits:
        if one.cells.faults or seen.is_twice(one.cells, one.key):
            continue
        if one.key in seen.known:
            plan.known += 1
        elif _finds_room(one, agendas):
            plan.accepted.append(one)
    plan.faults = [fault for cells in lines for fault in cells.faults]
    return plan


def _agendas(session: Session, visits: Sequence[Arriving]) -> dict[UUID, Busy]:
    """Read what the agendas hold around the visits, joined where it overlaps (deliberate overbookings do)."""
    agendas = {one.offering.practitioner_id: Busy() for one in visits}
    if not visits:
        return agendas
    first, last = min(one.starts_at for one in visits) - AROUND, max(one.ends_at for one in visits) + AROUND
    for row in session.connection().execute(_TAKEN, {"ids": list(agendas), "first": first, "last": last}):
        taken = agendas[row.practitioner_id].taken
        if taken and row.begins < taken[-1][1]:
            taken[-1] = (taken[-1][0], max(taken[-1][1], row.ends), 0)
        else:
            taken.append((row.begins, row.ends, 0))
    return agendas


def _finds_room(one: Arriving, agendas: dict[UUID, Busy]) -> bool:
    """Take the visit's time, buffers included, as a booking would; a cancelled one takes none."""
    if one.status is Status.CANCELLED:
        return True
    there = agendas[one.offering.practitioner_id].take(*widened(one.offering, one.starts_at, one.ends_at), one.cells.line)
    if there is None:
        return True
    told = (
        f"Ce rendez-vous en chevauche un autre du fichier, ligne {there}." if there else "Ce praticien a déjà un rendez-vous à cette heure."
    )
    one.cells.refuse("time", told)
    return False
