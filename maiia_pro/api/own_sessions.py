"""The open sessions of one's own account, to look at and to close."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.describe import Body, Operation, json_body, refusals, text, thing
from maiia_pro.api.routing import SIGNED_IN, GuardedRoute, route
from maiia_pro.api.second_step import NO_STORE
from maiia_pro.identity.own_sessions import close_other_sessions, close_own_session, own_sessions
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking


async def list_sessions(_request: Request, actor: Actor) -> Response:
    """List one's open sessions, this one first; instants are in ISO 8601."""
    listed = [
        {
            "id": one.id.hex,
            "agent": one.agent,
            "network": one.network,
            "opened": one.opened_at.isoformat(),
            "seen": one.last_seen_at.isoformat(),
            "here": one.here,
            "locked": one.locked,
        }
        for one in await run_blocking(own_sessions, actor)
    ]
    return JSONResponse({"sessions": listed}, headers=NO_STORE)


async def close_session(request: Request, actor: Actor) -> Response:
    """Close one of one's sessions; its screens end at once."""
    await run_blocking(close_own_session, actor, parse_id(request.path_params["id"]))
    return Response(status_code=204, headers=NO_STORE)


async def close_others(_request: Request, actor: Actor) -> Response:
    """Close all of one's sessions but this one; the second step is asked for again in every browser."""
    return JSONResponse({"closed": await run_blocking(close_other_sessions, actor)}, headers=NO_STORE)


_COMMON: Final = refusals(401, 403, 429, 500, 503)
_FLAG: Final = {"type": "boolean"}
_SESSION: Final = thing(
    ("id", "agent", "network", "opened", "seen", "here", "locked"),
    id=text(), agent=text(), network=text(), opened=text(), seen=text(), here=_FLAG, locked=_FLAG,
)  # fmt: skip
LIST: Final = Operation(
    {200: json_body("Vos sessions.", thing(("sessions",), sessions={"type": "array", "items": _SESSION}))} | _COMMON, tag="session"
)
CLOSE: Final = Operation({204: Body("Elle est fermée.")} | _COMMON | refusals(404), tag="session")
OTHERS: Final = Operation(
    {200: json_body("Combien ont été fermées.", thing(("closed",), closed={"type": "integer"}))} | _COMMON, tag="session"
)

routes: list[GuardedRoute] = [
    route("/api/sessions", list_sessions, access=SIGNED_IN, describes=LIST),
    route("/api/sessions/others", close_others, methods=("DELETE",), access=SIGNED_IN, describes=OTHERS),
    route("/api/sessions/{id}", close_session, methods=("DELETE",), access=SIGNED_IN, describes=CLOSE, name="close_one_session"),
]
