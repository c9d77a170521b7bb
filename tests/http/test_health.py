"""Whether the process lives, whether it can serve, and who reads its figures."""

import socket

import pytest
from psycopg import OperationalError
from starlette.testclient import TestClient

from maiia_pro.api import health
from maiia_pro.api.asgi import build_api
from maiia_pro.api.hardening import Hardening
from maiia_pro.kernel import schema
from maiia_pro.launcher import migrations
from maiia_pro.settings import get_settings

pytestmark = pytest.mark.integration


@pytest.fixture
def client():
    return TestClient(Hardening(build_api()), client=("127.0.0.1", 50000))


def with_token(monkeypatch, token: str | None, **others: int) -> None:
    settings = get_settings().model_copy(update={"metrics_token": token} | others)
    monkeypatch.setattr(health, "get_settings", lambda: settings)


def test_the_process_says_that_it_lives_without_a_database(client):
    assert client.get("/_health").status_code == 200


def test_a_migrated_database_is_ready(client, database):
    answer = client.get("/api/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": True, "migrations": True, "screens": True})


def test_a_database_behind_this_version_is_not_ready(client, database):
    migrations.downgrade(database.owner, "-1")
    try:
        answer = client.get("/api/ready")
    finally:
        migrations.upgrade(database.owner)
    assert (answer.status_code, answer.json()["database"], answer.json()["migrations"]) == (503, True, False)


def test_a_database_that_does_not_answer_is_not_ready(client, monkeypatch):
    async def unreachable() -> bool:
        raise OperationalError

    monkeypatch.setattr(health, "is_up_to_date", unreachable)
    answer = client.get("/api/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, False)
    assert answer.headers["retry-after"] == "5"


@pytest.mark.timeout(30)
def test_a_database_that_stopped_without_closing_its_door_is_not_ready(client, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        monkeypatch.setattr(schema, "database_url", lambda: f"postgresql://maiia_app@{host}:{port}/maiia")
        answer = client.get("/api/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, False)


def test_a_program_of_this_machine_reads_the_figures(client):
    client.get("/_health")
    assert 'maiia_http_requests_total{method="GET",route="/_health",status="200"}' in client.get("/metrics").text


def test_another_machine_does_not(database):
    assert TestClient(build_api(), client=("192.0.2.7", 50000)).get("/metrics").status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via"])
def test_nor_does_one_behind_a_proxy_of_this_machine(client, header):
    assert client.get("/metrics", headers={header: "192.0.2.7"}).status_code == 404


def test_the_operators_token_opens_the_figures_from_anywhere(monkeypatch):
    with_token(monkeypatch, "jeton-de-mesure")
    elsewhere = TestClient(build_api(), client=("192.0.2.7", 50000))
    assert elsewhere.get("/metrics", headers={"Authorization": "Bearer jeton-de-mesure"}).status_code == 200
    assert elsewhere.get("/metrics", headers={"Authorization": "Bearer autre"}).status_code == 404


def test_with_a_token_this_machine_needs_it_too(client, monkeypatch):
    with_token(monkeypatch, "jeton-de-mesure")
    assert client.get("/metrics").status_code == 404


def test_where_a_proxy_is_declared_only_the_token_opens_the_figures(client, monkeypatch):
    with_token(monkeypatch, None, trusted_proxies=1)
    assert client.get("/metrics").status_code == 404
    with_token(monkeypatch, "jeton-de-mesure", trusted_proxies=1)
    assert client.get("/metrics", headers={"Authorization": "Bearer jeton-de-mesure"}).status_code == 200
