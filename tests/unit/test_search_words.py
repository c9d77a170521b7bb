"""What people type in the two boxes of the public search, and what is understood."""

import pytest

from maiia_pro.agenda.search_places import RADII, read_part, read_place
from maiia_pro.agenda.search_words import mended, specialty_words, splits, terms_of
from maiia_pro.kernel.french import name_key
from maiia_pro.kernel.typos import nearest
from maiia_pro.practice.tables import SPECIALTY_LABELS, Specialty
from maiia_pro.practice.towns import centre_of, towns_named

pytestmark = pytest.mark.unit

SPOTS = [
    ("69003", "Lyon"),
    ("69100", "VILLEURBANNE"),
    ("49000", "Angers"),
    ("97400", "Saint-Denis"),
    ("75015", "Paris"),
    ("20000", "Ajaccio"),
]


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("gynéco", "gynaecology"), ("GYNECOLOGUE", "gynaecology"), ("dermato", "dermatology"), ("peau", "dermatology"),
        ("docteur", "general_medicine"), ("toubib", "general_medicine"), ("généralistes", "general_medicine"),
        ("médecin traitant", "general_medicine"), ("un médecin", "general_medicine"), ("ophtalmo", "ophthalmology"),
        ("yeux", "ophthalmology"), ("dentiste", "dentistry"), ("chirurgienne dentiste", "dentistry"), ("kinés", "physiotherapy"),
        ("sage femme", "midwifery"), ("Sages-femmes", "midwifery"), ("cœur", "cardiology"), ("coeur", "cardiology"), ("psy", "psychiatry"),
        ("enfants", "paediatrics"), ("pour enfant", "paediatrics"), ("médecin dermatologue", "dermatology"), ("péd", "paediatrics"),
    ],
)  # fmt: skip
def test_an_everyday_word_means_its_specialty(typed, means):
    (term,) = terms_of(name_key(typed))
    assert term.specialties == {means}


@pytest.mark.parametrize("specialty", Specialty)
def test_every_label_means_its_own_specialty(specialty):
    assert [term.specialties for term in terms_of(name_key(SPECIALTY_LABELS[specialty]))] == [{specialty}]


@pytest.mark.parametrize(("typed", "meant"), [("vassuer", "vasseur"), ("vaseur", "vasseur"), ("martine", "martin"), ("abdc", "abcd")])
def test_two_letters_in_each_others_place_are_one_slip(typed, meant):
    assert nearest(typed, [meant, "autre"]) == [meant]


def test_a_short_word_and_a_number_are_taken_as_typed():
    assert nearest("psi", ["psy"]) == nearest("69103", ["69100"]) == []


def test_two_slips_are_forgiven_in_a_long_word_and_one_in_a_shorter_one():
    assert mended("dermatolgoeu", specialty_words()) == ["dermatologue"]
    assert nearest("vaseru", ["vasseur"]) == []
    assert mended("vassuer", frozenset({"vasseur", "martin"})) == ["vasseur"]


@pytest.mark.parametrize("typed", ["dermatologue à Lyon", "dermatologue près de Lyon", "dermatologue Lyon"])
def test_a_place_may_follow_in_the_same_box(typed):
    found = [(head, place.name) for head, tail, _ in splits(name_key(typed)) if (place := read_place(tail, SPOTS))]
    assert ("dermatologue", "Lyon") in found


def places(typed: str) -> dict[str, int | None]:
    found = read_place(name_key(typed), SPOTS) or read_part(name_key(typed), SPOTS)
    return {spot[1]: far and round(far) for spot, far in found.within(RADII[-1]).spots} if found else {}


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("Villeurbanne", {"VILLEURBANNE": None, "Lyon": 3}), ("69", {"Lyon": None, "VILLEURBANNE": None}),
        ("69100", {"VILLEURBANNE": None, "Lyon": 3}),
        ("69100 Villeurbanne", {"VILLEURBANNE": None, "Lyon": 3}), ("Lyon 3e", {"Lyon": None, "VILLEURBANNE": 3}),
        ("Vileurbane", {"VILLEURBANNE": None, "Lyon": 3}), ("villeurb", {"VILLEURBANNE": None, "Lyon": 3}), ("Bouchemaine", {"Angers": 7}),
        ("st denis", {"Saint-Denis": None}), ("974", {"Saint-Denis": None}), ("2A", {"Ajaccio": None}), ("2B", {}), ("rue des Lices", {}),
    ],
)  # fmt: skip
def test_a_place_gives_those_who_receive_there_and_near_it_with_their_distance(typed, there):
    assert places(typed) == there


def test_of_towns_of_one_name_the_one_where_people_practise_is_taken_and_the_others_are_named():
    found = read_place("saint denis", SPOTS)
    assert (found.name, found.others[0]) == ("Saint-Denis (974)", "Saint-Denis 93")
    assert read_place("saint denis 93", SPOTS).name == "Saint-Denis (93)"
    assert read_place("saint denis", [("93200", "Saint-Denis")]).name == "Saint-Denis (93)"


def test_every_overseas_department_has_its_towns():
    assert all(centre_of(code, "") for code in ("97110", "97200", "97300", "97400", "97600", "97500"))
    assert towns_named("mamoudzou")[0].postcodes[0] == "97600"
