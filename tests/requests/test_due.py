"""When something is due, read as people type it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from maiia_pro.kernel.errors import Invalid
from maiia_pro.requests.due import read_due

pytestmark = pytest.mark.unit

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
"""A Wednesday, 11 o'clock in Paris."""


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("aujourd’hui 17h", "2026-11-25 17:00"),
        ("aujourd'hui à 17h30", "2026-11-25 17:30"),
        ("Aujourd’hui", "2026-11-25 18:00"),
        ("17h", "2026-11-25 17:00"),
        ("demain 9:30", "2026-11-26 09:30"),
        ("après-demain, 14 h 05", "2026-11-27 14:05"),
        ("lundi 9h", "2026-11-30 09:00"),
        ("mercredi", "2026-12-02 18:00"),
        ("27/11 14h", "2026-11-27 14:00"),
        ("27.11.26 14h", "2026-11-27 14:00"),
        ("27/11/2026", "2026-11-27 18:00"),
        ("vendredi 27 novembre, 14\u00a0h\u00a000", "2026-11-27 14:00"),
        ("le 1er décembre", "2026-12-01 18:00"),
        ("2026-11-27 14:00", "2026-11-27 14:00"),
        ("5/1 8h", "2027-01-05 08:00"),
        ("24/11 8h", "2026-11-24 08:00"),
    ],
)
def test_a_day_and_an_hour_are_read_as_people_type_them(typed, read):
    assert f"{read_due(typed, NOW, PARIS).astimezone(PARIS):%Y-%m-%d %H:%M}" == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "31/02",
        "29/02",
        "31 février 9h",
        "demain 25h",
        "bientôt",
        "27",
        "32/13 9h",
        "0/0",
        "1/2/3/4",
        "12/11/1812",
        "٣/٣",
        "h",
    ],
)
def test_what_names_no_instant_is_refused_with_a_sentence(typed):
    with pytest.raises(Invalid) as refused:
        read_due(typed, NOW, PARIS)
    assert refused.value.message


def test_an_hour_is_that_of_the_practice():
    assert read_due("demain 9h", NOW, ZoneInfo("Indian/Reunion")) == datetime(2026, 11, 26, 5, tzinfo=UTC)


def test_an_hour_that_the_change_of_clocks_skips_is_still_an_instant():
    assert read_due("28/03/2027 2h30", NOW, PARIS) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
