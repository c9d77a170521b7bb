"""Series: looked at date by date, given as they were looked at, and changed together afterwards."""

from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from maiia_pro.agenda.errors import AlreadyCancelled, InThePast, ResourceTaken, SeriesTaken
from maiia_pro.agenda.openings import to_instant
from maiia_pro.agenda.recurrence import Rhythm, Rule
from maiia_pro.agenda.series import SeriesBooking, SeriesPlace, SeriesRequest, book_series, preview_series
from maiia_pro.agenda.series_changes import Scope, SeriesMove, cancel_series, move_series
from maiia_pro.agenda.series_plan import Choice, LineState
from maiia_pro.kernel.errors import DomainError, Invalid
from tests.agenda.model.acts import EverydayActs
from tests.agenda.model.base import numbers
from tests.agenda.model.minutes import DAY, LENGTH, MINUTE, Visit, at_wall, meets

AROUND = 13
REACH = (-AROUND - 2, AROUND + 16)
"""The days in which the free times nearest to a series may lie."""
TIMES = st.sampled_from([time(1, 30), time(2, 30), time(9), time(9, 30), time(10, 40), time(15)])
RHYTHMS = st.sampled_from([(Rhythm.DAYS, 1), (Rhythm.DAYS, 2), (Rhythm.WEEKS, 1)])


class SeriesActs(EverydayActs):
    """Staff give series and change them."""

    @rule(
        first=st.integers(-1, 1),
        at=TIMES,
        rhythm=RHYTHMS,
        count=st.integers(1, 4),
        length=st.sampled_from([None, 20, 60]),
        choices=st.dictionaries(st.integers(1, 4), st.sampled_from(list(Choice)), max_size=4),
        forces=st.booleans(),
    )
    def give(  # noqa: PLR0917 - what the screen asks
        self, first: int, at: time, rhythm: tuple[Rhythm, int], count: int, length: int | None, choices: dict[int, Choice], forces: bool
    ) -> None:
        """Look at a series line by line, then give it."""
        choices = dict.fromkeys(range(1, 5), Choice.FORCE) if forces else choices
        begins, minute, minutes = self.day + DAY * first, at.hour * 60 + at.minute, length or LENGTH
        request = SeriesRequest(self.offerings["own"], Rule(begins, minute, rhythm[0], rhythm[1], count=count), length)
        days = [begins + DAY * number * rhythm[1] * (7 if rhythm[0] is Rhythm.WEEKS else 1) for number in range(count)]
        wanted = [at_wall(self.place, day, at) for day in days]
        past = InThePast if self.in_the_past("staff", wanted[0]) else None
        preview = self.do(lambda: preview_series(self.actors["staff"], request, choices), past)
        if preview is None:
            return
        planned = self._planned(days, wanted, at, minutes, choices)
        assert [
            (to_instant(line.wanted), line.state, line.nearest and to_instant(line.nearest), line.place and to_instant(line.place))
            for line in preview.lines
        ] == [(start, state, nearest, place) for start, (state, nearest, place, _) in zip(wanted, planned, strict=True)]
        places = sorted((place, over) for _, _, place, over in planned if place)
        assert places == sorted((to_instant(line.place), line.overbook) for line in preview.lines if line.place)
        if places:
            self._give(request, places, minutes)

    def _give(self, request: SeriesRequest, places: list[tuple[datetime, bool]], minutes: int) -> None:
        booking = SeriesBooking(request, tuple(SeriesPlace(*place) for place in places), self.patient_id)
        before = dict(self.visits)
        lost, new = [], []
        for start, over in places:
            without = self.held_there(start, minutes) if over else []
            if (self.there(start, minutes) and not over) or not self.room_for(start, minutes, without=without):
                lost.append(start)
                continue
            new.append(f"new {start}")
            self.note_visit(new[-1], "staff", start, minutes, "own", over=over)
        given = self.do(lambda: book_series(self.actors["staff"], booking), SeriesTaken if lost else None)
        noted = [self.visits[one] for one in new]
        self.visits = before
        if given:
            for visit, one in zip(noted, given.visits, strict=True):
                visit.series = given.id
                self.visits[one.id] = visit

    def _planned(self, days: list[date], wanted: list[datetime], at: time, minutes: int, choices: dict[int, Choice]) -> list[tuple]:
        """Say what stands at each date, and where its visit goes."""
        states = [self._state(start, minutes) for start in wanted]
        free = self.open_starts("own", REACH, minutes)
        free = {one for one in free if not self.there(one, minutes) and self.room_for(one, minutes)}
        asked = [choices.get(number) if state is not LineState.FREE else None for number, state in enumerate(states, start=1)]
        given = [
            Visit("own", start, minutes, "", None)
            for start, state, choice in zip(wanted, states, asked, strict=True)
            if state is not LineState.TAKEN or choice is Choice.FORCE
        ]
        planned: list[tuple] = []
        for day, start, state, choice in zip(days, wanted, states, asked, strict=True):
            if state is LineState.FREE:
                planned.append((state, None, start, False))
                continue
            nearest = self._nearest(day, at, minutes, free, given)
            if nearest:
                given.append(Visit("own", nearest, minutes, "", None))
            place = {Choice.FORCE: start, Choice.SKIP: None}.get(choice, nearest)
            planned.append((state, nearest, place, choice is Choice.FORCE and state is LineState.TAKEN))
        return planned

    def _state(self, start: datetime, minutes: int) -> LineState:
        if self.there(start, minutes) or not self.room_for(start, minutes):
            return LineState.TAKEN
        open_minutes = {instant for piece in self.open_minutes("own", REACH) for instant in piece}
        return LineState.FREE if all(start + MINUTE * number in open_minutes for number in range(minutes)) else LineState.OUTSIDE

    def _nearest(self, day: date, at: time, minutes: int, free: set[datetime], given: list[Visit]) -> datetime | None:
        """Look on the day, then one day further each time, the later one first."""
        for away in range(AROUND + 1):
            for one in (day + DAY * away, day - DAY * away):
                wanted = at_wall(self.place, one, at)
                here = [start for start in free if start.astimezone(self.zone).date() == one]
                left = [start for start in here if not any(other.blocks(start, minutes) for other in given)]
                if left:
                    return min(left, key=lambda start: (abs(start - wanted), start))
        return None

    # --- changing what was given --------------------------------------------------------------------------------------

    def in_series(self) -> list:
        """List the visits of all series, cancelled ones too."""
        return [known for known, visit in self.visits.items() if visit.series]

    def _concerned(self, known: object, scope: Scope) -> tuple[list, type[DomainError] | None]:
        chosen = self.visits[known]
        if not chosen.active:
            return [], AlreadyCancelled
        mine = [one for one, visit in self.visits.items() if visit.series == chosen.series]
        since = chosen.starts_at if scope is Scope.FOLLOWING else min(self.visits[one].starts_at for one in mine)
        ahead = [one for one in mine if self.visits[one].active and self.visits[one].starts_at > self.now + timedelta(seconds=1)]
        found = [one for one in ahead if self.visits[one].starts_at >= since and (one == known or not self.visits[one].edited)]
        return found, None if found else Invalid

    @precondition(lambda self: self.in_series())
    @rule(choice=numbers, scope=st.sampled_from(Scope))
    def cancel_many(self, choice: int, scope: Scope) -> None:
        """Cancel this one and the following, or all."""
        known = self.in_series()[choice % len(self.in_series())]
        found, expected = self._concerned(known, scope)
        if self.do(lambda: cancel_series(self.actors["staff"], known, scope), expected):
            for one in found:
                self.visits[one].active = False
            for one in sorted(found, key=lambda one: self.visits[one].starts_at):
                self.left(self.visits[one])

    @precondition(lambda self: self.in_series())
    @rule(
        choice=numbers,
        scope=st.sampled_from(Scope),
        days=st.integers(-1, 2),
        minutes=st.sampled_from([0, 0, 30, -30, 90, 480]),
        length=st.sampled_from([None, None, 20, 60]),
    )
    def move_many(self, choice: int, scope: Scope, days: int, minutes: int, length: int | None) -> None:
        """Shift this one and the following, or all, by what the wall clock shows; or change their length."""
        known = self.in_series()[choice % len(self.in_series())]
        shift = timedelta(days=days, minutes=minutes)
        start = self._shifted(self.visits[known].starts_at, shift)
        shift = self._wall(start) - self._wall(self.visits[known].starts_at)
        found, expected = self._concerned(known, scope)
        goes = {one: (self._shifted(self.visits[one].starts_at, shift), length or self.visits[one].minutes) for one in found}
        expected = expected or self._refused(goes)
        before = {one: (visit, dict(vars(visit))) for one, visit in self.visits.items()}
        freed = list(self.freed)
        if expected is None:
            expected = self._move_all(goes, later=shift > timedelta())
        if not self.do(lambda: move_series(self.actors["staff"], known, scope, SeriesMove(start, length)), expected):
            self.freed = freed
            for visit, values in before.values():
                vars(visit).update(values)

    def _wall(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone).replace(tzinfo=None)

    def _shifted(self, instant: datetime, shift: timedelta) -> datetime:
        wall = self._wall(instant) + shift
        return at_wall(self.place, wall.date(), wall.time())

    def _refused(self, goes: dict) -> type[DomainError] | None:
        if any(self.in_the_past("staff", start) for start, _ in goes.values()):
            return InThePast
        ordinary = [one for one in goes if not self.visits[one].over]
        return SeriesTaken if any(self._others(one, goes, *goes[one]) for one in ordinary) else None

    def _others(self, known: object, goes: dict, start: datetime, minutes: int) -> list[Visit]:
        """List who has the new time of a visit, besides those that move with it."""
        broken = self.visits[known].over  # what is put over others breaks holds
        return [
            visit
            for one, visit in self.visits.items()
            if one not in goes
            and visit.agenda == self.visits[known].agenda
            and visit.blocks(start, minutes)
            and not (broken and visit.until)
        ]

    def _move_all(self, goes: dict, *, later: bool) -> type[DomainError] | None:
        """Write the furthest first; each takes a room as it comes."""
        ordinary = [place for one, place in goes.items() if not self.visits[one].over]
        under = {one: self.visits[one].over and any(meets(*place, *other) for other in ordinary) for one, place in goes.items()}
        over = {one: bool(self._others(one, goes, *place)) or under[one] for one, place in goes.items()}
        was = sorted((self.visits[one].starts_at, one) for one in goes)
        left = [Visit(visit.agenda, visit.starts_at, visit.minutes, "", None) for visit in (self.visits[one] for _, one in was)]
        for gone, (_, one) in zip(left, was, strict=True):
            gone.over = self.visits[one].over
        for one in sorted(goes, key=lambda one: goes[one][0], reverse=later):
            visit, (start, minutes) = self.visits[one], goes[one]
            visit.room = self.room_for(start, minutes, one, liked=visit.room)
            if not visit.room:
                return ResourceTaken
            visit.starts_at, visit.minutes, visit.over = start, minutes, over[one]
            if not visit.over and any(not other.over for other in self.there(start, minutes, one, agenda=visit.agenda)):
                return SeriesTaken
        for gone in left:
            self.left(gone)
        return None
