"""What is no event of our pages is dropped: it starts nothing in the server, and the log quotes nothing of it."""

import asyncio
import json
import logging
from typing import Any, get_type_hints

import pytest
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY
from socketio.packet import Packet

from maiia_pro.kernel.rates import forget_requests
from maiia_pro.maiia_pro import app
from state.announcements import Announcements
from state.gallery import Gallery
from state.guard import backend_exception_handler
from state.incoming import LONGEST_FAULT, TOLD_A_MINUTE, fits, is_event
from state.outside_link import LinkSetup
from state.rules import rule_of
from state.session import SessionState
from tests.tools.socket_client import HYDRATE, NAMESPACE, SocketClient

pytestmark = pytest.mark.integration

ENTER = f"{SessionState.get_full_name()}.enter"
TELL = f"{Announcements.get_full_name()}.tell"
ACT = f"{Announcements.get_full_name()}.act"
TURN = f"{Gallery.get_full_name()}.turn"
LINK = f"{LinkSetup.get_full_name()}.link"
TYPED = "douleur thoracique depuis hier"
PAGE = {"pathname": "/", "asPath": "/?q=1#a", "query": {"q": "1"}}
EVENTS = RegistrationContext.get().event_handlers
SAMPLES = {str(str): "", str(int): 1, str(bool): True, str(str | bool): False, str(list[str]): ["a"], str(dict[str, Any]): {"a": ""}}
MALFORMED = [
    TYPED,
    f'{{"name": "{TYPED}"}}',
    [TYPED],
    None,
    {},
    {"payload": {"note": TYPED}},
    {"name": [TYPED]},
    {"name": f"x.{TYPED}"},
    {"name": ENTER, "payload": [TYPED]},
    {"name": ENTER, "payload": {"who": "", "name": TYPED}},
    *({"name": ENTER, "payload": {"who": who}} for who in (None, 1, True, [TYPED], {"a": TYPED})),
    {"name": TELL, "payload": {"kind": "info"}},
    {"name": TURN, "payload": {"page": TYPED}},
    *({"name": LINK, "payload": {"form": form}} for form in (TYPED, None, {"address": [TYPED]}, {"address": {"a": TYPED}})),
    *(
        {"name": ENTER, "payload": {"who": ""}, "router_data": router}
        for router in (
            TYPED,
            {"asPath": {}},
            {"asPath": 1},
            {"asPath": TYPED},
            {"asPath": "//[a"},
            {"asPath": "/" + "a" * 9_000},
            {"pathname": {}},
            {"pathname": "/a\ud800"},
            {"query": []},
            {"query": {"a": {"b": 1}}},
            {"query": {"a": "\udfff"}},
            {"query": {"\ud800": "a"}},
            {"headers": {"cookie": "x"}},
        )
    ),
]


@pytest.mark.parametrize("sent", MALFORMED, ids=range(len(MALFORMED)))
def test_what_no_page_sends_is_not_taken_for_an_event(sent):
    assert not is_event(sent)


@pytest.mark.parametrize("router", [{}, PAGE, {"pathname": "/", "asPath": "/"}])
def test_what_a_page_sends_is_an_event(router):
    assert is_event({"name": ENTER, "payload": {"who": ""}, "router_data": router, "token": "x"})


@pytest.mark.parametrize(
    "form", [{}, {"name": "Keller", "day_0": True, "start": 540, "length": 1.5, "note": None}], ids=["empty", "of every kind"]
)
def test_a_form_holds_texts_numbers_and_ticks(form):
    for sent in (form, {FORM_DATA_ENTRIES_KEY: [list(pair) for pair in form.items()]}):
        assert is_event({"name": LINK, "payload": {"form": sent}})


@pytest.mark.parametrize("pairs", [TYPED, None, {}, [TYPED], [[TYPED]], [["address"]], [["address", [TYPED]]], [[["a"], "x"]], [["a", {}]]])
def test_a_form_whose_pairs_are_none_is_none(pairs):
    assert not is_event({"name": LINK, "payload": {"form": {FORM_DATA_ENTRIES_KEY: pairs}}})


def test_every_handler_takes_only_kinds_that_are_read_strictly():
    """Whoever adds a kind teaches it to `fits`: of one that it does not know nothing would ever fit."""
    for handler in (found.handler.fn for found in EVENTS.values() if rule_of(found.handler.fn)):
        kinds = {name: str(kind) for name, kind in get_type_hints(handler).items() if name != "return"}
        assert fits(handler, {name: SAMPLES[kind] for name, kind in kinds.items()}), handler


def test_a_server_that_is_sent_nonsense_goes_on_and_says_it_without_quoting(server, server_log, monkeypatch):
    monkeypatch.setattr(Packet, "json", json)  # escapes half a character, as browsers do

    async def journey():
        async with SocketClient(server) as client:
            await client.send(HYDRATE)
            await client.until(lambda seen: seen.vars)
            for sent in MALFORMED:
                await client._socket.emit("event", sent, namespace=NAMESPACE)
            await client._socket.emit("event", (TYPED, TYPED), namespace=NAMESPACE)
            await client.send(TELL, {"kind": "info", "message": "La suite."})
            await client.until(lambda seen: "La suite." in seen.messages())
            return client.messages()

    before = len(server_log.read_text())
    assert asyncio.run(journey()) == ["La suite."]
    said = server_log.read_text()[before:]
    assert "event refused" in said
    assert [word for word in (TYPED, "Traceback", "event failed", "handler error") if word in said] == []


BUTTONS = ["{", "[" * 5_000, "[]", "{}", *(json.dumps({"name": name, "payload": {"page": TYPED}}) for name in ("x", TURN))]


def test_the_button_of_a_message_fires_nothing_that_no_page_sends(server, server_log):
    async def journey():
        async with SocketClient(server) as client:
            await client.send(HYDRATE)
            await client.until(lambda seen: seen.vars)
            for number, follow in enumerate(BUTTONS):
                await client.send(TELL, {"kind": "info", "message": f"Question {number}", "action": "Oui", "follow": follow})
                await client.until(lambda seen, number=number: seen.messages() == [f"Question {number}"])
                await client.send(ACT, {"toast_id": client.var("announcements.toasts")[0]["id"]})
                await client.until(lambda seen: seen.messages() == [])

    before = len(server_log.read_text())
    asyncio.run(journey())
    said = server_log.read_text()[before:]
    assert [word for word in (TYPED, "Traceback", "event failed", "handler error") if word in said] == []


def told_of(failures: list[tuple[str, str | None]]) -> list[bool]:
    """Let events fail one after the other; tells which failures the screen hears of."""

    async def run() -> list[bool]:
        heard = []
        for ident, parent in failures:
            context = EventContext(token="t", state_manager=None, enqueue_impl=None, txid=ident, parent_txid=parent)  # type: ignore[arg-type]
            with context:
                heard.append(backend_exception_handler(TypeError()) is not None)
        return heard

    return asyncio.run(run())


def test_a_failure_is_told_once_and_the_failure_of_telling_it_never():
    assert told_of([("1", None), ("2", "1"), ("3", "2"), ("4", None)]) == [True, False, False, True]


@pytest.fixture
def faults(caplog):
    """What the log holds of the errors that pages report, from a first one on."""
    forget_requests()
    with caplog.at_level(logging.ERROR, "state.incoming"):
        yield lambda: [record.fault for record in caplog.records if hasattr(record, "fault")]
    forget_requests()


@pytest.mark.parametrize(
    "said", [f'SyntaxError: Unexpected token, "{TYPED}" is no JSON', f"Error: password='{TYPED}'", f"Error: `{TYPED}\n{TYPED}"]
)
def test_of_an_error_in_a_page_the_log_keeps_no_word_that_was_typed(faults, said):
    app.frontend_exception_handler(Exception(said))
    assert [TYPED in fault for fault in faults()] == [False]


def test_of_a_long_error_in_a_page_the_log_keeps_the_beginning(faults):
    app.frontend_exception_handler(Exception("TypeError: x is undefined " + "x" * 100_000))
    assert [(fault[:9], len(fault)) for fault in faults()] == [("TypeError", LONGEST_FAULT)]


def test_errors_in_pages_do_not_fill_the_log(faults):
    for number in range(3 * TOLD_A_MINUTE):
        app.frontend_exception_handler(Exception(f"TypeError {number}"))
    assert len(faults()) == TOLD_A_MINUTE
