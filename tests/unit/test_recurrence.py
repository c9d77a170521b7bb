"""The days of a series: by weeks, by months of every length, across the change of hour and years of 53 weeks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maiia_pro.agenda.free_time import VisitShape
from maiia_pro.agenda.openings import at_wall_clock, local_day, to_instant, to_minutes
from maiia_pro.agenda.recurrence import Rhythm, Rule, check_rule_of_series, days_of
from maiia_pro.agenda.series_plan import Choice, LineState, places_of, plan
from maiia_pro.kernel.errors import Invalid

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 11, 30)


def rule(first: date = MONDAY, rhythm: Rhythm = Rhythm.WEEKS, **more) -> Rule:
    ends = more if "until" in more else {"count": 5} | more
    return Rule(first, 600, rhythm, **ends)


def test_every_two_days_gives_every_second_day():
    assert days_of(rule(rhythm=Rhythm.DAYS, every=2, count=3)) == [MONDAY, date(2026, 12, 2), date(2026, 12, 4)]


def test_chosen_weekdays_of_every_second_week_leave_the_week_between_out():
    found = days_of(rule(first=date(2026, 12, 2), every=2, weekdays=frozenset({0, 2}), count=4))
    assert found == [date(2026, 12, 2), date(2026, 12, 14), date(2026, 12, 16), date(2026, 12, 28)]


def test_the_31st_falls_on_the_last_day_of_shorter_months_and_comes_back_to_the_31st():
    found = days_of(rule(first=date(2027, 1, 31), rhythm=Rhythm.MONTH_DAY))
    assert found == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]


def test_the_30th_of_january_is_the_29th_in_february_of_a_leap_year():
    assert days_of(rule(first=date(2028, 1, 30), rhythm=Rhythm.MONTH_DAY, count=2))[1] == date(2028, 2, 29)


def test_the_third_thursday_stays_the_third_thursday():
    found = days_of(rule(first=date(2026, 11, 19), rhythm=Rhythm.MONTH_WEEKDAY, count=3))
    assert found == [date(2026, 11, 19), date(2026, 12, 17), date(2027, 1, 21)]


def test_a_fifth_monday_stands_for_the_last_one_of_each_month():
    found = days_of(rule(first=date(2026, 11, 30), rhythm=Rhythm.MONTH_WEEKDAY, count=4))
    assert found == [date(2026, 11, 30), date(2026, 12, 28), date(2027, 1, 25), date(2027, 2, 22)]


def test_a_series_goes_through_a_year_of_53_weeks_without_missing_one():
    found = days_of(rule(first=date(2026, 12, 14), count=5))
    assert [day.isocalendar().week for day in found] == [51, 52, 53, 1, 2]


def test_the_last_day_is_included():
    assert days_of(rule(until=date(2026, 12, 14)))[-1] == date(2026, 12, 14)


def test_ten_o_clock_stays_ten_o_clock_across_the_change_of_hour():
    found = places_of(days_of(rule(first=date(2026, 10, 19), count=2)), 600, PARIS)
    assert [to_instant(one.start).astimezone(PARIS).hour for one in found] == [10, 10]
    assert found[1].start - found[0].start == 7 * 24 * 60 + 60


def test_an_hour_that_the_change_skips_counts_from_the_clock_before():
    (found,) = places_of([date(2027, 3, 28)], 150, PARIS)
    assert to_instant(found.start) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (rule(count=105), "count"),
        (rule(count=0), "count"),
        (rule(every=0), "every"),
        (rule(count=54), "count"),
        (rule(until=MONDAY - timedelta(days=1)), "until"),
        (rule(until=MONDAY + timedelta(days=400)), "until"),
        (rule(rhythm=Rhythm.DAYS, until=MONDAY + timedelta(days=200)), "until"),
        (rule(weekdays=frozenset({2}), until=MONDAY + timedelta(days=1)), "until"),
        (Rule(MONDAY, 600, Rhythm.DAYS), "count"),
    ],
)
def test_a_rule_beyond_a_year_or_104_visits_is_refused_beside_its_field(wrong, field):
    with pytest.raises(Invalid) as refused:
        check_rule_of_series(wrong)
    assert set(refused.value.fields) == {field}


def hours(day: date, opens: int = 8, closes: int = 12) -> tuple[int, int]:
    return at_wall_clock(day, opens * 60, PARIS), at_wall_clock(day, closes * 60, PARIS)


def planned(  # noqa: PLR0917 - what the case changes
    days: list[date], busy=(), choices=None, closed=(), minute: int = 600, step: int = 20
):
    opened = [hours(day) for offset in range(-20, 60) if (day := MONDAY + timedelta(days=offset)) not in closed]
    start = to_minutes(datetime(2026, 11, 1, tzinfo=UTC))
    return plan(places_of(days, minute, PARIS), (opened, sorted(busy)), VisitShape(20, step), (minute, PARIS, start), choices or {})


def busy_at(day: date, begins: int, ends: int) -> tuple[int, int]:
    return at_wall_clock(day, begins, PARIS), at_wall_clock(day, ends, PARIS)


def test_a_free_date_keeps_its_place_and_asks_nothing():
    (line,) = planned([MONDAY])
    assert (line.state, line.choice, line.place) == (LineState.FREE, None, line.wanted)


def test_a_taken_date_goes_to_the_nearest_time_of_the_same_day():
    (line,) = planned([MONDAY], [busy_at(MONDAY, 600, 620)])
    assert (line.state, line.place) == (LineState.TAKEN, at_wall_clock(MONDAY, 580, PARIS))


def test_a_closed_day_goes_to_the_nearest_day():
    (line,) = planned([MONDAY], closed=[MONDAY])
    assert (line.state, line.place) == (LineState.OUTSIDE, at_wall_clock(MONDAY + timedelta(days=1), 600, PARIS))


def test_two_dates_never_get_the_same_place():
    days = [MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)]
    lines = planned(days, closed=days)
    assert len({line.place for line in lines}) == 3


def test_forcing_is_an_overbooking_only_where_somebody_is():
    days = [MONDAY, MONDAY + timedelta(days=7)]
    taken, outside = planned(days, [busy_at(MONDAY, 600, 620)], {1: Choice.FORCE, 2: Choice.FORCE}, closed=days[1:])
    assert (taken.overbook, outside.overbook) == (True, False)
    assert (taken.place, outside.place) == (taken.wanted, outside.wanted)


def test_a_skipped_date_has_no_place():
    (line,) = planned([MONDAY], [busy_at(MONDAY, 600, 620)], {1: Choice.SKIP})
    assert line.place is None


def test_without_any_free_time_near_a_taken_date_is_skipped():
    whole = [local_day(MONDAY + timedelta(days=offset), PARIS) for offset in range(-20, 20)]
    (line,) = planned([MONDAY], whole)
    assert (line.choice, line.place) == (Choice.SKIP, None)


def test_no_date_is_given_the_time_that_another_one_forces():
    days = [MONDAY, MONDAY + timedelta(days=1)]
    closed = [days[1], MONDAY + timedelta(days=2)]
    _, moved = planned(days, [busy_at(MONDAY, 599, 601)], {1: Choice.FORCE}, closed=closed, minute=590, step=5)
    assert moved.place == at_wall_clock(MONDAY, 610, PARIS)
