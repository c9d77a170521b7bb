"""Wherever France is, on any day of 2024 to 2030 and of 23, 24 or 25 hours: every slot that is listed can be booked, and booking it takes
exactly those away that it overlaps."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.errors import SlotTaken
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.actor import Actor
from tests.agenda.model.base import empty
from tests.factories import House, clock_at, new_patient_account

pytestmark = [pytest.mark.integration, pytest.mark.proof]

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = [
    "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion", "Indian/Mayotte", "America/Miquelon",
    "Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier", "Pacific/Noumea", "Pacific/Wallis", "Indian/Kerguelen",
]  # fmt: skip
FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)


@lru_cache(maxsize=64)
def minutes_of(zone: ZoneInfo, day: date) -> list[datetime]:
    """Walk through three days of UTC and keep the minutes at which the wall shows this day."""
    begins = datetime.combine(day - DAY, time(), UTC)
    walked = (begins + MINUTE * number for number in range(3 * 24 * 60))
    return [instant for instant in walked if instant.astimezone(zone).date() == day]


@lru_cache(maxsize=16)
def odd_days(name: str) -> list[date]:
    """List the days that do not last 24 hours: those whose midnights have other offsets."""
    zone, days = ZoneInfo(name), [FIRST + DAY * number for number in range((LAST - FIRST).days + 1)]
    offset = lambda day: datetime.combine(day, time(), zone).utcoffset()  # noqa: E731
    return [day for day in days if offset(day) != offset(day + DAY)]


def at_wall(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """Find the first minute at which the wall shows a time; one that the change skips is an hour later on the wall."""
    wanted = time(minute // 60, minute % 60)
    shown = [instant for instant in minutes_of(zone, day) if instant.astimezone(zone).time() == wanted]
    return shown[0] if shown else at_wall(zone, day, minute + 60)


def kept(starts_at: datetime, length: int, before: int, after: int) -> set[datetime]:
    """Give every minute that a visit keeps others from."""
    return {starts_at + MINUTE * number for number in range(-before, length + after)}


def days_of(name: str) -> st.SearchStrategy[date]:
    """Give any day, and every other time one that does not last 24 hours or its neighbour, where there are such days."""
    any_day = st.dates(FIRST, LAST)
    odd = [day + DAY * number for day in odd_days(name) for number in (-1, 0, 1)]
    return st.one_of(st.sampled_from(odd), any_day) if odd else any_day


REASONS = st.tuples(st.integers(5, 60), st.integers(5, 60), st.sampled_from([0, 0, 5, 15]), st.sampled_from([0, 0, 5, 20]))
"""Length, interval, buffers before and after."""
HOURS = st.lists(st.integers(0, 23 * 60 + 59), min_size=2, max_size=4, unique=True).map(sorted)
VISITS = st.lists(st.tuples(st.integers(0, 1439), st.integers(5, 90)), max_size=4)


class Practice:
    """One day of one practitioner, as the page lists it and as the minutes say."""

    def __init__(self, name: str, day: date, reason: tuple[int, int, int, int], hours: list[int]) -> None:
        self.zone, self.day = ZoneInfo(name), day
        self.length, self.step, self.before, self.after = reason
        self.house = House(zone=name)
        site, practitioner = self.house.site(), self.house.practitioner()
        visit = self.house.reason(practitioner, minutes=self.length, step=self.step, before=self.before, after=self.after)
        self.offering = self.house.offering(visit)
        self.runs = []
        for opens, closes in zip(hours[::2], hours[1::2], strict=False):
            self.house.hours(practitioner, site, *(time(*divmod(one, 60)) for one in (opens, closes)), weekdays=(day.weekday(),))
            begins, ends = at_wall(self.zone, day, opens), at_wall(self.zone, day, closes)
            run = {instant for instant in minutes_of(self.zone, day) if begins <= instant < ends}
            if self.runs and not run.isdisjoint(self.runs[-1]):  # hours that the change lays over each other are one opening
                run |= set(self.runs.pop())
            self.runs.append(sorted(run))
        self.taken: set[datetime] = set()

    def minutes(self, starts_at: datetime, length: int | None = None) -> set[datetime]:
        """Give what a visit keeps."""
        return kept(starts_at, length or self.length, self.before, self.after)

    def listed(self) -> set[datetime]:
        """Read the page."""
        day = minutes_of(self.zone, self.day)
        query = FreeSlotQuery(day[0], day[-1] + MINUTE, offering_ids=(self.offering,))
        return {slot.starts_at for slot in free_slots(Actor.anonymous(), query)}

    def expected(self) -> set[datetime]:
        """Try every interval of every opening."""
        starts = [
            run[number] for run in self.runs for number in range(0, len(run), self.step) if number + self.length <= len(run)
        ]  # fmt: skip
        return {start for start in starts if self.minutes(start).isdisjoint(self.taken)}

    def write_down(self, secretary: Actor, visits: list[tuple[int, int]]) -> None:
        """Let the desk give some times first; what is taken is refused."""
        patient = self.house.patient()
        for minute, length in visits:
            starts_at = at_wall(self.zone, self.day, minute)
            wanted = self.minutes(starts_at, length)
            request = BookingRequest(SlotKey(self.offering, starts_at), patient_id=patient, length_minutes=length)
            if wanted.isdisjoint(self.taken):
                book_slot(secretary, request)
                self.taken |= wanted
            else:
                with pytest.raises(SlotTaken):
                    book_slot(secretary, request)


@pytest.mark.parametrize("name", ZONES)
def test_every_listed_slot_is_bookable_and_takes_away_what_it_overlaps(clean_database, counting, name):
    patient, most, booked = new_patient_account(), counting.of(2, 100), []
    number = counting.seed(name)

    @seed(number)
    @settings(
        max_examples=counting.of(4, 1000), deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(days_of(name), REASONS, HOURS, VISITS, st.randoms(use_true_random=False))
    def hold(day, reason, hours, visits, chance) -> None:
        practice = Practice(name, day, reason, hours)
        try:
            with clock_at(minutes_of(practice.zone, day)[0] - DAY):
                practice.write_down(practice.house.secretary(), visits)
                listed = practice.listed()
                assert listed == practice.expected()
                for _ in range(min(most, len(listed))):
                    start = chance.choice(sorted(listed))
                    book_slot(patient, BookingRequest(SlotKey(practice.offering, start)))
                    booked.append(start)
                    taken = practice.minutes(start)
                    left = {one for one in listed if practice.minutes(one).isdisjoint(taken)}
                    listed = practice.listed()
                    assert listed == left
                    if not listed:
                        break
        finally:
            empty()

    hold()
    counting.found(f"créneaux proposés puis réservés, {name}", tried=len(booked), held=len(booked), seed=number)
