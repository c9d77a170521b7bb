"""Booking, overbooking, moving, cancelling and closing time in any order, against a model without intervals: it tries every minute.

After every step: what is offered is exactly what the model offers, no two active visits overlap (asked of the database), and every
answer of a use case is the one the model expects.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import text

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.errors import AlreadyCancelled, InThePast, LengthIsThePractices, NotOffered, SlotTaken, TooLate
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.tables import ExceptionKind
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import DomainError
from tests.concurrency.racing import overlaps
from tests.factories import House, clock_at, new_patient_account

pytestmark = pytest.mark.integration

MINUTE = timedelta(minutes=1)
STEP, LENGTH, BEFORE, AFTER = 30, 30, 5, 10
"""Minutes of the one reason: a grid of half hours, visits that keep 5 minutes before and 10 after free."""
DAYS = {
    "printemps à Paris": ("Europe/Paris", date(2027, 3, 28)),
    "automne à Paris": ("Europe/Paris", date(2027, 10, 31)),
    "printemps à La Réunion": ("Indian/Reunion", date(2027, 3, 28)),
    "automne à La Réunion": ("Indian/Reunion", date(2027, 10, 31)),
}
OPENS = ((time(1), time(4)), (time(9), time(11)))
"""The first one lies over the hour that does not exist, or comes twice."""

minutes_of_day = st.integers(-90, 27 * 60)
grid_of_day = st.integers(-3, 53).map(lambda half: half * STEP)


@cache
def runs_of(place: str) -> list[list[datetime]]:
    """Walk minute by minute through the day, the one before and the one after, and read the wall clock: an opening is a run of minutes."""
    zone, day = ZoneInfo(DAYS[place][0]), DAYS[place][1]
    begins = datetime.combine(day - timedelta(days=1), time(), zone).astimezone(UTC)
    shown = [(begins + MINUTE * number, (begins + MINUTE * number).astimezone(zone)) for number in range(76 * 60)]
    return [
        [instant for instant, local in shown if local.date() == one and opens <= local.time() < closes]
        for one in (day + timedelta(days=number) for number in (-1, 0, 1))
        for opens, closes in OPENS
    ]


class Visit:
    """A visit as the model keeps it."""

    def __init__(self, starts_at: datetime, minutes: int, owner: str) -> None:
        self.starts_at, self.minutes, self.owner, self.active = starts_at, minutes, owner, True
        self.over = False
        """Whether staff put it over another one."""

    def blocks(self, starts_at: datetime, minutes: int) -> bool:
        """Compare minute by minute what both keep for themselves."""
        return self.active and bool(kept(self.starts_at, self.minutes) & kept(starts_at, minutes))


def kept(starts_at: datetime, minutes: int) -> set[datetime]:
    """Give every minute that a visit keeps others from."""
    return {starts_at + MINUTE * number for number in range(-BEFORE, minutes + AFTER)}


class AgendaMachine(RuleBasedStateMachine):
    """One practitioner, one reason, one day and its night; patients, staff and a program act on it."""

    place = "printemps à Paris"

    @initialize()
    def begin(self) -> None:
        """Make the practice, and go to the noon before."""
        zone_name, self.day = DAYS[self.place]
        self.zone = ZoneInfo(zone_name)
        self.house = House(zone=zone_name)
        site, self.practitioner = self.house.site(), self.house.practitioner()
        self.offering = self.house.offering(self.house.reason(self.practitioner, minutes=LENGTH, step=STEP, before=BEFORE, after=AFTER))
        for opens, closes in OPENS:
            self.house.hours(self.practitioner, site, opens, closes)
        self.patient_id = self.house.patient()
        self.actors = {"patient": new_patient_account(), "staff": self.house.secretary(), "program": self.house.api_client()}
        self.visits: dict[object, Visit] = {}
        self.closed: dict[object, tuple[datetime, datetime]] = {}
        self.midnight = datetime.combine(self.day, time(), self.zone).astimezone(UTC)
        self.now = self.midnight - timedelta(hours=12)

    def teardown(self) -> None:
        """Forget the practice."""
        if hasattr(self, "house"):
            empty()

    # --- the model -----------------------------------------------------------------------------------------------

    def open_minutes(self) -> list[list[datetime]]:
        """Cut closed time out of the runs; what is left on each side of it is an opening with a grid of its own."""
        pieces: list[list[datetime]] = []
        for run in runs_of(self.place):
            piece: list[datetime] = []
            for instant in run:
                if any(begins <= instant < ends for begins, ends in self.closed.values()):
                    pieces.append(piece)
                    piece = []
                else:
                    piece.append(instant)
            pieces.append(piece)
        return [piece for piece in pieces if piece]

    def offers(self, leaving_out: object = None) -> set[datetime]:
        """Try every minute of every opening."""
        found = set()
        for piece in self.open_minutes():
            for number in range(0, len(piece), STEP):
                instant = piece[number]
                fits = number + LENGTH <= len(piece)
                if fits and instant > self.now and not self.taken(instant, LENGTH, leaving_out):
                    found.add(instant)
        return found

    def taken(self, starts_at: datetime, minutes: int, leaving_out: object = None) -> bool:
        """Tell whether some active visit keeps a minute of it."""
        return any(visit.blocks(starts_at, minutes) for known, visit in self.visits.items() if known != leaving_out)

    def expected(
        self, who: str, instant: datetime, minutes: int, leaving_out: object = None, *, over: bool = False
    ) -> type[DomainError] | None:
        """Tell how a booking or a move must end; `over` where staff insist on a time that is taken."""
        today = self.now.astimezone(self.zone).date()
        earliest = datetime.combine(today, time(), self.zone).astimezone(UTC) if who == "staff" else self.now + timedelta(seconds=1)
        if instant < earliest:
            return InThePast
        if self.taken(instant, minutes, leaving_out) and not over:
            return SlotTaken
        return None if who == "staff" or instant in self.offers(leaving_out) else NotOffered

    def gone(self, starts_at: datetime, minutes: int) -> None:
        """Let an ordinary visit go from a time: those put over it become ordinary where nothing ordinary overlaps them, earliest first."""
        under = [(visit.starts_at, known, visit) for known, visit in self.visits.items() if visit.over and visit.blocks(starts_at, minutes)]
        for begins, known, visit in sorted(under, key=lambda one: one[:2]):
            others = [other for ident, other in self.visits.items() if ident != known and not other.over]
            visit.over = any(other.blocks(begins, visit.minutes) for other in others)

    # --- what people do ------------------------------------------------------------------------------------------

    def do(self, act, expected: type[DomainError] | None):
        """Act at the machine's own time and hold the answer against the model's."""
        with clock_at(self.now + timedelta(seconds=1)):
            if expected is None:
                return act()
            with pytest.raises(DomainError) as refusal:
                act()
        assert refusal.type is expected
        return None

    @rule(who=st.sampled_from(["patient", "program"]), minute=grid_of_day)
    def book(self, who: str, minute: int) -> None:
        """Ask for a time on the grid, offered or not."""
        self._book(who, self.midnight + MINUTE * minute, None)

    @rule(minute=minutes_of_day, length=st.sampled_from([None, 5, 20, 45, 120]))
    def book_by_staff(self, minute: int, length: int | None) -> None:
        """Write down any minute with any length."""
        self._book("staff", self.midnight + MINUTE * minute, length)

    @precondition(lambda self: self.offers())
    @rule(who=st.sampled_from(["patient", "staff", "program"]), choice=st.integers(0, 100))
    def book_an_offer(self, who: str, choice: int) -> None:
        """Book what is offered: it must succeed."""
        offers = sorted(self.offers())
        self._book(who, offers[choice % len(offers)], None)

    @rule(minute=grid_of_day, length=st.sampled_from([None, 5, 45, 120]))
    def overbook(self, minute: int, length: int | None) -> None:
        """Write down a visit whatever else is there."""
        self._book("staff", self.midnight + MINUTE * minute, length, over=True)

    def _book(self, who: str, instant: datetime, length: int | None, *, over: bool = False) -> None:
        patient_id = None if who == "patient" else self.patient_id
        request = BookingRequest(SlotKey(self.offering, instant), patient_id=patient_id, length_minutes=length, overbook=over)
        expected = self.expected(who, instant, length or LENGTH, over=over)
        booked = self.do(lambda: book_slot(self.actors[who], request), expected)
        if booked:
            visit = Visit(instant, length or LENGTH, who)
            visit.over = self.taken(instant, visit.minutes)
            assert booked.overbooked == visit.over
            self.visits[booked.id] = visit

    @precondition(lambda self: self.visits)
    @rule(who=st.sampled_from(["owner", "staff", "program"]), choice=st.integers(0, 100), minute=grid_of_day, over=st.booleans())
    def move(self, who: str, choice: int, minute: int, over: bool) -> None:
        """Move some visit, cancelled ones too; staff may insist on a time that is taken."""
        known, visit, actor = self._one(who, choice)
        insists = over and actor == "staff"
        instant = self.midnight + MINUTE * minute
        minutes = visit.minutes
        kept = LengthIsThePractices if actor != "staff" and minutes != LENGTH else None
        may = insists or (visit.over and actor == "staff")
        expected = self._changeable(actor, visit) or kept or self.expected(actor, instant, minutes, leaving_out=known, over=may)
        if self.do(lambda: move_appointment(self.actors[actor], known, MoveRequest(instant, overbook=insists)), expected):
            was, ordinary = visit.starts_at, not visit.over
            visit.starts_at, visit.over = instant, self.taken(instant, minutes, leaving_out=known)
            if ordinary:
                self.gone(was, minutes)

    @precondition(lambda self: self.visits)
    @rule(who=st.sampled_from(["owner", "staff", "program"]), choice=st.integers(0, 100))
    def cancel(self, who: str, choice: int) -> None:
        """Cancel some visit, cancelled ones too."""
        known, visit, actor = self._one(who, choice)
        if self.do(lambda: cancel_appointment(self.actors[actor], known), self._changeable(actor, visit)):
            visit.active = False
            if not visit.over:
                self.gone(visit.starts_at, visit.minutes)

    def _one(self, who: str, choice: int) -> tuple[object, Visit, str]:
        known = list(self.visits)[choice % len(self.visits)]
        visit = self.visits[known]
        return known, visit, ("patient" if visit.owner == "patient" else "staff") if who == "owner" else who

    def _changeable(self, actor: str, visit: Visit) -> type[DomainError] | None:
        if not visit.active:
            return AlreadyCancelled
        return TooLate if actor != "staff" and visit.starts_at <= self.now else None

    @rule(minute=grid_of_day, length=st.sampled_from([15, 60, 180]))
    def close(self, minute: int, length: int) -> None:
        """Close some time."""
        begins = self.midnight + MINUTE * minute
        ends = begins + MINUTE * length
        known = self.house.exception(self.practitioner, begins, ends, kind=ExceptionKind.CLOSED)
        self.closed[known] = (begins, ends)

    @precondition(lambda self: self.closed)
    @rule(choice=st.integers(0, 100))
    def open_again(self, choice: int) -> None:
        """Take a closure back."""
        known = list(self.closed)[choice % len(self.closed)]
        del self.closed[known]
        with transaction() as session:
            session.connection().execute(text("delete from opening_exception where id = :id"), {"id": known})

    @rule(minutes=st.integers(1, 600))
    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.now += MINUTE * minutes

    # --- what always holds ---------------------------------------------------------------------------------------

    @invariant()
    def what_is_offered_is_what_the_model_offers(self) -> None:
        """Compare the page with the model: every slot offered is bookable, every bookable slot is offered."""
        if not hasattr(self, "house"):
            return
        after = datetime.combine(self.day + timedelta(days=2), time(), self.zone)
        query = FreeSlotQuery(self.midnight - timedelta(days=1), after, practice_ids=(self.house.practice_id,))
        with clock_at(self.now + timedelta(seconds=1)):
            shown = {slot.starts_at for slot in free_slots(Actor.anonymous(), query)}
        assert shown == self.offers()

    @invariant()
    def no_two_ordinary_visits_overlap(self) -> None:
        """Ask the database itself."""
        assert overlaps() == 0

    @invariant()
    def the_same_visits_are_marked_as_overbooked(self) -> None:
        """Compare the mark of every active visit."""
        if hasattr(self, "house"):
            marked = {row.id for row in self.house.appointments() if row.active and row.deliberate_overbooking}
            assert marked == {known for known, visit in self.visits.items() if visit.active and visit.over}


def empty() -> None:
    """Delete what a run wrote and the application may delete; the rest belongs to other practices and other people."""
    with transaction() as session:
        for table in ("jobs.procrastinate_jobs", "appointment", "opening_exception", "opening_rule", "offering"):
            session.connection().execute(text(f"delete from {table}"))


@pytest.mark.proof
@pytest.mark.parametrize("place", sorted(DAYS))
def test_any_order_of_acts_ends_as_the_model_says(clean_database, counting, place):
    machine = type("Machine", (AgendaMachine,), {"place": place})
    runs, steps = counting.of(10, 2500), counting.of(20, 50)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not counting.full,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    counting.found(f"suites d’actes contre le modèle, {place}", tried=runs, held=runs, steps=steps)
