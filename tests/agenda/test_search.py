"""The public search by name, specialty and place, alone and together, as people type them."""

import pytest

from maiia_pro.agenda.search import DirectoryQuery, Found, search_practitioners
from maiia_pro.kernel.actor import Actor
from maiia_pro.practice.tables import Specialty
from tests.factories import House

pytestmark = pytest.mark.integration


@pytest.fixture
def france(clean_database) -> None:
    """Four practitioners: a dermatologist and a dentist in Lyon, a dermatologist in Villeurbanne, a general practitioner in Angers."""
    for name, specialty, city, postcode in (
        ("Lefèvre", Specialty.DERMATOLOGY, "Lyon", "69003"),
        ("Vasseur", Specialty.DENTISTRY, "Lyon", "69007"),
        ("Okonkwo", Specialty.DERMATOLOGY, "Villeurbanne", "69100"),
        ("Guérin", Specialty.GENERAL_MEDICINE, "Angers", "49000"),
    ):
        house = House()
        site = house.site(city=city, postal_code=postcode)
        one = house.practitioner(name, specialty=specialty)
        house.hours(one, site)
        house.offering(house.reason(one), site)


def search(what: str, where: str = "") -> Found:
    return search_practitioners(Actor.anonymous(), DirectoryQuery.parse(what, where))


def names(found: Found) -> list[str]:
    return [one.card.name.split()[-1] for one in found.cards]


@pytest.mark.requirement(70)
@pytest.mark.parametrize(
    ("what", "where", "who"),
    [
        ("", "", {"Lefèvre", "Vasseur", "Okonkwo", "Guérin"}),
        ("lefevre", "", {"Lefèvre"}),
        ("Dr LEFÈVRE", "", {"Lefèvre"}),
        ("docteur vass", "", {"Vasseur"}),
        ("claire vasseur", "", {"Vasseur"}),
        ("Vassuer", "", {"Vasseur"}),
        ("dermato", "", {"Lefèvre", "Okonkwo"}),
        ("dermatolgoue", "", {"Lefèvre", "Okonkwo"}),
        ("médecin traitant", "", {"Guérin"}),
        ("", "Angers", {"Guérin"}),
        ("", "49", {"Guérin"}),
        ("", "49000", {"Guérin"}),
        ("", "Bouchemaine", {"Guérin"}),
        ("", "69", {"Lefèvre", "Vasseur", "Okonkwo"}),
        ("", "rue des Lices Angers", {"Guérin"}),
        ("dermato", "Lyon", {"Lefèvre", "Okonkwo"}),
        ("dentiste", "Villeurbane", {"Vasseur"}),
        ("vasseur", "69007", {"Vasseur"}),
        ("vasseur dentiste", "lyon", {"Vasseur"}),
        ("dermatologue à Lyon", "", {"Lefèvre", "Okonkwo"}),
        ("vasseur", "Angers", set()),
        ("cardiologue", "", set()),
    ],
)
def test_people_are_found_by_name_specialty_and_place_alone_or_together(france, what, where, who):
    assert set(names(search(what, where))) == who


@pytest.mark.requirement(70)
def test_the_town_itself_comes_before_what_is_near_it_whose_distance_is_told(france):
    found = search("dermato", "Villeurbanne")
    assert names(found) == ["Okonkwo", "Lefèvre"]
    assert found.cards[0].kilometres is None
    assert 2 < found.cards[1].kilometres < 5


def test_words_that_nobody_bears_are_answered_by_the_nearest_and_it_is_said(france):
    assert (search("Vassuer").instead, search("Vasseur").instead) == ("vasseur", "")
    assert search("", "Villeurbane").instead == "Villeurbanne"


def test_letters_that_are_many_letters_make_no_longer_question():
    query = DirectoryQuery.parse("\ufdfa" * 80, "\ufdfa" * 80)
    assert max(len(query.what), len(query.where)) <= 80
