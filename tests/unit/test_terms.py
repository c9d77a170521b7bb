"""Weekly hours with their terms, laid over every day of seven years in every zone where French practices are."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maiia_pro.agenda.days_off import public_holiday, school_holiday, school_known_until
from maiia_pro.agenda.hours import OpeningHours
from maiia_pro.agenda.openings import WeeklyHours, at_wall_clock, local_day, to_instant, weekly_openings
from maiia_pro.agenda.terms import WEEK_A, SchoolTime, Terms, Weeks, read_terms, week_letter

pytestmark = pytest.mark.unit

PLACES = {
    "Europe/Paris": "49000", "Indian/Reunion": "97400", "America/Guadeloupe": "97110", "America/Cayenne": "97300",
    "America/Miquelon": "97500", "Pacific/Noumea": "98800", "Pacific/Tahiti": "98714", "Indian/Mayotte": "97600",
}  # fmt: skip
DAYS = [date(2024, 1, 1) + timedelta(days=number) for number in range(7 * 366)]
DAYS = [day for day in DAYS if day.year <= 2030]
FIRST, REASON = UUID(int=1), UUID(int=2)
minutes = st.integers(0, 24 * 60)
ranges = st.tuples(minutes, minutes).filter(lambda pair: pair[0] < pair[1])
terms = st.builds(
    Terms,
    valid_from=st.none() | st.sampled_from(DAYS),
    valid_until=st.none() | st.sampled_from(DAYS),
    weeks=st.sampled_from(Weeks),
    school=st.sampled_from(SchoolTime),
    postal_code=st.sampled_from(sorted(PLACES.values())),
    closed_on_holidays=st.booleans(),
)


def shown(minute: int, zone: ZoneInfo) -> time:
    return to_instant(minute).astimezone(zone).time()


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in PLACES], ids=str)
def test_weekly_hours_show_the_same_times_on_the_clock_every_day_of_seven_years(zone):
    template = [WeeklyHours(day, opens, closes) for day in range(7) for opens, closes in ((9 * 60, 12 * 60 + 30), (14 * 60, 18 * 60))]
    for day in DAYS:
        laid = weekly_openings(template, zone, day, 1)
        assert [(shown(begins, zone), shown(ends, zone)) for begins, ends in laid] == [(time(9), time(12, 30)), (time(14), time(18))]


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in PLACES], ids=str)
def test_hours_around_a_change_of_clocks_lie_in_their_day_and_begin_when_the_clock_first_shows_them(zone):
    template = [WeeklyHours(day, opens, opens + 45) for day in range(7) for opens in range(0, 5 * 60, 60)]
    for day in DAYS:
        begins, ends = local_day(day, zone)
        laid = weekly_openings(template, zone, day, 1)
        assert all(begins <= one[0] < one[1] <= ends for one in laid)
        assert all(before[1] <= after[0] for before, after in pairwise(laid))
        for start, stop in laid:
            local = to_instant(start).astimezone(zone)
            assert local.date() == day
            assert local.fold == 0
            assert stop - start == 45 or ends - begins != 24 * 60


def test_a_change_of_clocks_is_among_the_days_tried():
    paris, miquelon = ZoneInfo("Europe/Paris"), ZoneInfo("America/Miquelon")
    for zone in (paris, miquelon):
        assert {local_day(day, zone)[1] - local_day(day, zone)[0] for day in DAYS} == {23 * 60, 24 * 60, 25 * 60}


@given(st.lists(ranges, max_size=4), st.sampled_from(sorted(PLACES)), st.sampled_from(DAYS))
def test_no_hours_reach_beyond_their_day(pairs, name, day):
    zone = ZoneInfo(name)
    begins, ends = local_day(day, zone)
    laid = weekly_openings([WeeklyHours(day.weekday(), *pair) for pair in pairs], zone, day, 1)
    assert all(begins <= one[0] < one[1] <= ends for one in laid)


@given(st.lists(st.tuples(ranges, terms), max_size=4), st.sampled_from(DAYS), st.lists(ranges, max_size=2), st.booleans())
def test_a_day_holds_the_rules_that_hold_then_or_its_own_hours(rules, day, own, is_special):
    zone, place = ZoneInfo("Europe/Paris"), (FIRST, FIRST)
    weekly = [WeeklyHours(day.weekday(), *pair, one) for pair, one in rules]
    laid = {day.toordinal(): [((at_wall_clock(day, a, zone), at_wall_clock(day, b, zone)), frozenset()) for a, b in own]}
    hours = OpeningHours({place: weekly}, {}, {place: laid} if is_special else {}, {})
    noon = datetime.combine(day, time(12), zone)
    wanted = own if is_special else [pair for pair, one in rules if one.hold(day)]
    found = hours.openings(FIRST, FIRST, zone, noon, noon)
    expected = {at for a, b in wanted for at in range(at_wall_clock(day, a, zone), at_wall_clock(day, b, zone))}
    assert {minute for begins, ends in found for minute in range(begins, ends)} == expected


@given(terms, st.sampled_from(DAYS))
def test_a_rule_holds_when_each_of_its_terms_does(one, day):
    parts = [
        one.valid_from is None or one.valid_from <= day,
        one.valid_until is None or day <= one.valid_until,
        one.weeks in {Weeks.EVERY, week_letter(day)},
        not (one.closed_on_holidays and public_holiday(one.postal_code, day)),
        one.school == SchoolTime.ALWAYS or (one.school == SchoolTime.DURING) == bool(school_holiday(one.postal_code, day)),
    ]
    assert one.hold(day) == all(parts)


@given(terms, terms)
def test_rules_that_are_said_never_to_meet_never_hold_on_one_day(one, other):
    if not one.meet(other):
        assert not [day for day in DAYS if one.hold(day) and other.hold(day)]


def test_weeks_take_turns_over_years_of_53_weeks():
    letters = [week_letter(WEEK_A + timedelta(weeks=number)) for number in range(7 * 53)]
    assert all(before != after for before, after in pairwise(letters))
    assert {date(2026, 12, 28).isocalendar().week, date(2027, 1, 4).isocalendar().week} == {53, 1}


@given(st.sampled_from(DAYS))
def test_a_week_has_one_letter(day):
    assert week_letter(day) == week_letter(day - timedelta(days=day.weekday()))


def test_later_days_than_the_known_school_years_are_outside_holidays():
    later = school_known_until() + timedelta(days=150)
    assert Terms(school=SchoolTime.OUTSIDE, postal_code="49000").hold(later)
    assert not Terms(school=SchoolTime.DURING, postal_code="49000").hold(later)


@given(st.lists(st.tuples(ranges, st.sets(st.sampled_from([FIRST, REASON]))), max_size=5), st.sampled_from(DAYS))
def test_what_staff_see_open_is_all_that_some_reason_finds_open(rules, day):
    zone, place = ZoneInfo("Europe/Paris"), (FIRST, FIRST)
    weekly = [WeeklyHours(day.weekday(), *pair, Terms(reasons=frozenset(some))) for pair, some in rules]
    hours = OpeningHours({place: weekly}, {}, {}, {})
    noon = datetime.combine(day, time(12), zone)

    def minutes_of(reason):
        laid = hours.openings(FIRST, FIRST, zone, noon, noon, reason_id=reason)
        return {minute for begins, ends in laid for minute in range(begins, ends)}

    for reason in (FIRST, REASON):
        admitted = [pair for pair, some in rules if not some or reason in some]
        assert minutes_of(reason) == {at for a, b in admitted for at in range(at_wall_clock(day, a, zone), at_wall_clock(day, b, zone))}
    assert minutes_of(None) == minutes_of(FIRST) | minutes_of(REASON)


def test_terms_are_read_as_the_query_writes_them():
    text = f"49000|t|2026-09-01|2027-06-30|a|outside|{FIRST},{REASON}"
    assert read_terms(text) == Terms(date(2026, 9, 1), date(2027, 6, 30), "a", "outside", frozenset({FIRST, REASON}), "49000", True)
    assert read_terms("|f|||every|always|") == Terms()
