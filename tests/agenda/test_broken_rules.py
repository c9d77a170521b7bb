"""What staff are told before they give a visit against a reason's rules; they may give it all the same."""

import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.broken_rules import SENTENCES, broken_rules
from maiia_pro.agenda.day import appointment_view
from maiia_pro.agenda.errors import ForKnownPatients, ForNewPatients, NoNewPatients, TooManyOpen
from maiia_pro.kernel.errors import NotAllowed, NotFound
from state.booking_place import PlaceView, warnings_of, warnings_of_move
from tests.factories import House, clock_at

pytestmark = pytest.mark.integration

AGAIN = "Confirmez à nouveau pour donner ce rendez-vous tout de même."


def told(house, patient=0, hour=14) -> list[str]:
    """Ask as the secretary, for a record of the practice or (None) somebody new."""
    return broken_rules(house.secretary(), house.slot(hour), None if patient is None else house.patients[patient])


def said(*broken) -> list[str]:
    return [SENTENCES[one] for one in broken]


def test_nothing_is_said_where_no_rule_is_broken(house):
    assert told(house) == told(house, patient=None) == []


def test_a_reason_for_known_patients_is_said_of_somebody_new_and_not_of_somebody_known(house):
    house.rule(house.reasons[0], audience="known")
    book_slot(house.secretary(), BookingRequest(house.slot(8), patient_id=house.patients[0]))
    with clock_at(house.instant(13)):
        assert told(house, patient=0) == []
        assert told(house, patient=1) == told(house, patient=None) == said(ForKnownPatients)


def test_a_reason_for_new_patients_is_said_of_somebody_known(house):
    house.rule(house.reasons[0], audience="new")
    book_slot(house.secretary(), BookingRequest(house.slot(8), patient_id=house.patients[0]))
    with clock_at(house.instant(13)):
        assert (told(house, patient=0), told(house, patient=None)) == (said(ForNewPatients), [])


def test_a_day_that_has_its_new_patients_is_said_and_the_visit_may_be_given(house):
    house.rule(house.reasons[0], new_patients_a_day=1)
    book_slot(house.secretary(), BookingRequest(house.slot(8), patient_id=house.patients[0]))
    assert told(house, patient=1) == told(house, patient=None) == said(NoNewPatients)
    assert book_slot(house.secretary(), BookingRequest(house.slot(14), patient_id=house.patients[1]))


def test_as_many_visits_to_come_as_the_reason_allows_are_said(house):
    house.rule(house.reasons[0], open_bookings=1)
    book_slot(house.secretary(), BookingRequest(house.slot(8), patient_id=house.patients[0]))
    assert (told(house, patient=0), told(house, patient=1)) == (said(TooManyOpen), [])


def test_nobody_else_is_told_of_a_practice_s_patients(house, other_house, patient):
    with pytest.raises(NotAllowed):
        broken_rules(patient, house.slot(), house.patients[0])
    for whom in (house.patients[0], other_house.patients[0]):
        with pytest.raises(NotFound):
            broken_rules(other_house.secretary(), house.slot(), whom)
    with pytest.raises(NotFound):
        broken_rules(house.secretary(), house.slot(), other_house.patients[0])


def test_the_dialog_says_all_that_speaks_against_a_visit_at_once(clean_database):
    house = House.ready(practitioners=2)
    secretary = house.secretary()
    house.rule(house.reasons[0], audience="known")
    book_slot(secretary, BookingRequest(house.slot(14, offering=1), patient_id=house.patients[0]))
    day = house.instant(14).date().isoformat()
    place = PlaceView(
        practitioner=house.practitioners[0].hex, reason="Consultation", site=house.sites[0].hex, day=day, time="14h00", length="20"
    )
    words = warnings_of(secretary, house.patients[0].hex, place)
    assert words.startswith("Ce patient a déjà un rendez-vous à cette heure")
    assert words.endswith(f"{SENTENCES[ForKnownPatients]} {AGAIN}")
    assert warnings_of(secretary, "", place) == f"{SENTENCES[ForKnownPatients]} {AGAIN}"


def test_the_form_of_a_move_says_which_rules_the_visit_would_break_there_and_not_where_it_is(house):
    secretary = house.secretary()
    house.rule(house.reasons[0], new_patients_a_day=1, open_bookings=1)
    book_slot(secretary, BookingRequest(house.slot(9, days=2), patient_id=house.patients[0]))
    view = appointment_view(secretary, book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[1])).id)

    def said_of(hour: int, days: int = 1) -> str:
        day = house.instant(hour, days=days).astimezone(view.zone).date().isoformat()
        place = PlaceView(
            practitioner=house.practitioners[0].hex, reason=view.reason, site=house.sites[0].hex, day=day, time=f"{hour}h00", length="20"
        )
        return warnings_of_move(secretary, view, place)

    assert said_of(10) == ""
    assert said_of(10, days=2) == f"{SENTENCES[NoNewPatients]} Vous pouvez tout de même confirmer."
    assert said_of(22, days=2).startswith(f"{SENTENCES[NoNewPatients]} En dehors des horaires de ")
