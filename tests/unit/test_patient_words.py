"""How the patient's screens write times, people and figures."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from maiia_pro.agenda.codes import Mode
from maiia_pro.identity.cookies import LONGEST, token_in
from maiia_pro.operations.uptime import Uptime
from state.operations import share_of
from state.session import initials
from state.slots import confirm_href, near_moment, short_day, visit_details

pytestmark = pytest.mark.unit

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
NB = "\u00a0"


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (datetime(2026, 11, 23, 13, 30, tzinfo=UTC), f"Aujourd’hui, 14{NB}h{NB}30"),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), f"Demain, 0{NB}h{NB}30"),
        (datetime(2026, 12, 1, 8, 0, tzinfo=UTC), f"mar.{NB}1er{NB}déc., 9{NB}h{NB}00"),
    ],
)
def test_a_near_moment_is_told_by_the_clock_of_the_place(instant, written):
    assert near_moment(instant, PARIS, NOW) == written


def test_a_day_is_short_where_room_is_short():
    assert short_day(date(2026, 8, 15)) == f"sam.{NB}15{NB}août"


def test_a_visit_says_how_long_where_and_how_much():
    assert visit_details(20, Mode.VIDEO, 3000) == f"20{NB}min · en vidéo · 30,00{NB}€"
    assert visit_details(60, Mode.IN_PERSON, None) == f"1{NB}h · au cabinet"


def test_the_address_of_a_move_names_the_visit():
    assert confirm_href("a.b") == "/rendez-vous/confirmer?creneau=a.b"
    assert confirm_href("a.b", "c") == "/rendez-vous/confirmer?creneau=a.b&deplacer=c"


@pytest.mark.parametrize(
    ("answered", "measured", "written"),
    [(0, 0, "Pas encore mesurée"), (9999, 10000, f"99,99{NB}%"), (99999, 100000, f"99,99{NB}%"), (5, 5, f"100,00{NB}%")],
)
def test_the_uptime_is_never_rounded_up(answered, measured, written):
    assert share_of(Uptime(NOW, answered, measured)) == written


@pytest.mark.parametrize(("name", "letters"), [("Dr Claire Vasseur", "CV"), ("Sylvie", "SY"), ("Jean-Marc de La Tour", "JT"), ("", "")])
def test_an_avatar_has_two_letters(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("maiia_session=abc", "abc"),
        ("a=1; maiia_session=abc; b=2", "abc"),
        ("xmaiia_session=abc", ""),
        ("maiia_session", ""),
        ("", ""),
        ("maiia_session=" + "x" * 5000, "x" * LONGEST),
    ],
)
def test_the_token_is_found_in_the_cookie_header(header, token):
    assert token_in(header) == token
