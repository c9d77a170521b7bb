"""A calendar file brought in as busy time: looked at first, and the second time it changes only what has changed."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from maiia_pro.agenda.context import lock_practitioners, zone_of_practice
from maiia_pro.agenda.openings import local_day, to_instant
from maiia_pro.agenda.setup import own_practitioner
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.text import picked_day
from maiia_pro.outside.notes import note_change
from maiia_pro.outside.reading import BusyTime, LeftOut, read_calendar
from maiia_pro.outside.tables import OutsideSource
from maiia_pro.outside.times import Known, Written, known_times, write_times

LONGEST: Final = timedelta(days=731)
AROUND: Final = timedelta(days=366 * 3)
"""How far from today a file is read."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are brought in, both included."""

    first: date
    last: date

    @classmethod
    def parse(cls, first: object, last: object) -> "Period":
        """Read the days of a form; raises `Invalid` with what is wrong."""
        try:
            period = cls(picked_day(first), picked_day(last))
        except ValueError:
            raise Invalid("Choisissez le premier et le dernier jour.") from None
        if period.last < period.first:
            raise Invalid("Le dernier jour vient après le premier.")
        today = clock.now().date()
        if period.last - period.first > LONGEST or not today - AROUND < period.first <= period.last < today + AROUND:
            raise Invalid("Choisissez deux ans au plus, à moins de trois ans d’aujourd’hui.")
        return period


class LineState(StrEnum):
    """What importing would do with a time."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A time of the file, by the practice's clock."""

    starts_at: datetime
    ends_at: datetime
    all_day: bool
    title: str
    """From the file, shown to its owner; written nowhere unless they choose so."""
    state: LineState
    visits: int
    """How many appointments it falls on: they stay."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds in a period, and what importing it would do."""

    zone: ZoneInfo
    lines: tuple[PreviewLine, ...]
    left_out: LeftOut
    gone: int
    """Times known from these events that the file no longer has."""


def preview_import(actor: Actor, practitioner_id: UUID, content: bytes, period: Period) -> Preview:
    """Tell what a file would fill of one's own agenda; raises `Invalid` with what to do where it cannot be read."""
    require(actor, Permission.PROFILE_OWN)
    zone = _own_zone(actor, practitioner_id)
    begins, ends = _bounds(period, zone)
    found = read_calendar(content, zone, begins, ends)
    with reading() as session:
        known = known_times(session, practitioner_id, OutsideSource.FILE)
        visits = _visits(session, practitioner_id, begins, ends)
    lines = tuple(_line(one, known.get((one.event_key, one.occurrence)), visits) for one in found.times)
    return Preview(zone, lines, found.left_out, len(_gone(known, found.times, begins, ends)))


def import_busy_time(actor: Actor, practitioner_id: UUID, content: bytes, period: Period, *, keep_titles: bool = False) -> Written:
    """Fill one's own agenda with what a file says; of its events the period says all there is, other events stay."""
    require(actor, Permission.PROFILE_OWN)
    zone = _own_zone(actor, practitioner_id)
    begins, ends = _bounds(period, zone)
    found = read_calendar(content, zone, begins, ends)
    times = [one if keep_titles else replace(one, title="") for one in found.times]
    with transaction() as session:
        practitioner = own_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        gone = _gone(known_times(session, practitioner_id, OutsideSource.FILE), times, begins, ends)
        written = write_times(session, practitioner_id, OutsideSource.FILE, times, gone)
        counts = {"added": written.added, "changed": written.changed, "removed": written.removed}
        note_change(session, actor, practitioner, AuditAction.CALENDAR_IMPORTED, counts, free_time=written.any)
        return written


def forget_imported(actor: Actor, practitioner_id: UUID) -> int:
    """Take away all that files have filled; tells how much it was."""
    require(actor, Permission.PROFILE_OWN)
    with transaction() as session:
        practitioner = own_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        gone = list(known_times(session, practitioner_id, OutsideSource.FILE).values())
        write_times(session, practitioner_id, OutsideSource.FILE, (), gone)
        if gone:
            note_change(session, actor, practitioner, AuditAction.CALENDAR_FORGOTTEN, {"removed": len(gone)}, free_time=True)
        return len(gone)


def imported_ahead(actor: Actor, practitioner_id: UUID) -> int:
    """Count the times still to come that files have filled."""
    require(actor, Permission.PROFILE_OWN)
    with reading() as session:
        own_practitioner(session, actor, practitioner_id)
        now = clock.now()
        return sum(one.ends_at > now for one in known_times(session, practitioner_id, OutsideSource.FILE).values())


def _own_zone(actor: Actor, practitioner_id: UUID) -> ZoneInfo:
    with reading() as session:
        practitioner = own_practitioner(session, actor, practitioner_id)
        return zone_of_practice(session, practitioner.practice_id)


def _bounds(period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return to_instant(local_day(period.first, zone)[0]), to_instant(local_day(period.last, zone)[1])


def _gone(known: dict[tuple[str, str], Known], times: Sequence[BusyTime], begins: datetime, ends: datetime) -> list[Known]:
    """What these events filled of the period before, and fill no longer."""
    events, here = {one.event_key for one in times}, {(one.event_key, one.occurrence) for one in times}
    return [
        one for (event, occurrence), one in known.items()
        if event in events and (event, occurrence) not in here and one.starts_at < ends and one.ends_at > begins
    ]  # fmt: skip


_VISITS: Final = """
    select starts_at, ends_at from appointment
    where practitioner_id = %(id)s and active and starts_at >= %(since)s and starts_at < %(ends)s and ends_at > %(begins)s
    order by starts_at
"""


def _visits(session: Session, practitioner_id: UUID, begins: datetime, ends: datetime) -> tuple[list[datetime], list[datetime]]:
    """When the appointments begin, and when they end, each sorted."""
    values = {"id": practitioner_id, "since": begins - timedelta(hours=8), "begins": begins, "ends": ends}
    rows = exchange(session, _VISITS, values).fetchall()
    return [row[0] for row in rows], sorted(row[1] for row in rows)


def _line(one: BusyTime, known: Known | None, visits: tuple[list[datetime], list[datetime]]) -> PreviewLine:
    state = LineState.NEW
    if known:
        state = LineState.KNOWN if (known.starts_at, known.ends_at) == (one.starts_at, one.ends_at) else LineState.CHANGED
    starts, ends = visits
    clashes = bisect_left(starts, one.ends_at) - bisect_right(ends, one.starts_at)
    return PreviewLine(one.starts_at, one.ends_at, one.all_day, one.title, state, clashes)
