"""What people type to find a patient means what they meant."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maiia_pro.patients.search_words import (
    LONGEST,
    PatientSearch,
    Reading,
    close,
    distance,
    emphasised,
    emphasised_number,
    parts_without_one,
)

pytestmark = pytest.mark.unit

BORN = Reading(born_from=date(1981, 3, 12), born_to=date(1981, 3, 12))
YEAR = Reading(born_from=date(1981, 1, 1), born_to=date(1981, 12, 31))


@pytest.mark.parametrize(
    ("typed", "words", "readings"),
    [
        ("Keller Josiane", ("keller", "josiane"), ()),
        ("  d’Artagnan ", ("d", "artagnan"), ()),
        ("Jean-Pierre LE GOFF", ("jean", "pierre", "le", "goff"), ()),
        ("12/03/81", (), (BORN,)),
        ("12-3-1981", (), (BORN,)),
        ("12 mars 1981", (), (BORN,)),
        ("1981-03-12", (), (BORN,)),
        ("martin 12/03/81", ("martin",), (BORN,)),
        ("12 mars 1981 martin", ("martin",), (BORN,)),
        ("120381", (), (BORN, Reading(phone_ends="120381"))),
        ("1981", (), (YEAR, Reading(phone_ends="1981"))),
        ("martin 81", ("martin",), (YEAR, Reading(phone_ends="81"))),
        ("06 12 34", (), (Reading(born_from=date(1934, 12, 6), born_to=date(1934, 12, 6)), Reading(phone_begins="61234"))),
        ("06 12 34 56 78", (), (Reading(phone_begins="612345678"),)),
        ("+33 6 12 34", (), (Reading(phone_begins="61234"),)),
        ("06.12.34.56.78", (), (Reading(phone_begins="612345678"),)),
        ("0612", (), (Reading(phone_begins="612"), Reading(phone_ends="0612"))),
        ("5678", (), (Reading(phone_ends="5678"),)),
        ("keller 06 39", ("keller",), (Reading(phone_begins="639"), Reading(phone_ends="0639"))),
    ],
)
def test_a_box_is_read_as_it_was_meant(typed: str, words: tuple[str, ...], readings: tuple[Reading, ...]):
    search = PatientSearch.parse(typed)
    assert (search.words, search.readings) == (words, readings)
    assert search.says_something


@pytest.mark.parametrize("typed", ["", "m", "%", "12", "123", "’ -"])
def test_what_says_too_little_asks_nothing(typed: str):
    assert not PatientSearch.parse(typed).says_something


@given(
    st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=LONGEST)
    | st.from_regex(r"[a-zé0-9 /+.-]{0,40}", fullmatch=True)
)
def test_whatever_is_typed_is_read(typed: str):
    search = PatientSearch.parse(typed)
    assert "".join(emphasised(typed, search.words)) == typed
    assert "".join(emphasised_number("06 12 34 56 78", search.digits)) == "06 12 34 56 78"


@pytest.mark.parametrize(
    ("typed", "name", "far"),
    [
        ("keler", "keller", 1), ("kelller", "keller", 1), ("kleler", "keller", 1), ("kalle", "keller", 1), ("matrin", "martinot", 1),
        ("rousse", "rousseau", 0), ("blanchxrd", "blanchard", 1), ("bernart", "martin", 9), ("chevallire", "chevalier", 2),
    ],
)  # fmt: skip
def test_a_letter_wrong_is_near_and_another_name_is_not(typed: str, name: str, far: int):
    assert close(typed, name) == far


@given(st.text("abcd", min_size=5, max_size=9), st.data())
def test_names_a_letter_apart_share_a_part_that_the_index_holds(name: str, data: st.DataObject):
    at = data.draw(st.integers(0, len(name) - 2))
    letter = data.draw(st.sampled_from("abcd"))
    for typed in (
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    ):
        held = {part for length in (5, 6) for part in parts_without_one(name[:length])} | set(parts_without_one(name))
        assert held & set(parts_without_one(typed))


def test_two_words_written_as_one_are_found():
    assert distance(("legoff",), "le goff yann") == 0


def test_what_was_asked_for_is_cut_out():
    assert emphasised("Josiane Keller", ("kel",)) == ["Josiane ", "Kel", "ler"]
    assert emphasised("Noël Lefèvre", ("lefevre", "no")) == ["", "No", "ël ", "Lefèvre", ""]
    assert emphasised("Guy Keller", ("kleler",)) == ["Guy ", "Keller", ""]
    assert emphasised_number("06 12 34 56 78", "5678") == ["06 12 34 ", "56 78", ""]
