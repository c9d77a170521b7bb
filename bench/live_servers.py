"""The two servers that the live bench compares: our live channel alone, and a bare python-socketio that broadcasts."""

import asyncio
import json
from typing import Any

import socketio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from maiia_pro.api import live


def hub() -> Any:
    """Serve the live channel and nothing else."""
    return Starlette(routes=list(live.sockets), lifespan=lambda _app: live.hub.lifespan())


def broadcast() -> Any:
    """Serve a socket.io room; `POST /say` sends its body to all who are connected."""
    server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")

    async def say(request: Request) -> JSONResponse:
        await server.emit("change", json.loads(await request.body()))
        await asyncio.sleep(0)
        return JSONResponse({})

    return socketio.ASGIApp(server, Starlette(routes=[Route("/say", say, methods=["POST"])]))
