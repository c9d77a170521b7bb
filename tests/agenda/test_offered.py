"""The slots that weekly hours, exceptions and reasons give (requirement 68), against a model written minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.codes import ExceptionKind, Mode
from maiia_pro.agenda.exceptions import NewException, add_exception, remove_exception
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots, offering_days
from maiia_pro.agenda.reasons import ReasonForm, retire_reason, save_reason
from maiia_pro.agenda.setup import DayRange, save_weekly_hours
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import Invalid, NotFound
from tests.factories import House, clock_at

pytestmark = pytest.mark.integration

MONDAY = date(2027, 3, 22)
"""The Monday before the clocks of Paris go forward."""


@pytest.fixture
def setting(clean_database):
    house = House()
    house.site()
    practitioner = house.practitioner()
    actor = house.practitioner_actor()
    with clock_at(house.instant(6, day=MONDAY)):
        yield house, practitioner, actor


def shown(house: House, first: date = MONDAY, days: int = 7, **query) -> list[str]:
    """Write the slots as the clock of the place shows them: « lun. 09:00 » is `0 09:00`."""
    zone = ZoneInfo(house.zone)
    begins = house.instant(0, day=first)
    ends = house.instant(0, day=first + timedelta(days=days))
    slots = free_slots(Actor.anonymous(), FreeSlotQuery(begins, ends, practice_ids=(house.practice_id,), **query))
    return [f"{slot.starts_at.astimezone(zone):%u %H:%M}" for slot in slots]


def form(house: House, **changes) -> ReasonForm:
    values = {
        "name": "Consultation",
        "duration_minutes": 30,
        "mode": Mode.IN_PERSON,
        "hue": "teal",
        "online": True,
        "site_ids": (house.sites[0],),
    }
    return ReasonForm(**values | changes)


@pytest.mark.requirement(68)
def test_weekly_hours_and_a_reason_give_the_slots(setting):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, time(9), time(11)), DayRange(2, time(14), time(15))])
    save_reason(actor, practitioner, form(house))
    assert shown(house) == ["1 09:00", "1 09:30", "1 10:00", "1 10:30", "3 14:00", "3 14:30"]


@pytest.mark.requirement(68)
def test_each_reason_has_its_own_duration_and_interval(setting):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, time(9), time(10))])
    long = save_reason(actor, practitioner, form(house, duration_minutes=45, step_minutes=15))
    short = save_reason(actor, practitioner, form(house, name="Suivi", duration_minutes=15))
    assert shown(house, reason_ids=(long,)) == ["1 09:00", "1 09:15"]
    assert shown(house, reason_ids=(short,)) == ["1 09:00", "1 09:15", "1 09:30", "1 09:45"]


@pytest.mark.requirement(68)
def test_an_exception_closes_and_opens_time(setting):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, time(9), time(11)), DayRange(1, time(9), time(10))])
    save_reason(actor, practitioner, form(house))
    closed = add_exception(actor, practitioner, NewException(ExceptionKind.CLOSED, MONDAY, MONDAY, time(9, 30), time(10, 15)))
    saturday = MONDAY + timedelta(days=5)
    add_exception(actor, practitioner, NewException(ExceptionKind.OPEN, saturday, saturday, time(9), time(10), house.sites[0]))
    assert shown(house) == ["1 09:00", "1 10:15", "2 09:00", "2 09:30", "6 09:00", "6 09:30"]
    remove_exception(actor, practitioner, closed)
    assert shown(house, days=1) == ["1 09:00", "1 09:30", "1 10:00", "1 10:30"]


@pytest.mark.requirement(68)
def test_leave_over_several_days_closes_them_all(setting):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(day, time(9), time(9, 30)) for day in range(7)])
    save_reason(actor, practitioner, form(house))
    add_exception(actor, practitioner, NewException(ExceptionKind.CLOSED, MONDAY, MONDAY + timedelta(days=4), time(0), time(12)))
    assert shown(house) == ["6 09:00", "7 09:00"]


@pytest.mark.requirement(68)
def test_a_visit_already_booked_takes_its_time_from_every_reason(setting, patient):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, time(9), time(11))])
    save_reason(actor, practitioner, form(house))
    save_reason(actor, practitioner, form(house, name="Suivi", duration_minutes=15))
    slots = free_slots(
        Actor.anonymous(), FreeSlotQuery(house.instant(9, 30, day=MONDAY), house.instant(10, day=MONDAY), practice_ids=(house.practice_id,))
    )
    book_slot(patient, BookingRequest.parse(next(slot.key for slot in slots if (slot.ends_at - slot.starts_at) == timedelta(minutes=30))))
    assert shown(house) == ["1 09:00", "1 09:00", "1 09:15", "1 10:00", "1 10:00", "1 10:15", "1 10:30", "1 10:30", "1 10:45"]


@pytest.mark.requirement(68)
def test_a_reason_that_is_retired_or_closed_online_is_offered_no_more(setting):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, time(9), time(9, 30))])
    reason = save_reason(actor, practitioner, form(house))
    assert shown(house) == ["1 09:00"]
    save_reason(actor, practitioner, form(house, online=False), reason)
    assert shown(house) == []
    save_reason(actor, practitioner, form(house), reason)
    retire_reason(actor, practitioner, reason)
    assert shown(house) == []


def test_hours_at_two_places_in_two_zones_are_each_by_their_own_clock(setting):
    house, practitioner, actor = setting
    away = house.site(zone="Indian/Reunion", city="Saint-Denis")
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, time(14), time(14, 30))])
    save_weekly_hours(actor, practitioner, away, [DayRange(1, time(14), time(14, 30))])
    save_reason(actor, practitioner, form(house, site_ids=(house.sites[0], away)))
    assert shown(house) == ["1 14:00", "2 11:00"]


@pytest.mark.parametrize(("first", "nights"), [(date(2027, 3, 28), 3), (date(2027, 10, 31), 5), (date(2027, 6, 6), 4)])
def test_the_night_of_a_clock_change_has_as_many_hours_as_it_lasts(setting, first, nights):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(6, time(1), time(5))])
    save_reason(actor, practitioner, form(house, duration_minutes=60))
    with clock_at(house.instant(12, day=first - timedelta(days=1))):
        assert len(shown(house, first, 1)) == nights


def test_the_page_of_an_offer_lists_days_and_where_the_next_free_one_is(setting):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(4, time(9), time(9, 30))])
    save_reason(actor, practitioner, form(house))
    offering = free_slots(
        Actor.anonymous(),
        FreeSlotQuery(house.instant(0, day=MONDAY), house.instant(0, day=MONDAY + timedelta(days=7)), practice_ids=(house.practice_id,)),
    )[0].offering_id
    three = offering_days(Actor.anonymous(), offering, MONDAY, 3)
    assert [(day.day, len(day.slots)) for day in three.days] == [(MONDAY + timedelta(days=number), 0) for number in range(3)]
    assert three.next_day == MONDAY + timedelta(days=4)
    week = offering_days(Actor.anonymous(), offering, date.min, 7)
    assert [len(day.slots) for day in week.days] == [0, 0, 0, 0, 1, 0, 0]
    assert offering_days(Actor.anonymous(), offering, date.max, 10**9).days


def test_a_window_of_more_than_62_days_is_refused(setting):
    house, *_ = setting
    begins = house.instant(0, day=MONDAY)
    with pytest.raises(Invalid):
        free_slots(Actor.anonymous(), FreeSlotQuery(begins, begins + timedelta(days=63)))
    assert free_slots(Actor.anonymous(), FreeSlotQuery(begins, begins - timedelta(days=1))) == []


def test_an_offer_that_does_not_exist_has_no_days(setting):
    with pytest.raises(NotFound):
        offering_days(Actor.anonymous(), setting[1])


@pytest.mark.parametrize("first", [date(1, 1, 1), date(9999, 12, 30)])
def test_the_ends_of_the_calendar_are_a_window_like_another(house, first):
    begins = datetime.combine(first, time(), UTC)
    query = FreeSlotQuery(begins, begins + timedelta(days=1), practice_ids=(house.practice_id,))
    assert free_slots(Actor.anonymous(), query) == []
