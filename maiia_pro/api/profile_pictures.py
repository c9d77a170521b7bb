"""Photos and logos of public pages: taken from their owner, shown to everybody."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.bodies import read_body
from maiia_pro.api.describe import Body, Operation, Parameter, json_body, refusals, text, thing
from maiia_pro.api.policy import YEAR
from maiia_pro.api.routing import ANYONE, PROGRAMS, GuardedRoute, network_of, route
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_alone, run_blocking
from maiia_pro.practice.pictures import LARGEST, Picture, picture, set_picture

PER_NETWORK: Final = 600
PER_PERSON: Final = 30
KEPT: Final = {"Cache-Control": f"private, max-age={YEAR}, immutable"}
"""For good in the browser that asked, nowhere between: a withdrawn picture must not stay with others."""


async def read_picture(request: Request, actor: Actor) -> Response:
    """Show a picture of a public page, or of one's own draft."""
    count_request(("picture", network_of(request)), PER_NETWORK)
    return Response(await run_blocking(picture, actor, request.path_params["digest"]), media_type="image/webp", headers=KEPT)


async def take_picture(request: Request, actor: Actor) -> Response:
    """Take a picture into one's own draft."""
    count_request(("own picture", str(actor.account_id)), PER_PERSON)
    try:
        kind = Picture(request.path_params["kind"])
    except ValueError:
        raise NotFound from None
    content = await read_body(request, longest=LARGEST)
    digest = await run_alone(set_picture, actor, kind, content)
    return JSONResponse({"picture": digest}, headers={"Cache-Control": "no-store"})


_SEEN: Final = Operation(
    {200: Body("L’image.", {"image/webp": text()})} | refusals(404, 429),
    parameters=(Parameter("digest", "Empreinte de l’image.", text(least=1, most=64), place="path", required=True),),
    tag="profil",
)
_TAKEN: Final = Operation(
    {200: json_body("L’empreinte de l’image.", thing(("picture",), picture=text()))} | refusals(401, 403, 404, 413, 422, 429, 500, 503),
    parameters=(Parameter("kind", "Photo ou logo.", {"enum": [kind.value for kind in Picture]}, place="path", required=True),),
    request=Body("Une image de 5 Mo au plus.", {kind: text() for kind in ("image/jpeg", "image/png", "image/webp")}),
    tag="profil",
)

routes: list[GuardedRoute] = [
    route("/images/{digest}.webp", read_picture, access=ANYONE - PROGRAMS, describes=_SEEN),
    route("/api/profile/pictures/{kind}", take_picture, methods=("POST",), access=frozenset({ActorKind.PRACTITIONER}), describes=_TAKEN),
]
