"""Arrivals signalled at the door: one's own visit, today, near its time, with the site's secret; nothing is learnt without an account."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.status import set_status
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotAllowed, NotFound, NotSignedIn
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.reception.door import AT_THE_DOOR, Turn, look_at_door, signal_arrival, signal_arrival_by_name
from maiia_pro.reception.errors import NotAtThisHour, UnknownDoor
from maiia_pro.reception.lateness import announce_delay
from maiia_pro.reception.posters import issue_poster, posters, save_directions, withdraw_poster
from maiia_pro.reception.tables import SiteDoor
from tests.concurrency.racing import race
from tests.factories import clock_at, new_patient_account

pytestmark = pytest.mark.integration

VISITOR = Actor.anonymous()
BORN = date(1953, 4, 17)


@pytest.fixture
def secretary(house):
    return house.secretary()


def secret(house, site: int = 0) -> str:
    with reading() as session:
        return session.exec(select(SiteDoor.token).where(SiteDoor.site_id == house.sites[site])).one()


@pytest.fixture
def door(house, secretary) -> str:
    issue_poster(secretary, house.sites[0])
    return secret(house)


@pytest.fixture
def visit(house, patient):
    return book_slot(patient, BookingRequest(house.slot(9)))


@pytest.fixture
def recorded(house, secretary):
    """A visit of somebody without an account."""
    return book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))


def near(visit, minutes: int = -10):
    return clock_at(visit.starts_at + timedelta(minutes=minutes))


def status(house) -> str:
    return house.appointments()[0].status


def test_one_tap_tells_the_desk_that_the_patient_is_there(house, patient, secretary, door, visit):
    with near(visit):
        (shown,) = look_at_door(patient, door).visits
        assert (shown.id, shown.person, shown.turn) == (visit.id, "Josiane Keller", Turn.OPEN)
        signal_arrival(patient, door, visit.id)
        assert look_at_door(patient, door).visits[0].turn is Turn.HERE
    last = read_appointment(secretary, visit.id).history[-1]
    assert (status(house), last.action, last.actor_name) == (Status.ARRIVED, AuditAction.APPOINTMENT_MARKED, patient.name)


def test_twice_is_once_and_staff_take_it_back(house, patient, secretary, door, visit):
    with near(visit):
        signal_arrival(patient, door, visit.id)
        version = house.appointments()[0].version
        signal_arrival(patient, door, visit.id)
        assert house.appointments()[0].version == version
        set_status(secretary, visit.id, Status.PLANNED)
    assert status(house) == Status.PLANNED


@pytest.mark.parametrize("wrong", [(-61, Turn.EARLY), (20, Turn.OVER)])
def test_it_is_signalled_within_the_hour_before_and_until_the_end_only(house, patient, door, visit, wrong):
    minutes, turn = wrong
    with near(visit, minutes):
        assert look_at_door(patient, door).visits[0].turn is turn
        with pytest.raises(NotAtThisHour):
            signal_arrival(patient, door, visit.id)
    assert status(house) == Status.PLANNED


@pytest.mark.parametrize("minutes", [-60, 19])
def test_the_first_and_the_last_minute_count(house, patient, door, visit, minutes):
    with near(visit, minutes):
        signal_arrival(patient, door, visit.id)
    assert status(house) == Status.ARRIVED


def test_the_day_before_shows_nothing(patient, door, visit):
    assert look_at_door(patient, door).visits == ()
    with pytest.raises(UnknownDoor):
        signal_arrival(patient, door, visit.id)


def test_another_patient_and_another_sites_door_signal_nothing(house, patient, secretary, door, visit):
    house.site(city="Saumur")
    issue_poster(secretary, house.sites[1])
    with near(visit):
        for who, token in ((new_patient_account("Autre Personne"), door), (patient, secret(house, 1))):
            assert look_at_door(who, token).visits == ()
            with pytest.raises(UnknownDoor):
                signal_arrival(who, token, visit.id)
    assert status(house) == Status.PLANNED


def test_a_cancelled_visit_is_not_expected(patient, door, visit):
    cancel_appointment(patient, visit.id)
    with near(visit):
        assert look_at_door(patient, door).visits == ()


def test_a_new_poster_voids_the_old_and_a_withdrawn_one_answers_nobody(house, patient, secretary, door, visit):
    issue_poster(secretary, house.sites[0])
    fresh = secret(house)
    withdraw_poster(secretary, house.sites[0])
    with near(visit):
        for token in (door, fresh, "", "x"):
            with pytest.raises(UnknownDoor):
                look_at_door(patient, token)
            with pytest.raises(UnknownDoor):
                signal_arrival(patient, token, visit.id)
            with pytest.raises(UnknownDoor):
                signal_arrival_by_name(VISITOR, token, "Keller", BORN)


def test_staff_visitors_and_programs_do_not_use_the_patients_tap(house, secretary, door, visit):
    with near(visit):
        for actor, refusal in ((secretary, NotAllowed), (VISITOR, NotSignedIn), (house.api_client(), NotAllowed)):
            with pytest.raises(refusal):
                signal_arrival(actor, door, visit.id)


@pytest.mark.parametrize("name", ["Keller", " KELLER ", "kéller"])
def test_a_name_and_a_birth_date_do_as_well_without_an_account(house, secretary, door, name):
    booked = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    with near(booked):
        signal_arrival_by_name(VISITOR, door, name, BORN)
    last = read_appointment(secretary, booked.id).history[-1]
    assert (status(house), last.actor_name) == (Status.ARRIVED, AT_THE_DOOR)


@pytest.mark.parametrize("wrong", [("Kellerer", BORN, -10), ("Keller", date(1953, 4, 18), -10), ("Keller", BORN, -61)])
def test_what_does_not_fit_changes_nothing_and_gets_the_same_answer(house, door, recorded, wrong):
    name, born, minutes = wrong
    with near(recorded, minutes):
        assert signal_arrival_by_name(VISITOR, door, name, born) is None
    assert status(house) == Status.PLANNED


def test_of_two_with_the_same_name_and_birth_date_neither_is_guessed(house, secretary, door):
    for number, minute in ((0, 0), (1, 20)):
        booked = book_slot(secretary, BookingRequest(house.slot(9, minute), patient_id=house.patients[number]))
    with near(booked):
        signal_arrival_by_name(VISITOR, door, "Keller", BORN)
    assert {row.status for row in house.appointments()} == {Status.PLANNED}


def test_who_says_where_to_wait_is_written_down(house, secretary, door):
    save_directions(secretary, house.sites[0], "Premier étage")
    with reading() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.action == AuditAction.DOOR_DIRECTED)).all()
    assert [(entry.actor_id, entry.subject_id) for entry in found] == [(secretary.account_id, house.sites[0])]


def test_a_visitor_sees_the_place_and_who_is_late_and_no_visit(house, secretary, door, visit):
    save_directions(secretary, house.sites[0], "Salle d’attente du premier étage")
    with near(visit):
        announce_delay(secretary, house.practitioners[0], 20)
        shown = look_at_door(VISITOR, door)
    assert (shown.directions, shown.delays, shown.visits) == (
        "Salle d’attente du premier étage",
        (("Dr Claire Vasseur", 20),),
        (),
    )


def test_posters_are_the_practices_own(house, secretary, other_house, patient, door):
    stranger = other_house.secretary()
    assert [(one.site_id, one.token) for one in posters(secretary)] == [(house.sites[0], door)]
    assert door not in str(posters(stranger))
    for act in (lambda: issue_poster(stranger, house.sites[0]), lambda: withdraw_poster(stranger, house.sites[0])):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotAllowed):
        posters(patient)
    assert secret(house) == door


@pytest.mark.parametrize("broken", ["\x00", "porte\x00", "\ud800", "é", ""])
def test_an_address_that_no_poster_can_bear_is_unknown_like_any_other(house, door, broken):
    with pytest.raises(UnknownDoor):
        look_at_door(VISITOR, broken)
    with pytest.raises(UnknownDoor):
        signal_arrival_by_name(VISITOR, broken, "Keller", BORN)


def test_several_who_issue_the_first_poster_at_once_leave_one_that_answers(house, secretary):
    assert race([lambda: issue_poster(secretary, house.sites[0])] * 4) == {"done": 4}
    assert look_at_door(VISITOR, secret(house)).site
