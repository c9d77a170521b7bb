"""How many codes leave, and for whom some are kept: strangers shut nobody out, and cause no flood."""

from contextlib import suppress
from datetime import timedelta

import pytest

from maiia_pro.identity.code_limits import ONES_OWN, SOUGHT, TooManyTexts, count_code
from maiia_pro.identity.codes import (
    ask_code,
)
from maiia_pro.identity.cookies import LONGEST
from maiia_pro.identity.known_browsers import MOST, known_for, with_known
from maiia_pro.identity.throttle import DAY, WINDOW, TooManyAttempts
from maiia_pro.kernel import clock
from maiia_pro.kernel.db import transaction
from maiia_pro.notifications.text_budget import PER_NUMBER
from maiia_pro.settings import get_settings
from tests.identity.test_codes import NETWORK, PHONE, VISITOR, ask, enter, newcomer

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("identifier", ["josiane@exemple.fr", PHONE])
def test_one_network_gets_so_many_codes_for_an_address_and_others_get_theirs(identifier):
    for _ in range(5):
        ask(identifier)
    for _ in range(20):  # what is refused counts for nobody else
        with pytest.raises(TooManyAttempts):
            ask(identifier, network=NETWORK)
    ask("autre@exemple.fr")
    ask(identifier, network="198.51.100.7")
    with clock.shifted(WINDOW):
        for _ in range(3):
            ask(identifier)
    with clock.shifted(2 * WINDOW), pytest.raises(TooManyAttempts, match="heures"):
        ask(identifier)
    with clock.shifted(DAY):
        ask(identifier)


def asked_everywhere(identifier):
    """Use up the codes that strangers get for an address or a number."""
    for number in range(SOUGHT[0][0]):
        with suppress(TooManyAttempts):
            ask(identifier, network=f"198.51.100.{number // 4}")


@pytest.mark.parametrize("identifier", ["josiane@exemple.fr", PHONE])
def test_strangers_who_use_up_an_addresss_codes_leave_those_of_a_browser_where_it_came_in_before(identifier):
    known = with_known("", newcomer(identifier).sought)
    asked_everywhere(identifier)
    with pytest.raises(TooManyAttempts):
        ask(identifier)
    for cookie in (
        "",
        known.partition(".")[0],
        f"{known[:-1]}{'0' if known[-1] != '0' else '1'}",
        with_known("", "autre@exemple.fr"),
        "\ud800",
    ):
        with pytest.raises(TooManyAttempts):
            ask_code(VISITOR, identifier, "", NETWORK, cookie)
    for _ in range(5):
        assert enter(ask_code(VISITOR, identifier, "", NETWORK, known)).token
    with pytest.raises(TooManyAttempts):
        ask_code(VISITOR, identifier, "", NETWORK, known)


def test_a_browser_is_known_for_the_last_eight_who_came_in_there_and_its_cookie_names_none_of_them():
    cookie, people = "", [f"{number}@exemple.fr" for number in range(MOST + 1)]
    for one in [*people, people[MOST]]:
        cookie = with_known(cookie, one)
    assert [bool(known_for(cookie, one)) for one in people] == [False, *[True] * MOST]
    assert "exemple" not in cookie
    assert len(cookie) <= LONGEST  # as much as is read of a cookie
    assert known_for(with_known("n’importe quoi; Path=/", people[0]), people[0])


def test_strangers_cause_no_more_than_a_third_of_the_sms_of_a_day(monkeypatch):
    monkeypatch.setenv("SMS_PER_DAY", "6")
    get_settings.cache_clear()
    known = with_known("", newcomer().sought)
    ask("0639980001")
    with pytest.raises(TooManyTexts, match="adresse e-mail"):
        ask("0639980002")
    ask("josiane@exemple.fr")
    assert ask_code(VISITOR, PHONE, "", NETWORK, known)
    monkeypatch.undo()
    get_settings.cache_clear()


def codes_given(number, networks, at):
    """Ask for codes from many networks at a time; gives how many were granted, those that cost money on other numbers too."""
    with clock.shifted(at), transaction() as session:
        return sum(count_code(session, number or f"+3363998{network:04d}", f"198.51.100.{network}") is None for network in range(networks))


@pytest.mark.parametrize(
    ("number", "a_day", "room", "kept"),
    [("", 30, 30, 30 // 3), (PHONE, 1000, PER_NUMBER, ONES_OWN[1][0])],
    ids=["of all", "of a number"],
)
def test_two_days_of_strangers_leave_room_in_one_day_of_sms(monkeypatch, number, a_day, room, kept):
    monkeypatch.setenv("SMS_PER_DAY", str(a_day))
    get_settings.cache_clear()
    assert codes_given(number, 1, timedelta()) == 1
    around = [codes_given(number, 30, DAY + timedelta(minutes=minutes)) for minutes in (-1, 1)]
    assert room - sum(around) >= kept
    monkeypatch.undo()
    get_settings.cache_clear()


def test_one_network_causes_so_many_messages_that_cost_money():
    for number in range(10):
        ask(f"06399800{number:02d}")
    with pytest.raises(TooManyAttempts):
        ask("0639980099")
    ask("josiane@exemple.fr")
