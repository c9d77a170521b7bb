"""Terms of weekly hours, days with hours of their own, public holidays: which slots they leave (requirement 68)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.closing_days import days_off, rest_on_holidays, work_on_holiday
from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.day import opening_times
from maiia_pro.agenda.days_off import school_known_until
from maiia_pro.agenda.exceptions import NewException, add_exception, remove_exception
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.setup import opening_week, save_weekly_hours
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.terms import SchoolTime, Terms, Weeks, week_letter
from maiia_pro.agenda.week_rules import DayRange
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Conflict, Invalid, NotFound
from maiia_pro.practice.tables import Practitioner
from state.setup_days_off import week_words
from tests.factories import House, clock_at

pytestmark = pytest.mark.integration

MONDAY = date(2027, 3, 22)
EASTER_MONDAY = date(2027, 3, 29)
NINE = (time(9), time(10))


@pytest.fixture
def setting(clean_database):
    house = House()
    house.site()
    practitioner = house.practitioner()
    house.offering(house.reason(practitioner, minutes=30))
    with clock_at(house.instant(6, day=MONDAY)):
        yield house, practitioner, house.practitioner_actor()


def days_of(house: House, first: date = MONDAY, days: int = 28, offering: int = 0) -> list[date]:
    """List the days on which an offering has free slots."""
    zone = ZoneInfo(house.zone)
    query = FreeSlotQuery(
        house.instant(0, day=first), house.instant(0, day=first + timedelta(days=days)), offering_ids=(house.offerings[offering],)
    )
    return sorted({slot.starts_at.astimezone(zone).date() for slot in free_slots(Actor.anonymous(), query)})


def times_of(house: House, day: date, offering: int = 0) -> list[str]:
    """Write the free slots of a day."""
    query = FreeSlotQuery(
        house.instant(0, day=day), house.instant(0, day=day + timedelta(days=1)), offering_ids=(house.offerings[offering],)
    )
    return [f"{slot.starts_at.astimezone(ZoneInfo(house.zone)):%H:%M}" for slot in free_slots(Actor.anonymous(), query)]


def version_of(practitioner) -> int:
    with reading() as session:
        return session.get(Practitioner, practitioner).agenda_version


@pytest.mark.requirement(68)
@pytest.mark.parametrize(
    ("terms", "weeks"),
    [
        (Terms(), [0, 1, 2, 3, 4]),
        (Terms(valid_from=date(2027, 3, 29)), [1, 2, 3, 4]),
        (Terms(valid_until=date(2027, 4, 5)), [0, 1, 2]),
        (Terms(valid_from=date(2027, 3, 24), valid_until=date(2027, 3, 29)), [1]),
        (Terms(weeks=week_letter(MONDAY)), [0, 2, 4]),
        (Terms(weeks=week_letter(EASTER_MONDAY)), [1, 3]),
        (Terms(school=SchoolTime.OUTSIDE), [0, 1, 2, 3]),
        (Terms(school=SchoolTime.DURING), [4]),
    ],
)
def test_weekly_hours_hold_in_the_weeks_that_their_terms_name(setting, terms, weeks):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, *NINE, terms)])
    assert days_of(house, days=35) == [MONDAY + timedelta(weeks=week) for week in weeks]
    assert opening_week(actor, practitioner).hours[house.sites[0]] == (DayRange(0, *NINE, terms),)


@pytest.mark.requirement(68)
def test_hours_that_admit_some_reasons_offer_those_and_staff_see_them_open(setting):
    house, practitioner, actor = setting
    house.offering(house.reason(practitioner, minutes=30, name="Vaccination"))
    consultation, vaccination = house.reasons
    only = DayRange(0, time(10), time(11), Terms(reasons=frozenset({vaccination})))
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, *NINE), only])
    assert times_of(house, MONDAY) == ["09:00", "09:30"]
    assert times_of(house, MONDAY, 1) == ["09:00", "09:30", "10:00", "10:30"]
    open_time = opening_times(actor, practitioner, house.sites[0], MONDAY)
    assert (open_time[0].starts_at, open_time[-1].ends_at) == (house.instant(9, day=MONDAY), house.instant(11, day=MONDAY))
    add_exception(
        actor, practitioner, NewException(ExceptionKind.OPEN, MONDAY, MONDAY, time(12), time(13), house.sites[0], reasons=(consultation,))
    )
    assert (times_of(house, MONDAY)[-1], times_of(house, MONDAY, 1)[-1]) == ("12:30", "10:30")


def test_a_patient_cannot_book_a_reason_at_hours_that_do_not_admit_it(setting, patient):
    house, practitioner, actor = setting
    house.offering(house.reason(practitioner, minutes=30, name="Vaccination"))
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, *NINE, Terms(reasons=frozenset({house.reasons[1]})))])
    nine = house.instant(9, day=MONDAY)
    with pytest.raises(Conflict):
        book_slot(patient, BookingRequest(SlotKey(house.offerings[0], nine)))
    assert book_slot(patient, BookingRequest(SlotKey(house.offerings[1], nine))).starts_at == nine


@pytest.mark.requirement(68)
def test_a_special_day_has_its_hours_instead_of_the_weekly_ones(setting):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, *NINE)])
    special = NewException(
        ExceptionKind.SPECIAL, MONDAY, MONDAY, time(14), time(15), house.sites[0], second=(time(16), time(16, 30)), label="Garde"
    )
    known = add_exception(actor, practitioner, special)
    assert times_of(house, MONDAY) == ["14:00", "14:30", "16:00"]
    (listed,) = opening_week(actor, practitioner).exceptions
    assert (listed.id, listed.day, len(listed.ranges), listed.label) == (known, MONDAY, 2, "Garde")
    remove_exception(actor, practitioner, known)
    assert times_of(house, MONDAY) == ["09:00", "09:30"]


def test_a_special_day_said_again_replaces_what_was_said_and_may_be_closed(setting):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, *NINE)])
    for opens, closes in ((time(14), time(15)), (time(0), time(0))):
        add_exception(actor, practitioner, NewException(ExceptionKind.SPECIAL, MONDAY, MONDAY, opens, closes, house.sites[0]))
    assert times_of(house, MONDAY) == []
    (listed,) = opening_week(actor, practitioner).exceptions
    assert listed.ranges == ()


def test_a_special_day_at_one_site_leaves_the_other_alone_and_an_absence_closes_both(setting):
    house, practitioner, actor = setting
    away = house.site(city="Nantes")
    house.offering(house.reasons[0], away)
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, *NINE)])
    save_weekly_hours(actor, practitioner, away, [DayRange(0, time(14), time(15))])
    add_exception(actor, practitioner, NewException(ExceptionKind.SPECIAL, MONDAY, MONDAY, time(10), time(11), house.sites[0]))
    assert (times_of(house, MONDAY), times_of(house, MONDAY, 1)) == (["10:00", "10:30"], ["14:00", "14:30"])
    tuesday = MONDAY + timedelta(days=1)
    add_exception(actor, practitioner, NewException(ExceptionKind.CLOSED, MONDAY, tuesday, time(0), time(0)))
    assert (times_of(house, MONDAY), times_of(house, MONDAY, 1)) == ([], [])


@pytest.mark.requirement(68)
def test_on_public_holidays_weekly_hours_stop_unless_the_practitioner_works(setting):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, *NINE)])
    rest_on_holidays(actor, practitioner, closed=True)
    assert days_of(house) == [MONDAY, date(2027, 4, 5), date(2027, 4, 12)]
    rest_on_holidays(actor, practitioner, closed=False)
    assert days_of(house)[1] == EASTER_MONDAY


def test_one_holiday_may_be_worked_by_its_usual_hours_or_by_an_extra_opening(setting):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, *NINE)])
    rest_on_holidays(actor, practitioner, closed=True)
    extra = add_exception(
        actor, practitioner, NewException(ExceptionKind.OPEN, EASTER_MONDAY, EASTER_MONDAY, time(8), time(9), house.sites[0])
    )
    assert times_of(house, EASTER_MONDAY) == ["08:00", "08:30"]
    remove_exception(actor, practitioner, extra)
    work_on_holiday(actor, practitioner, EASTER_MONDAY)
    assert times_of(house, EASTER_MONDAY) == ["09:00", "09:30"]
    coming = days_off(actor, practitioner).holidays[0]
    assert (coming.day, coming.name, coming.worked) == (EASTER_MONDAY, "Lundi de Pâques", True)


@pytest.mark.parametrize("day", [MONDAY, date(2027, 5, 6)])
def test_a_day_without_usual_hours_or_that_is_no_holiday_is_not_opened(setting, day):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, *NINE)])
    with pytest.raises(Invalid):
        work_on_holiday(actor, practitioner, day)
    assert opening_week(actor, practitioner).exceptions == ()


def test_the_coming_school_holidays_are_those_of_the_sites_and_end_where_they_are_known(setting):
    _house, practitioner, actor = setting
    found = days_off(actor, practitioner)
    assert next((one.zone, one.name, one.first) for one in found.breaks) == ("B", "Vacances de printemps", date(2027, 4, 17))
    assert (found.known_until, found.without_zone) == (school_known_until(), ())


@pytest.mark.parametrize(
    ("terms", "other"),
    [
        (Terms(weeks=Weeks.A), Terms(weeks=Weeks.B)),
        (Terms(valid_until=date(2027, 6, 30)), Terms(valid_from=date(2027, 7, 1))),
        (Terms(school=SchoolTime.OUTSIDE), Terms(school=SchoolTime.DURING)),
    ],
)
def test_hours_that_never_meet_may_bear_the_same_times(setting, terms, other):
    house, practitioner, actor = setting
    save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, *NINE, terms), DayRange(0, time(9), time(11), other)])
    assert len(days_of(house)) == 4


@pytest.mark.parametrize(
    ("hours", "place"),
    [
        ([DayRange(0, *NINE), DayRange(1, *NINE), DayRange(1, time(9, 30), time(11))], "hours-2"),
        ([DayRange(0, *NINE), DayRange(0, *NINE, Terms(weeks=Weeks.A))], "hours-1"),
        ([DayRange(0, *NINE), DayRange(1, time(10), time(9))], "hours-1"),
        ([DayRange(0, *NINE, Terms(date(2027, 2, 1), date(2027, 1, 1)))], "hours-0"),
        ([DayRange(0, *NINE, Terms(weeks="c"))], "hours-0"),
    ],
)
def test_what_is_wrong_is_said_of_the_range_that_has_it(setting, hours, place):
    house, practitioner, actor = setting
    with pytest.raises(Invalid) as refused:
        save_weekly_hours(actor, practitioner, house.sites[0], hours)
    assert list(refused.value.fields) == [place]


def test_hours_cannot_admit_a_colleagues_reason(clean_database):
    house = House.ready(practitioners=2)
    actor, practitioner, theirs = house.practitioner_actor(), house.practitioners[0], house.reasons[1]
    with pytest.raises(Invalid):
        save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, *NINE, Terms(reasons=frozenset({theirs})))])
    with pytest.raises(NotFound):
        add_exception(actor, practitioner, NewException(ExceptionKind.OPEN, MONDAY, MONDAY, *NINE, house.sites[0], reasons=(theirs,)))


def test_each_change_of_hours_raises_the_version_that_bookings_compare(setting):
    house, practitioner, actor = setting
    special = NewException(ExceptionKind.SPECIAL, MONDAY, MONDAY, *NINE, house.sites[0])
    for number, act in enumerate(
        [
            lambda: save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(0, *NINE)]),
            lambda: add_exception(actor, practitioner, special),
            lambda: rest_on_holidays(actor, practitioner, closed=True),
            lambda: work_on_holiday(actor, practitioner, EASTER_MONDAY),
        ],
        start=1,
    ):
        act()
        assert version_of(practitioner) == number


def test_a_special_day_of_25_hours_shows_its_hours_on_the_clock(setting):
    house, practitioner, actor = setting
    autumn = date(2027, 10, 31)
    add_exception(actor, practitioner, NewException(ExceptionKind.SPECIAL, autumn, autumn, time(1), time(4), house.sites[0]))
    (found,) = opening_times(actor, practitioner, house.sites[0], autumn)
    zone = ZoneInfo("Europe/Paris")
    assert (found.starts_at.astimezone(zone).time(), found.ends_at.astimezone(zone).time()) == (time(1), time(4))
    assert found.ends_at - found.starts_at == timedelta(hours=4)


def test_a_year_of_days_off_begins_today_where_the_practice_is(clean_database):
    house = House.ready(zone="Indian/Reunion")
    with clock_at(datetime(2027, 1, 3, 22, tzinfo=UTC)):  # Sunday evening elsewhere
        found = days_off(house.practitioner_actor(), house.practitioners[0])
    assert found.today == date(2027, 1, 4)
    assert week_words(found.today) == "Cette semaine, du lundi 4 janvier au dimanche 10 janvier, est une semaine B."
