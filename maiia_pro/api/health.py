"""Whether the process lives, and whether it can serve."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.routing import ANYONE, GuardedRoute, route
from maiia_pro.kernel.actor import Actor


async def alive(_request: Request, _actor: Actor) -> Response:
    """Answer as long as the process does; nobody needs a session for it."""
    return JSONResponse({"status": "ok"})


routes: list[GuardedRoute] = [route("/_health", alive, access=ANYONE, identify=False)]
