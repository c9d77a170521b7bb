"""The wall in front of every event, from the socket, an upload, the background or another event: refused unless a rule lets it pass."""

import json
import logging
from collections import deque
from typing import Any, Final

import reflex as rx
from reflex.app import App
from reflex.event import Event, EventSpec
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.constants import CompileVars
from reflex_base.event.context import EventContext
from reflex_base.registry import RegisteredEventHandler, RegistrationContext
from reflex_base.utils.exceptions import LockExpiredError
from starlette.types import ASGIApp, Receive, Scope, Send

from maiia_pro.identity.cookies import token_in
from maiia_pro.identity.homes import home_of
from maiia_pro.identity.tokens import token_hash
from maiia_pro.integrations.redis.client import StoreSilent
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, NothingRecorded, Unavailable
from maiia_pro.kernel.origin import comes_from
from state.announcements import Announcements, announce, forget_messages, refusal
from state.handshake import hang_up
from state.rules import EVERYBODY, rule_of, upload_limit
from state.session import SessionState, bind, end, fingerprint, forget, look_up, network

log = logging.getLogger(__name__)

CONNECTING: Final = frozenset({"hydrate", "hydrate_and_load"})
FRAMEWORK: Final = CONNECTING | {"on_load_internal", "set_is_hydrated", "handle_frontend_exception"}
"""Handlers of Reflex itself that a page cannot do without; its others (setvar, update_vars_internal …) are refused."""

READING: Final = frozenset({"arrive", "show"})
"""Handlers that read what a page or a panel shows; a panel that is closed has no status."""

UNREADABLE: Final = "Ce texte contient des caractères que nous ne pouvons pas enregistrer. Effacez-les, puis recommencez."
NOT_YOURS: Final = "Vous n’avez pas accès à cette action."
SIGN_IN: Final = "Connectez-vous pour continuer."
_failed: Final[deque[str]] = deque(maxlen=1_000)
"""The last events that failed."""
UNEXPECTED: Final = "Une erreur est survenue. Ce qui était enregistré l’est toujours ; réessayez."


def is_framework(registered: RegisteredEventHandler) -> bool:
    """Tell whether a handler is Reflex's own, not one that a state of ours inherits."""
    return registered.states[0].__module__.split(".")[0] in {"reflex", "reflex_base"}


class Guard(Middleware):
    """Runs before every handler; stops what no rule allows."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:  # noqa: ARG002 - Reflex names it so
        """Bind the state to its cookie, then let the event pass (None) or answer in its place."""
        comes_from(network(state), state.router_data.get("headers", {}).get("user-agent", ""))
        session = await bind(state)
        registered = RegistrationContext.get().event_handlers[event.name]
        name = registered.handler.fn.__name__
        if not _is_writable(event.payload):
            return _answer(announce(UNREADABLE, "error"))
        if is_framework(registered):
            if name in CONNECTING:
                await _drop_if_over(state, session, event)
                await _begin(state, session, event)
            return None if name in FRAMEWORK else _stopped(event.name)
        rule = rule_of(registered.handler.fn)
        if rule is None:
            return _stopped(event.name, announce(NOT_YOURS, "error"))
        if rule == EVERYBODY and not fingerprint(state):
            return None
        try:
            actor = await look_up(fingerprint(state))
        except Unavailable as error:
            return await _unasked(state, registered, rule, error)
        return None if actor.kind in rule else await _refused(state, session, actor)


def _is_writable(payload: object) -> bool:
    """Tell whether what an event carries could be sent back: half a surrogate pair in a var silences the whole socket."""
    try:
        json.dumps(payload, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError):
        return False
    return True


async def _drop_if_over(state: BaseState, session: SessionState, event: Event) -> None:
    """Serve nothing from before to a screen that comes back after its session ended or was locked, nor where nobody can tell."""
    if not session.signed_in:
        return
    try:
        over = (await look_up(fingerprint(state))).account_id is None
    except Unavailable:
        if not _is_anew(event):
            raise
        await forget(state)  # the page then fails where it reads
        return
    if over:
        await end(state)


def _is_anew(event: Event) -> bool:
    """Tell a page that is loaded from a line that comes back."""
    return CompileVars.PAYLOAD_HASHES in event.payload


async def _begin(state: BaseState, session: SessionState, event: Event) -> None:
    """A page loaded anew shows none of the messages from before; a line that comes back keeps them."""
    if _is_anew(event):
        session._path = ""
        forget_messages(await state.get_state(Announcements))


async def _unasked(
    state: BaseState, registered: RegisteredEventHandler, rule: frozenset[ActorKind], error: Unavailable
) -> StateUpdate | None:
    """Where nobody can tell who is at the screen, let messages pass, and show as failed what cannot be read."""
    if rule == EVERYBODY:
        return None
    name = registered.handler.fn.__name__
    shown: Any = await state.get_state(registered.states[0])
    has_status = "status" in shown.base_vars
    if name not in READING or (name == "show" and not has_status):
        raise NothingRecorded from error
    if has_status and (shown.status or name == "show"):
        shown.status = "failed"
        if "message" in shown.base_vars:
            shown.message = error.message
    return await _shown(state)


async def _shown(state: BaseState) -> StateUpdate:
    root = state._get_root_state()
    delta = await root._get_resolved_delta()
    root._clean()
    return StateUpdate(delta=delta)


async def _refused(state: BaseState, session: SessionState, actor: Actor) -> StateUpdate:
    if actor.kind is ActorKind.HALF_OPEN:
        return _answer(rx.redirect(home_of(actor.kind)))
    if actor.account_id is not None:
        return _answer(*([] if session._turned_away else [announce(NOT_YOURS, "error")]))
    if fingerprint(state) or session.signed_in:
        await end(state)
        return await _shown(state)
    return _answer(*([] if session._turned_away else [announce(SIGN_IN, "warning", action="Se connecter", href="/connexion")]))


def _stopped(name: str, *told: EventSpec) -> StateUpdate:
    log.warning("event refused: no rule", extra={"event_name": name})
    return _answer(*told)


def _answer(*told: EventSpec) -> StateUpdate:
    return StateUpdate(events=[event for spec in told for event in Event.from_event_type(spec)])


def backend_exception_handler(exception: Exception) -> EventSpec | None:
    """Say what happened in French; what was typed and who typed it stays out of the log."""
    if isinstance(exception, DomainError):
        return refusal(exception) if _is_first() else None
    if isinstance(exception, StoreSilent | LockExpiredError):
        log.error("screens: their state could not be kept", extra={"error": type(exception).__name__})
        hang_up()
        return None
    where = exception.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else ""
    log.error("event failed", extra={"error": type(exception).__name__, "place": place})
    return announce(UNEXPECTED, "error") if _is_first() else None


def _is_first() -> bool:
    """Tell whether what failed is not itself what a failure led to: a message that fails is not followed by another, for ever."""
    context = EventContext.get()
    _failed.append(context.txid)
    return context.parent_txid not in _failed


def upload_gate(app: ASGIApp) -> ASGIApp:
    """Refuse files before their body is read, unless the handler takes files, of that size, from somebody signed in."""

    async def gate(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].rstrip("/").endswith("/_upload"):
            status = await _upload_status({name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]})
            if status != 200:
                await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
                await send({"type": "http.response.body", "body": b""})
                return
        await app(scope, receive, send)

    return gate


async def _upload_status(headers: dict[str, str]) -> int:
    registered = RegistrationContext.get().event_handlers.get(headers.get("reflex-event-handler", ""))
    if registered is None or not (limit := upload_limit(registered.handler.fn)):
        return 403
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return 411
    if int(length) > limit:
        return 413
    actor = await look_up(token_hash(token_in(headers.get("cookie", ""))))
    return 200 if actor.kind in (rule_of(registered.handler.fn) or ()) else 403


def guard(app: rx.App) -> rx.App:
    """Put the guard in front of every other middleware of the app."""
    app.add_middleware(Guard(), index=0)
    return app
