"""Series that several people give at once over the same weeks: whole or nothing, and never an overlap."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.recurrence import Rhythm, Rule
from maiia_pro.agenda.series import SeriesBooking, SeriesPlace, SeriesRequest, book_series
from maiia_pro.agenda.series_changes import Scope, SeriesMove, move_series
from maiia_pro.kernel import clock
from tests.concurrency.racing import active_visits, overlaps, race
from tests.factories import House, new_patient_account

pytestmark = [pytest.mark.integration, pytest.mark.concurrency]

WEEKS = 8


def giving(house: House, *, minute: int = 0, days: int = 1):
    """Let a secretary give a weekly series whose places looked free."""
    actor = house.secretary()
    first = clock.now().astimezone(ZoneInfo(house.zone)).date() + timedelta(days=days)
    rule = Rule(first, 9 * 60 + minute, Rhythm.WEEKS, count=WEEKS)
    places = tuple(SeriesPlace(house.instant(9, minute, days=days + 7 * week)) for week in range(WEEKS))
    booking = SeriesBooking(SeriesRequest(house.offerings[0], rule), places, patient_id=house.patients[0])
    return lambda: book_series(actor, booking)


def test_of_series_over_the_same_weeks_one_is_given_whole(house):
    outcomes = race([giving(house, minute=10 * (number % 2)) for number in range(6)])
    assert outcomes == {"done": 1, "SeriesTaken": 5}
    assert (overlaps(), active_visits(house.practitioners[0])) == (0, WEEKS)


def test_series_side_by_side_are_all_given(house):
    assert race([giving(house, minute=20 * number) for number in range(3)]) == {"done": 3}
    assert (overlaps(), active_visits(house.practitioners[0])) == (0, 3 * WEEKS)


def test_without_any_wall_series_overlap(house, without_walls, without_constraint):
    assert race([giving(house) for _ in range(3)]) == {"done": 3}
    assert overlaps() == 3 * WEEKS


def test_a_series_against_single_bookings_is_given_whole_or_leaves_the_times_to_them(house):
    patients = [new_patient_account() for _ in range(4)]
    acts = [giving(house)]
    acts += [
        lambda who=who, week=week: book_slot(who, BookingRequest(house.slot(9, days=1 + 7 * week))) for week, who in enumerate(patients)
    ]
    outcomes = race(acts)
    assert set(outcomes) <= {"done", "SlotTaken", "SeriesTaken"}, outcomes
    whole = "SeriesTaken" not in outcomes
    assert active_visits(house.practitioners[0]) == (WEEKS if whole else len(patients))
    assert overlaps() == 0


def test_a_series_that_moves_to_where_others_book_moves_whole_or_stays(house):
    given = giving(house)()
    secretary, patients = house.secretary(), [new_patient_account() for _ in range(4)]
    acts = [lambda: move_series(secretary, given.visits[0].id, Scope.ALL, SeriesMove(house.instant(10)))]
    acts += [
        lambda who=who, week=week: book_slot(who, BookingRequest(house.slot(10, days=1 + 7 * week))) for week, who in enumerate(patients)
    ]
    outcomes = race(acts)
    assert set(outcomes) <= {"done", "SlotTaken", "SeriesTaken"}, outcomes
    moved = {row.starts_at.astimezone(ZoneInfo(house.zone)).hour for row in house.appointments() if row.series_id}
    assert moved == ({9} if outcomes["SeriesTaken"] else {10})
    assert overlaps() == 0


def test_two_people_who_shift_one_series_shift_it_one_after_the_other(house):
    given, secretary = giving(house)(), house.secretary()
    acts = [
        lambda hour=hour: move_series(secretary, given.visits[0].id, Scope.ALL, SeriesMove(house.instant(hour)))
        for hour in (10, 11, 14, 15)
    ]
    assert race(acts) == {"done": 4}
    assert len({row.starts_at.astimezone(ZoneInfo(house.zone)).hour for row in house.appointments()}) == 1
    assert {row.version for row in house.appointments()} == {5}
