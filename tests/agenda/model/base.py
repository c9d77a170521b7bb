"""A machine that acts on a practice and on the naive agenda alike, and what must hold after every step."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text

from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import DomainError
from tests.agenda.model.minutes import AFTER, BEFORE, DAY, DAYS, LENGTH, MINUTE, OPENS, POSTAL_CODES, STEP, Visit
from tests.agenda.model.naive import NaiveAgenda
from tests.concurrency.racing import overlaps
from tests.factories import House, clock_at, new_patient_account

minutes_of_day = st.integers(-90, 27 * 60)
grid_of_day = st.integers(-3, 53).map(lambda half: half * STEP)
numbers = st.integers(0, 100)


class AgendaMachine(NaiveAgenda, RuleBasedStateMachine):
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
        site = self.house.site(postal_code=POSTAL_CODES[zone_name])
        self.practitioner, self.colleague = self.house.practitioner(), self.house.practitioner("Belkacem")
        self.whose = {"own": self.practitioner, "colleague": self.colleague}
        reasons = [
            self.house.reason(one, minutes=LENGTH, step=STEP, before=BEFORE, after=AFTER) for one in (self.practitioner, self.colleague)
        ]
        self.offerings = {"own": self.house.offering(reasons[0]), "colleague": self.house.offering(reasons[1])}
        self.rooms = self.house.rooms(*reasons, count=2)
        for practitioner in (self.practitioner, self.colleague):
            for opens, closes in OPENS:
                self.house.hours(practitioner, site, opens, closes)
        self.patient_id = self.house.patient()
        self.actors = {"patient": new_patient_account(), "staff": self.house.secretary(), "program": self.house.api_client()}
        self.actors["doctor"] = self.house.practitioner_actor()
        self.visits, self.closed, self.rests, self.worked, self.freed = {}, {}, False, set(), []
        self.midnight = datetime.combine(self.day, time(), self.zone).astimezone(UTC)
        self.now = self.midnight - timedelta(hours=12)

    def teardown(self) -> None:
        """Forget the practice."""
        if hasattr(self, "house"):
            empty()

    def do(self, act, expected: type[DomainError] | None):
        """Act at the machine's own time and hold the answer against the model's."""
        with clock_at(self.now + timedelta(seconds=1)):
            if expected is None:
                return act()
            with pytest.raises(DomainError) as refusal:
                act()
        assert refusal.type is expected
        return None

    def booked(self) -> list:
        """List the visits, cancelled ones too."""
        return [known for known, visit in self.visits.items() if not visit.until]

    def one(self, who: str, choice: int) -> tuple[object, Visit, str]:
        """Choose some visit, and who acts on it."""
        known = self.booked()[choice % len(self.booked())]
        visit = self.visits[known]
        return known, visit, visit.owner if who == "owner" and visit.owner in self.actors else "staff" if who == "owner" else who

    @rule(minutes=st.sampled_from([1, 4, 11, 45, 240, 600]))
    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.later(minutes)

    @invariant()
    def what_is_offered_is_what_the_model_offers(self) -> None:
        """Compare the page with the model: every slot offered is bookable, every bookable slot is offered."""
        if not hasattr(self, "house"):
            return
        after = datetime.combine(self.day + 2 * DAY, time(), self.zone)
        query = FreeSlotQuery(self.midnight - DAY, after, offering_ids=tuple(self.offerings.values()))
        with clock_at(self.now + timedelta(seconds=1)):
            shown = {(slot.offering_id, slot.starts_at) for slot in free_slots(Actor.anonymous(), query)}
        assert shown == {(self.offerings[agenda], start) for agenda in self.offerings for start in self.offers(agenda)}

    @invariant()
    def no_two_ordinary_visits_overlap(self) -> None:
        """Ask the database itself."""
        assert overlaps() == 0

    @invariant()
    def no_room_is_used_twice(self) -> None:
        """Ask the database itself, of what counts now."""
        with reading() as session:
            assert session.connection().execute(text(TWICE), {"now": self.moment()}).scalar_one() == 0

    @invariant()
    def the_same_visits_are_marked_as_overbooked(self) -> None:
        """Compare time and mark of every active visit."""
        if hasattr(self, "house"):
            rows = {row.id: row for row in self.house.appointments() if row.active and row.held_until is None}
            shown = {known: (self.whose_is(row), row.starts_at, row.ends_at, row.deliberate_overbooking) for known, row in rows.items()}
            standing = {known: visit for known, visit in self.visits.items() if visit.active and not visit.until}
            assert shown == {
                known: (visit.agenda, visit.starts_at, visit.starts_at + MINUTE * visit.minutes, visit.over)
                for known, visit in standing.items()
            }

    def whose_is(self, row) -> str:
        """Tell in whose agenda a visit is."""
        return next(agenda for agenda, practitioner in self.whose.items() if practitioner == row.practitioner_id)

    @invariant()
    def every_visit_has_the_room_that_the_model_gave_it(self) -> None:
        """Read the rooms taken by what stands."""
        if not hasattr(self, "house"):
            return
        with reading() as session:
            taken = session.connection().execute(
                text("""
                    select b.appointment_id, b.resource_id from resource_booking b join appointment a on a.id = b.appointment_id
                    where a.held_until is null or a.held_until > :now
                """),
                {"now": self.moment()},
            )
            assert dict(taken.all()) == {known: visit.room for known, visit in self.visits.items() if visit.active}

    def moment(self) -> datetime:
        """Give the instant at which acts are done."""
        return self.now + timedelta(seconds=1) if hasattr(self, "now") else datetime.now(UTC)


TWICE = """
    select count(*) from resource_booking b
    join resource_booking c on b.resource_id = c.resource_id and b.id < c.id and b.blocked && c.blocked
    join appointment x on x.id = b.appointment_id join appointment y on y.id = c.appointment_id
    where (x.held_until is null or x.held_until > :now) and (y.held_until is null or y.held_until > :now)
"""


def empty() -> None:
    """Delete what a run wrote and the application may delete; the rest belongs to other practices and other people."""
    tables = ("jobs.procrastinate_jobs", "wish_offer", "wish", "appointment", "series", "reason_need", "opening_exception", "opening_rule")
    with transaction() as session:
        for table in (*tables, "offering"):
            session.connection().execute(text(f"delete from {table}"))
