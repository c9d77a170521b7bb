"""A client of Reflex's socket without a browser: what anybody may send to the server."""

import asyncio
import uuid
from typing import Any, Self

import aiohttp
import socketio

NAMESPACE = "/_event"
ROOT = "reflex___state____state"
HYDRATE = f"{ROOT}.hydrate"


class SocketClient:
    """One browser tab: a client token, the cookie of its handshake, and the state as the server told it."""

    def __init__(self, base_url: str, *, cookie: str = "", token: str | None = None, origin: str | None = None) -> None:
        self.base_url, self.cookie, self.origin = base_url, cookie, origin or base_url
        self.token = token or str(uuid.uuid4())
        self.vars: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self._arrived = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        self._socket = socketio.AsyncClient(reconnection=False, http_session=self._http)
        self._socket.on("event", self._receive, namespace=NAMESPACE)
        try:
            await self._connect()
        except socketio.exceptions.ConnectionError:
            await self._http.close()
            raise
        return self

    async def _connect(self) -> None:
        headers = {"Origin": self.origin} | ({"Cookie": self.cookie} if self.cookie else {})
        await self._socket.connect(
            f"{self.base_url}?token={self.token}",
            socketio_path="_event",
            namespaces=[NAMESPACE],
            transports=["websocket"],
            headers=headers,
            wait_timeout=20,
        )

    async def __aexit__(self, *error: object) -> None:
        await self._socket.disconnect()
        await self._http.close()

    async def _receive(self, update: dict[str, Any]) -> None:
        for state, changes in (update.get("delta") or {}).items():
            for name, value in changes.items():
                self.vars[f"{state}.{name.removesuffix('_rx_state_')}"] = value
        self.events += update.get("events") or []
        self._arrived.set()

    async def send(self, name: str, payload: dict[str, Any] | None = None, path: str = "/") -> None:
        """Fire an event by its full name."""
        router = {"pathname": path, "query": {}, "asPath": path}
        await self._socket.emit(
            "event", {"name": name, "payload": payload or {}, "router_data": router, "token": self.token}, namespace=NAMESPACE
        )

    async def until(self, holds: Any, seconds: float = 15.0) -> None:
        """Wait until the state or the events told so far make `holds(self)` true."""

        async with asyncio.timeout(seconds):
            while not holds(self):
                self._arrived.clear()
                await self._arrived.wait()

    def var(self, ending: str) -> Any:
        """Give the last value of the var whose full name ends so."""
        return next((value for name, value in reversed(self.vars.items()) if name.endswith(ending)), None)

    def messages(self) -> list[str]:
        """List what the page announces."""
        return [toast["message"] for toast in self.var("announcements.toasts") or []]
