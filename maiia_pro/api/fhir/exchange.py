"""What every FHIR route does first: count the request, see that the answer can be read, read the body."""

import json
import math
from collections.abc import Awaitable, Callable
from typing import Any, Final, NoReturn
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from maiia_pro.api.bodies import content_type, read_body
from maiia_pro.api.describe import Operation
from maiia_pro.api.fhir.format import JSON_TYPES
from maiia_pro.api.fhir.outcomes import BadRequest, NotAcceptable, WrongType, fhir_error
from maiia_pro.api.routing import PROGRAMS, GuardedRoute, route
from maiia_pro.identity.api_clients import Bearer
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.rates import count_request

LONGEST_BODY: Final = 262144
FORM: Final = "application/x-www-form-urlencoded"
_ANY: Final = frozenset({"*/*", "application/*", "*"})
_FORMATS: Final = JSON_TYPES | {"json"}

Endpoint = Callable[[Request, Actor], Awaitable[Response]]


def fhir_route(path: str, endpoint: Endpoint, *, methods: tuple[str, ...] = ("GET",), describes: Operation, name: str) -> GuardedRoute:
    """Declare a route for programs with a bearer token, as often a minute as their practice agreed."""

    async def run(request: Request, actor: Actor) -> Response:
        bearer: Bearer = request.state.bearer
        if actor.api_client_id is not None:
            count_request(actor.api_client_id, bearer.requests_per_minute)
        check_format(request)
        return await endpoint(request, actor)

    return route(
        path, run, methods=methods, access=PROGRAMS, summary=(endpoint.__doc__ or "").strip(), errors=fhir_error, name=name,
        describes=describes,
    )  # fmt: skip


def check_format(request: Request) -> None:
    """See that the caller reads JSON, by `_format` or `Accept`; raises `NotAcceptable`."""
    asked = request.query_params.get("_format")
    if asked:
        if asked.partition(";")[0].strip().lower().replace(" ", "+") not in _FORMATS:
            raise NotAcceptable
        return
    accepted = request.headers.get("accept", "*/*")
    ranges = {part.partition(";")[0].strip().lower() for part in accepted.split(",")} - {""}
    if ranges and not ranges & (_ANY | JSON_TYPES):
        raise NotAcceptable


async def read_resource(request: Request, *, types: frozenset[str] = JSON_TYPES) -> Any:
    """Read JSON that can be stored and written again; raises `WrongType`, `TooLarge`, `TooSlow` or `BadRequest`."""
    if content_type(request) not in types:
        raise WrongType
    body = await read_body(request, longest=LONGEST_BODY)
    try:
        found = json.loads(body, parse_constant=_no_constant, parse_float=_finite)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise BadRequest("Ce JSON est illisible.") from None
    return found


def _no_constant(_name: str) -> NoReturn:
    raise ValueError


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number


async def read_form(request: Request) -> list[tuple[str, str]]:
    """Read the parameters of a search by POST; raises `WrongType`, `TooLarge`, `TooSlow` or `BadRequest`."""
    body = await read_body(request, longest=LONGEST_BODY)
    if not body:
        return []
    if content_type(request) != FORM:
        raise WrongType("Envoyez les paramètres dans un formulaire (Content-Type : application/x-www-form-urlencoded).")
    return pairs_of(body)


def pairs_of(encoded: bytes) -> list[tuple[str, str]]:
    """Decode parameters, « + » as a space; raises `BadRequest`."""
    try:
        return parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError:
        raise BadRequest("Ces paramètres sont illisibles.") from None
