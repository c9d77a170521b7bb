"""In front of Reflex's socket: it learns the hash of the session's token, never the token, and opens only where its store answers."""

import asyncio
import contextlib

from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maiia_pro.identity.cookies import cookie_name, token_in
from maiia_pro.identity.tokens import token_hash
from maiia_pro.integrations.redis.client import answers
from maiia_pro.settings import get_settings

SOCKET = "/_event"
LINE = "maiia.line"
TRY_AGAIN_LATER = 1013
CLOSE: Message = {"type": "websocket.close", "code": TRY_AGAIN_LATER}


class Line:
    """The socket of a screen, which the server may cut."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.cut = asyncio.Event()

    async def receive(self) -> Message:
        """Give what the browser says next, or its departure once the line is cut."""
        heard, cut = asyncio.ensure_future(self._receive()), asyncio.ensure_future(self.cut.wait())
        try:
            await asyncio.wait({heard, cut}, return_when=asyncio.FIRST_COMPLETED)
            return heard.result() if heard.done() else {"type": "websocket.disconnect", "code": TRY_AGAIN_LATER}
        finally:
            heard.cancel()
            cut.cancel()


def handshake(app: ASGIApp) -> ASGIApp:
    """Hand the cookie's hash on in its place: Reflex keeps the headers with the state, in Redis where there is one."""

    async def shake(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"} and scope["path"].startswith(SOCKET):
            scope = scope | {"headers": hashed(scope["headers"])}
        if scope["type"] != "websocket" or not get_settings().redis_url:
            await app(scope, receive, send)
        elif await answers(get_settings().redis_url):
            line = Line(receive)
            await app(scope | {LINE: line}, line.receive, send)
            if line.cut.is_set():
                with contextlib.suppress(RuntimeError, OSError):  # closed already
                    await send(CLOSE)
        else:
            await send(CLOSE)

    return shake


def hashed(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Give the headers with one cookie at most: the session's, its value hashed."""
    token = token_in("; ".join(value.decode("latin-1") for name, value in headers if name == b"cookie"))
    kept = [(name, value) for name, value in headers if name != b"cookie"]
    return [*kept, (b"cookie", f"{cookie_name()}={token_hash(token)}".encode())] if token else kept


def hang_up() -> None:
    """Cut the line of the screen whose event failed: it says so, opens again once the store answers, and reads everything anew.

    A message would need the store, and fail like the event before it.
    """
    app = RegistrationContext.get().app
    sid = app.event_namespace.token_to_sid.get(EventContext.get().token) if app.event_namespace else None
    environ = app.sio.get_environ(sid, SOCKET) if app.sio and sid else None
    line = environ["asgi.scope"].get(LINE) if environ else None
    if line:
        line.cut.set()
