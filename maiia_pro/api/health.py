"""Whether the process lives, and whether it can serve."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route


async def alive(_request: Request) -> JSONResponse:
    """Answer as long as the process does; nobody needs a session for it."""
    return JSONResponse({"status": "ok"})


routes: list[BaseRoute] = [Route("/_health", alive)]
