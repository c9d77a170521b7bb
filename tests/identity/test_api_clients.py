"""Programs: their secrets and bearer tokens, on the real database."""

import pytest
from sqlmodel import select

from maiia_pro.identity.api_clients import (
    TOKEN_LASTS,
    BadClient,
    BadScope,
    BadToken,
    authenticate_client,
    bearer_of,
    delete_old_tokens,
    issue_token,
    register_client,
)
from maiia_pro.identity.tables import ApiClient, ApiToken
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotAllowed
from maiia_pro.kernel.tables import AuditEntry
from tests.identity.conftest import SYSTEM

pytestmark = pytest.mark.integration

READ, WRITE = "appointments.read", "appointments.write"


@pytest.fixture
def client(practice_id):
    client_id, secret = register_client(SYSTEM, "Logiciel Exemple", practice_id, frozenset({READ, WRITE}), requests_per_minute=6000)
    return authenticate_client(client_id, secret), secret


def test_a_token_stands_for_the_client_in_its_practice(client, practice_id):
    token, seconds = issue_token(client[0])
    bearer = bearer_of(token)
    assert (bearer.actor.kind, bearer.actor.practice_ids, bearer.requests_per_minute) == (ActorKind.API_CLIENT, {practice_id}, 6000)
    assert seconds == TOKEN_LASTS.total_seconds()


def test_who_lets_a_program_in_is_in_the_audit_trail(client, practice_id):
    with reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == AuditAction.API_CLIENT_REGISTERED)).one()
    assert (entry.actor_name, entry.practice_id, entry.subject_id) == (SYSTEM.name, practice_id, client[0].id)
    assert entry.details == {"scopes": sorted({READ, WRITE})}


def test_a_token_carries_the_scopes_asked_for_only(client):
    assert bearer_of(issue_token(client[0], frozenset({READ}))[0]).actor.scopes == {READ}


def test_a_scope_that_the_client_lacks_is_refused(client):
    with pytest.raises(BadScope):
        issue_token(client[0], frozenset({"patients.read"}))


def test_a_scope_that_does_not_exist_is_never_registered(practice_id):
    with pytest.raises(BadScope):
        register_client(SYSTEM, "Logiciel", practice_id, frozenset({"tout"}))


@pytest.mark.parametrize("wrong", ["", "x", "\x00", "é"])
def test_a_wrong_secret_is_refused(client, wrong):
    with pytest.raises(BadClient):
        authenticate_client(client[0].client_id, wrong)


@pytest.mark.parametrize("unknown", ["", "client-0", "\x00", "' or 1=1"])
def test_an_unknown_client_is_refused(client, unknown):
    with pytest.raises(BadClient):
        authenticate_client(unknown, client[1])


def test_a_revoked_client_is_out_with_its_tokens(client):
    token, _ = issue_token(client[0])
    with transaction() as session:
        session.exec(select(ApiClient)).one().revoked_at = clock.now()
    with pytest.raises(BadToken):
        bearer_of(token)
    with pytest.raises(BadClient):
        authenticate_client(client[0].client_id, client[1])


def test_a_token_dies_of_age(client):
    token, _ = issue_token(client[0])
    with clock.shifted(TOKEN_LASTS), pytest.raises(BadToken):
        bearer_of(token)


def test_a_scope_taken_from_the_client_is_taken_from_its_tokens(client):
    token, _ = issue_token(client[0])
    with transaction() as session:
        session.exec(select(ApiClient)).one().scopes = READ
    assert bearer_of(token).actor.scopes == {READ}


def test_neither_secret_nor_token_is_stored(client):
    token, _ = issue_token(client[0])
    with reading() as session:
        stored = str([*session.exec(select(ApiClient)).all(), *session.exec(select(ApiToken)).all()])
    assert token not in stored
    assert client[1] not in stored


def test_old_tokens_are_deleted(client):
    issue_token(client[0])
    with clock.shifted(TOKEN_LASTS):
        assert delete_old_tokens(SYSTEM) == 1


def test_only_the_operator_and_the_software_let_programs_in(practice_id):
    with pytest.raises(NotAllowed):
        register_client(Actor(ActorKind.PRACTITIONER, "P"), "Logiciel", practice_id, frozenset({READ}))
