"""What becomes of each date of a series: free, outside the hours, or taken, and the nearest free time. Pure; minutes since 1970 in UTC."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from maiia_pro.agenda.free_time import VisitShape, free_starts
from maiia_pro.agenda.openings import Interval, at_wall_clock, local_day, merged, without

AROUND: Final = 13
"""How many days before and after a date its nearest free time is looked for."""


class LineState(StrEnum):
    """What stands at a date of the series."""

    FREE = "free"
    OUTSIDE = "outside"
    """Nobody is there, but the practitioner does not receive then."""
    TAKEN = "taken"


class Choice(StrEnum):
    """What a person decides for a date that is not free."""

    FORCE = "force"
    SKIP = "skip"
    NEAREST = "nearest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A date that the rule gives: the day, and when the wall clock shows the time."""

    day: date
    start: int


@dataclass(frozen=True, slots=True)
class Line:
    """A date of the series, and where its visit would be booked: nowhere where it is skipped."""

    number: int
    wanted: int
    state: LineState
    nearest: int | None
    choice: Choice | None
    """None where it is free: nothing is to be chosen."""
    place: int | None
    overbook: bool = False


def places_of(days: Sequence[date], minute: int, zone: ZoneInfo) -> list[Wanted]:
    """Lay days at a minute of the wall clock."""
    return [Wanted(day, at_wall_clock(day, minute, zone)) for day in days]


@dataclass(slots=True)
class _Nearest:
    """Finds the free time nearest to a date, and gives none twice."""

    starts: list[int]
    shape: VisitShape
    minute: int
    zone: ZoneInfo
    given: list[int] = field(default_factory=list)

    def to(self, day: date) -> int | None:
        """Look on the day itself, then one day further at a time, the later one first."""
        for away in range(AROUND + 1):
            for one in dict.fromkeys((day + timedelta(days=away), day - timedelta(days=away))):
                found = self._on(one)
                if found is not None:
                    self.given.append(found)
                    return found
        return None

    def _on(self, day: date) -> int | None:
        begins, ends = local_day(day, self.zone)
        wanted = at_wall_clock(day, self.minute, self.zone)
        reach = self.shape.before + self.shape.length + self.shape.after
        here = self.starts[bisect_left(self.starts, begins) : bisect_left(self.starts, ends)]
        free = (one for one in here if all(abs(one - other) >= reach for other in self.given))
        return min(free, key=lambda one: (abs(one - wanted), one), default=None)


def plan(
    wanted: Sequence[Wanted],
    agenda: tuple[Sequence[Interval], Sequence[Interval]],
    shape: VisitShape,
    clock: tuple[int, ZoneInfo, int],
    choices: Mapping[int, Choice],
    *,
    with_room: Callable[[list[int]], list[int]] = list,
) -> list[Line]:
    """Say what stands at each date; `agenda` is open and busy time, `clock` the minute of the wall clock, the zone and the present.

    What nobody chose goes to the nearest free time where there is one, and is skipped otherwise. `with_room` keeps the starts at which
    the visit has all that it needs: where it has not, its time is taken.
    """
    (openings, busy), (minute, zone, now) = agenda, clock
    roomy = set(with_room([one.start for one in wanted]))
    states = [_state(one.start, openings, busy, shape) if one.start in roomy else LineState.TAKEN for one in wanted]
    kept = [
        (one.start - shape.before, one.start + shape.length + shape.after)
        for number, (one, state) in enumerate(zip(wanted, states, strict=True), start=1)
        if state is not LineState.TAKEN or choices.get(number) is Choice.FORCE
    ]
    free = with_room(free_starts(openings, merged([*busy, *kept]), shape, now + 1))
    nearest = _Nearest(free, shape, minute, zone)
    return [
        _line(number, one, state, nearest.to, choices.get(number))
        for number, (one, state) in enumerate(zip(wanted, states, strict=True), start=1)
    ]


def _line(number: int, wanted: Wanted, state: LineState, nearest: Callable[[date], int | None], asked: Choice | None) -> Line:
    if state is LineState.FREE:
        return Line(number, wanted.start, state, None, None, wanted.start)
    found = nearest(wanted.day)
    choice = asked or Choice.NEAREST
    if choice is Choice.NEAREST and found is None:
        choice = Choice.SKIP
    place = {Choice.FORCE: wanted.start, Choice.NEAREST: found, Choice.SKIP: None}[choice]
    return Line(number, wanted.start, state, found, choice, place, choice is Choice.FORCE and state is LineState.TAKEN)


def _state(start: int, openings: Sequence[Interval], busy: Sequence[Interval], shape: VisitShape) -> LineState:
    if _touching(busy, start - shape.before, start + shape.length + shape.after):
        return LineState.TAKEN
    visit = (start, start + shape.length)
    return LineState.OUTSIDE if without([visit], _touching(openings, *visit)) else LineState.FREE


def _touching(intervals: Sequence[Interval], begins: int, ends: int) -> Sequence[Interval]:
    """Cut out of sorted and disjoint intervals those that overlap a span."""
    return intervals[bisect_right(intervals, begins, key=lambda one: one[1]) : bisect_left(intervals, ends, key=lambda one: one[0])]
