"""The people that an account books for, on the real database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.own import my_appointments
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import Conflict, NotAllowed, NotFound, NotSignedIn
from maiia_pro.patients.own import MOST, KnownRelative, TooManyRelatives, add_relative, my_people
from maiia_pro.patients.records import Identity
from tests.factories import new_patient_account

pytestmark = pytest.mark.integration


def relative(given_name="Léo", birth_date="28/02/2020") -> Identity:
    return Identity.parse(given_name=given_name, family_name="Keller", birth_date=birth_date)


def test_the_holder_comes_first(patient):
    add_relative(patient, relative())
    assert [(person.name, person.is_self) for person in my_people(patient)] == [("Josiane Keller", True), ("Léo Keller", False)]


def test_the_same_person_is_added_once(patient):
    add_relative(patient, relative())
    with pytest.raises(KnownRelative):
        add_relative(patient, relative("LEO"))


def test_an_account_stays_within_its_number_even_at_once(patient):
    def outcome(number):
        try:
            return add_relative(patient, relative(f"Enfant {number}")).name
        except Conflict as refusal:
            return refusal.code

    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(outcome, range(MOST + 3)))
    assert len(my_people(patient)) == MOST
    assert outcomes.count(TooManyRelatives.code) == 4


def test_a_visit_is_for_the_relative_that_was_named(house, patient):
    leo = add_relative(patient, relative())
    book_slot(patient, replace(BookingRequest(house.slot(9)), person_id=leo.id))
    book_slot(patient, BookingRequest(house.slot(10)))
    assert [own.person for own in my_appointments(patient)] == ["Léo Keller", "Josiane Keller"]


def test_nobody_books_for_the_people_of_another_account(house, patient):
    stranger = my_people(new_patient_account("Maurice Keller"))[0]
    with pytest.raises(NotFound):
        book_slot(patient, replace(BookingRequest(house.slot(9)), person_id=stranger.id))
    assert house.appointments() == []


def test_the_desk_names_records_not_persons(house, patient):
    with pytest.raises(NotAllowed):
        book_slot(house.secretary(), replace(BookingRequest(house.slot(9)), person_id=my_people(patient)[0].id))


def test_only_patients_have_people():
    with pytest.raises(NotSignedIn):
        my_people(Actor.anonymous())
    with pytest.raises(NotAllowed):
        add_relative(Actor(ActorKind.SECRETARY, "S"), relative())
