"""Every HTTP route × every kind of actor, generated from the route table; origins; the session routes."""

import itertools
import re
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.routing import Route

from maiia_pro.api import locking
from maiia_pro.api.asgi import all_routes, build_api
from maiia_pro.api.routing import PROGRAMS, SAFE, SIGNED_IN, GuardedRoute, GuardedSocket
from maiia_pro.identity.accounts import activation_link, insert_account
from maiia_pro.identity.codes import code_of, waiting_code
from maiia_pro.identity.cookies import code_cookie_name, device_cookie_name, known_cookie_name, token_in
from maiia_pro.identity.health_tables import Purpose, Recovery
from maiia_pro.identity.recovery import LASTS, issue_link
from maiia_pro.identity.sign_in import WrongCredentials, sign_in
from maiia_pro.identity.tables import ACCOUNT_KINDS, Account
from maiia_pro.identity.throttle import PER_ACCOUNT
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.routes import ROUTES
from tests.guard.conftest import PASSWORD, PATIENT_FORM, SYSTEM

pytestmark = pytest.mark.integration

LATER = "deux vaches et trois parapluies"
KINDS = [kind for kind in ActorKind if kind not in {ActorKind.SYSTEM, ActorKind.LINK}]
CALLS = [(route, method) for route in all_routes() for method in sorted((route.methods or set()) - {"HEAD"})]
NAMED = [f"{method} {route.path}" for route, method in CALLS]
REFUSED = {401, 403}


OWN_CREDENTIALS = {"/oauth/token"}
"""Routes that ask for credentials in the request itself and refuse what has none."""


def path_of(route: Route) -> str:
    """Fill the parameters of a path with an id of nothing."""
    return re.sub(r"\{[^}]+\}", UUID(int=0).hex, route.path)


def test_every_route_says_who_may_call_it():
    assert [route.path for route in build_api().routes if not isinstance(route, (GuardedRoute, GuardedSocket))] == []
    assert all(route.access for route in all_routes())


def test_every_route_says_what_it_does():
    assert [route.path for route in all_routes() if not route.summary] == []


@pytest.mark.requirement(1)
@pytest.mark.parametrize(("route", "method"), CALLS, ids=NAMED)
def test_a_route_answers_those_it_is_for_and_refuses_the_others(api, people, route, method):
    statuses = {kind: api.request(method, path_of(route), headers=people[kind], follow_redirects=False).status_code for kind in KINDS}
    assert {status for status in statuses.values() if status >= 500} == set()
    refused = {kind for kind, status in statuses.items() if status in REFUSED}
    assert refused == {kind for kind in KINDS if heard_as(route, kind) not in route.access} or route.path in OWN_CREDENTIALS


@pytest.mark.requirement(1)
def test_each_role_comes_in_to_a_first_page_that_is_open_to_no_other_role(api, people):
    signed = {kind: api.post("/api/session", json={"email": f"{kind}@exemple.fr", "password": PASSWORD}).json() for kind in ACCOUNT_KINDS}
    assert {kind: one["kind"] for kind, one in signed.items()} == {kind: kind.value for kind in ACCOUNT_KINDS}
    first = {kind: next(route for route in ROUTES if route.path == one["home"]) for kind, one in signed.items()}
    assert {page.path: set(page.who) for page in first.values()} == {
        page.path: {kind for kind in ACCOUNT_KINDS if first[kind] is page} for page in first.values()
    }
    assert len({page.path for page in first.values()}) == 4  # those who work at agendas begin there


def heard_as(route: GuardedRoute, kind: ActorKind) -> ActorKind:
    """Tell what a kind is to a route: a cookie means nothing to one for programs, a bearer token to one for people, neither to some."""
    heard = route.identifies and route.access & (PROGRAMS if kind is ActorKind.API_CLIENT else SIGNED_IN)
    return kind if heard else ActorKind.ANONYMOUS


COOKIED = [(route, method) for route, method in CALLS if route.access & SIGNED_IN and route.path not in OWN_CREDENTIALS]
UNSAFE = [(route, method) for route, method in COOKIED if method not in SAFE]


ELSEWHERE = ("https://ailleurs.exemple", "null", "http://127.0.0.1:1", "http://127.0.0.1.exemple.fr")


def test_the_page_of_another_site_acts_for_nobody(api, people):
    body = {"email": "secretary@exemple.fr", "password": PASSWORD}
    for (route, method), origin in itertools.product(UNSAFE, ELSEWHERE):
        response = api.request(method, path_of(route), headers=people[ActorKind.SECRETARY] | {"origin": origin}, json=body)
        assert response.status_code == 403, (method, route.path)
        assert "set-cookie" not in response.headers


def test_a_browser_that_says_cross_site_without_an_origin_is_refused(api):
    response = api.post("/api/session", headers={"sec-fetch-site": "cross-site"}, json={})
    assert response.json()["code"] == "foreign-origin"


def test_signing_in_sets_a_cookie_that_scripts_cannot_read(api):
    response = api.post("/api/session", json={"email": "secretary@exemple.fr", "password": PASSWORD})
    cookie = response.headers["set-cookie"].lower()
    assert response.json()["home"] == "/agenda"
    assert all(part in cookie for part in ("maiia_session=", "httponly", "samesite=lax", "path=/"))
    assert "domain" not in cookie


def test_what_is_left_empty_at_sign_in_is_said_beside_its_field(api):
    answer = api.post("/api/session", json={"email": "", "password": ""})
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"email", "password"}


def test_the_cookie_of_an_https_address_is_secure_and_bound_to_the_host(api, monkeypatch):
    from maiia_pro.settings import get_settings

    monkeypatch.setenv("PUBLIC_URL", "https://exemple.fr")
    get_settings.cache_clear()
    response = api.post("/api/session", json={"email": "secretary@exemple.fr", "password": PASSWORD})
    monkeypatch.undo()
    get_settings.cache_clear()
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-maiia_session=")
    assert "; Secure" in cookie


def test_signing_out_deletes_the_cookie_and_ends_the_session(api, people):
    headers = people[ActorKind.SECRETARY]
    response = api.delete("/api/session", headers=headers)
    assert response.status_code == 204
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert api.delete("/api/sessions", headers=headers).status_code == 401


def test_signing_in_as_somebody_else_ends_the_session_before(api, people):
    before = people[ActorKind.PATIENT]
    assert api.post("/api/session", headers=before, json={"email": "secretary@exemple.fr", "password": PASSWORD}).status_code == 200
    assert api.delete("/api/sessions", headers=before).status_code == 401


def code_asked(api, identifier):
    """Ask for a code; gives the header of the browser that asked, and the code."""
    response = api.post("/api/session/code", json={"identifier": identifier})
    cookie = response.headers["set-cookie"]
    assert all(part in cookie.lower() for part in ("maiia_code=", "httponly", "samesite=lax", "path=/"))
    token = token_in(cookie.split(";")[0], code_cookie_name())
    return {"cookie": f"{code_cookie_name()}={token}"}, code_of(waiting_code(Actor.anonymous(), token).id)


def test_signing_up_ends_the_session_before(api, people):
    before = people[ActorKind.PATIENT]
    browser, digits = code_asked(api, "nouveau@exemple.fr")
    both = {"cookie": f"{before['cookie']}; {browser['cookie']}"}
    assert api.post("/api/session/code/try", headers=both, json={"code": digits}).status_code == 202
    assert api.post("/api/account", headers=both, json=PATIENT_FORM).status_code == 201
    assert api.delete("/api/sessions", headers=before).status_code == 401


def test_an_activation_at_a_shared_screen_locks_who_was_there_and_leaves_the_device(api, people):
    signed = api.post("/api/session", json={"email": "secretary@exemple.fr", "password": PASSWORD})
    before = {"cookie": "; ".join(f"{name}={value}" for name, value in signed.cookies.items())}
    with transaction() as session:
        new = insert_account(session, SYSTEM, email="nouvelle@exemple.fr", name="Nora", role=ActorKind.SECRETARY, password_hash=None)
        token = activation_link(session, new.id).rpartition("#")[2]
    come = api.post("/api/activation", headers=before, json={"token": token, "password": PASSWORD})
    assert (come.status_code, api.delete("/api/sessions", headers=before).json()["code"]) == (200, "screen-locked")
    assert come.cookies[device_cookie_name()] == signed.cookies[device_cookie_name()]


@pytest.mark.requirement(207)
def test_who_has_the_link_comes_in_whatever_strangers_try_in_their_name(api, people):
    with transaction() as session:
        new = insert_account(session, SYSTEM, email="nouvelle@exemple.fr", name="Nora", role=ActorKind.SECRETARY, password_hash=None)
        activation = activation_link(session, new.id).rpartition("#")[2]
        known = session.exec(select(Account).where(Account.email_key == "secretary@exemple.fr")).one()
        asked = Recovery(purpose=Purpose.RESET, sought="secretary@exemple.fr", expires_at=clock.now() + LASTS[Purpose.RESET])
        session.add(asked)
        reset = issue_link(session, asked, known)
    for address in ("nouvelle@exemple.fr", "secretary@exemple.fr"):
        for _ in range(PER_ACCOUNT):
            with pytest.raises(WrongCredentials):
                sign_in(Actor.anonymous(), address, "essai", "203.0.113.9")
    assert api.post("/api/activation", json={"token": activation, "password": LATER}).status_code == 200
    chosen = api.post("/api/password/reset", json={"token": reset, "password": LATER})
    come = {"email": "secretary@exemple.fr", "password": LATER}
    browser = {"cookie": f"{known_cookie_name()}={chosen.cookies[known_cookie_name()]}"}
    assert api.post("/api/session", json=come, headers={"cookie": ""}).status_code == 429
    assert api.post("/api/session", json=come, headers=browser).status_code == 200


def step_of(api, browser):
    return api.request("GET", "/api/session/code", headers=browser).json()["step"]


def test_a_code_then_a_name_signs_up_and_in(api):
    browser, digits = code_asked(api, "06 39 98 57 14")
    assert step_of(api, browser) == "code"
    answer = api.post("/api/session/code/try", headers=browser, json={"code": digits})
    assert (answer.status_code, answer.json()["step"], answer.json()["sought"].replace("\u00a0", " ")) == (202, "person", "06 39 98 57 14")
    refused = api.post("/api/account", headers=browser, json=PATIENT_FORM | {"given_name": "", "birth_date": "31/02/1980"})
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"given_name", "birth_date"})
    response = api.post("/api/account", headers=browser, json=PATIENT_FORM)
    assert (response.status_code, response.json()["home"]) == (201, "/rendez-vous")
    assert "maiia_session=" in response.headers["set-cookie"]
    assert step_of(api, browser) == "start"


def test_a_code_signs_in_and_its_cookie_goes(api):
    browser, digits = code_asked(api, "PATIENT@exemple.fr")
    wrong = api.post("/api/session/code/try", headers=browser, json={"code": "x"})
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"code"})
    assert api.post("/api/session/code/try", json={"code": digits}).json()["code"] == "code-over"
    response = api.post("/api/session/code/try", headers=browser, json={"code": digits})
    assert response.json()["home"] == "/rendez-vous"
    session, known, browser_mark, code = response.headers.get_list("set-cookie")
    assert "maiia_session=" in session
    assert 'maiia_code=""' in code
    assert all(part in known.lower() for part in ("maiia_known=", "httponly", "samesite=lax", "path=/"))
    assert all(part in browser_mark.lower() for part in ("maiia_browser=", "httponly", "samesite=lax", "path=/"))


def test_a_browser_where_a_patient_came_in_before_gets_a_code_though_its_network_asked_too_often(api):
    password = {"email": "patient@exemple.fr", "password": PASSWORD}
    known = {"cookie": f"{known_cookie_name()}={api.post('/api/session', json=password).cookies[known_cookie_name()]}"}
    asked = {"json": {"identifier": "patient@exemple.fr"}}
    answers = [api.post("/api/session/code", **asked).status_code for _ in range(6)]
    assert (answers[-2:], api.post("/api/session/code", headers=known, **asked).status_code) == ([202, 429], 202)


@pytest.mark.requirement(42)
def test_a_browser_is_known_where_somebody_came_in_and_strangers_shut_nobody_out_there(api):
    secretary = {"email": "secretary@exemple.fr", "password": PASSWORD}
    known = {"cookie": f"{known_cookie_name()}={api.post('/api/session', json=secretary).cookies[known_cookie_name()]}"}
    for _ in range(PER_ACCOUNT):
        api.post("/api/session", json=secretary | {"password": "faux"})
    statuses = [api.post("/api/session", headers=headers, json=secretary).status_code for headers in ({}, known)]
    assert statuses == [429, 200]


RECOVERIES = {"/api/password/forgotten": 202, "/api/account/lost": 202}


@pytest.mark.requirement(48)
@pytest.mark.parametrize("path", RECOVERIES)
def test_asking_for_a_link_is_answered_the_same_whether_the_account_exists(api, path):
    answers = [api.post(path, json={"identifier": f"{who}@exemple.fr"}) for who in ("secretary", "personne")]
    assert [(one.status_code, one.text, len(one.headers)) for one in answers] == [(202, answers[0].text, len(answers[0].headers))] * 2
    refused = api.post(path, json={"identifier": "pas une adresse"})
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"identifier"})


@pytest.mark.requirement(44)
def test_a_changed_password_keeps_the_session_that_changed_it(api, people):
    here = people[ActorKind.PATIENT]
    body = {"old": PASSWORD, "password": "deux vaches et trois parapluies"}
    assert set(api.post("/api/password", headers=here, json=body | {"old": ""}).json()["fields"]) == {"old"}
    answer = api.post("/api/password", headers=here, json=body)
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
    assert api.delete("/api/sessions", headers=here).status_code == 204


@pytest.mark.requirement(232)
def test_blocking_one_s_account_ends_the_session_and_deletes_its_cookie(api, people):
    headers = people[ActorKind.PRACTITIONER]
    answer = api.post("/api/account/block", headers=headers)
    assert (answer.status_code, answer.json()["home"]) == (200, "/connexion/?bloque#mot-de-passe")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert api.delete("/api/sessions", headers=headers).status_code == 401


def test_the_words_that_passwords_are_made_of_are_kept_by_browsers(api):
    answer = api.request("GET", "/api/password/words")
    assert set(answer.json()) == {"dictionary", "graphs"}
    assert "max-age" in answer.headers["cache-control"]


def test_a_password_for_an_address_that_was_never_proven_sends_a_code_there_and_opens_nothing_before(api):
    with transaction() as session:
        session.exec(select(Account).where(Account.email_key == "patient@exemple.fr")).one().proven_at = None
    password = {"email": "patient@exemple.fr", "password": PASSWORD}
    answer = api.post("/api/session", json=password)
    assert (answer.status_code, answer.json()["step"], answer.json()["sought"]) == (202, "code", "patient@exemple.fr")
    assert list(answer.cookies) == [code_cookie_name()]
    token = answer.cookies[code_cookie_name()]
    entered = {"code": code_of(waiting_code(Actor.anonymous(), token).id)}
    assert api.post("/api/session/code/try", headers={"cookie": f"{code_cookie_name()}={token}"}, json=entered).status_code == 200
    assert api.post("/api/session", json=password).status_code == 200


def test_a_code_is_asked_for_with_one_answer_whoever_owns_the_address(api):
    answers = [api.post("/api/session/code", json={"identifier": f"{who}@exemple.fr"}) for who in ("patient", "secretary", "personne")]
    assert {(answer.status_code, *(answer.json() | {"sought": ""}).values()) for answer in answers} == {
        (202, "code", "", "email", "waiting", 30, "")
    }


def test_too_many_attempts_say_when_to_come_back(api):
    answers = [api.post("/api/session", json={"email": "secretary@exemple.fr", "password": "faux"}) for _ in range(PER_ACCOUNT + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [401, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


BODIES = {
    "no JSON": ({"content-type": "text/plain"}, b"email=x"),
    "broken": ({"content-type": "application/json"}, b"{"),
    "a list": ({"content-type": "application/json"}, b"[]"),
    "deep": ({"content-type": "application/json"}, b"[" * 60_000),
    "not text": ({"content-type": "application/json"}, b"\xff\xfe"),
    "a megabyte": ({"content-type": "application/json"}, b'{"email":"' + b"x" * 1_000_000 + b'"}'),
}


PATHS = [
    "/api/session", "/api/session/code", "/api/session/code/try", "/api/account", "/api/activation", "/api/session/step",
    "/api/session/passkey", "/api/passkey-challenges",
]  # fmt: skip


@pytest.mark.parametrize(("path", "body"), list(itertools.product(PATHS, BODIES)))
def test_a_body_that_cannot_be_read_is_refused_in_french(api, path, body):
    headers, content = BODIES[body]
    response = api.post(path, headers=headers, content=content)
    assert response.status_code in {413, 422}
    assert response.json()["message"][-1] in ".!)"


def unlocking(api, pin):
    """Sign in by password with a PIN chosen, lock, and try to come back; gives the answer."""
    signed = api.post("/api/session", json={"email": "secretary@exemple.fr", "password": PASSWORD})
    cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in signed.cookies.items())}
    assert api.post("/api/pin", headers=cookie, json={"password": PASSWORD, "pin": "4071"}).status_code == 200
    listed = api.post("/api/screen/lock", headers=cookie).json()["people"]
    return cookie, api.post("/api/screen/unlock", headers=cookie, json={"person": listed[0]["id"], "pin": pin})


def test_a_network_that_unlocks_by_ever_other_devices_is_slowed_down(api, monkeypatch):
    monkeypatch.setattr(locking, "PER_NETWORK", 3)
    forget_requests()
    tries = [
        api.post(
            "/api/screen/unlock", headers={"cookie": f"{device_cookie_name()}={number}"}, json={"person": UUID(int=0).hex, "pin": "1234"}
        )
        for number in range(4)
    ]
    forget_requests()
    assert [answer.status_code for answer in tries] == [401, 401, 401, 429]


def test_the_right_pin_sets_another_cookie_and_the_wrong_one_none(api, people):
    before, right = unlocking(api, "4071")
    assert (right.status_code, right.json()["home"]) == (200, "/agenda")
    assert {"maiia_session", "maiia_device"} <= set(right.cookies)
    assert api.delete("/api/sessions", headers=before).status_code == 401
    _, wrong = unlocking(api, "9999")
    assert (wrong.status_code, wrong.json()["code"], "set-cookie" in wrong.headers) == (401, "wrong-pin", False)


def test_somebody_else_signs_in_at_a_locked_screen_with_a_password(api, people):
    body = {"email": "practitioner@exemple.fr", "password": PASSWORD}
    assert api.post("/api/session", headers=people[ActorKind.LOCKED], json=body).status_code == 200
