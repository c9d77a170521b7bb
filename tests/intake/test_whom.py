"""Whom an event is about, by its words alone."""

from datetime import UTC, date, datetime

import pytest

from maiia_pro.intake.whom import Told, named_reason, whom
from maiia_pro.outside.reading import About, BusyTime

pytestmark = pytest.mark.unit

REASONS = ["consultation", "suivi de grossesse", "suivi"]
TODAY = date(2026, 11, 26)


def event(title: str, **about) -> BusyTime:
    return BusyTime(
        "", "", datetime(2027, 1, 4, 9, tzinfo=UTC), datetime(2027, 1, 4, 10, tzinfo=UTC), all_day=False, title=title, about=About(**about)
    )


def told(title: str, **about) -> Told:
    return whom(event(title, **about), REASONS, TODAY)


@pytest.mark.parametrize(
    ("title", "family", "given"),
    [
        ("DUPONT Marie 12/03/1981 – Consultation", "DUPONT", "Marie"),
        ("Consultation - Marie DUPONT - 06 12 34 56 78", "DUPONT", "Marie"),
        ("Dupont Marie", "Dupont", "Marie"),
        ("RDV Mme LE GOFF Anne-Sophie né(e) le 12/03/1981", "LE GOFF", "Anne-Sophie"),
        ("M. d’Arc Jean-Pierre (06.12.34.56.78)", "d’Arc", "Jean-Pierre"),
        ("Suivi de grossesse DUPONT Marie", "DUPONT", "Marie"),
        ("Consultation", "", ""),
        ("Dentiste 06 12 34 56 78", "", ""),
    ],
)
def test_a_name_is_read_as_people_write_it(title: str, family: str, given: str):
    assert told(title).split(family_first=True) == (family, given)


def test_without_capitals_the_habit_of_the_file_tells_the_family_name():
    assert told("Marie Dupont").split(family_first=False) == ("Dupont", "Marie")
    assert told("Marie DUPONT").split(family_first=True) == ("DUPONT", "Marie")


def test_a_record_is_looked_for_whichever_way_round_the_name_is_written():
    assert told("Jean Pierre Le Goff").keys >= {"le goff jean pierre", "jean pierre le goff"}


def test_a_birth_date_is_past_and_a_number_or_an_address_is_read_wherever_it_stands():
    found = told("DUPONT Marie 12/03/2031", description="Née le 12/03/1981, tél. +33 6 12 34 56 78\nmarie@exemple.fr")
    assert (found.birth_date, found.phone, found.email) == (date(1981, 3, 12), "+33612345678", "marie@exemple.fr")
    assert told("Bilan 03/04/27 de DUPONT Marie").birth_date is None


@pytest.mark.parametrize(
    ("title", "born"),
    [
        ("Bilan annuel 03/04/2026", None),
        ("DUPONT Léo 03/04/2026", date(2026, 4, 3)),
        ("Dupont Léo né le 03/04/2026", date(2026, 4, 3)),
        ("Dupont Léo 03/04/2016", date(2016, 4, 3)),
    ],
)
def test_a_day_of_late_is_a_birth_only_where_the_words_say_so(title: str, born: date | None):
    assert told(title).birth_date == born


def test_the_address_of_a_guest_counts_only_if_it_bears_the_name():
    guests = (("Dr Claire Vasseur", "mailto:claire@cabinet.fr"), ("", "mailto:m.dupont@exemple.fr"))
    assert told("DUPONT Marie", attendees=guests).email == "m.dupont@exemple.fr"
    assert told("DUPONT Marie", attendees=guests[:1]).email == ""


def test_the_description_may_name_the_patient():
    assert told("Consultation", description="Patient : Marie DUPONT\nPremière visite").split(family_first=True) == ("DUPONT", "Marie")


def test_the_longest_reason_that_the_words_name_wins():
    assert named_reason(event("Suivi de grossesse - DUPONT Marie"), REASONS) == "suivi de grossesse"
    assert named_reason(event("DUPONT Marie", categories=("CONSULTATION",)), REASONS) == "consultation"
    assert named_reason(event("DUPONT Marie"), REASONS) == ""
