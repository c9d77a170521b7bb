"""Accounts and practices for the tests of identity, on real commits."""

from uuid import UUID

import pytest

from maiia_pro.identity.accounts import NewAccount, create_account
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import transaction
from maiia_pro.practice.tables import Practice

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
