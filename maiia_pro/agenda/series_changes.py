"""Moving and cancelling several visits of a series at once: all of them or none, those edited by themselves left alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from maiia_pro.agenda.booking import BookedAppointment, break_holds, history_entry, load_appointment, place_details
from maiia_pro.agenda.changing import offering_id_of, tell_freed, write_cancelled, write_place
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.context import OfferingContext, load_offering, lock_practitioners
from maiia_pro.agenda.errors import AlreadyCancelled, SeriesTaken, SlotTaken
from maiia_pro.agenda.jobs import SeriesTold
from maiia_pro.agenda.openings import at_wall_clock, minute_of_day, to_instant
from maiia_pro.agenda.overbooking import promote
from maiia_pro.agenda.tables import Appointment, Series, blocked_range
from maiia_pro.agenda.visit import bounds_of, check_asked, widened
from maiia_pro.kernel import audit, clock, live, queue
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import retry_conflicts, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.metrics import counted
from maiia_pro.kernel.text import paragraph

_CLOSED: Final = (Status.CANCELLED, Status.FULFILLED)


class Scope(StrEnum):
    """Which visits of a series a change is for, besides the one it was asked on; only those ahead."""

    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class SeriesMove:
    """Where the visit it was asked on goes; the others shift by the same time of their wall clocks. What is absent stays."""

    starts_at: datetime
    length_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ChangedSeries:
    """What was changed."""

    id: UUID
    visits: tuple[BookedAppointment, ...]


def _concerned(
    session: Session, actor: Actor, appointment_id: UUID, scope: Scope, also: Iterable[UUID]
) -> tuple[Series, Appointment, list[Appointment]]:
    """Fetch and authorise, lock the agendas, then find the visits that the change is for, in order of time."""
    chosen = load_appointment(session, actor, appointment_id, Permission.APPOINTMENT_MANAGE)
    if chosen.series_id is None:
        raise NotFound
    mine = select(Appointment).where(Appointment.series_id == chosen.series_id).order_by(col(Appointment.starts_at))
    lock_practitioners(session, practitioners := {one.practitioner_id for one in session.exec(mine)})
    series = session.get_one(Series, chosen.series_id, with_for_update=True)
    visits = session.exec(mine.with_for_update().execution_options(populate_existing=True)).all()
    if {one.practitioner_id for one in visits} - practitioners:
        raise Conflict  # moved to a colleague while we waited: the lock is another agenda's
    if chosen.status == Status.CANCELLED:
        raise AlreadyCancelled
    since = chosen.starts_at if scope is Scope.FOLLOWING else visits[0].starts_at
    kept = {chosen.id, *also}
    concerned = [one for one in visits if _is_ahead(one, since) and (one.id in kept or not one.series_edited)]
    if not concerned:
        raise Invalid("Aucun rendez-vous de cette série n’est à venir.")
    return series, chosen, concerned


def _is_ahead(visit: Appointment, since: datetime) -> bool:
    return visit.status not in _CLOSED and visit.starts_at >= since and visit.starts_at > clock.now()


@counted("move_series")
@retry_conflicts
def move_series(actor: Actor, appointment_id: UUID, scope: Scope, move: SeriesMove, also: Iterable[UUID] = ()) -> ChangedSeries:
    """Shift visits of a series, or change their length; `also` names edited ones that come along.

    Raises `SeriesTaken` naming the times that somebody has (then nothing moves), `AlreadyCancelled`, `InThePast`, `NotFound`.
    """
    require(actor, Permission.APPOINTMENT_MANAGE)
    if not actor.is_staff:
        raise NotAllowed
    check_asked(actor, move.starts_at, move.length_minutes)
    with transaction() as session:
        series, chosen, visits = _concerned(session, actor, appointment_id, scope, also)
        offerings = {one.id: load_offering(session, offering_id_of(session, one)) for one in _one_a_place(visits)}
        by_place = {(offering.reason_id, offering.site_id): offering for offering in offerings.values()}
        shift = _wall(move.starts_at, zone := _zone(session, chosen)) - _wall(chosen.starts_at, zone)
        moves = [_move(actor, one, by_place[one.reason_id, one.site_id], shift, move.length_minutes) for one in visits]
        for one in moves:
            if one.visit.deliberate_overbooking:  # nothing overbooked lies over what may vanish unseen
                break_holds(session, actor, one.visit.practitioner_id, *one.kept)
        over = _in_the_way(session, moves) | _over_each_other(moves)
        if lost := tuple(one.starts_at for one in moves if one.visit.id in over and not one.visit.deliberate_overbooking):
            raise SeriesTaken(lost)
        before = [(one.practitioner_id, one.blocked) for one in visits]
        left = [(one.practitioner_id, one.blocked) for one in visits if not one.deliberate_overbooking]
        # The furthest in the direction of the shift first: no visit is put where another of the series still is.
        moved = [
            _write(session, actor, one, by_place[one.visit.reason_id, one.visit.site_id], one.visit.id in over)
            for one in sorted(moves, key=_start, reverse=shift > timedelta())
        ]
        for practitioner_id, blocked in left:
            promote(session, actor, practitioner_id, blocked.lower, blocked.upper)
        for practitioner_id, blocked in before:
            tell_freed(session, practitioner_id, blocked.lower, blocked.upper)
        return _tell(session, series, "moved", moved)


@counted("cancel_series")
@retry_conflicts
def cancel_series(actor: Actor, appointment_id: UUID, scope: Scope, reason: str = "", also: Iterable[UUID] = ()) -> ChangedSeries:
    """Cancel visits of a series; `also` names edited ones that go too. Raises `AlreadyCancelled`, `NotFound`, `NotAllowed`."""
    require(actor, Permission.APPOINTMENT_MANAGE)
    if not actor.is_staff:
        raise NotAllowed
    said = paragraph(reason, longest=500)
    with transaction() as session:
        series, _, visits = _concerned(session, actor, appointment_id, scope, also)
        cancelled = [write_cancelled(session, one, said) for one in visits]
        for visit, answer in zip(visits, cancelled, strict=True):
            _note(session, actor, answer, AuditAction.APPOINTMENT_CANCELLED)
            if not visit.deliberate_overbooking:
                promote(session, actor, visit.practitioner_id, visit.blocked.lower, visit.blocked.upper)
            tell_freed(session, visit.practitioner_id, visit.blocked.lower, visit.blocked.upper)
        return _tell(session, series, "cancelled", cancelled)


@dataclass(frozen=True, slots=True)
class _Move:
    """Where one visit goes, with and without its buffers."""

    visit: Appointment
    starts_at: datetime
    ends_at: datetime
    kept: tuple[datetime, datetime]


def _one_a_place(visits: Sequence[Appointment]) -> Iterable[Appointment]:
    return {(one.reason_id, one.site_id): one for one in visits}.values()


def _start(move: _Move) -> datetime:
    return move.starts_at


def _zone(session: Session, visit: Appointment) -> ZoneInfo:
    return load_offering(session, offering_id_of(session, visit)).zone


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    """Give what a wall clock shows."""
    return instant.astimezone(zone).replace(tzinfo=None)


def _move(actor: Actor, visit: Appointment, offering: OfferingContext, shift: timedelta, length: int | None) -> _Move:
    wall = _wall(visit.starts_at, offering.zone) + shift
    starts_at = to_instant(at_wall_clock(wall.date(), minute_of_day(wall.time()), offering.zone))
    kept_length = (visit.ends_at - visit.starts_at) // timedelta(minutes=1)
    starts_at, ends_at = bounds_of(actor, offering, starts_at, length or kept_length)
    check_asked(actor, starts_at, None)
    return _Move(visit, starts_at, ends_at, widened(offering, starts_at, ends_at))


_IN_THE_WAY: Final = """
    select t.id from unnest(%(ids)s::uuid[], %(practitioners)s::uuid[], %(begins)s::timestamptz[], %(ends)s::timestamptz[])
           as t(id, practitioner_id, begins, ends)
    where exists (
        select 1 from appointment a
        where a.practitioner_id = t.practitioner_id and a.active and a.blocked && tstzrange(t.begins, t.ends) and a.id <> all(%(ids)s)
          and a.starts_at > t.begins - interval '16 hours' and a.starts_at < t.ends + interval '16 hours'
    )
"""


def _in_the_way(session: Session, moves: Sequence[_Move]) -> set[UUID]:
    """Tell of which visits somebody else has the new time, overbooked or not."""
    values: dict[str, Any] = {
        "ids": [one.visit.id for one in moves],
        "practitioners": [one.visit.practitioner_id for one in moves],
        "begins": [one.kept[0] for one in moves],
        "ends": [one.kept[1] for one in moves],
    }
    return {row[0] for row in exchange(session, _IN_THE_WAY, values)}


def _over_each_other(moves: Sequence[_Move]) -> set[UUID]:
    """Tell which visits that staff put over another one stay over it, since both move."""
    ordinary = [one.kept for one in moves if not one.visit.deliberate_overbooking]
    over = (one for one in moves if one.visit.deliberate_overbooking)
    return {one.visit.id for one in over if any(one.kept[0] < ends and begins < one.kept[1] for begins, ends in ordinary)}


def _write(session: Session, actor: Actor, move: _Move, offering: OfferingContext, over: bool) -> BookedAppointment:
    visit, before = move.visit, place_details(move.visit)
    visit.deliberate_overbooking = over
    visit.starts_at, visit.ends_at, visit.blocked = move.starts_at, move.ends_at, blocked_range(*move.kept)
    try:
        moved = write_place(session, visit, offering)
    except SlotTaken:
        raise SeriesTaken((move.starts_at,)) from None
    _note(session, actor, moved, AuditAction.APPOINTMENT_MOVED, before)
    return moved


def _note(session: Session, actor: Actor, visit: BookedAppointment, action: AuditAction, before: dict[str, str] | None = None) -> None:
    """Write the history of a visit and let open screens know; the patient hears of the whole."""
    exchange(session, audit.ADD, history_entry(actor, visit, action, before))
    live.announce(session, live.Change(live.agenda_topic(visit.practitioner_id), visit.id, visit.version))


def _tell(session: Session, series: Series, event: str, visits: Sequence[BookedAppointment]) -> ChangedSeries:
    """Let the patient know of all of it, once."""
    series.version += 1
    session.flush()
    job = SeriesTold(series.id, event, series.version, [one.id.hex for one in visits])
    queue.enqueue(session, job, lock=f"series:{series.id}")
    return ChangedSeries(series.id, tuple(sorted(visits, key=lambda one: one.starts_at)))
