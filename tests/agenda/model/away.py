"""Absences with what becomes of the visits they strand, and public holidays, rested on or worked."""

from copy import copy
from datetime import time, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from maiia_pro.agenda.absence import Choice, Upset, stranded_visits
from maiia_pro.agenda.closing_days import rest_on_holidays, work_on_holiday
from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.exceptions import NewException, add_exception
from maiia_pro.agenda.settle import Wish, settle
from maiia_pro.kernel.errors import Invalid
from tests.agenda.model.acts import EverydayActs
from tests.agenda.model.base import grid_of_day
from tests.agenda.model.minutes import DAY, HOLIDAYS, MINUTE, Visit, at_wall

WEEK = (-8, 9)
"""The days that places are looked for in."""
LEAVES = [(0, time(0, 30), 1, time(0)), (0, time(9, 30), 0, time(10)), (-1, time(9), 1, time(23, 30)), (0, time(9, 10), 0, time(23, 50))]
"""From a day and time to another."""
CHOICES = st.lists(
    st.tuples(st.sampled_from([None, *Choice]), st.one_of(st.none(), grid_of_day), st.booleans()), min_size=1, max_size=8
)  # fmt: skip


class AbsenceActs(EverydayActs):
    """The practitioner goes away, and what was to happen then is kept, given to the colleague, put off or cancelled."""

    @rule(rests=st.booleans())
    def rest(self, rests: bool) -> None:
        """Close on public holidays, or not."""
        self.do(lambda: rest_on_holidays(self.actors["doctor"], self.practitioner, closed=rests) or True, None)
        self.rests = rests

    @rule(number=st.integers(-1, 1))
    def work(self, number: int) -> None:
        """Work on a public holiday; any other day is worked anyway."""
        day = self.day + DAY * number
        expected = None if day in HOLIDAYS[str(self.zone)] else Invalid
        if self.do(lambda: work_on_holiday(self.actors["doctor"], self.practitioner, day) or True, expected):
            self.worked.add(day)

    @rule(leave=st.sampled_from(LEAVES), closes=st.booleans(), choices=CHOICES)
    def go_away(self, leave: tuple, closes: bool, choices: list) -> None:
        """List what the leave strands, with places to go; then settle it, closing the time or not."""
        first, opens, last, shuts = leave
        days = (self.day + DAY * first, self.day + DAY * last)
        span = (at_wall(self.place, days[0], opens), at_wall(self.place, days[1], shuts))
        closing, saved = NewException(ExceptionKind.CLOSED, *days, opens, shuts), []
        change = (lambda: saved.append(add_exception(self.actors["doctor"], self.practitioner, closing))) if closes else None
        upset = Upset(self.practitioner, change, closing)
        listed = self.do(lambda: (stranded_visits(self.actors["staff"], upset),), None)[0]
        stranded = sorted((visit.starts_at, known) for known, visit in self.visits.items() if self._strands(visit, span))
        assert [(one.starts_at, one.id) for one in listed] == stranded
        promised: list[Visit] = []
        for one in listed:
            visit = self.visits[one.id]
            places = [self._near(visit, promised), self._later(visit, promised, span, closes)]
            assert [place.starts_at if place else None for place in (one.colleague, one.later)] == places
        wishes = [self._wish(one, *choice) for one, choice in zip(listed, choices * len(listed), strict=False)]
        asked = [wish for wish in wishes if wish]
        done = self.do(lambda: settle(self.actors["staff"], upset, asked), None)
        if closes:
            self.closed[saved[-1]] = span
        assert done.settled.pop(Choice.KEEP) == sum(wish.choice is Choice.KEEP for wish in asked)
        assert {one.id for one in done.unasked} == {known for _, known in stranded} - {wish.appointment_id for wish in asked}
        settled, refused = self._settled(asked)
        assert done.settled == settled
        assert {choice: [one.appointment_id for one in some] for choice, some in done.in_the_way.items()} == refused

    def _strands(self, visit: Visit, span: tuple) -> bool:
        minutes = (visit.starts_at + MINUTE * number for number in range(visit.minutes))
        ahead = visit.starts_at > self.now + timedelta(seconds=1)
        return visit.agenda == "own" and visit.active and not visit.until and ahead and any(span[0] <= one < span[1] for one in minutes)

    def _wish(self, one, choice: Choice | None, minute: int | None, suggested: bool) -> Wish | None:
        """Choose for one visit: the place that was suggested, or another."""
        if choice in {None, Choice.KEEP, Choice.CANCEL}:
            return Wish(one.id, one.version, choice) if choice else None
        place = one.colleague if choice is Choice.COLLEAGUE else one.later
        starts_at = place.starts_at if place and (suggested or minute is None) else self.midnight + MINUTE * (minute or 0)
        return Wish(one.id, one.version, choice, self.colleague if choice is Choice.COLLEAGUE else self.practitioner, starts_at)

    def _settled(self, wishes: list[Wish]) -> tuple[dict, dict]:
        """Do each choice for all its visits or for none, what frees time first."""
        settled, refused = {}, {}
        for choice in (Choice.CANCEL, Choice.LATER, Choice.COLLEAGUE):
            group = [wish for wish in wishes if wish.choice is choice]
            before, freed = {known: copy(visit) for known, visit in self.visits.items()}, list(self.freed)
            if failed := [wish.appointment_id for wish in group if not self._settle_one(wish)]:
                self.visits, self.freed, refused[choice] = before, freed, failed
            elif group:
                settled[choice] = len(group)
        return settled, refused

    def _settle_one(self, wish: Wish) -> bool:
        visit = self.visits[wish.appointment_id]
        if wish.choice is Choice.CANCEL:
            self.called_off(wish.appointment_id)
            return True
        agenda = "colleague" if wish.choice is Choice.COLLEAGUE else "own"
        asked = ("staff", wish.starts_at, visit.minutes, wish.appointment_id)
        if self.expected(*asked, over=visit.over, agenda=agenda, liked=visit.room):
            return False
        self.goes(wish.appointment_id, wish.starts_at, visit.minutes, agenda, may=visit.over)
        return True

    # --- where visits could go: the first place that nobody has and nobody was promised -------------------------------

    def _near(self, visit: Visit, promised: list[Visit]):
        """Look with the colleague at the very minute, then ever further from it."""
        wanted, minutes = visit.starts_at, visit.minutes
        inside = any(set(self._minutes(wanted, minutes)) <= set(piece) for piece in self.open_minutes("colleague", WEEK))
        found = [wanted] if inside and wanted > self.now and self._unpromised(visit, wanted, "colleague", promised) else []
        for hours in (2, 24, 24 * 7):
            starts = sorted(self.open_starts("colleague", WEEK, minutes), key=lambda one: (abs(one - wanted), one))
            near = (one for one in starts if abs(one - wanted) <= timedelta(hours=hours))
            found = found or [one for one in near if self._unpromised(visit, one, "colleague", promised)][:1]
        return self._promise(visit, found, "colleague", promised)

    def _later(self, visit: Visit, promised: list[Visit], span: tuple, closes: bool):
        """Look in one's own agenda, after the visit, outside the leave."""
        before = dict(self.closed)
        if closes:
            self.closed["leave"] = span
        starts = sorted(one for one in self.open_starts("own", WEEK, visit.minutes) if one >= visit.starts_at)
        self.closed = before
        away = lambda one: any(span[0] <= minute < span[1] for minute in self._minutes(one - MINUTE * 5, visit.minutes + 15))  # noqa: E731
        found = [one for one in starts if not away(one) and self._unpromised(visit, one, "own", promised)][:1]
        return self._promise(visit, found, "own", promised)

    @staticmethod
    def _minutes(starts_at, minutes: int) -> list:
        return [starts_at + MINUTE * number for number in range(minutes)]

    def _unpromised(self, visit: Visit, one, agenda: str, promised: list[Visit]) -> bool:
        there = (other for other in promised if other.agenda == agenda)
        free = not self.there(one, visit.minutes, agenda=agenda) and self.room_for(one, visit.minutes)
        return bool(free) and not any(other.blocks(one, visit.minutes) for other in there)

    def _promise(self, visit: Visit, found: list, agenda: str, promised: list[Visit]):
        if found:
            promised.append(Visit(agenda, found[0], visit.minutes, "", None))
        return found[0] if found else None
