"""What visitors of the public page do: choose, leave, come back to book; and the colleague, who needs a room too."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from maiia_pro.agenda.errors import InThePast, ResourceTaken
from maiia_pro.agenda.holds import HELD_FOR, MOST_A_VISITOR, break_hold, hold_slot, release_holds, sweep_holds
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.rates import forget_requests
from tests.agenda.model.acts import EverydayActs
from tests.agenda.model.base import grid_of_day, numbers
from tests.agenda.model.minutes import LENGTH, LENGTHS, MINUTE, VISITORS, Visit


class BreakingHolds(EverydayActs):
    """What becomes of holds, whoever made them."""

    def holds(self) -> list:
        """List the holds that stand."""
        return [known for known, visit in self.visits.items() if visit.until and visit.active]

    @precondition(lambda self: self.holds())
    @rule(choice=numbers)
    def free_a_hold(self, choice: int) -> None:
        """Break some hold."""
        known = self.holds()[choice % len(self.holds())]
        self.do(lambda: break_hold(self.actors["staff"], known), None)
        self.visits[known].active = False

    @rule()
    def sweep(self) -> None:
        """Let the worker remove what is over: nothing changes for anybody."""
        self.do(lambda: sweep_holds(WORKER), None)


class VisitorsActs(BreakingHolds):
    """Two browsers choose times; patients and programs ask for any time of the grid."""

    @rule(who=st.sampled_from(["patient", "program"]), minute=grid_of_day, visitor=st.sampled_from(["", *VISITORS]))
    def book(self, who: str, minute: int, visitor: str) -> None:
        """Ask for a time on the grid, offered or not, from a browser that may hold it."""
        self.book_at(who, self.midnight + MINUTE * minute, None, visitor=visitor if who == "patient" else "")

    @rule(minute=grid_of_day, length=st.sampled_from(LENGTHS))
    def book_with_the_colleague(self, minute: int, length: int | None) -> None:
        """Let the colleague take a room."""
        self.book_at("staff", self.midnight + MINUTE * minute, length, agenda="colleague")

    @rule(visitor=st.sampled_from(sorted(VISITORS)), minute=grid_of_day)
    def hold(self, visitor: str, minute: int) -> None:
        """Choose a time on the public page, offered or not."""
        self._hold(visitor, self.midnight + MINUTE * minute)

    @precondition(lambda self: self.offers())
    @rule(visitor=st.sampled_from(sorted(VISITORS)), choice=numbers)
    def hold_an_offer(self, visitor: str, choice: int) -> None:
        """Choose what is offered: it must succeed."""
        offers = sorted(self.offers())
        self._hold(visitor, offers[choice % len(offers)])

    def _hold(self, visitor: str, instant) -> None:
        whose = frozenset({visitor})
        own = [one for one in self.visits.values() if one.until and one.active and one.owner == visitor]
        same = [one for one in own if one.starts_at == instant]
        in_the_way = self.own_in_the_way(whose, instant, LENGTH)
        others = sorted((one for one in own if one not in in_the_way), key=lambda one: one.until or self.now)
        gone = (*in_the_way, *others[: max(0, len(others) - MOST_A_VISITOR + 1)])
        forget_requests()
        expected = self.expected("visitor", instant, LENGTH, own=whose)
        if expected is ResourceTaken and self.room_for(instant, LENGTH, without=gone):
            expected = None
        if same and expected is not InThePast:
            expected = None
        held = self.do(lambda: hold_slot(Actor.anonymous(), SlotKey(self.offerings["own"], instant), VISITORS[visitor]), expected)
        if held and not same:
            for hold in gone:
                hold.active = False
            self.visits[held.id] = Visit("own", instant, LENGTH, visitor, self.room_for(instant, LENGTH), self.now + HELD_FOR)
            self.later(1)  # so that it is known which of two holds is the older

    @rule(visitor=st.sampled_from(sorted(VISITORS)))
    def leave(self, visitor: str) -> None:
        """Go back to choose: what the browser holds is free."""
        self.do(lambda: release_holds(Actor.anonymous(), VISITORS[visitor]) or True, None)
        for hold in self.visits.values():
            if hold.until and hold.owner == visitor:
                hold.active = False
