"""The practitioner alone decides on hours and reasons (requirement 71)."""

from datetime import date, time, timedelta

import pytest

from maiia_pro.agenda.closing_days import days_off, rest_on_holidays, work_on_holiday
from maiia_pro.agenda.codes import ExceptionKind, Mode
from maiia_pro.agenda.exceptions import NewException, add_exception, remove_exception
from maiia_pro.agenda.reasons import ReasonForm, retire_reason, save_reason
from maiia_pro.agenda.setup import DayRange, opening_week, save_weekly_hours
from maiia_pro.agenda.week_copy import copy_week, preview_week_copy
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.kernel.ids import uuid7
from tests.factories import House, new_operator, new_patient_account

pytestmark = pytest.mark.integration

DAY = date(2027, 6, 1)
CLOSED = NewException(ExceptionKind.CLOSED, DAY, DAY, time(9), time(10))


def reason_form(house: House, **changes) -> ReasonForm:
    values = {"name": "Suivi", "duration_minutes": 15, "mode": Mode.IN_PERSON, "hue": "teal", "online": True, "site_ids": (house.sites[0],)}
    return ReasonForm(**values | changes)


ACTS = {
    "hours": lambda house, actor: save_weekly_hours(actor, house.practitioners[0], house.sites[0], [DayRange(0, time(9), time(10))]),
    "exception": lambda house, actor: add_exception(actor, house.practitioners[0], CLOSED),
    "removal": lambda house, actor: remove_exception(actor, house.practitioners[0], uuid7()),
    "reason": lambda house, actor: save_reason(actor, house.practitioners[0], reason_form(house)),
    "change of a reason": lambda house, actor: save_reason(actor, house.practitioners[0], reason_form(house), house.reasons[0]),
    "retirement": lambda house, actor: retire_reason(actor, house.practitioners[0], house.reasons[0]),
    "reading": lambda house, actor: opening_week(actor, house.practitioners[0]),
    "days off": lambda house, actor: days_off(actor, house.practitioners[0]),
    "rest": lambda house, actor: rest_on_holidays(actor, house.practitioners[0], closed=False),
    "holiday": lambda house, actor: work_on_holiday(actor, house.practitioners[0], date(2027, 5, 1)),
    "preview of a copy": lambda house, actor: preview_week_copy(actor, house.practitioners[0], DAY, DAY + timedelta(days=7)),
    "copy": lambda house, actor: copy_week(actor, house.practitioners[0], DAY, DAY + timedelta(days=7)),
}


@pytest.mark.requirement(71)
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["secretary", "patient", "operator", "api client", "colleague", "stranger"])
def test_nobody_but_the_practitioner_touches_hours_and_reasons(clean_database, act, role):
    house = House.ready(practitioners=2)
    actor = {
        "secretary": house.secretary,
        "patient": new_patient_account,
        "operator": new_operator,
        "api client": house.api_client,
        "colleague": lambda: house.practitioner_actor(house.practitioners[1]),
        "stranger": lambda: House.ready().practitioner_actor(),
    }[role]()
    owner = house.practitioner_actor()
    before = opening_week(owner, house.practitioners[0])
    with pytest.raises(NotFound if role == "stranger" else NotAllowed):
        ACTS[act](house, actor)
    assert opening_week(owner, house.practitioners[0]) == before


@pytest.mark.requirement(71)
@pytest.mark.parametrize("act", sorted(set(ACTS) - {"removal"}))
def test_the_practitioner_does(house, act):
    ACTS[act](house, house.practitioner_actor())


def test_what_was_set_is_read_again(house):
    actor, practitioner = house.practitioner_actor(), house.practitioners[0]
    hours = (DayRange(0, time(9), time(10)), DayRange(0, time(10), time(11)), DayRange(6, time(0), time(23, 59)))
    save_weekly_hours(actor, practitioner, house.sites[0], hours)
    exception = add_exception(actor, practitioner, CLOSED)
    reason = save_reason(actor, practitioner, reason_form(house, fee_cents=2650))
    setup = opening_week(actor, practitioner)
    assert setup.hours[house.sites[0]] == hours
    assert [known.id for known in setup.exceptions] == [exception]
    assert next(known for known in setup.reasons if known.id == reason).fee_cents == 2650


@pytest.mark.parametrize(
    "ranges",
    [
        [(0, time(10), time(10))],
        [(0, time(11), time(10))],
        [(7, time(9), time(10))],
        [(-1, time(9), time(10))],
        [(0, time(9), time(11)), (0, time(10), time(12))],
        [(0, time(hour), time(hour, 30)) for hour in range(8, 16)],
    ],
)
def test_hours_that_make_no_sense_are_refused_and_change_nothing(house, ranges):
    actor, practitioner = house.practitioner_actor(), house.practitioners[0]
    before = opening_week(actor, practitioner)
    with pytest.raises(Invalid) as refusal:
        save_weekly_hours(actor, practitioner, house.sites[0], [DayRange(*entry) for entry in ranges])
    assert refusal.value.fields
    assert opening_week(actor, practitioner) == before


def test_one_person_is_not_at_two_places_at_once(house):
    actor, practitioner = house.practitioner_actor(), house.practitioners[0]
    with pytest.raises(Invalid, match="chevauchent"):
        save_weekly_hours(actor, practitioner, house.site(), [DayRange(0, time(9), time(10))])


@pytest.mark.parametrize("act", ["hours", "exception", "reason"])
def test_the_site_of_another_practice_is_not_found(house, other_house, act):
    actor, practitioner, site = house.practitioner_actor(), house.practitioners[0], other_house.sites[0]
    acts = {
        "hours": lambda: save_weekly_hours(actor, practitioner, site, [DayRange(0, time(9), time(10))]),
        "exception": lambda: add_exception(actor, practitioner, NewException(ExceptionKind.OPEN, DAY, DAY, time(9), time(10), site)),
        "reason": lambda: save_reason(actor, practitioner, reason_form(house, site_ids=(site,))),
    }
    with pytest.raises(NotFound):
        acts[act]()


@pytest.mark.parametrize(
    "change",
    [
        {"first": date(2027, 6, 2)},
        {"opens": time(10)},
        {"kind": ExceptionKind.OPEN},
        {"kind": ExceptionKind.OPEN, "last": date(2027, 6, 2)},
        {"label": "x" * 1_000_000},
        {"label": "a\x00"},
        {"first": date.min, "last": date.min},
        {"first": date.max, "last": date.max},
        {"last": date.max},
    ],
)
def test_an_exception_that_makes_no_sense_is_refused(house, change):
    values = {"kind": ExceptionKind.CLOSED, "first": DAY, "last": DAY, "opens": time(9), "closes": time(10)} | change
    with pytest.raises(Invalid):
        add_exception(house.practitioner_actor(), house.practitioners[0], NewException(**values))


@pytest.mark.parametrize("kind", ExceptionKind)
@pytest.mark.parametrize(("opens", "closes"), [(time(2), time(3)), (time(2, 30), time(3)), (time(2, 30), time(3, 15))])
def test_an_exception_within_the_hour_that_summer_time_skips_is_refused(house, kind, opens, closes):
    night = date(2027, 3, 28)
    with pytest.raises(Invalid) as refused:
        add_exception(house.practitioner_actor(), house.practitioners[0], NewException(kind, night, night, opens, closes, house.sites[0]))
    assert list(refused.value.fields) == ["opens"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"), ({"duration_minutes": 4}, "duration_minutes"), ({"duration_minutes": 481}, "duration_minutes"),
        ({"step_minutes": 1}, "step_minutes"), ({"buffer_before_minutes": -1}, "buffer_before_minutes"),
        ({"buffer_after_minutes": 241}, "buffer_after_minutes"), ({"fee_cents": -1}, "fee_cents"), ({"hue": "red"}, "hue"),
        ({"site_ids": ()}, "site_ids"),
    ],
)  # fmt: skip
def test_a_reason_that_makes_no_sense_is_refused_naming_the_field(house, change, field):
    with pytest.raises(Invalid) as refusal:
        save_reason(house.practitioner_actor(), house.practitioners[0], reason_form(house, **change))
    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize("name", ["x" * 1_000_000, "a\x00b"])
def test_a_name_that_cannot_be_kept_is_refused(house, name):
    with pytest.raises(Invalid):
        save_reason(house.practitioner_actor(), house.practitioners[0], reason_form(house, name=name))


def test_the_reason_of_a_colleague_is_not_found(clean_database):
    house = House.ready(practitioners=2)
    actor = house.practitioner_actor()
    for act in (
        lambda reason: save_reason(actor, house.practitioners[0], reason_form(house), reason),
        lambda reason: retire_reason(actor, house.practitioners[0], reason),
    ):
        with pytest.raises(NotFound):
            act(house.reasons[1])


def test_the_exception_of_a_colleague_is_not_found(clean_database):
    house = House.ready(practitioners=2)
    theirs = add_exception(house.practitioner_actor(house.practitioners[1]), house.practitioners[1], CLOSED)
    with pytest.raises(NotFound):
        remove_exception(house.practitioner_actor(), house.practitioners[0], theirs)
