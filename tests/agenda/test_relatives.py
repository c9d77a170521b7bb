"""Relatives of an account: corrected until a practice has checked them, removed without taking any visit from anybody."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.codes import CompanionMeans, EntitlementMeans, IdentityMeans
from maiia_pro.agenda.own import my_appointments
from maiia_pro.agenda.relatives import IdentityChecked, correct_relative, my_relatives, remove_relative
from maiia_pro.agenda.tables import Appointment
from maiia_pro.identity.tables import Account
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import constraint_of, reading, transaction
from maiia_pro.kernel.errors import NotAllowed, NotFound
from maiia_pro.patients.own import KnownRelative, OwnPerson, add_relative, my_people
from maiia_pro.patients.records import Identity
from maiia_pro.patients.tables import Patient, Person
from tests.factories import House, new_patient_account

pytestmark = pytest.mark.integration


def identity(given_name: str = "Léo", birth_date: str = "28/02/2020") -> Identity:
    return Identity.parse(given_name=given_name, family_name="Keller", birth_date=birth_date)


@pytest.fixture
def leo(patient: Actor) -> OwnPerson:
    return add_relative(patient, identity())


def book_for(house: House, actor: Actor, person: OwnPerson, hour: int = 9):
    return book_slot(actor, replace(BookingRequest(house.slot(hour)), person_id=person.id))


def test_a_correction_reaches_the_practices_that_have_checked_nothing_yet(house, patient, leo):
    booked = book_for(house, patient, leo)
    correct_relative(patient, leo.id, identity("Léon", "27/02/2020"))
    assert [one.given_name for one in my_relatives(patient)] == ["Josiane", "Léon"]
    with reading() as session:
        record = session.get_one(Patient, booked.patient_id)
    assert (record.display_name, str(record.birth_date), record.sort_key) == ("Léon Keller", "2020-02-27", "keller leon")


def check_identity(visit_id: UUID) -> None:
    """Check who comes, as the practice would."""
    with transaction() as session:
        visit = session.get_one(Appointment, visit_id)
        visit.identity_means, visit.companion_means = next(iter(IdentityMeans)), next(iter(CompanionMeans))
        visit.entitlement_means, visit.identity_checked_at = next(iter(EntitlementMeans)), clock.now()


def test_what_a_practice_has_checked_is_its_own_to_correct(house, patient, leo):
    booked = book_for(house, patient, leo)
    check_identity(booked.id)
    assert [one.checked for one in my_relatives(patient)] == [False, True]
    with pytest.raises(IdentityChecked):
        correct_relative(patient, leo.id, identity("Léon"))


def test_two_people_of_an_account_cannot_become_one(patient, leo):
    other = add_relative(patient, identity("Inès"))
    with pytest.raises(KnownRelative):
        correct_relative(patient, other.id, identity("LÉO"))


def test_visits_to_come_of_who_was_removed_stay_in_the_account_and_past_ones_leave_it(house, patient, leo):
    past, coming = book_for(house, patient, leo, 9), book_for(house, patient, leo, 11)
    remove_relative(patient, leo.id)
    assert [one.id for one in my_people(patient)] == [one.id for one in my_relatives(patient)] == [my_people(patient)[0].id]
    with clock.shifted(past.starts_at - clock.now() + timedelta(minutes=1)):
        assert [own.id for own in my_appointments(patient)] == [coming.id]
    with pytest.raises(NotFound):
        book_for(house, patient, leo, 14)
    cancel_appointment(patient, coming.id)
    with reading() as session:
        assert set(session.exec(select(Patient.person_id).where(Patient.id == past.patient_id))) == {leo.id}


def test_who_comes_back_is_the_same_person_to_the_practices(house, patient, leo):
    before = book_for(house, patient, leo)
    remove_relative(patient, leo.id)
    again = add_relative(patient, identity("LEO"))
    assert again.id == leo.id
    assert book_for(house, patient, again, 10).patient_id == before.patient_id


def test_nobody_touches_the_people_of_another_account_nor_removes_its_holder(patient, leo):
    stranger = new_patient_account("Maurice Roux")
    holder = my_people(patient)[0]
    for actor, person in ((stranger, leo), (patient, holder), (stranger, holder)):
        with pytest.raises(NotFound):
            remove_relative(actor, person.id)
    for person in (leo, holder):
        with pytest.raises(NotFound):
            correct_relative(stranger, person.id, identity("X"))


def test_the_holder_corrects_their_own_identity_until_a_practice_has_checked_it(house, patient):
    holder = my_people(patient)[0]
    visit = book_slot(patient, BookingRequest(house.slot(9)))
    correct_relative(patient, holder.id, identity("Josyane"))
    with transaction() as session:
        assert session.get_one(Account, patient.account_id).name == "Josyane Keller"
        assert session.get_one(Patient, visit.patient_id).given_name == "Josyane"
    check_identity(visit.id)
    with pytest.raises(IdentityChecked):
        correct_relative(patient, holder.id, identity("Autre"))
    assert my_people(patient)[0].name == "Josyane Keller"


def test_the_desk_has_no_relatives(house):
    with pytest.raises(NotAllowed):
        my_relatives(house.secretary())


@pytest.mark.parametrize(
    ("change", "wall"),
    [
        ("update patient set person_id = :other where person_id = :leo", "patient_person_id_stays"),
        ("update patient set person_id = null where person_id = :leo", "patient_person_id_stays"),
        ("update person set account_id = (select account_id from person where id = :other) where id = :leo", "person_account_id_stays"),
        ("update person set removed_at = now() where id = :other", "ck_person_removed"),
    ],
)
def test_the_database_itself_keeps_a_visit_with_its_person(house, patient, leo, change, wall):
    book_for(house, patient, leo)
    other = my_people(new_patient_account("Maurice Roux"))[0]
    with pytest.raises(IntegrityError) as refused, transaction() as session:
        session.connection().execute(text(change), {"leo": leo.id, "other": other.id})
    assert constraint_of(refused.value) == wall
    with reading() as session:
        assert session.get_one(Person, leo.id).removed_at is None
