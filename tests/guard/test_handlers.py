"""Every Reflex handler × every kind of actor, generated from the registry."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
import reflex as rx
from reflex.event import Event
from reflex_base.constants import CompileVars
from reflex_base.registry import RegistrationContext

from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import NothingRecorded, Unavailable
from maiia_pro.maiia_pro import app
from maiia_pro.routes import EVERYONE, ROUTES, Route
from state.booking import Booking
from state.guard import FRAMEWORK, Guard, is_framework, upload_gate
from state.handshake import hashed
from state.requests import RequestList
from state.rules import EVERYBODY, Anyone, allow, allow_upload, rule_of
from state.session import SessionState

pytestmark = pytest.mark.integration

PEOPLE = [kind for kind in ActorKind if kind not in {ActorKind.SYSTEM, ActorKind.API_CLIENT, ActorKind.LINK}]
REGISTRY = RegistrationContext.get().event_handlers
OURS = {name: found for name, found in REGISTRY.items() if not is_framework(found) and found.handler.fn.__name__ != "setvar"}
THEIRS = {name: found for name, found in REGISTRY.items() if is_framework(found) or found.handler.fn.__name__ == "setvar"}


def screen(headers: dict[str, str]) -> rx.State:
    """Give the states of a screen whose browser sends these headers."""
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    root.router_data = {"headers": {name.decode(): value.decode() for name, value in hashed(sent)}}
    return root


def passes(name: str, headers: dict[str, str]) -> bool:
    """Ask the guard about an event that comes from a browser with these headers."""

    async def ask() -> bool:
        return await Guard().preprocess(app, screen(headers), Event(name=name)) is None

    return asyncio.run(ask())


def test_there_are_handlers_to_guard():
    assert len(OURS) >= 5


def test_every_handler_has_a_rule():
    assert [name for name, found in OURS.items() if rule_of(found.handler.fn) is None] == []


def test_whatever_a_page_does_as_it_opens_is_for_all_whom_the_page_is_for():
    refused = {(page.path, seen.fn.__qualname__): page.who - (rule_of(seen.fn) or frozenset()) for page in ROUTES for seen in page.on_load}
    assert {where: kinds for where, kinds in refused.items() if kinds & set(PEOPLE)} == {}


def test_a_handler_runs_for_those_it_is_for_and_nobody_else(people):
    for name, found in OURS.items():
        rule = rule_of(found.handler.fn) or frozenset()
        assert {kind for kind in PEOPLE if passes(name, people[kind])} == rule & set(PEOPLE), name


async def silence(_asked: object) -> Actor:
    """Answer nobody who asks who is at the screen."""
    raise Unavailable


def told_nobody(monkeypatch: pytest.MonkeyPatch, people, handler: str, kind: ActorKind = ActorKind.SECRETARY) -> tuple[Any, str]:
    """Ask the guard about an event while the database is silent; gives its answer, and the status of the list of requests."""

    async def ask() -> tuple[Any, str]:
        root = screen(people[kind])
        name = next(name for name in OURS if name.endswith(handler))
        answer = await Guard().preprocess(app, root, Event(name=name))
        return answer, (await root.get_state(RequestList)).status

    monkeypatch.setattr("state.guard.look_up", silence)
    return asyncio.run(ask())


def test_a_page_opened_while_the_database_is_silent_is_shown_as_failed(monkeypatch: pytest.MonkeyPatch, people):
    answer, status = told_nobody(monkeypatch, people, "request_list.arrive")
    assert status == "failed"
    assert answer.delta


def test_while_the_database_is_silent_a_message_is_shown_and_an_act_is_refused(monkeypatch: pytest.MonkeyPatch, people):
    assert told_nobody(monkeypatch, people, "announcements.tell")[0] is None
    with pytest.raises(NothingRecorded):
        told_nobody(monkeypatch, people, "request_list.take")
    with pytest.raises(NothingRecorded):
        told_nobody(monkeypatch, people, "open_practice.show", ActorKind.OPERATOR)  # it opens a form, and has nothing to show as failed


def test_while_the_database_is_silent_a_page_says_so_in_its_place_and_in_no_message(monkeypatch: pytest.MonkeyPatch, people):
    monkeypatch.setattr("state.guard.look_up", silence)
    monkeypatch.setattr("state.session.current_actor", silence)
    monkeypatch.setattr("state.booking.current_actor", silence)
    names = {found.handler.fn: name for name, found in OURS.items()}

    async def opened(route: Route) -> set[str]:
        root = screen(people[ActorKind.PRACTITIONER])
        assert await SessionState.enter.fn(await root.get_state(SessionState), " ".join(route.who)) is None
        shown = [names[handler.fn] for handler in route.on_load]
        for name in shown:
            answer = await Guard().preprocess(app, root, Event(name=name))
            assert answer is not None, name
            assert answer.events == [], name
        return {str(getattr(await root.get_state(OURS[name].states[0]), "status", "")) for name in shown}

    for route in ROUTES:
        if route.on_load and route.who != EVERYONE and route.path != "/reglages/reprise":  # the browser reads that one itself
            assert "failed" in asyncio.run(opened(route)), route.path
    slot: Any = screen({}).get_substate(Booking.get_full_name().split("."))
    asyncio.run(Booking.arrive.fn(slot))
    assert (slot.status, slot.message) == ("failed", Unavailable.message)


def test_a_page_loaded_anew_while_the_database_is_silent_starts_from_nothing_and_a_line_that_comes_back_keeps_its_page(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("state.guard.look_up", silence)
    hydrate = next(name for name in THEIRS if name.endswith(".hydrate"))

    async def come(payload: dict[str, Any]) -> str:
        root = screen({})
        session = await root.get_state(SessionState)
        session.signed_in, session.name = True, "Camille Secretary"
        with suppress(Unavailable):
            await Guard().preprocess(app, root, Event(name=hydrate, payload=payload))
        return session.name

    assert asyncio.run(come({CompileVars.PAYLOAD_HASHES: {}})) == ""
    assert asyncio.run(come({})) == "Camille Secretary"


def test_of_reflex_only_what_a_page_needs_may_be_called(people):
    for name, found in THEIRS.items():
        assert {passes(name, people[kind]) for kind in PEOPLE} == {found.handler.fn.__name__ in FRAMEWORK}, name


PUBLIC = {
    "AccountNotices", "Announcements", "Booking", "Directory", "Doorway", "Gallery", "LinkedVisit", "OwnAppointments",
    "OwnRelatives", "OwnVisit",
    "PractitionerState", "Releases", "ServiceStatus", "SessionState", "Suggestions",
}  # fmt: skip
"""States that a visitor may use; whoever opens another to everybody says so here."""


def test_only_the_public_screens_answer_visitors():
    """A page's `arrive` may run for anybody: it shows nothing to those that its page refuses."""
    public = {name: found for name, found in OURS.items() if rule_of(found.handler.fn) == EVERYBODY and not name.endswith(".arrive")}
    assert {found.states[0].__name__ for found in public.values()} <= PUBLIC


def test_a_handler_without_a_rule_is_refused_to_everyone(people):
    class Forgetful(rx.State):
        @rx.event
        async def reveal(self) -> None:
            raise AssertionError

    name = f"{Forgetful.get_full_name()}.reveal"
    try:
        assert not any(passes(name, people[kind]) for kind in PEOPLE)
    finally:
        REGISTRY.pop(name, None)


def test_a_rule_names_somebody():
    with pytest.raises(ValueError, match="who"):
        allow()


def upload(handler: str, headers: dict[str, str]) -> tuple[int, bool]:
    """Send files to a handler; tells the status, and whether they reached Reflex."""
    reached = []

    async def reflex(scope, receive, send):
        reached.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def run() -> int:
        sent = []

        async def send(message):
            sent.append(message)

        pairs = [(name.encode(), value.encode()) for name, value in ({"reflex-event-handler": handler} | headers).items()]
        scope = {"type": "http", "method": "POST", "path": "/_upload", "headers": pairs}
        await upload_gate(reflex)(scope, None, send)
        return sent[0]["status"]

    return asyncio.run(run()), bool(reached)


def test_no_handler_of_today_takes_files(people):
    for name in OURS:
        assert upload(name, people[ActorKind.SECRETARY] | {"content-length": "10"}) == (403, False), name


def test_files_pass_for_whom_the_handler_allows_and_up_to_its_size(people):
    class Drawer(rx.State):
        @rx.event
        @allow(ActorKind.SECRETARY)
        @allow_upload(1)
        async def put(self, files: list[rx.UploadFile]) -> None:
            """Receive files."""

    name = f"{Drawer.get_full_name()}.put"
    small, large = {"content-length": "1000"}, {"content-length": "2000000"}
    try:
        assert upload(name, people[ActorKind.SECRETARY] | small) == (200, True)
        assert upload(name, people[ActorKind.SECRETARY] | large) == (413, False)
        assert upload(name, people[ActorKind.SECRETARY]) == (411, False)
        assert upload(name, people[ActorKind.PATIENT] | small) == (403, False)
        assert upload(name, small) == (403, False)
    finally:
        REGISTRY.pop(name, None)


def test_anyone_is_everybody():
    assert rule_of(allow(Anyone)(lambda: None)) == EVERYBODY
