"""Nobody is found: what is proposed instead always leads to somebody."""

import pytest

from maiia_pro.agenda.search import DirectoryQuery, search_practitioners
from maiia_pro.agenda.search_instead import NEIGHBOURS, Instead, propose_instead
from maiia_pro.kernel.actor import Actor
from maiia_pro.practice.tables import Specialty
from tests.agenda.test_search import search

pytestmark = pytest.mark.integration


def instead(what: str, where: str = "") -> Instead:
    return propose_instead(Actor.anonymous(), DirectoryQuery.parse(what, where))


def further(found: Instead) -> list[tuple[str, int | None]]:
    return [(one.card.name.split()[-1], round(one.kilometres) if one.kilometres else None) for one in found.further]


@pytest.mark.parametrize(
    ("what", "where", "who"),
    [
        ("dermato", "Angers", [("Lefèvre", 454), ("Okonkwo", 456)]),
        ("vasseur", "Angers", [("Vasseur", 454)]),
        ("Vassuer", "Angers", [("Vasseur", 454)]),
        ("", "Brest", [("Guérin", 311), ("Lefèvre", 765), ("Vasseur", 765)]),
        ("dentiste", "rue du Grand Inconnu", [("Vasseur", None)]),
        ("cardiologue", "Lyon", []),
    ],
)
def test_the_nearest_further_away_are_shown_with_their_distance(france, what, where, who):
    assert not search(what, where).total
    assert further(instead(what, where)) == who


def test_a_specialty_that_may_help_is_named_where_somebody_practises_it(france):
    assert instead("cardiologue", "Angers").specialties == ("Médecine générale",)
    assert instead("cardiologue", "Lyon").specialties == ()
    assert instead("ophtalmo", "Angers").specialties == ()
    assert search("médecine générale", "Angers").total == 1


def test_a_name_with_one_slip_too_many_is_proposed_as_it_is_borne(france):
    assert not search("Vaseru").total
    assert instead("Vaseru").spellings == ("vasseur",)


def test_no_specialty_is_its_own_neighbour():
    assert all(one not in near and set(near) <= set(Specialty) for one, near in NEIGHBOURS.items())


def test_words_that_mean_nothing_are_answered_by_nothing(france):
    assert instead("zzzz", "") == Instead()
    assert search_practitioners(Actor.anonymous(), DirectoryQuery()).total == 4


def test_another_town_of_the_same_name_is_named(france):
    assert instead("dentiste", "saint denis").places[0] == "Saint-Denis 93"
