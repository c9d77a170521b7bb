"""Whose number it is that calls, for telephone systems that show a name."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.describe import Operation, closed, json_body, refusals, text, thing
from maiia_pro.api.routing import PROGRAMS, GuardedRoute, read_json, route
from maiia_pro.identity.api_clients import Bearer
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.text import one_line
from maiia_pro.kernel.work import run_blocking
from maiia_pro.patients.calling import find_callers

LONGEST: Final = 200
"""Of a number as it is sent, in characters."""


async def look_up(request: Request, actor: Actor) -> Response:
    """Name the patients of the practice who have a caller's number; nothing else is told of them."""
    bearer: Bearer = request.state.bearer
    if actor.api_client_id is not None:
        count_request(actor.api_client_id, bearer.requests_per_minute)
    body = await read_json(request)
    if "number" not in body:
        raise Invalid("Donnez le numéro de l’appelant (number).")
    found = await run_blocking(find_callers, actor, one_line(body["number"], longest=LONGEST))
    return JSONResponse({"patients": [{"name": one.display_name} for one in found]}, headers={"Cache-Control": "no-store"})


_PATIENT: Final = closed(thing(("name",), name=text()))
CALLER: Final = Operation(
    {
        200: json_body(
            "Les patients du cabinet qui ont ce numéro ; aucun pour un numéro masqué.",
            thing(("patients",), patients={"type": "array", "items": _PATIENT}),
        )
    }
    | refusals(401, 403, 413, 422, 429, 500, 503),
    request=json_body("Le numéro, comme le poste téléphonique l’écrit.", thing(("number",), number=text(most=LONGEST))),
    tag="téléphone",
)
routes: list[GuardedRoute] = [route("/api/caller", look_up, methods=("POST",), access=PROGRAMS, describes=CALLER)]
