"""Which place suits a wish, and how long one has to answer."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from maiia_pro.waiting.matching import Wanted, answer_by, suits

pytestmark = pytest.mark.unit

PARIS = ZoneInfo("Europe/Paris")
CAYENNE = ZoneInfo("America/Cayenne")
ANY = Wanted((), time(0), time(23, 59), date(2026, 12, 31))


def paris(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("wanted", "starts_at", "fits"),
    [
        (ANY, paris(25, 9), True),
        (ANY._replace(weekdays=(2,)), paris(25, 9), True),
        (ANY._replace(weekdays=(0, 1)), paris(25, 9), False),
        (ANY._replace(begins=time(9)), paris(25, 9), True),
        (ANY._replace(begins=time(9, 1)), paris(25, 9), False),
        (ANY._replace(ends=time(9)), paris(25, 9), False),
        (ANY._replace(until=date(2026, 11, 25)), paris(25, 18), True),
        (ANY._replace(until=date(2026, 11, 24)), paris(25, 0, 10), False),
    ],
)
def test_a_place_suits_by_day_hour_and_last_day(wanted, starts_at, fits):
    assert suits(wanted, starts_at, PARIS) is fits


def test_days_and_hours_are_those_of_the_site():
    late = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
    assert suits(ANY._replace(weekdays=(2,), begins=time(22)), late, CAYENNE)
    assert not suits(ANY._replace(weekdays=(2,), begins=time(22)), late, PARIS)


@pytest.mark.parametrize(
    ("now", "starts_at", "until"),
    [
        (paris(25, 10), paris(26, 9), paris(25, 10, 30)),
        (paris(25, 20, 59), paris(27, 9), paris(25, 21, 29)),
        (paris(25, 21), paris(27, 9), paris(26, 8, 30)),
        (paris(25, 3), paris(27, 9), paris(25, 8, 30)),
        (paris(25, 10), paris(25, 11, 15), paris(25, 10, 15)),
        (paris(25, 10), paris(25, 11, 9), None),
        (paris(25, 23), paris(26, 8, 45), None),
        (paris(25, 23), paris(26, 9, 20), paris(26, 8, 20)),
        (paris(25, 10), paris(25, 9), None),
    ],
)
def test_one_has_half_an_hour_never_at_night_and_an_hour_before_the_visit_at_the_latest(now, starts_at, until):
    assert answer_by(now, starts_at, PARIS) == until


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_night_the_clocks_change_ends_at_eight_too(night):
    now = datetime.combine(night, time(1), PARIS).astimezone(UTC)
    assert answer_by(now, now + timedelta(days=2), PARIS) == datetime.combine(night, time(8, 30), PARIS).astimezone(UTC)
