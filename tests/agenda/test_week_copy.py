"""Copying a week: what was previewed is what is open afterwards, holidays and absences stay."""

from datetime import date, time, timedelta

import pytest

from maiia_pro.agenda.closing_days import rest_on_holidays
from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.day import opening_times
from maiia_pro.agenda.exceptions import NewException, add_exception
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.setup import opening_week, save_weekly_hours
from maiia_pro.agenda.terms import Terms
from maiia_pro.agenda.week_copy import copy_week, preview_week_copy
from maiia_pro.agenda.week_rules import DayRange
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import Invalid
from tests.factories import House, clock_at

pytestmark = pytest.mark.integration

MONDAY = date(2027, 3, 15)
"""Two weeks before Easter Monday, and before the clocks of Paris go forward."""
LATER = MONDAY + timedelta(weeks=1)
NINE = (time(9), time(10))


@pytest.fixture
def setting(clean_database):
    house = House()
    house.site()
    practitioner = house.practitioner()
    house.offering(house.reason(practitioner, minutes=30))
    actor = house.practitioner_actor()
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(day, *NINE) for day in range(5)])
    with clock_at(house.instant(6, day=MONDAY)):
        yield house, practitioner, actor


def opened(setting, first: date, days: int = 7) -> list[tuple[int, int, int]]:
    """List what is open from a day on, as days from it and hours on the clock."""
    house, practitioner, actor = setting
    found = []
    for offset in range(days):
        for one in opening_times(actor, practitioner, house.sites[0], first + timedelta(days=offset)):
            local = [instant.astimezone(one.starts_at.tzinfo) for instant in (one.starts_at, one.ends_at)]
            midnight = house.instant(0, day=first + timedelta(days=offset))
            found.append((offset, *((at - midnight) // timedelta(minutes=30) for at in local)))
    return found


def exception(setting, kind: ExceptionKind, day: date, opens: time, closes: time, **more) -> None:
    house, practitioner, actor = setting
    add_exception(actor, practitioner, NewException(kind, day, day, opens, closes, house.sites[0], **more))


@pytest.mark.requirement(68)
def test_the_weeks_that_follow_get_the_hours_that_a_week_really_has(setting):
    _, practitioner, actor = setting
    exception(setting, ExceptionKind.CLOSED, MONDAY, time(9), time(9, 30))
    exception(setting, ExceptionKind.OPEN, MONDAY + timedelta(days=5), time(8), time(12))
    exception(setting, ExceptionKind.SPECIAL, MONDAY + timedelta(days=1), time(0), time(0))
    assert copy_week(actor, practitioner, MONDAY + timedelta(days=3), LATER + timedelta(days=2), 3) == 9
    source = opened(setting, MONDAY)
    assert source == [(0, 19, 20), (2, 18, 20), (3, 18, 20), (4, 18, 20), (5, 16, 24)]
    for week in (1, 3):
        assert opened(setting, MONDAY + timedelta(weeks=week)) == source
    assert opened(setting, MONDAY + timedelta(weeks=4)) == [(day, 18, 20) for day in range(5)]


def test_a_preview_tells_what_the_copy_then_does_and_writes_nothing(setting):
    _, practitioner, actor = setting
    exception(setting, ExceptionKind.CLOSED, MONDAY, time(9), time(9, 30))
    before = opened(setting, LATER)
    days = preview_week_copy(actor, practitioner, MONDAY, LATER)
    assert opened(setting, LATER) == before
    assert [(one.day, one.before, one.after) for one in days if one.before != one.after] == [(LATER, ((540, 600),), ((570, 600),))]
    copy_week(actor, practitioner, MONDAY, LATER)
    assert opened(setting, LATER, 1) == [(0, 19, 20)]
    assert len(opening_week(actor, practitioner).exceptions) == 2


def test_a_copy_keeps_the_reasons_that_hours_admit(setting):
    house, practitioner, actor = setting
    house.offering(house.reason(practitioner, minutes=30, name="Vaccination"))
    admitted = Terms(reasons=frozenset({house.reasons[1]}))
    saturday = MONDAY + timedelta(days=5)
    save_weekly_hours(actor, practitioner, house.sites[0], [])
    exception(setting, ExceptionKind.OPEN, saturday, time(9), time(10), reasons=tuple(admitted.reasons))
    exception(setting, ExceptionKind.OPEN, saturday, time(10), time(11))
    copy_week(actor, practitioner, MONDAY, LATER)
    begins = house.instant(0, day=LATER)
    found = free_slots(Actor.anonymous(), FreeSlotQuery(begins, begins + timedelta(days=6), practice_ids=(house.practice_id,)))
    assert [sum(slot.offering_id == offering for slot in found) for offering in house.offerings] == [2, 4]


def test_absences_stay_and_public_holidays_stay_closed(setting):
    _, practitioner, actor = setting
    rest_on_holidays(actor, practitioner, closed=True)
    easter = date(2027, 3, 29)
    exception(setting, ExceptionKind.CLOSED, easter + timedelta(days=1), time(0), time(23, 59))
    exception(setting, ExceptionKind.SPECIAL, MONDAY, time(14), time(15))
    days = preview_week_copy(actor, practitioner, MONDAY, easter)
    assert (days[0].holiday, days[0].after, days[1].absent) == ("Lundi de Pâques", (), True)
    copy_week(actor, practitioner, MONDAY, easter)
    assert opened(setting, easter) == [(day, 18, 20) for day in (2, 3, 4)]


@pytest.mark.parametrize(
    ("target", "weeks", "field"),
    [(MONDAY, 1, "target"), (MONDAY - timedelta(weeks=1), 3, "target"), (LATER, 0, "weeks"), (LATER, 13, "weeks"), (date.max, 1, "source")],
)
def test_a_copy_that_makes_no_sense_is_refused_naming_the_field(setting, target, weeks, field):
    _, practitioner, actor = setting
    with pytest.raises(Invalid) as refused:
        copy_week(actor, practitioner, MONDAY, target, weeks)
    assert list(refused.value.fields) == [field]
