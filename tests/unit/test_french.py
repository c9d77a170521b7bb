"""French as people write it, in and out."""

import contextlib
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maiia_pro.kernel import french
from maiia_pro.kernel.errors import Invalid

pytestmark = pytest.mark.unit

TODAY = date(2026, 11, 23)
PARIS = ZoneInfo("Europe/Paris")
MEGABYTE = "9" * 1_000_000


def test_a_period_of_one_day_is_that_day():
    assert french.period(TODAY, TODAY) == "Le lundi 23 novembre"
    assert french.period(TODAY, date(2026, 11, 27)) == "Du lundi 23 novembre au vendredi 27 novembre"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12/03/1981", date(1981, 3, 12)),
        ("12/03/81", date(1981, 3, 12)),
        ("1/2/26", date(2026, 2, 1)),
        ("1/2/27", date(1927, 2, 1)),
        ("12.3.81", date(1981, 3, 12)),
        ("12-3-1981", date(1981, 3, 12)),
        ("12 mars 1981", date(1981, 3, 12)),
        ("1er août 1953", date(1953, 8, 1)),
        ("3 fev 1990", date(1990, 2, 3)),
        ("1981-03-12", date(1981, 3, 12)),
        ("12031981", date(1981, 3, 12)),
        ("120381", date(1981, 3, 12)),
        ("29/02/2024", date(2024, 2, 29)),
    ],
)
def test_a_date_is_read_as_people_type_it(typed, meant):
    assert french.read_date(typed, TODAY) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "31/02/2027",
        "29/02/2023",
        "32/01/2000",
        "12/13/2000",
        "0/0/0",
        "demain",
        "12 ju 2000",
        "1/2/3/4",
        "\x00",
        "12/03/19811",
        MEGABYTE,
    ],
)
def test_a_date_that_does_not_exist_is_refused_with_a_sentence(typed):
    with pytest.raises(Invalid, match="date qui existe"):
        french.read_date(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14h30", time(14, 30)),
        ("14:30", time(14, 30)),
        ("14 h", time(14)),
        ("1430", time(14, 30)),
        ("9", time(9)),
        (" 0h05 ", time(0, 5)),
        ("23.59", time(23, 59)),
    ],
)
def test_a_time_is_read_as_people_type_it(typed, meant):
    assert french.read_time(typed) == meant


@pytest.mark.parametrize("typed", ["", "24h", "14h60", "14h3", "midi", "-1", "\x00", "1 4", MEGABYTE])
def test_a_time_that_does_not_exist_is_refused_with_a_sentence(typed):
    with pytest.raises(Invalid, match="Écrivez une heure"):
        french.read_time(typed)


@pytest.mark.parametrize(
    ("typed", "number", "shown"),
    [
        ("06 12 34 56 78", "+33612345678", "06 12 34 56 78"),
        ("06.12.34.56.78", "+33612345678", "06 12 34 56 78"),
        ("+33 6 12 34 56 78", "+33612345678", "06 12 34 56 78"),
        ("+33 (0)6 12 34 56 78", "+33612345678", "06 12 34 56 78"),
        ("0033612345678", "+33612345678", "06 12 34 56 78"),
        ("0692 12 34 56", "+262692123456", "06 92 12 34 56"),
        ("0639 01 23 45", "+262639012345", "06 39 01 23 45"),
        ("06 39 98 00 01", "+33639980001", "06 39 98 00 01"),
        ("0691 12 34 56", "+590691123456", "06 91 12 34 56"),
        ("0697 12 34 56", "+596697123456", "06 97 12 34 56"),
        ("0269 61 23 45", "+262269612345", "02 69 61 23 45"),
        ("0590123456", "+590590123456", "05 90 12 34 56"),
        ("+41 79 123 45 67", "+41791234567", "+41791234567"),
    ],
)
def test_a_telephone_number_is_read_and_shown(typed, number, shown):
    assert french.read_phone(typed) == number
    assert french.phone(number).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    "typed",
    ["", "1234", "00", "0000000000", "06 12 34 56", "06 12 34 56 7é", "+33012345", "06١٢٣٤٥٦٧٨", "+1２３４５６７８９", "\x00", MEGABYTE],
)
def test_what_is_no_telephone_number_is_refused_with_a_sentence(typed):
    with pytest.raises(Invalid, match="dix chiffres"):
        french.read_phone(typed)


def test_amounts_are_written_with_a_comma_and_narrow_spaces():
    assert [french.euros(cents) for cents in (0, 5, 2650, 123450, -100)] == [
        "0,00\u00a0€", "0,05\u00a0€", "26,50\u00a0€", "1\u202f234,50\u00a0€", "−1,00\u00a0€",
    ]  # fmt: skip


def test_dates_and_times_are_written_as_french_writes_them():
    assert french.long_date(date(2026, 12, 1), year=True) == "mardi 1er décembre 2026"
    assert french.long_date(TODAY) == "lundi 23 novembre"
    assert french.short_date(date(2027, 3, 8)) == "08/03/2027"
    assert french.clock_time(time(9)) == "9\u00a0h\u00a000"
    assert [french.duration(length) for length in (20, 60, 90)] == ["20\u00a0min", "1\u00a0h", "1\u00a0h\u00a030"]


def test_an_instant_is_told_by_the_clock_of_the_place():
    instant = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
    assert french.moment(instant, PARIS) == "mardi 24 novembre, 6\u00a0h\u00a030"
    assert french.moment(instant, ZoneInfo("Indian/Reunion")) == "mardi 24 novembre, 9\u00a0h\u00a030"


def test_the_hour_that_comes_twice_says_which_one_it_is():
    first = french.moment(datetime(2027, 10, 31, 0, 30, tzinfo=UTC), PARIS)
    second = french.moment(datetime(2027, 10, 31, 1, 30, tzinfo=UTC), PARIS)
    assert first == "dimanche 31 octobre, 2\u00a0h\u00a030 (heure d’été)"
    assert second == "dimanche 31 octobre, 2\u00a0h\u00a030 (heure d’hiver)"


def test_the_hour_after_the_missing_one_says_nothing_more():
    assert french.moment(datetime(2027, 3, 28, 1, 0, tzinfo=UTC), PARIS) == "dimanche 28 mars, 3\u00a0h\u00a000"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Œuvrard", "oeuvrard"),
        ("N’Diaye", "n diaye"),
        ("Le  Goff-Émery", "le goff emery"),
        ("STRAẞE", "strasse"),
        ("", ""),
        ("\x00 ’-", ""),
    ],
)
def test_names_are_compared_without_accents_or_case(name, key):
    assert french.name_key(name) == key


@given(st.text(max_size=200))
def test_a_name_key_is_its_own_key(name):
    key = french.name_key(name)
    assert french.name_key(key) == key


def test_ages_are_said_as_a_practice_says_them():
    assert french.age(date(1979, 11, 24), TODAY) == "46 ans"
    assert french.age(date(1979, 11, 23), TODAY) == "47 ans"
    assert french.age(date(2026, 2, 1), TODAY) == "9 mois"
    assert french.age(date(2026, 11, 11), TODAY) == "12 jours"


def test_near_days_have_names():
    assert [french.relative_day(date(2026, 11, day), TODAY) for day in (23, 24, 25)] == ["aujourd’hui", "demain", "mercredi 25 novembre"]


@given(st.text(max_size=300))
def test_nothing_typed_makes_the_readers_fail(typed):
    for read in (lambda text: french.read_date(text, TODAY), french.read_time, french.read_phone):
        with contextlib.suppress(Invalid):
            read(typed)
