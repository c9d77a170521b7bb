"""Patients of a practice are found however they are asked for, and nobody else's."""

from datetime import date

import psycopg
import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.people import search_patients
from maiia_pro.kernel.db import libpq_url, transaction
from maiia_pro.patients.records import is_given_name
from maiia_pro.patients.search_words import PatientSearch
from maiia_pro.patients.tables import Patient
from tests.factories import House

pytestmark = pytest.mark.integration


def born(patient_id, day: date) -> None:
    with transaction() as session:
        session.get_one(Patient, patient_id).birth_date = day


@pytest.fixture
def town(clean_database) -> House:
    """A few people whose names are easily confused."""
    house = House.ready(patients=0)
    for family, given, phone in (
        ("Keller", "Josiane", "+33639985714"), ("Kellermann", "Paul", ""), ("Le Goff", "Yann", "+33612345678"),
        ("Martin", "Zoé", "+33241224567"),
        ("Martinot", "Guy", ""), ("D’Artagnan", "Jean-Pierre", "+262692123456"), ("Rousseau", "Élise", ""),
    ):  # fmt: skip
        house.patient(family, given, phone=phone)
    born(house.patients[3], date(1981, 3, 12))
    return house


def names(house: House, typed: str) -> list[str]:
    found = search_patients(house.secretary(), house.practice_id, PatientSearch.parse(typed))
    return [one.view.display_name for one in found]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("josiane kel", "Josiane Keller"), ("KELLER, Josiane", "Josiane Keller"), ("keler", "Josiane Keller"), ("kelelr", "Josiane Keller"),
        ("elise rouseau", "Élise Rousseau"),
        ("legoff", "Yann Le Goff"), ("le goff", "Yann Le Goff"), ("dartagnan", "Jean-Pierre D’Artagnan"),
        ("jeanpierre", "Jean-Pierre D’Artagnan"), ("mar tin", "Zoé Martin"), ("matrin zoé", "Zoé Martin"), ("12/03/81", "Zoé Martin"),
        ("martin 81", "Zoé Martin"), ("120381", "Zoé Martin"), ("1981", "Zoé Martin"), ("06 12 34", "Yann Le Goff"),
        ("+33 6 12 34 56 78", "Yann Le Goff"), ("5678", "Yann Le Goff"), ("0612", "Yann Le Goff"), ("keller 06 39", "Josiane Keller"),
        ("0692 12", "Jean-Pierre D’Artagnan"),
    ],
)  # fmt: skip
def test_somebody_is_found_by_whatever_is_typed(town: House, typed: str, first: str):
    assert names(town, typed)[:1] == [first]


@pytest.mark.parametrize("typed", ["keller 81", "zzz", "5679", "02/01/1980", "%", "goffle"])
def test_nobody_is_found_by_what_fits_nobody(town: House, typed: str):
    assert names(town, typed) == []


def test_beginnings_come_before_faults_and_who_comes_soon_before_equals(town: House):
    assert names(town, "martin") == ["Zoé Martin", "Guy Martinot"]
    secretary = town.secretary()
    book_slot(secretary, BookingRequest(town.slot(9), patient_id=town.patients[4]))
    found = search_patients(secretary, town.practice_id, PatientSearch.parse("martin"))
    assert [one.view.display_name for one in found] == ["Guy Martinot", "Zoé Martin"]
    assert [one.next_at for one in found] == [town.instant(9), None]
    assert names(town, "kellerm")[:2] == ["Paul Kellermann", "Josiane Keller"]


def test_a_search_is_audited_once_without_what_was_typed_and_finds_nobody_of_another_practice(town: House, database):
    other = House.ready(patients=1)
    assert names(other, "martin") == []
    assert names(town, "matrin") == ["Zoé Martin", "Guy Martinot"]
    with psycopg.connect(libpq_url(database.admin)) as connection:
        rows = connection.execute("select details::text from audit_entry where action = 'patient:searched'").fetchall()
    assert len(rows) == 2
    assert not any("matrin" in row[0] for row in rows)


GIVEN = {"Zoé": True, "ZOE": True, "jean-pierre": True, "Keller": False, "Le": False, "Rousseau": False, "Zo": False, "…": False}


@pytest.mark.parametrize(("word", "is_given"), GIVEN.items())
def test_which_of_two_typed_words_is_the_given_name_is_told_by_the_names_the_practice_knows(town, word, is_given):
    assert is_given_name(town.secretary(), town.practice_id, word) is is_given


def test_a_given_name_that_is_somebody_s_family_name_too_tells_nothing(town):
    town.patient("Zoé", "Marc")
    assert not is_given_name(town.secretary(), town.practice_id, "Zoé")
