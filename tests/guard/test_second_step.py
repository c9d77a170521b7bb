"""The second step over HTTP: what each answer sets and says."""

import pytest

from maiia_pro.api import second_step
from maiia_pro.identity.cookies import browser_cookie_name, cookie_name, known_cookie_name
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.settings import get_settings
from tests.guard.conftest import PASSWORD
from tests.identity.conftest import app_code
from tests.tools.soft_passkey import SoftPasskey

pytestmark = pytest.mark.integration

SECRETARY = {"email": "secretary@exemple.fr", "password": PASSWORD}


@pytest.fixture
def required(api, monkeypatch):
    """A real installation, where who works here must have a second factor."""
    monkeypatch.setenv("SECOND_FACTOR", "required")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


def cookies(*answers) -> dict[str, str]:
    """Give the header of the browser that got these answers."""
    kept = {name: value for answer in answers for name, value in answer.cookies.items()}
    return {"cookie": "; ".join(f"{name}={value}" for name, value in kept.items())}


def step_of(api, browser) -> str:
    return api.request("GET", "/api/session/step", headers=browser).json()["step"]


@pytest.mark.requirement(42)
def test_the_password_alone_opens_nothing_until_an_application_is_set_up_and_its_code_typed(api, required):
    half = api.post("/api/session", json=SECRETARY)
    assert (half.status_code, half.json()["kind"], half.json()["home"]) == (202, "half_open", "/connexion/etape")
    assert step_of(api, cookies(half)) == "set_up"
    for method, path in (("GET", "/api/factors"), ("GET", "/api/sessions"), ("DELETE", "/api/sessions")):
        assert api.request(method, path, headers=cookies(half)).json()["code"] == "second-step-needed"
    secret = api.post("/api/authenticator", headers=cookies(half)).json()
    assert secret["path"].startswith("M")
    wrong = api.post("/api/authenticator/proof", headers=cookies(half), json={"code": "000000"})
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"code"})
    done = api.post("/api/authenticator/proof", headers=cookies(half), json={"code": app_code(secret["secret"], -1)})
    assert (done.status_code, len(done.json()["codes"]), done.json()["home"]) == (201, 10, "/agenda")
    assert api.request("GET", "/api/sessions", headers=cookies(half)).status_code == 401
    listed = api.request("GET", "/api/sessions", headers=cookies(half, done)).json()["sessions"]
    assert [one["here"] for one in listed] == [True]  # the fixture’s has ended: the password alone had opened it
    again = api.post("/api/session", json=SECRETARY)
    assert step_of(api, cookies(again)) == "prove"
    opened = api.post("/api/session/step", headers=cookies(again), json={"code": app_code(secret["secret"]), "trust": True})
    assert (opened.status_code, opened.json()["kind"], opened.json()["home"]) == (200, "secretary", "/agenda")
    trusted = {"cookie": f"{browser_cookie_name()}={opened.cookies[browser_cookie_name()]}"}
    assert api.post("/api/session", headers=trusted, json=SECRETARY).json()["kind"] == "secretary"


def test_an_activation_leads_to_the_second_step_and_then_to_where_one_begins(api, required):
    half = api.post("/api/session", json=SECRETARY | {"email": "practitioner@exemple.fr"})
    secret = api.post("/api/authenticator", headers=cookies(half)).json()["secret"]
    done = api.post("/api/authenticator/proof", headers=cookies(half), json={"code": app_code(secret), "first": True})
    assert done.json()["home"] == "/demarrage"


def test_the_cookies_of_a_half_open_session_are_as_hidden_as_any(api, required):
    half = api.post("/api/session", json=SECRETARY)
    assert {cookie_name(), browser_cookie_name(), known_cookie_name()} == set(half.cookies)
    assert all("httponly" in one.lower() and "samesite=lax" in one.lower() for one in half.headers.get_list("set-cookie"))


@pytest.mark.requirement(207)
def test_a_network_that_sends_passkeys_without_end_is_told_to_wait(api, monkeypatch):
    monkeypatch.setattr(second_step, "PER_NETWORK", 2)
    forget_requests()
    answers = [api.post("/api/session/passkey", json={"credential": {}}) for _ in range(3)]
    forget_requests()
    assert [one.status_code for one in answers] == [422, 422, 429]


def test_a_passkey_signs_in_over_http_and_its_challenge_serves_the_browser_that_asked(api, people):
    key, mine = SoftPasskey(get_settings().allowed_origins[0]), people[ActorKind.SECRETARY]
    asked = api.post("/api/passkey-challenges", headers=mine, json={"purpose": "add"})
    both = {"cookie": f"{mine['cookie']}; {cookies(asked)['cookie']}"}
    added = api.post("/api/passkeys", headers=both, json={"credential": key.make(asked.json()), "name": "Mon téléphone"})
    assert (added.status_code, len(added.json()["codes"])) == (201, 10)
    door = api.post("/api/passkey-challenges", json={"purpose": "sign_in"})
    credential = {"credential": key.sign(door.json())}
    assert api.post("/api/session/passkey", json=credential).json()["code"] == "passkey-refused"
    signed = api.post("/api/session/passkey", headers=cookies(door), json={"credential": key.sign(door.json())})
    assert (signed.status_code, signed.json()["home"]) == (200, "/agenda")
    forget_requests()
