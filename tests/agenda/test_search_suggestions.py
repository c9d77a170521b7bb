"""What the boxes of the public search propose while one types, and how often one may ask."""

import asyncio

import pytest
import reflex as rx
from reflex.istate.data import RouterData

from maiia_pro.agenda.search_suggestions import suggest_what, suggest_where
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.practice.tables import Offer, Specialty
from state import suggestions
from tests.factories import House

VISITOR = Actor.anonymous()


@pytest.fixture
def france(clean_database) -> House:
    """People of one name: public, not public, and of a practice on the initial offer."""
    house = House()
    house.site(city="Lyon", postal_code="69003")
    house.offering(house.reason(house.practitioner("Dermont", specialty=Specialty.CARDIOLOGY)))
    house.practitioner("Dermont-Caché", published=False)
    House(offer=Offer.INITIAL).practitioner("Dermont-Initial")
    return house


@pytest.mark.integration
@pytest.mark.parametrize(
    ("typed", "proposed"),
    [
        ("derm", [("Dermatologie", "Spécialité"), ("Dr Claire Dermont", "Cardiologie, Lyon")]),
        ("Dr DERMONT cl", [("Dr Claire Dermont", "Cardiologie, Lyon")]),
        ("gynéco", [("Gynécologie", "Spécialité")]),
        ("ermont", []),
        ("%", []),
        ("d", []),
        ("dr", []),
        ("\ufdfa" * 80, []),
    ],
)
def test_specialties_and_people_whose_page_is_public_are_proposed_from_two_letters_on(france, typed, proposed):
    assert [(one.title, one.detail) for one in suggest_what(VISITOR, typed)] == proposed


@pytest.mark.unit
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("angers", ["Angers"]),
        ("St Denis", ["Saint-Denis (974)", "Saint-Denis (93)"]),
        ("lyon 3", ["Lyon 3e"]),
        ("49000", ["49000 Angers"]),
        ("a", []),
        ("xyzzy", []),
    ],
)
def test_the_largest_towns_are_proposed_by_name_or_postcode(typed, words):
    assert [one.words for one in suggest_where(VISITOR, typed)][: len(words) or 5] == words


@pytest.mark.integration
def test_who_asks_without_end_is_proposed_nothing_more_and_others_are(france, monkeypatch):
    forget_requests()
    monkeypatch.setattr(suggestions, "ASKED_PER_MINUTE", 2)

    def proposed(address: str) -> int:
        root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
        root.router_data = {"headers": {"cookie": ""}, "ip": address}
        root.router = RouterData.from_router_data(root.router_data)
        screen = root.get_substate(suggestions.Suggestions.get_full_name().split("."))
        return len(asyncio.run(suggestions._proposals(screen, suggest_what, "dermont")))

    assert [proposed("192.0.2.7") for _ in range(3)] == [1, 1, 0]
    assert proposed("192.0.2.8") == 1
    forget_requests()
