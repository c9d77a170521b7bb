"""The public search by name, specialty and place, alone and together, as people type them."""

from datetime import timedelta

import pytest
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.search import DirectoryQuery, Found, FoundCard, search_practitioners
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.tables import Offering
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from maiia_pro.practice.tables import Site
from tests.factories import House

pytestmark = pytest.mark.integration


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
        ("49000", "", {"Guérin"}),
        ("Angers", "", {"Guérin"}),
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


def test_nobody_is_found_by_an_address_where_they_receive_no_more(france):
    assert names(search("", "rue des Lices Angers")) == ["Guérin"]
    with transaction() as session:
        for offering in session.exec(select(Offering).join(Site, Site.id == Offering.site_id).where(Site.city == "Angers")):
            offering.active = False
    assert names(search("", "rue des Lices Angers")) == []


def test_words_that_nobody_bears_are_answered_by_the_nearest_and_it_is_said(france):
    assert (search("Vassuer").instead, search("Vasseur").instead) == ("vasseur", "")
    assert search("", "Villeurbane").instead == "Villeurbanne"


def test_letters_that_are_many_letters_make_no_longer_question():
    query = DirectoryQuery.parse("\ufdfa" * 80, "\ufdfa" * 80)
    assert max(len(query.what), len(query.where)) <= 80


@pytest.mark.parametrize(
    ("where", "nearest", "furthest"), [("Villeurbanne", 0, 3), ("Lyon", 0, 3), ("Bouchemaine", 7, 7), ("Saumur", 43, 43), ("", None, None)]
)
def test_how_near_and_how_far_the_answer_reaches_is_told(france, where, nearest, furthest):
    found = search("", where)
    assert [far if far is None else round(far) for far in (found.nearest, found.furthest)] == [nearest, furthest]


def test_page_by_page_everybody_comes_once_while_agendas_move(clean_database):
    house = House.ready(practitioners=9)
    pages, seen = [], []

    def next_page() -> list[FoundCard]:
        page = search_practitioners(Actor.anonymous(), DirectoryQuery(), 3, seen)
        pages.append((page.total, page.left))
        seen.extend(one.card.slug for one in page.cards)
        return list(page.cards)

    for slot in next_page()[0].card.next_slots:  # who was shown first now comes last
        book_slot(house.secretary(), BookingRequest(SlotKey.parse(slot.key), patient_id=house.patients[0]))
    next_page()
    last = house.practitioners[-1]  # who was to come last would now be first of all
    house.exception(last, clock.now(), clock.now() + timedelta(hours=2), kind=ExceptionKind.OPEN, site_id=house.sites[0])
    next_page()
    assert pages == [(9, 6), (9, 3), (9, 0)]
    assert len(set(seen)) == 9
    assert next_page() == []
