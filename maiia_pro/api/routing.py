"""One way to declare a route: its path, its methods, and who may call it, which is checked before the endpoint runs."""

import json
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from maiia_pro.api.bearers import holder_of
from maiia_pro.api.bodies import content_type, read_body
from maiia_pro.api.describe import Operation
from maiia_pro.api.errors import ForeignOrigin, Unexpected, json_error
from maiia_pro.identity.cookies import token_in
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.kernel import rates
from maiia_pro.kernel.actor import MEMBERS, Actor, ActorKind
from maiia_pro.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotSignedIn, ScreenLocked, SecondStepNeeded
from maiia_pro.kernel.origin import comes_from
from maiia_pro.kernel.work import run_blocking
from maiia_pro.settings import get_settings

log = logging.getLogger(__name__)

Endpoint = Callable[[Request, Actor], Awaitable[Response]]
ErrorRenderer = Callable[..., Response]
Access = frozenset[ActorKind]

ANYONE: Final[Access] = frozenset(ActorKind) - {ActorKind.LOCKED}
"""Everybody but whoever stands at a locked screen."""
SIGNED_IN: Final[Access] = MEMBERS | {ActorKind.PATIENT, ActorKind.OPERATOR}
PROGRAMS: Final[Access] = frozenset({ActorKind.API_CLIENT})
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CLOSED_BY_POLICY: Final = 1008
"""WebSocket close code (RFC 6455, section 7.4.1); before the socket is accepted it becomes 403."""


class GuardedRoute(Route):
    """A route that knows who may call it; `build_api` holds no other kind, which a test checks."""

    access: Access
    identifies: bool
    """Whether it looks at who asks."""
    summary: str
    describes: Operation | None


def route(
    path: str,
    endpoint: Endpoint,
    *,
    methods: tuple[str, ...] = ("GET",),
    access: Access,
    summary: str = "",
    identify: bool = True,
    errors: ErrorRenderer = json_error,
    name: str | None = None,
    describes: Operation | None = None,
) -> GuardedRoute:
    """Declare a route. `endpoint(request, actor)` runs once the actor's kind is in `access` and the origin is ours.

    A cookie counts only where accounts have access, a bearer token only where programs have; `identify=False` looks at neither (health).
    `errors(error, bearer=…)` renders a `DomainError`; `describes` says what it takes and answers, for the OpenAPI document.
    """

    async def run(request: Request) -> Response:
        comes_from(network_of(request), request.headers.get("user-agent", ""))
        try:
            actor = await _actor(request, access) if identify else Actor.anonymous()
            _check(actor, access)
            if identify:
                request.state.again = partial(_look_again, request, actor, access)
            return await endpoint(request, actor)
        except DomainError as error:
            return errors(error, bearer=access <= PROGRAMS)
        except Exception as error:  # noqa: BLE001 - the edge: whatever broke is logged without its content, and said once
            log.error("request failed", extra={"route": path, "error": type(error).__name__, "place": _place(error)})
            return errors(Unexpected())

    declared = GuardedRoute(path, run, methods=list(methods), name=name or getattr(endpoint, "__name__", path))
    declared.identifies, declared.access, declared.summary, declared.describes = (
        identify,
        access,
        summary or (endpoint.__doc__ or "").strip(),
        describes,
    )
    return declared


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""


async def _actor(request: Request, access: Access) -> Actor:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if access & PROGRAMS and scheme.lower() == "bearer":
        bearer = await holder_of(credentials.strip())
        request.state.bearer = bearer
        return bearer.actor
    if not access & SIGNED_IN:
        return Actor.anonymous()
    check_origin(request)
    return await run_blocking(actor_of_token, token_in(request.headers.get("cookie", "")))


async def _look_again(request: Request, before: Actor, access: Access) -> None:
    """See that who asks may do what they might when they began. Raises what the route refuses them with, or `Conflict`."""
    now = await _actor(request, access)
    _check(now, access)
    if now != before:
        raise Conflict


def _check(actor: Actor, access: Access) -> None:
    if actor.kind in access:
        return
    refusals = {ActorKind.ANONYMOUS: NotSignedIn, ActorKind.LOCKED: ScreenLocked, ActorKind.HALF_OPEN: SecondStepNeeded}
    raise refusals.get(actor.kind, NotAllowed)


def check_origin(request: Request) -> None:
    """Refuse an act that another site's page asks for. Raises `ForeignOrigin`.

    Browsers name the origin of every request that is not safe; a program that names none holds no cookie that it was not given.
    """
    if request.method in SAFE:
        return
    origin = request.headers.get("origin")
    if origin is None:
        if request.headers.get("sec-fetch-site", "none") in {"none", "same-origin"}:
            return
    elif origin in get_settings().allowed_origins:
        return
    raise ForeignOrigin


async def read_json(request: Request, *, longest: int = 65536) -> dict[str, Any]:
    """Read a JSON object from the body. Raises `TooLarge`, `TooSlow`, or `Invalid` where it is none."""
    if content_type(request) != "application/json":
        raise Invalid("Envoyez du JSON (Content-Type : application/json).")
    body = await read_body(request, longest=longest)
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid("Ce JSON est illisible.") from None
    if not isinstance(found, dict):
        raise Invalid("Envoyez un objet JSON.")
    return found


def network_of(request: Request) -> str:
    """Name the network that a request comes from."""
    return rates.network_of(request.client.host if request.client else "", ", ".join(request.headers.getlist("x-forwarded-for")))


class GuardedSocket(WebSocketRoute):
    """A WebSocket that knows who may open it; origin and session are checked before it is accepted."""

    access: Access
    summary: str


SocketEndpoint = Callable[[WebSocket, Actor], Awaitable[None]]


def socket(path: str, endpoint: SocketEndpoint, *, access: Access, summary: str = "") -> GuardedSocket:
    """Declare a WebSocket. `endpoint(socket, actor)` runs once the page's origin is ours and the actor's kind is in `access`; else 403.

    A browser names the origin of every page that opens a socket, so one without an origin is refused too.
    """

    async def run(websocket: WebSocket) -> None:
        if websocket.headers.get("origin") not in get_settings().allowed_origins:
            await websocket.close(CLOSED_BY_POLICY)
            return
        actor = await run_blocking(actor_of_token, token_in(websocket.headers.get("cookie", "")))
        if actor.kind not in access:
            await websocket.close(CLOSED_BY_POLICY)
            return
        await endpoint(websocket, actor)

    declared = GuardedSocket(path, run, name=getattr(endpoint, "__name__", path))
    declared.access, declared.summary = access, summary or (endpoint.__doc__ or "").strip()
    return declared
