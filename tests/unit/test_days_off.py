"""Public and school holidays: whose they are, against another library, and until when they are known."""

from datetime import date, timedelta

import pytest
from jours_feries_france import JoursFeries

from maiia_pro.agenda.days_off import public_holiday, public_holidays, school_holiday, school_known_until
from maiia_pro.agenda.territories import SCHOOL_ZONES, department, school_zone, subdivision
from maiia_pro.kernel import clock

pytestmark = pytest.mark.unit

PLACES = {
    "75011": "Métropole", "49000": "Métropole", "20000": "Métropole", "67000": "Alsace-Moselle", "68100": "Alsace-Moselle",
    "57000": "Alsace-Moselle", "97110": "Guadeloupe", "97300": "Guyane", "97200": "Martinique", "97600": "Mayotte",
    "98800": "Nouvelle-Calédonie", "97400": "La Réunion", "98714": "Polynésie Française", "97133": "Saint-Barthélémy",
    "97150": "Saint-Martin", "98600": "Wallis-et-Futuna", "97500": "Saint-Pierre-et-Miquelon",
}  # fmt: skip
LOCAL = {
    "Guadeloupe": {"Mi-Carême", "Vendredi saint", "Fête de Victor Schoelcher"}, "Martinique": {"Fête de Victor Schoelcher"},
    "Saint-Martin": {"Fête de Victor Schoelcher"}, "Nouvelle-Calédonie": {"Fête de la Citoyenneté"},
    "Polynésie Française": {"Vendredi saint", "Arrivée de l’Évangile", "Fête de l’autonomie", "Matāri’i"},
    "Wallis-et-Futuna": {"Saint Pierre Chanel", "Saints Pierre et Paul", "Fête du Territoire"},
}  # fmt: skip
"""What our library knows of local law and custom and the other does not."""


@pytest.mark.parametrize("year", range(2024, 2031))
@pytest.mark.parametrize(("postal_code", "territory"), PLACES.items())
def test_public_holidays_are_those_of_another_library_but_for_local_days_named_here(postal_code, territory, year):
    ours, theirs = public_holidays(subdivision(postal_code), year), set(JoursFeries.for_year(year, territory).values())
    assert theirs <= set(ours)
    assert {ours[day] for day in set(ours) - theirs} <= LOCAL.get(territory, set())


def test_good_friday_is_a_holiday_in_strasbourg_and_a_working_day_in_paris():
    friday = date(2027, 3, 26)
    assert (public_holiday("67000", friday), public_holiday("75011", friday)) == ("Vendredi saint", "")


def test_two_holidays_on_one_day_are_both_named():
    assert public_holiday("49000", date(2008, 5, 1)) == "Ascension et Fête du Travail"


def test_every_mainland_department_is_in_exactly_one_zone():
    listed = " ".join(SCHOOL_ZONES.values()).split()
    assert sorted(listed) == [f"{number:02d}" for number in range(1, 96) if number != 20]


@pytest.mark.parametrize(
    ("postal_code", "where", "zone"),
    [("69003", "69", "A"), ("49000", "49", "B"), ("75011", "75", "C"), ("20200", "20", ""), ("97133", "977", ""), ("97400", "974", "")],
)
def test_a_postal_code_tells_the_department_and_its_zone(postal_code, where, zone):
    assert (department(postal_code), school_zone(postal_code)) == (where, zone)


def test_the_zones_rest_in_turn_in_winter():
    day = date(2027, 2, 10)
    assert [bool(school_holiday(code, day)) for code in ("69003", "49000", "75011")] == [False, False, True]


def test_no_school_holidays_are_told_where_no_zone_is_known_or_beyond_the_known_years():
    assert school_holiday("97400", date(2026, 12, 25)) == ""
    assert school_holiday("49000", school_known_until()) != ""
    assert school_holiday("49000", school_known_until() + timedelta(days=200)) == ""


def test_the_current_school_year_is_known_to_its_end():
    today = clock.now().date()
    assert school_known_until() >= date(today.year + (today.month >= 9), 8, 31)
