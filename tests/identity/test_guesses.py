"""Guessing passwords: each account and each network is slowed down as set, whatever is tried and however many try at once."""

from datetime import timedelta
from random import Random

import pytest

from maiia_pro.identity import passwords
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.sign_in import WrongCredentials, sign_in
from maiia_pro.identity.throttle import PER_ACCOUNT, PER_NETWORK, WINDOW, TooManyAttempts
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from tests.factories import clock_at, email_of, new_patient_account
from tests.identity.conftest import PASSWORD

pytestmark = pytest.mark.integration

VISITOR = Actor.anonymous()


@pytest.fixture(autouse=True)
def _cheap(monkeypatch):
    """What is proven is the counting: each guess costs no time."""
    monkeypatch.setattr(passwords, "matches", lambda _hash, password: password == PASSWORD)


def guess(email: str, network: str, password: str = "essai") -> str:  # noqa: S107 - what a guesser types
    """Try once; tells how it was answered."""
    try:
        return actor_of_token(sign_in(VISITOR, email, password, network).token).kind
    except (WrongCredentials, TooManyAttempts) as refused:
        return type(refused).__name__


@pytest.mark.proof
@pytest.mark.requirement(207)
@pytest.mark.parametrize("way", ["one account from everywhere", "every account from one network", "everywhere at random"])
def test_guesses_are_looked_at_as_often_as_set_and_no_more(way, counting):
    """In each window an account has `PER_ACCOUNT` guesses and a network `PER_NETWORK`: the rest is refused before it is looked at."""
    tried, luck = counting.of(140, 100_000 // 3), Random(counting.seed(f"essais {way}"))
    windows, looked, over = 2, {}, 0
    start = clock.now()
    for window in range(windows):
        with clock_at(start + window * (WINDOW + timedelta(seconds=1))):
            seen: dict[str, int] = {}
            for number in range(tried // windows):
                anybody = luck.randrange(tried) if way.endswith("random") else number
                account = "claire@exemple.fr" if way.startswith("one") else f"compte{anybody}@exemple.fr"
                network = "192.0.2.1" if way.endswith("one network") else f"198.51.{luck.randrange(256)}.{number % 256}"
                if guess(account, network) == "WrongCredentials":
                    for key in (f"a {account}", f"n {network}"):
                        seen[key] = seen.get(key, 0) + 1
            over += sum(count > (PER_ACCOUNT if key.startswith("a ") else PER_NETWORK) for key, count in seen.items())
            looked[window] = max(seen.values())
    if way.startswith("one"):
        assert set(looked.values()) == {PER_ACCOUNT}
    if way.endswith("one network"):
        assert set(looked.values()) == {PER_NETWORK}
    counting.found(f"essais de mot de passe, {way}", tried=tried, held=tried - over)


def test_while_an_account_is_guessed_at_its_owner_waits_and_those_beside_them_come_in():
    victim, neighbour = (email_of(new_patient_account(name)) for name in ("Josiane Keller", "Paul Martin"))
    network = "203.0.113.5"
    assert {guess(victim, network) for _ in range(PER_ACCOUNT)} == {"WrongCredentials"}
    assert guess(victim, "192.0.2.200", PASSWORD) == "TooManyAttempts"
    assert guess(neighbour, network, PASSWORD) == "patient"
