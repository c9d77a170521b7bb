"""A screen without a browser: fires events through the guard at a fresh state, with what is to be aimed put in every place of it."""

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, get_type_hints, is_typeddict
from urllib.parse import parse_qsl
from uuid import UUID

import reflex as rx
from reflex.event import Event
from reflex_base.registry import RegisteredEventHandler, RegistrationContext

from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.ids import uuid7
from maiia_pro.maiia_pro import app
from state.announcements import refusal
from state.guard import Guard, is_framework
from state.handshake import hashed
from state.rules import rule_of
from tests.walls.aims import table_of
from tests.walls.filling import RETURN, Rows, tomorrow

HANDLERS: Final[dict[str, RegisteredEventHandler]] = {
    name: found for name, found in RegistrationContext.get().event_handlers.items()
    if not is_framework(found) and found.handler.fn.__name__ != "setvar" and rule_of(found.handler.fn)
}  # fmt: skip
WORDS: Final = {
    "room": "resource", "ident": "outgoing_email", "rdv": "appointment", "visite": "appointment", "praticien": "practitioner",
    "demande": "practice_request",
    "motif": "visit_reason", "personne": "person", "attente": "wish", "cabinet": "practice", "lieu": "site", "remplace": "appointment",
    "place": "site",
    "selected": "appointment", "moving": "appointment", "_moved": "appointment", "leaving": "appointment", "checking": "appointment",
    "added": "person",
    "editing": "person", "_offering": "offering", "chosen": "appointment", "asked_site": "site", "rid": "opening_rule",
    "whom": "practitioner",
}  # fmt: skip
"""What an identifier is called on screens where it is not called by its table."""
BY_STATE: Final = {
    "RequestPanel": "practice_request", "WaitingPage": "wish", "WishRemoval": "wish", "NewWishForm": "wish", "OwnWaiting": "wish",
    "ReasonsSetup": "visit_reason",
    "HeldSlots": "appointment:hold", "OperatorDesk": "practice", "PatientPicker": "patient", "Team": "account:delegate",
    "RoomsSetup": "resource",
    "OwnRelatives": "person", "Outbox": "outgoing_email", "Programs": "api_client", "Webhooks": "webhook",
}  # fmt: skip
"""What an identifier is on a screen whose names do not say it."""
UNSAID: Final = frozenset({"id", "selected", "leaving", "editing", "asked", "asking"})
SLOTS: Final = frozenset({"slot", "key", "creneau", "_key", "_asked", "source_slot"})
PAGE: Final = ("rdv", "visite", "praticien", "demande", "motif", "creneau", "personne", "attente", "porte", "client_id")
"""What addresses of pages hold."""
ASKED: Final = f"&redirect_uri={RETURN}&response_type=code&code_challenge={'c' * 43}&code_challenge_method=S256"
"""What the address of the consent holds beside the program."""


class Answers:
    """Gives what a place is filled with, by its name: theirs, or what is nothing's."""

    def __init__(self, theirs: Rows, state: str, *, absent: bool) -> None:
        self._theirs, self._state, self._absent = theirs, state, absent
        self.tables: set[str] = set()
        self._nothing: dict[str, UUID] = {}

    def _ident(self, table: str) -> UUID:
        self.tables.add(table.partition(":")[0])
        return self._nothing.setdefault(table, uuid7()) if self._absent else self._theirs.id(table)

    def __call__(self, name: str, kind: Any = str) -> Any:
        """Answer for a name."""
        if kind is bool:
            return True
        if kind is int:
            return 1
        if name == "client_id":
            program = str(self._theirs.rows["api_client"][name])
            return program + "0" if self._absent else program
        if name in SLOTS:
            return str(SlotKey(self._ident("offering"), tomorrow(13)))
        table = BY_STATE.get(self._state, WORDS.get(name, "")) if name in UNSAID else WORDS.get(name) or table_of(name)
        if table in self._theirs.rows:
            return self._ident(table).hex
        return tomorrow(9).date().isoformat() if name in {"day", "jour", "first", "last", "until", "due"} else "mot"


class Form(dict[str, Any]):
    """A form that answers whatever is asked of it."""

    def __init__(self, answer: Callable[..., Any]) -> None:
        super().__init__()
        self._answer = answer

    def get(self, key: str, default: Any = None) -> Any:
        """Answer for a field."""
        return self._answer(key)

    __getitem__ = __missing__ = get

    def __contains__(self, key: object) -> bool:
        return True


def asked_of(name: str) -> Mapping[str, Any]:
    """Give what a handler asks for, with its types."""
    return {key: kind for key, kind in get_type_hints(HANDLERS[name].handler.fn).items() if key != "return"}


def payload_of(name: str, answer: Callable[..., Any]) -> dict[str, Any]:
    """Fill what a handler asks for."""
    return {key: _filled(key, kind, answer) for key, kind in asked_of(name).items()}


def _filled(key: str, kind: Any, answer: Callable[..., Any]) -> Any:
    text = str(kind)
    if text.startswith("dict"):
        return Form(answer)
    return [answer(key)] if text.startswith("list") else answer(key, kind if isinstance(kind, type) else str)


def screen(headers: Mapping[str, str], query: Mapping[str, str]) -> rx.State:
    """Give the states of a screen whose browser sends these headers."""
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    address = "/agenda?" + "&".join(f"{key}={value}" for key, value in query.items()) + ASKED
    kept = {key.decode(): value.decode() for key, value in hashed(sent)}
    root.router_data = {"headers": kept, "pathname": "/agenda", "asPath": address, "query": dict(query), "ip": "203.0.113.9", "token": "t"}
    return root


def _places(state: Any, answer: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    """List what an object may be named by in a state: texts, and records that have an identifier."""
    hints = get_type_hints(type(state))
    for name, kind in hints.items():
        if name not in vars(type(state)).get("__annotations__", {}):
            continue
        if kind is str and (name in WORDS or name in SLOTS or name in UNSAID):
            yield name, answer(name)
        elif name == "_shown":  # the question that an answer is given to
            yield name, dict(parse_qsl(str(state.router.url.query), keep_blank_values=True))
        elif is_typeddict(kind) and "id" in get_type_hints(kind):
            yield (
                name,
                {
                    key: answer(key, of) if of in {str, int, bool} else getattr(state, name).get(key)
                    for key, of in get_type_hints(kind).items()
                },
            )


async def fire(name: str, headers: Mapping[str, str], payload: dict[str, Any], answer: Callable[..., Any] | None = None) -> str:
    """Fire an event; gives all that the screen is sent. What a state holds is aimed too where `answer` is given."""
    root = screen(headers, {key: answer(key) for key in PAGE} if answer else {})
    found = HANDLERS[name]
    state: Any = await root.get_state(found.states[0])
    root._clean()
    stopped = await Guard().preprocess(app, root, Event(name=name, payload=payload))
    if stopped is not None:
        return f"stopped {stopped.events} {stopped.delta}"
    for place, value in _places(state, answer) if answer else ():
        setattr(state, place, value)
    root._clean()
    told = await _run(found, state, payload)
    delta = await root._get_resolved_delta()
    json.dumps(delta, ensure_ascii=False, default=str).encode()
    return f"{delta} {told}"


async def _run(found: RegisteredEventHandler, state: Any, payload: dict[str, Any]) -> str:
    told: list[Any] = []
    try:
        running = found.handler.fn(state, **payload)
        if inspect.isasyncgen(running):
            async for one in running:
                told.append(one)  # noqa: PERF401 - what was told before a refusal stays
        else:
            told.append(await running)
    except DomainError as error:
        told.append(refusal(error))
    return str([_plain(one) for one in told])


def _plain(told: Any) -> Any:
    if isinstance(told, list):
        return [_plain(one) for one in told]
    return (told.handler.fn.__qualname__, [str(value) for _, value in told.args]) if hasattr(told, "args") else told
