"""An open screen: its socket, what it watches, and what waits to be sent to it."""

import asyncio
from typing import Final

from starlette.websockets import WebSocket

from maiia_pro.agenda.looking import Look
from maiia_pro.identity.cookies import token_in
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.work import run_blocking

RESYNC: Final = 4000
"""Close code: this screen fell behind; it reloads and connects again."""
ENDED: Final = 4001
"""Close code: the session that opened this socket is over."""
QUEUE_LIMIT: Final = 64


class Screen:
    """An open socket: who opened it, what it watches, and what waits to be sent."""

    def __init__(self, websocket: WebSocket, actor: Actor) -> None:
        self.websocket, self.actor = websocket, actor
        self.token = token_in(websocket.headers.get("cookie", ""))
        self.topics: frozenset[str] = frozenset()
        self.closing: int | None = None
        self.ident = uuid7()
        self.look: Look | None = None
        self._waiting: asyncio.Queue[str] = asyncio.Queue(QUEUE_LIMIT)

    def push(self, text: str) -> None:
        """Queue a text; a reader that is too slow is told to start again instead of holding memory."""
        if self.closing is not None:
            return
        try:
            self._waiting.put_nowait(text)
        except asyncio.QueueFull:
            self.close(RESYNC)

    def close(self, code: int) -> None:
        """Close after what is being sent; the rest of the queue is dropped."""
        if self.closing is None:
            self.closing = code
            while not self._waiting.empty():
                self._waiting.get_nowait()
            self._waiting.put_nowait("")

    async def write(self) -> None:
        """Send what is queued, one after the other, until the socket is to close."""
        while self.closing is None:
            text = await self._waiting.get()
            if self.closing is None:
                await self.websocket.send_text(text)

    async def check(self) -> None:
        """End the socket of somebody whose session is over; have one whose rights changed ask again for what it watches."""
        if self.actor.account_id is None:
            return
        now = await run_blocking(actor_of_token, self.token)
        if now.account_id != self.actor.account_id:
            self.close(ENDED)
        elif (now.rights, now.practice_ids) != (self.actor.rights, self.actor.practice_ids):
            self.close(RESYNC)
