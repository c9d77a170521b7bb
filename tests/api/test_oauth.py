"""Tokens for programs: what RFC 6749 asks of the token endpoint."""

import base64

import pytest

from maiia_pro.identity.api_clients import bearer_of
from maiia_pro.kernel.access import SCOPES
from tests.api.conftest import Program, call
from tests.factories import CLIENT_SECRET, client_id_of, session_token

pytestmark = pytest.mark.integration

GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def client_id(house) -> str:
    return client_id_of(house.api_client())


def basic(client_id: str, secret: str = CLIENT_SECRET) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def asked(client_id: str, **more: str) -> dict[str, str]:
    return GRANT | {"client_id": client_id, "client_secret": CLIENT_SECRET} | more


def test_the_secret_in_the_header_gives_a_token(client_id):
    answer = call("POST", "/oauth/token", headers=basic(client_id), data=GRANT)
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 3600)
    assert bearer_of(body["access_token"]).actor.scopes == set(body["scope"].split()) == set(SCOPES.values())


def test_the_secret_in_the_form_gives_a_token(client_id):
    answer = call("POST", "/oauth/token", data=asked(client_id))
    assert answer.status_code == 200


def test_a_token_is_never_cached(client_id):
    assert call("POST", "/oauth/token", data=asked(client_id)).headers["cache-control"] == "no-store"


@pytest.mark.requirement(217)
def test_a_token_has_only_the_scopes_asked_for(house, client_id):
    token = call("POST", "/oauth/token", data=asked(client_id, scope="directory.read")).json()["access_token"]
    headers = {"authorization": f"Bearer {token}"}
    assert call("GET", "/fhir/Practitioner", headers=headers).status_code == 200
    assert call("GET", f"/fhir/Patient/{house.patients[0].hex}", headers=headers).status_code == 403


@pytest.mark.requirement(217)
def test_the_cookie_of_a_session_opens_nothing_to_a_program(house):
    cookie = {"cookie": f"maiia_session={session_token(house.secretary())}"}
    assert call("GET", f"/fhir/Patient/{house.patients[0].hex}", headers=cookie).status_code == 401
    assert call("POST", "/fhir/Appointment", headers=cookie, json=Program.of(house).booking()).status_code == 401


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "faux"}, 401, "invalid_client"),
        ({"client_id": "inconnu"}, 401, "invalid_client"),
        ({"scope": "tout"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"client_id": "a\x00b"}, 400, "invalid_request"),
    ],
)
def test_a_refusal_says_why_in_the_words_of_the_standard(client_id, form, status, error):
    answer = call("POST", "/oauth/token", data=asked(client_id) | form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"].isascii()


def test_a_wrong_secret_in_the_header_asks_for_basic(client_id):
    answer = call("POST", "/oauth/token", headers=basic(client_id, "faux"), data=GRANT)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Basic " + base64.b64encode(b"\xff:\xff").decode(), "Bearer x", "Digest y"])
def test_a_header_that_cannot_be_read_is_no_client(header):
    answer = call("POST", "/oauth/token", headers={"authorization": header}, data=GRANT)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "options",
    [
        {"json": GRANT},
        {"content": b"grant_type=client_credentials&grant_type=x", "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"content": b"x=%ff%fe", "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"content": b"a=" + b"x" * 100_000, "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {},
    ],
    ids=["json", "twice", "no text", "huge", "nothing"],
)
def test_what_is_no_form_is_an_invalid_request(options):
    answer = call("POST", "/oauth/token", **options)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_two_proofs_at_once_are_an_invalid_request(client_id):
    answer = call("POST", "/oauth/token", headers=basic(client_id), data=asked(client_id))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_plain_http_from_another_machine_gets_no_token(client_id, monkeypatch):
    from maiia_pro.settings import get_settings

    monkeypatch.setenv("TRUSTED_PROXIES", "1")
    get_settings.cache_clear()
    far = {"x-forwarded-for": "203.0.113.9"}
    refused = call("POST", "/oauth/token", headers=far | {"x-forwarded-proto": "http"}, data=asked(client_id))
    admitted = call("POST", "/oauth/token", headers=far | {"x-forwarded-proto": "https"}, data=asked(client_id))
    monkeypatch.undo()
    get_settings.cache_clear()
    assert (refused.status_code, admitted.status_code) == (400, 200)


@pytest.mark.parametrize("path", ["/.well-known/oauth-authorization-server", "/fhir/.well-known/smart-configuration"])
def test_programs_find_the_token_endpoint_by_themselves(path):
    assert call("GET", path).json()["token_endpoint"].endswith("/oauth/token")
