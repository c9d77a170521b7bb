"""Rules of visit reasons: who is known, for whom a reason is, when it opens, how much of it one may have, until when one may change."""

from datetime import timedelta

import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.errors import (
    FirstVisitTooLong,
    ForKnownPatients,
    ForNewPatients,
    NoNewPatients,
    NotOffered,
    TooLateOnline,
    TooManyOpen,
)
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots, offering_days
from maiia_pro.agenda.slot_state import CLOSED, FREE, read_slot
from maiia_pro.agenda.status import set_status
from maiia_pro.kernel.actor import Actor
from tests.factories import House, clock_at, new_patient_account

pytestmark = pytest.mark.integration


def seen_already(house: House, patient: Actor) -> None:
    """Let the practitioner have seen the patient by tomorrow noon."""
    book_slot(patient, BookingRequest(house.slot(8)))


def offered(house: House, *, known: bool | None = None, days: int = 1) -> list[str]:
    """List what is offered of a day, by the practice's clock."""
    query = FreeSlotQuery(house.instant(0, days=days), house.instant(23, days=days), (house.offerings[0],), known=known)
    return [(slot.starts_at - house.instant(0, days=days)).__str__()[:-3] for slot in free_slots(Actor.anonymous(), query)]


# --- known and new -------------------------------------------------------------------------------------------------


def test_somebody_new_has_the_longer_visit_and_somebody_known_the_ordinary_one(house, patient):
    seen_already(house, patient)
    house.rule(house.reasons[0], new_patient_minutes=40)
    with clock_at(house.instant(13)):
        known = book_slot(patient, BookingRequest(house.slot(14)))
        new = book_slot(new_patient_account(), BookingRequest(house.slot(15)))
    assert [one.ends_at - one.starts_at for one in (known, new)] == [timedelta(minutes=20), timedelta(minutes=40)]


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.MISSED])
def test_a_visit_that_did_not_take_place_makes_nobody_known(house, patient, status):
    house.rule(house.reasons[0], new_patient_minutes=40)
    booked = book_slot(patient, BookingRequest(house.slot(8)))
    if status is Status.CANCELLED:
        cancel_appointment(house.secretary(), booked.id)
    with clock_at(house.instant(13)):
        if status is Status.MISSED:
            set_status(house.secretary(), booked.id, status)
        again = book_slot(patient, BookingRequest(house.slot(14)))
    assert again.ends_at - again.starts_at == timedelta(minutes=40)


def test_a_visit_to_a_colleague_makes_nobody_known_here(clean_database):
    house, patient = House.ready(practitioners=2), new_patient_account()
    house.rule(house.reasons[0], new_patient_minutes=40)
    book_slot(patient, BookingRequest(house.slot(8, offering=1)))
    with clock_at(house.instant(13)):
        booked = book_slot(patient, BookingRequest(house.slot(14)))
    assert booked.ends_at - booked.starts_at == timedelta(minutes=40)


def test_a_time_too_short_for_a_first_visit_is_refused_with_that_reason(house, patient):
    house.rule(house.reasons[0], new_patient_minutes=40)
    with pytest.raises(FirstVisitTooLong):
        book_slot(patient, BookingRequest(house.slot(11, 40)))


def test_slots_for_nobody_in_particular_fit_the_longer_visit(house):
    house.rule(house.reasons[0], new_patient_minutes=40)
    assert "11:40" in offered(house, known=True)
    assert "11:40" not in offered(house, known=False)
    assert offered(house) == offered(house, known=False)


def test_a_program_books_the_length_of_the_slot_that_it_was_shown(house, patient):
    seen_already(house, patient)
    house.rule(house.reasons[0], new_patient_minutes=40)
    record = house.appointments()[0].patient_id
    with clock_at(house.instant(13)):
        booked = book_slot(house.api_client(), BookingRequest(house.slot(14), patient_id=record))
        with pytest.raises(NotOffered):
            book_slot(house.api_client(), BookingRequest(house.slot(17, 40), patient_id=record))
    assert booked.ends_at - booked.starts_at == timedelta(minutes=40)


def test_a_reason_for_known_patients_refuses_somebody_new_whatever_they_said(house, patient):
    house.rule(house.reasons[0], audience="known")
    with pytest.raises(ForKnownPatients) as refusal:
        book_slot(patient, BookingRequest(house.slot(9)))
    assert "déjà suivis" in refusal.value.message
    with pytest.raises(ForKnownPatients):
        book_slot(house.api_client(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    assert book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))


def test_a_reason_for_known_patients_is_open_to_them_and_hidden_from_others(house, patient):
    seen_already(house, patient)
    house.rule(house.reasons[0], audience="known")
    assert not offered(house, known=False)
    with clock_at(house.instant(13)):
        assert book_slot(patient, BookingRequest(house.slot(14)))


def test_a_reason_for_new_patients_refuses_somebody_known(house, patient):
    seen_already(house, patient)
    house.rule(house.reasons[0], audience="new")
    with clock_at(house.instant(13)):
        with pytest.raises(ForNewPatients):
            book_slot(patient, BookingRequest(house.slot(14)))
        assert book_slot(new_patient_account(), BookingRequest(house.slot(14)))


def test_a_moved_first_visit_keeps_its_length(house, patient):
    house.rule(house.reasons[0], new_patient_minutes=40)
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    moved = move_appointment(patient, booked.id, MoveRequest(house.instant(10)))
    assert moved.ends_at - moved.starts_at == timedelta(minutes=40)


def test_a_known_patient_moves_a_visit_of_the_ordinary_length(house, patient):
    seen_already(house, patient)
    house.rule(house.reasons[0], new_patient_minutes=40)
    with clock_at(house.instant(13)):
        booked = book_slot(patient, BookingRequest(house.slot(14)))
        moved = move_appointment(patient, booked.id, MoveRequest(house.instant(17, 40)))
    assert moved.ends_at - moved.starts_at == timedelta(minutes=20)


# --- when it opens ---------------------------------------------------------------------------------------------------


def test_notice_closes_what_begins_too_soon_but_to_staff(house, patient):
    house.rule(house.reasons[0], notice_minutes=120)
    with clock_at(house.instant(8, 30)):
        assert offered(house, days=0)[0] == "10:40"
        with pytest.raises(NotOffered):
            book_slot(patient, BookingRequest(house.slot(10, 20, days=0)))
        assert read_slot(house.api_client(), house.slot(10, 20, days=0)).status == CLOSED
        assert book_slot(house.secretary(), BookingRequest(house.slot(10, 20, days=0), patient_id=house.patients[0]))
        assert book_slot(patient, BookingRequest(house.slot(10, 40, days=0)))


def test_the_horizon_of_a_reason_closes_what_is_too_far(house, patient):
    house.rule(house.reasons[0], horizon_days=10)
    assert offered(house, days=9)
    assert not offered(house, days=11)
    with pytest.raises(NotOffered):
        book_slot(patient, BookingRequest(house.slot(9, days=11)))


def test_urgent_times_open_on_the_day_itself(house, patient):
    house.rule(house.reasons[0], same_day=True)
    with clock_at(house.instant(7)):
        tomorrow, today = house.slot(9, days=1), house.slot(9, days=0)
        assert offered(house, days=0)
        assert not offered(house, days=1)
        assert (read_slot(house.api_client(), today).status, read_slot(house.api_client(), tomorrow).status) == (FREE, CLOSED)
        with pytest.raises(NotOffered):
            book_slot(patient, BookingRequest(tomorrow))
        assert book_slot(patient, BookingRequest(today))


# --- how much ----------------------------------------------------------------------------------------------------------


def test_a_day_takes_its_new_patients_and_no_more(house, patient):
    seen_already(house, patient)
    house.rule(house.reasons[0], new_patients_a_day=1)
    with clock_at(house.instant(13)):
        book_slot(new_patient_account(), BookingRequest(house.slot(9)))
        with pytest.raises(NoNewPatients):
            book_slot(new_patient_account(), BookingRequest(house.slot(10)))
        assert not offered(house, known=False)
        assert not offered(house)
        assert offered(house, known=True)
        assert book_slot(patient, BookingRequest(house.slot(10)))
        assert book_slot(new_patient_account(), BookingRequest(house.slot(10, days=2)))


def test_a_cancelled_first_visit_gives_its_place_back(house, patient):
    house.rule(house.reasons[0], new_patients_a_day=1)
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    cancel_appointment(patient, booked.id)
    assert book_slot(new_patient_account(), BookingRequest(house.slot(10)))


def test_a_first_visit_moves_only_to_a_day_that_takes_one_more(house, patient):
    house.rule(house.reasons[0], new_patients_a_day=1)
    book_slot(new_patient_account(), BookingRequest(house.slot(9, days=2)))
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    with pytest.raises(NoNewPatients):
        move_appointment(patient, booked.id, MoveRequest(house.instant(10, days=2)))
    assert move_appointment(patient, booked.id, MoveRequest(house.instant(10)))


def test_a_patient_has_as_many_visits_to_come_as_the_reason_allows(house, patient):
    house.rule(house.reasons[0], open_bookings=1)
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    with pytest.raises(TooManyOpen):
        book_slot(patient, BookingRequest(house.slot(10)))
    assert move_appointment(patient, booked.id, MoveRequest(house.instant(10)))
    with clock_at(house.instant(13)):
        assert book_slot(patient, BookingRequest(house.slot(14)))


# --- until when ----------------------------------------------------------------------------------------------------------


def test_so_shortly_before_a_patient_phones_and_the_desk_acts(house, patient):
    house.rule(house.reasons[0], cancel_hours=24)
    booked = book_slot(patient, BookingRequest(house.slot(9, days=2)))
    with clock_at(house.instant(9, 1)):
        later = MoveRequest(house.instant(9, days=3))
        for act in (lambda: cancel_appointment(patient, booked.id), lambda: move_appointment(patient, booked.id, later)):
            with pytest.raises(TooLateOnline) as refusal:
                act()
            assert "24\u00a0h" in refusal.value.message
            assert "02\u00a041" in refusal.value.message
        with pytest.raises(TooLateOnline):
            cancel_appointment(house.api_client(), booked.id)
        assert cancel_appointment(house.secretary(), booked.id)


def test_before_the_cut_off_a_patient_cancels(house, patient):
    house.rule(house.reasons[0], cancel_hours=24)
    booked = book_slot(patient, BookingRequest(house.slot(9, days=3)))
    assert cancel_appointment(patient, booked.id)


def test_the_days_of_a_page_are_those_of_who_asks(house):
    house.rule(house.reasons[0], audience="known")
    days = offering_days(Actor.anonymous(), house.offerings[0], known=False)
    assert not any(day.slots for day in days.days)
    assert any(day.slots for day in offering_days(Actor.anonymous(), house.offerings[0], known=True).days)
