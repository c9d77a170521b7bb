"""Booking, holding, overbooking, moving, stretching, cancelling, restoring and closing time in any order, with rooms that a colleague
needs too, against a model without intervals: it tries every minute.

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
from maiia_pro.agenda.errors import (
    AlreadyCancelled,
    InThePast,
    LengthIsThePractices,
    NotCancelled,
    NotOffered,
    ResourceTaken,
    SlotHeld,
    SlotTaken,
    TooLate,
)
from maiia_pro.agenda.holds import HELD_FOR, MOST_A_VISITOR, Visitor, break_hold, hold_slot, release_holds, sweep_holds
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.status import restore_appointment
from maiia_pro.agenda.tables import ExceptionKind
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.rates import forget_requests
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


VISITORS = {name: Visitor.of(name, f"192.0.2.{number}") for number, name in enumerate(("Anna", "Bilal"))}
LENGTHS = [None, 5, 20, 45, 120]


class Visit:
    """A visit as the model keeps it, or a hold."""

    def __init__(  # noqa: PLR0917 - the columns of a row
        self, agenda: str, starts_at: datetime, minutes: int, owner: str, room: object, until: datetime | None = None
    ) -> None:
        self.agenda, self.starts_at, self.minutes, self.owner, self.room, self.active = agenda, starts_at, minutes, owner, room, True
        self.over = False
        """Whether staff put it over another one."""
        self.until = until
        """When a hold ends; its owner is then a visitor."""

    def blocks(self, starts_at: datetime, minutes: int) -> bool:
        """Compare minute by minute what both keep for themselves."""
        return self.active and bool(kept(self.starts_at, self.minutes) & kept(starts_at, minutes))


def kept(starts_at: datetime, minutes: int) -> set[datetime]:
    """Give every minute that a visit keeps others from."""
    return {starts_at + MINUTE * number for number in range(-BEFORE, minutes + AFTER)}


class AgendaMachine(RuleBasedStateMachine):
    """One practitioner, one reason, one day and its night; visitors, patients, staff and a program act on it.

    A colleague receives in the same two rooms; each visit needs one.
    """

    place = "printemps à Paris"

    @initialize()
    def begin(self) -> None:
        """Make the practice, and go to the noon before."""
        zone_name, self.day = DAYS[self.place]
        self.zone = ZoneInfo(zone_name)
        self.house = House(zone=zone_name)
        site, self.practitioner = self.house.site(), self.house.practitioner()
        colleague = self.house.practitioner("Belkacem")
        reasons = [self.house.reason(one, minutes=LENGTH, step=STEP, before=BEFORE, after=AFTER) for one in (self.practitioner, colleague)]
        self.offerings = {"own": self.house.offering(reasons[0]), "colleague": self.house.offering(reasons[1])}
        self.rooms = self.house.rooms(*reasons, count=2)
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

    def open_starts(self) -> set[datetime]:
        """Try every minute of every opening, whoever is there."""
        found = set()
        for piece in self.open_minutes():
            for number in range(0, len(piece), STEP):
                if number + LENGTH <= len(piece) and piece[number] > self.now:
                    found.add(piece[number])
        return found

    def offers(self) -> set[datetime]:
        """Keep of these what is free and has a room."""
        starts = self.open_starts()
        return {one for one in starts if not self.there(one, LENGTH) and self.room_for(one, LENGTH)}

    def there(
        self, starts_at: datetime, minutes: int, leaving_out: object = None, *, agenda: str = "own", visitor: str = ""
    ) -> list[Visit]:
        """List what keeps a minute of it: active visits and the holds of others."""
        return [
            visit
            for known, visit in self.visits.items()
            if known != leaving_out
            and visit.agenda == agenda
            and visit.blocks(starts_at, minutes)
            and not (visit.until and visit.owner == visitor)
        ]

    def room_for(
        self, starts_at: datetime, minutes: int, leaving_out: object = None, *, without: tuple[Visit, ...] = (), liked: object = None
    ) -> object:
        """Give a room that is free for the whole time: the one that is liked, else the lowest; nothing where there is none."""
        others = [visit for known, visit in self.visits.items() if known != leaving_out and visit not in without]
        free = [room for room in self.rooms if not any(one.room == room and one.blocks(starts_at, minutes) for one in others)]
        return liked if liked in free else min(free, default=None)

    def in_the_past(self, who: str, instant: datetime) -> bool:
        """Tell whether it is too late to ask for a time; staff may write down what was today."""
        today = self.now.astimezone(self.zone).date()
        begins = datetime.combine(today, time(), self.zone).astimezone(UTC)
        return instant < (begins if who == "staff" else self.now + timedelta(seconds=1))

    def own_in_the_way(self, visitor: str, instant: datetime, minutes: int) -> tuple[Visit, ...]:
        """List the holds of a visitor that what they take now would overlap."""
        return tuple(one for one in self.visits.values() if one.until and one.owner == visitor and one.blocks(instant, minutes))

    def held_there(self, instant: datetime, minutes: int) -> tuple[Visit, ...]:
        """List the holds, whosoever, at a time of the practitioner's agenda."""
        return tuple(one for one in self.there(instant, minutes) if one.until)

    def expected(
        self,
        who: str,
        instant: datetime,
        minutes: int,
        leaving_out: object = None,
        *,
        over: bool = False,
        agenda: str = "own",
        visitor: str = "",
        liked: object = None,
    ) -> type[DomainError] | None:
        """Tell how a booking or a move must end; `over` where staff insist on a time that is taken."""
        if self.in_the_past(who, instant):
            return InThePast
        there = self.there(instant, minutes, leaving_out, agenda=agenda, visitor=visitor)
        if there and not over:
            return SlotHeld if all(one.until for one in there) else SlotTaken
        if who != "staff" and instant not in self.open_starts():
            return NotOffered
        gone = self.held_there(instant, minutes) if over else self.own_in_the_way(visitor, instant, minutes)
        return None if self.room_for(instant, minutes, leaving_out, without=gone, liked=liked) else ResourceTaken

    def gone(self, starts_at: datetime, minutes: int) -> None:
        """Let an ordinary visit go from a time: those put over it become ordinary where nothing ordinary overlaps them, earliest first."""
        under = [(visit.starts_at, known, visit) for known, visit in self.visits.items() if visit.over and visit.blocks(starts_at, minutes)]
        for begins, known, visit in sorted(under, key=lambda one: one[:2]):
            others = [one for ident, one in self.visits.items() if ident != known and not one.over and one.agenda == "own"]
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

    @rule(who=st.sampled_from(["patient", "program"]), minute=grid_of_day, visitor=st.sampled_from(["", *VISITORS]))
    def book(self, who: str, minute: int, visitor: str) -> None:
        """Ask for a time on the grid, offered or not, from a browser that may hold it."""
        self._book(who, self.midnight + MINUTE * minute, None, visitor=visitor if who == "patient" else "")

    @rule(minute=minutes_of_day, length=st.sampled_from(LENGTHS))
    def book_by_staff(self, minute: int, length: int | None) -> None:
        """Write down any minute with any length."""
        self._book("staff", self.midnight + MINUTE * minute, length)

    @rule(minute=grid_of_day, length=st.sampled_from(LENGTHS))
    def book_with_the_colleague(self, minute: int, length: int | None) -> None:
        """Let the colleague take a room."""
        self._book("staff", self.midnight + MINUTE * minute, length, agenda="colleague")

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

    def _book(self, who: str, instant: datetime, length: int | None, *, over: bool = False, agenda: str = "own", visitor: str = "") -> None:
        minutes = length or LENGTH
        request = BookingRequest(
            SlotKey(self.offerings[agenda], instant),
            patient_id=None if who == "patient" else self.patient_id,
            length_minutes=length,
            overbook=over,
            visitor=VISITORS[visitor].browser if visitor else None,
        )
        expected = self.expected(who, instant, minutes, over=over, agenda=agenda, visitor=visitor)
        booked = self.do(lambda: book_slot(self.actors[who], request), expected)
        if booked:
            for hold in self.held_there(instant, minutes) if over else self.own_in_the_way(visitor, instant, minutes):
                hold.active = False
            visit = Visit(agenda, instant, minutes, who, self.room_for(instant, minutes))
            visit.over = bool(self.there(instant, minutes, agenda=agenda))
            assert booked.overbooked == visit.over
            self.visits[booked.id] = visit

    @rule(visitor=st.sampled_from(sorted(VISITORS)), minute=grid_of_day)
    def hold(self, visitor: str, minute: int) -> None:
        """Choose a time on the public page, offered or not."""
        self._hold(visitor, self.midnight + MINUTE * minute)

    @precondition(lambda self: self.offers())
    @rule(visitor=st.sampled_from(sorted(VISITORS)), choice=st.integers(0, 100))
    def hold_an_offer(self, visitor: str, choice: int) -> None:
        """Choose what is offered: it must succeed."""
        offers = sorted(self.offers())
        self._hold(visitor, offers[choice % len(offers)])

    def _hold(self, visitor: str, instant: datetime) -> None:
        own = [one for one in self.visits.values() if one.until and one.active and one.owner == visitor]
        same = [one for one in own if one.starts_at == instant]
        in_the_way = self.own_in_the_way(visitor, instant, LENGTH)
        others = sorted((one for one in own if one not in in_the_way), key=lambda one: one.until or self.now)
        gone = (*in_the_way, *others[: max(0, len(others) - MOST_A_VISITOR + 1)])
        forget_requests()
        expected = self.expected("visitor", instant, LENGTH, visitor=visitor)
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

    @precondition(lambda self: self.holds())
    @rule(choice=st.integers(0, 100))
    def free_a_hold(self, choice: int) -> None:
        """Break some hold."""
        known = self.holds()[choice % len(self.holds())]
        self.do(lambda: break_hold(self.actors["staff"], known), None)
        self.visits[known].active = False

    @rule()
    def sweep(self) -> None:
        """Let the worker remove what is over: nothing changes for anybody."""
        self.do(lambda: sweep_holds(WORKER), None)

    def holds(self) -> list:
        """List the holds that stand."""
        return [known for known, visit in self.visits.items() if visit.until and visit.active]

    def booked(self) -> list:
        """List the visits, cancelled ones too."""
        return [known for known, visit in self.visits.items() if not visit.until]

    @precondition(lambda self: self.booked())
    @rule(
        who=st.sampled_from(["owner", "staff", "program"]),
        choice=st.integers(0, 100),
        minute=grid_of_day,
        over=st.booleans(),
        length=st.sampled_from(LENGTHS),
    )
    def move(self, who: str, choice: int, minute: int, over: bool, length: int | None) -> None:
        """Move some visit, cancelled ones too; staff may stretch it, or insist on a time that is taken."""
        known, visit, actor = self._one(who, choice)
        length = length if actor == "staff" else None
        insists = over and actor == "staff" and visit.agenda == "own"
        instant, minutes = self.midnight + MINUTE * minute, length or visit.minutes
        kept_length = LengthIsThePractices if actor != "staff" and minutes != LENGTH else None
        may = insists or (visit.over and actor == "staff")
        expected = self._changeable(actor, visit) or kept_length
        if expected is None and visit.agenda == "colleague" and actor != "staff":
            return  # the colleague has no hours: nothing is offered, and the model keeps only one agenda's hours
        expected = expected or self.expected(actor, instant, minutes, leaving_out=known, over=may, agenda=visit.agenda, liked=visit.room)
        if actor == "staff" and expected is SlotHeld:
            expected = SlotTaken
        request = MoveRequest(instant, length_minutes=length, overbook=insists)
        if self.do(lambda: move_appointment(self.actors[actor], known, request), expected):
            was, before, ordinary = visit.starts_at, visit.minutes, not visit.over
            if may:
                for hold in self.held_there(instant, minutes):
                    hold.active = False
            visit.room = self.room_for(instant, minutes, known, liked=visit.room)
            visit.starts_at, visit.minutes = instant, minutes
            visit.over = bool(self.there(instant, minutes, known, agenda=visit.agenda))
            if ordinary and visit.agenda == "own":
                self.gone(was, before)

    @precondition(lambda self: self.booked())
    @rule(who=st.sampled_from(["owner", "staff", "program"]), choice=st.integers(0, 100))
    def cancel(self, who: str, choice: int) -> None:
        """Cancel some visit, cancelled ones too."""
        known, visit, actor = self._one(who, choice)
        if self.do(lambda: cancel_appointment(self.actors[actor], known), self._changeable(actor, visit)):
            visit.active = False
            if not visit.over and visit.agenda == "own":
                self.gone(visit.starts_at, visit.minutes)

    @precondition(lambda self: self.booked())
    @rule(choice=st.integers(0, 100))
    def restore(self, choice: int) -> None:
        """Take some cancellation back, of a visit that stands too."""
        known, visit, _ = self._one("staff", choice)
        there = self.there(visit.starts_at, visit.minutes, known, agenda=visit.agenda)
        room = self.room_for(visit.starts_at, visit.minutes, known)
        expected = NotCancelled if visit.active else SlotTaken if there else None if room else ResourceTaken
        if self.do(lambda: restore_appointment(self.actors["staff"], known), expected):
            visit.active, visit.over, visit.room = True, False, room

    def _one(self, who: str, choice: int) -> tuple[object, Visit, str]:
        known = self.booked()[choice % len(self.booked())]
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

    @rule(minutes=st.sampled_from([1, 4, 11, 45, 240, 600]))
    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.later(minutes)

    def later(self, minutes: int) -> None:
        """Go on in time; no hold ends on the very minute of an act."""
        ends = {visit.until for visit in self.visits.values() if visit.until}
        while self.now + MINUTE * minutes in ends:
            minutes += 1
        self.now += MINUTE * minutes
        for visit in self.visits.values():
            visit.active = visit.active and not (visit.until and visit.until <= self.now)

    # --- what always holds ---------------------------------------------------------------------------------------

    @invariant()
    def what_is_offered_is_what_the_model_offers(self) -> None:
        """Compare the page with the model: every slot offered is bookable, every bookable slot is offered."""
        if not hasattr(self, "house"):
            return
        after = datetime.combine(self.day + timedelta(days=2), time(), self.zone)
        query = FreeSlotQuery(self.midnight - timedelta(days=1), after, offering_ids=(self.offerings["own"],))
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
            visits = {known: visit for known, visit in self.visits.items() if visit.active}
            marked = {row.id for row in self.house.appointments() if row.active and row.deliberate_overbooking}
            assert marked == {known for known, visit in visits.items() if visit.over}

    @invariant()
    def every_visit_has_the_room_that_the_model_gave_it(self) -> None:
        """Read the rooms taken by what stands; the database itself keeps two from one room."""
        if not hasattr(self, "house"):
            return
        with reading() as session:
            taken = session.connection().execute(
                text("""
                    select b.appointment_id, b.resource_id from resource_booking b join appointment a on a.id = b.appointment_id
                    where a.held_until is null or a.held_until > :now
                """),
                {"now": self.now + timedelta(seconds=1)},
            )
            assert dict(taken.all()) == {known: visit.room for known, visit in self.visits.items() if visit.active}


def empty() -> None:
    """Delete what a run wrote and the application may delete; the rest belongs to other practices and other people."""
    with transaction() as session:
        for table in ("jobs.procrastinate_jobs", "appointment", "reason_need", "opening_exception", "opening_rule", "offering"):
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
