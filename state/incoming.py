"""What a screen sends over the socket, read strictly before Reflex: it trusts the shape, and its log quotes what does not fit."""

import json
import logging
import re
from collections.abc import Callable, Mapping
from functools import cache
from inspect import Parameter, signature
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import reflex as rx
from reflex_base.registry import RegistrationContext
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY

from maiia_pro.kernel.errors import TooMany
from maiia_pro.kernel.logs import MASK, redact
from maiia_pro.kernel.rates import count_request
from state.rules import rule_of

log = logging.getLogger(__name__)

LONGEST_ADDRESS: Final = 8_000
PLACES: Final = frozenset({"pathname", "asPath"})
LONGEST_FAULT: Final = 500
TOLD_A_MINUTE: Final = 20
_QUOTED: Final = re.compile(r"""["“`].*""", re.DOTALL)
"""What an error of a script quotes, such as the text that is no JSON, and all that follows."""
_NAME: Final = re.compile(r"[a-z0-9_.]{1,200}")


def is_event(sent: object) -> bool:
    """Tell whether a message is one that our pages can send: a name, what was filled in, and the address it comes from."""
    if not isinstance(sent, dict) or not isinstance(sent.get("payload", {}), dict):
        return False
    name = sent.get("name")
    known = RegistrationContext.get().event_handlers.get(name) if isinstance(name, str) else None
    return known is not None and fits(known.handler.fn, sent.get("payload", {})) and _is_address(sent.get("router_data", {}))


def fits(handler: Callable[..., Any], payload: Mapping[str, object]) -> bool:
    """Tell whether a handler of ours can be called with this: what it asks for and no more, each of its kind. Reflex sees to its own."""
    if rule_of(handler) is None:
        return True
    asked = _asked(handler)
    return payload.keys() <= asked.keys() and all(
        _is(payload[name], kind) if name in payload else optional for name, (kind, optional) in asked.items()
    )


@cache
def _asked(handler: Callable[..., Any]) -> dict[str, tuple[Any, bool]]:
    """List what a handler asks for besides its state: of which kind, and whether it does without."""
    hints = get_type_hints(handler)
    return {one.name: (hints[one.name], one.default is not Parameter.empty) for one in list(signature(handler).parameters.values())[1:]}


def _is(value: object, kind: Any) -> bool:
    """Tell whether a value is of a kind, strictly."""
    if get_origin(kind) is UnionType:
        return any(_is(value, one) for one in get_args(kind))
    if get_origin(kind) is list:
        return isinstance(value, list) and all(_is(one, get_args(kind)[0]) for one in value)
    if get_origin(kind) is dict:
        return _is_form(value)
    return type(value) is kind


def _is_form(value: object) -> bool:
    """Tell whether a value is a form, as the pairs that a page sends or by name: what stands there is no list and no other form."""
    if not isinstance(value, dict):
        return False
    pairs = value.get(FORM_DATA_ENTRIES_KEY, list(value.items()))
    return isinstance(pairs, list) and all(
        isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[0], str) and not isinstance(pair[1], dict | list)
        for pair in pairs
    )


def _is_address(router: object) -> bool:
    if not isinstance(router, dict) or not router.keys() <= PLACES | {"query"}:
        return False
    query = router.get("query", {})
    return isinstance(query, dict) and all(_is_path(router[key]) for key in PLACES & router.keys()) and _is_short_text(query)


def _is_path(value: object) -> bool:
    try:
        return (
            isinstance(value, str) and value.startswith("/") and len(value) <= LONGEST_ADDRESS and bool(urlsplit(value).geturl().encode())
        )
    except ValueError:
        return False


def _is_short_text(query: dict[Any, Any]) -> bool:
    if not all(isinstance(value, str) for value in query.values()):
        return False
    try:
        return len(json.dumps(query, ensure_ascii=False).encode()) <= 2 * LONGEST_ADDRESS
    except ValueError:
        return False


def listen_strictly(app: rx.App) -> rx.App:
    """Let nothing but events reach Reflex; anything else is dropped, and the log says only that it came."""
    namespace = app.event_namespace
    if namespace is None:
        return app
    heard = namespace.on_event

    async def on_event(sid: str, *sent: object) -> None:
        if sid in namespace.sid_to_token and len(sent) == 1 and is_event(sent[0]):
            await heard(sid, sent[0])
        else:
            _note(sent[0].get("name") if sent and isinstance(sent[0], dict) else None)

    namespace.on_event = on_event  # type: ignore[method-assign]
    return app


def frontend_exception_handler(exception: Exception) -> None:
    """Note an error of a page's script in few words; anybody can send one, and it may quote what was typed."""
    if _may_note("fault"):
        fault = _QUOTED.sub(MASK, redact(str(exception)))[:LONGEST_FAULT]
        log.error("the script of a page failed", extra={"fault": "".join(sign if sign.isprintable() else " " for sign in fault)})


def _note(name: object) -> None:
    if _may_note("event"):
        known = name if isinstance(name, str) and _NAME.fullmatch(name) else ""
        log.warning("event refused: no page of ours sends it", extra={"event_name": known})


def _may_note(what: str) -> bool:
    """Tell whether the log still has room for this minute."""
    try:
        count_request(("incoming", what), TOLD_A_MINUTE)
    except TooMany:
        return False
    return True
