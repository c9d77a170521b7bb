"""Accounts and practices for the tests of identity, on real commits."""

from collections.abc import Iterator
from uuid import UUID

import pyotp
import pytest

from maiia_pro.identity.accounts import NewAccount, create_account
from maiia_pro.identity.authenticator import PERIOD
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import transaction
from maiia_pro.practice.tables import Practice
from maiia_pro.settings import get_settings

PASSWORD = "une phrase assez longue"
SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def _on_a_clean_database(clean_database):
    return clean_database


@pytest.fixture
def practice_id() -> UUID:
    with transaction() as session:
        practice = Practice(name="Cabinet d’essai")
        session.add(practice)
        session.flush()
        return practice.id


@pytest.fixture
def secretary(practice_id: UUID) -> str:
    create_account(SYSTEM, NewAccount("sylvie@exemple.fr", "Sylvie Moreau", ActorKind.SECRETARY, PASSWORD, (practice_id,)))
    return "sylvie@exemple.fr"


@pytest.fixture
def required(monkeypatch) -> Iterator[None]:
    """Have people of practices and operators prove themselves by a second factor, as a real installation does."""
    monkeypatch.setenv("SECOND_FACTOR", "required")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


def app_code(secret: str, step: int = 0) -> str:
    """Show what the application of this secret shows, so many steps from now."""
    return pyotp.HOTP(secret.replace(" ", "")).at(int(clock.now().timestamp()) // PERIOD + step)
