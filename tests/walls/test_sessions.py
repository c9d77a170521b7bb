"""Sessions and cookies: none that was brought along, none left behind, none for another site; and what is only read changes nothing."""

import asyncio
from http.cookies import SimpleCookie
from typing import Any, Final

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from maiia_pro.api.asgi import all_routes, all_sockets, build_api
from maiia_pro.identity.cookies import browser_cookie_name, code_cookie_name, cookie_name, device_cookie_name, known_cookie_name
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.settings import get_settings
from tests.factories import PASSWORD, House, email_of, new_patient_account
from tests.walls.doors import DOORS, Object
from tests.walls.harness import Undone
from tests.walls.world import World

pytestmark = pytest.mark.integration


def ask(method: str, path: str, base: str = "", **options: Any) -> httpx.Response:
    """Ask a route once, from a browser that keeps nothing."""

    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app=build_api(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=base or get_settings().base_url) as client:
            return await client.request(method, path, **options)

    forget_requests()
    return asyncio.run(run())


def sign_in(email: str, cookie: str = "") -> httpx.Response:
    """Sign in by password, from a browser that may hold a cookie already."""
    headers = {"cookie": f"{cookie_name()}={cookie}"} if cookie else {}
    return ask("POST", "/api/session", headers=headers, json={"email": email, "password": PASSWORD})


def is_good(token: str) -> bool:
    """Tell whether a token opens anything."""
    return ask("DELETE", "/api/sessions", headers={"cookie": f"{cookie_name()}={token}"}).status_code == 204


def test_a_token_that_somebody_brought_along_never_becomes_a_session(clean_database):
    brought = "x" * 43
    answer = sign_in(email_of(new_patient_account()), brought)
    assert answer.status_code == 200
    assert answer.cookies[cookie_name()] != brought
    assert not is_good(brought)


def test_each_sign_in_makes_another_token_and_the_one_before_opens_nothing(clean_database):
    house = House.ready()
    for actor in (new_patient_account(), house.secretary()):
        first = sign_in(email_of(actor))
        cookies = "; ".join(f"{name}={value}" for name, value in first.cookies.items())
        body = {"email": email_of(actor), "password": PASSWORD}
        second = ask("POST", "/api/session", headers={"cookie": cookies}, json=body)
        before, after = (answer.cookies[cookie_name()] for answer in (first, second))
        assert before != after
        assert not is_good(before)
        assert is_good(after)


def flags(answer: httpx.Response) -> dict[str, tuple[bool, bool, str, str, str]]:
    """Give what each cookie of an answer says: HttpOnly, Secure, SameSite, Path, Domain."""
    read = [SimpleCookie(line) for line in answer.headers.get_list("set-cookie")]
    return {
        name: (bool(one["httponly"]), bool(one["secure"]), one["samesite"].lower(), one["path"], one["domain"])
        for cookie in read
        for name, one in cookie.items()
    }


def test_every_cookie_of_an_https_site_is_bound_to_it_and_closed_to_scripts_and_other_sites(clean_database, monkeypatch):
    house = House.ready()
    monkeypatch.setenv("PUBLIC_URL", "https://exemple.fr")
    get_settings.cache_clear()
    answers = [sign_in(email_of(actor)) for actor in (new_patient_account(), house.secretary())]
    answers.append(ask("POST", "/api/session/code", json={"identifier": "personne@exemple.fr"}))
    found = {name: said for answer in answers for name, said in flags(answer).items()}
    expected = {cookie_name(), device_cookie_name(), code_cookie_name(), known_cookie_name(), browser_cookie_name()}
    monkeypatch.undo()
    get_settings.cache_clear()
    assert found.keys() == expected
    assert all(name.startswith("__Host-") for name in expected)
    assert set(found.values()) == {(True, True, "lax", "/", "")}


@pytest.mark.parametrize("origin", [None, "https://ailleurs.exemple", "null", "http://127.0.0.1.exemple.fr"])
def test_no_socket_of_ours_opens_to_the_page_of_another_site(clean_database, origin):
    client = TestClient(build_api(), base_url=get_settings().base_url)
    for socket in all_sockets():
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(socket.path, headers={"origin": origin} if origin else {}):
            pass


NOTED: Final = frozenset({"audit_entry", "account_session", "calendar_feed", "api_token", "first_free"})
"""Tables where a reading is written down, or an answer kept to be found again."""


def test_reading_changes_nothing(hands: Undone, world: World):
    """A page of another site can have a browser read; if reading did something, it would do it in the reader's name."""
    changed = set()
    for door, knock in DOORS.items():
        if door.startswith("GET "):
            path, options = knock(Object(world.theirs, absent=False))
            for owner in world.owners.values():
                sent = options | {"headers": options.get("headers", {}) | owner.headers}
                heard = hands.call(lambda path=path, sent=sent: ask("GET", path, **sent))  # type: ignore[misc]
                changed |= {(door, table) for table, _, _, _ in heard.touched if table not in NOTED}
    assert changed == set()


def test_trace_is_answered_nowhere(clean_database):
    paths = {route.path.replace("{", "").replace("}", "").replace(":anything", "") for route in all_routes()}
    assert [path for path in paths if ask("TRACE", path).status_code < 400] == []
