"""Opening hours laid over days of 23, 24 and 25 hours, in two zones."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maiia_pro.agenda.openings import (
    WeeklyHours,
    at_wall_clock,
    local_day,
    merged,
    to_instant,
    to_minutes,
    weekly_openings,
    without,
)

pytestmark = pytest.mark.unit

PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")
SPRING = date(2027, 3, 28)
AUTUMN = date(2027, 10, 31)


def utc(*parts: int) -> int:
    return to_minutes(datetime(*parts, tzinfo=UTC))


def every_day(opens: int, closes: int) -> list[WeeklyHours]:
    return [WeeklyHours(day, opens, closes) for day in range(7)]


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (SPRING, PARIS, 23),
        (AUTUMN, PARIS, 25),
        (date(2027, 3, 27), PARIS, 24),
        (date(2027, 3, 29), PARIS, 24),
        (date(2027, 10, 30), PARIS, 24),
        (SPRING, REUNION, 24),
        (AUTUMN, REUNION, 24),
    ],
)
def test_a_day_lasts_as_long_as_its_clocks_say(day, zone, hours):
    begins, ends = local_day(day, zone)
    assert ends - begins == hours * 60


def test_days_follow_each_other_without_a_gap():
    days = [local_day(SPRING + timedelta(days=number), PARIS) for number in range(-400, 400)]
    assert all(before[1] == after[0] for before, after in pairwise(days))


@pytest.mark.parametrize("day", [SPRING, AUTUMN, date(2027, 6, 1), date(2027, 12, 1)])
@pytest.mark.parametrize("zone", [PARIS, REUNION])
def test_nine_in_the_morning_is_nine_on_the_clock_of_the_place(day, zone):
    shown = to_instant(at_wall_clock(day, 9 * 60, zone)).astimezone(zone)
    assert (shown.date(), shown.time()) == (day, time(9))


def test_an_hour_that_does_not_exist_counts_from_the_clock_before_the_change():
    assert at_wall_clock(SPRING, 2 * 60 + 30, PARIS) == utc(2027, 3, 28, 1, 30)
    assert at_wall_clock(SPRING, 3 * 60, PARIS) == utc(2027, 3, 28, 1)


def test_an_hour_that_exists_twice_is_the_first():
    assert at_wall_clock(AUTUMN, 2 * 60 + 30, PARIS) == utc(2027, 10, 31, 0, 30)
    assert at_wall_clock(AUTUMN, 3 * 60, PARIS) == utc(2027, 10, 31, 2)


def test_midnight_to_midnight_covers_every_minute_of_a_long_day():
    assert weekly_openings(every_day(0, 24 * 60), PARIS, AUTUMN, 1) == [local_day(AUTUMN, PARIS)]
    assert weekly_openings(every_day(0, 24 * 60), PARIS, SPRING, 1) == [local_day(SPRING, PARIS)]


def test_a_night_over_the_change_lasts_an_hour_less_or_more():
    night = every_day(60, 5 * 60)
    (spring,) = weekly_openings(night, PARIS, SPRING, 1)
    (autumn,) = weekly_openings(night, PARIS, AUTUMN, 1)
    assert (spring[1] - spring[0], autumn[1] - autumn[0]) == (3 * 60, 5 * 60)


def test_an_opening_inside_the_missing_hour_keeps_its_length():
    assert weekly_openings(every_day(2 * 60, 2 * 60 + 45), PARIS, SPRING, 1) == [(utc(2027, 3, 28, 1), utc(2027, 3, 28, 1, 45))]


def test_hours_that_begin_in_the_missing_hour_and_end_before_they_begin_are_no_opening():
    assert weekly_openings(every_day(2 * 60 + 45, 3 * 60 + 30), PARIS, SPRING, 1) == []


def test_only_the_weekdays_named_are_open():
    monday = weekly_openings([WeeklyHours(0, 540, 600)], PARIS, date(2027, 3, 22), 14)
    assert [to_instant(begins).astimezone(PARIS).date() for begins, _ in monday] == [date(2027, 3, 22), date(2027, 3, 29)]
    assert [to_instant(begins).astimezone(PARIS).hour for begins, _ in monday] == [9, 9]


def test_openings_that_overlap_are_joined_and_those_that_touch_stay_apart():
    assert merged([(30, 50), (0, 20), (10, 30), (50, 60)]) == [(0, 30), (30, 50), (50, 60)]


intervals = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 80)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=12)


def covered(pairs):
    return {minute for begins, ends in pairs for minute in range(begins, ends)}


@given(intervals)
def test_joining_intervals_keeps_the_very_minutes(pairs):
    result = merged(pairs)
    assert covered(result) == covered(pairs)
    assert all(before[1] <= after[0] for before, after in pairwise(result))


@given(intervals, intervals)
def test_closing_removes_exactly_the_closed_minutes(opened, closed):
    assert covered(without(merged(opened), closed)) == covered(opened) - covered(closed)


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 24 * 60), st.sampled_from([PARIS, REUNION, ZoneInfo("America/Cayenne")])
)
def test_a_minute_of_a_day_lies_in_that_day(day, minute, zone):
    begins, ends = local_day(day, zone)
    assert begins <= at_wall_clock(day, minute, zone) <= ends
