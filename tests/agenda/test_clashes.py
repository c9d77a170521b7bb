"""Two visits of one person at the same time are told of, and never refused."""

from datetime import timedelta

import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.clashes import clash_of_person, clash_of_record
from maiia_pro.patients.own import my_people
from tests.factories import House, new_patient_account

pytestmark = pytest.mark.integration

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def house(clean_database) -> House:
    return House.ready(practitioners=2)


@pytest.fixture
def secretary(house):
    return house.secretary()


def test_a_visit_elsewhere_in_the_practice_at_that_time_is_told_of(house, secretary):
    booked = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    clash = clash_of_record(secretary, house.patients[0], house.practitioners[1], booked.starts_at + TEN_MINUTES, 20)
    assert clash is not None
    assert (clash.starts_at, clash.practitioner) == (booked.starts_at, "Dr Claire Vasseur")


def test_the_visits_before_and_after_are_no_clash(house, secretary):
    booked = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    assert clash_of_record(secretary, house.patients[0], house.practitioners[1], booked.ends_at, 20) is None
    assert clash_of_record(secretary, house.patients[0], house.practitioners[1], booked.starts_at - 2 * TEN_MINUTES, 20) is None


def test_a_visit_with_the_same_practitioner_is_left_to_the_refusal_of_the_slot(house, secretary):
    booked = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    assert clash_of_record(secretary, house.patients[0], house.practitioners[0], booked.starts_at, 20) is None


def test_a_cancelled_visit_and_somebody_elses_are_no_clash(house, secretary):
    booked = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    assert clash_of_record(secretary, house.patients[1], house.practitioners[1], booked.starts_at, 20) is None
    cancel_appointment(secretary, booked.id)
    assert clash_of_record(secretary, house.patients[0], house.practitioners[1], booked.starts_at, 20) is None


def test_the_desk_of_another_practice_learns_nothing(house, secretary, other_house):
    booked = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    assert clash_of_record(other_house.secretary(), house.patients[0], other_house.practitioners[0], booked.starts_at, 20) is None


def test_a_patient_is_told_of_their_own_visit_in_any_practice(house, other_house):
    patient = new_patient_account()
    (me,) = my_people(patient)
    book_slot(patient, BookingRequest(house.slot(9)))
    clash = clash_of_person(patient, me.id, other_house.slot(9))
    assert clash is not None
    assert clash.starts_at == house.instant(9)


def test_nobody_is_told_of_another_accounts_visit(house, other_house):
    patient, stranger = new_patient_account(), new_patient_account()
    (me,) = my_people(patient)
    book_slot(patient, BookingRequest(house.slot(9)))
    assert clash_of_person(stranger, me.id, other_house.slot(9)) is None
