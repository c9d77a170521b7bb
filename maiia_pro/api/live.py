"""The live channel: one LISTEN connection a server process, one WebSocket an open screen, one text a change.

A screen says what it shows (`{"watch": ["agenda:<practitioner hex>", "slots:<practitioner hex>"]}`) and gets
`{topic, id, version, appointment, by, action}` for agendas, `{topic, version}` for free time, `{topic, id, version}` for the requests
and the waiting list of a practice (`requests:<practice hex>`, `waiting:<practice hex>`),
`{topic, id, look}` where a colleague is giving an appointment at a time (told by `{"look": {practitioner, day, start}}`, over by
`{"look": null}` or with the socket), `{topic, resync}` where hours or reasons changed, `{resync}` after a gap.
"""

import asyncio
import contextlib
import json
import logging
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Final
from uuid import UUID

import anyio
import psycopg
from starlette.websockets import WebSocket, WebSocketDisconnect

from maiia_pro.agenda.frames import agenda_change, check_watchable
from maiia_pro.agenda.looking import KIND, Look, tell_look
from maiia_pro.api.looks import Looks, read_look
from maiia_pro.api.routing import ANYONE, GuardedSocket, socket
from maiia_pro.api.screens import Screen
from maiia_pro.api.topics import LONGEST_MESSAGE, named, read_object, read_topics
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_ends import sessions_over
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import database_url
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.live import CHANNEL, Change
from maiia_pro.kernel.work import run_blocking
from maiia_pro.requests.creating import check_watchable as check_watched_requests
from maiia_pro.waiting.listing import check_watchable as check_watched_list

log = logging.getLogger(__name__)

BEAT_SECONDS: Final = 20.0
SWEEP_SECONDS: Final = 3.0
"""Every session that has a screen is asked for this often, all in one question: whoever's is over loses the screen within five seconds,
even where nobody told of it or the word was lost."""
BEATS_A_CHECK: Final = 15
"""Every session that holds a socket is asked for its rights again within this many beats (five minutes)."""
FIRST_WAIT: Final = 0.1
LONGEST_WAIT: Final = 5.0

BEAT: Final = json.dumps({"beat": True})
NOTHING: Final = UUID(int=0)
GAP: Final = json.dumps({"resync": True})
_BROADCASTER: Final = Actor.system("Diffusion")


class Hub:
    """Who watches what in this process, and the one connection that hears of changes."""

    def __init__(self) -> None:
        self._watching: dict[str, set[Screen]] = defaultdict(set)
        self._screens: set[Screen] = set()
        self._on_account: list[Callable[[UUID], Awaitable[object]]] = []
        self._held: list[Callable[[], dict[str, UUID]]] = []
        self.listening = asyncio.Event()
        self.looks = Looks()

    def when_account_changes(self, act: Callable[[UUID], Awaitable[object]]) -> None:
        """Have something done, besides closing sockets, when an account's sessions ended."""
        self._on_account.append(act)

    def when_asked_for_sessions(self, tell: Callable[[], dict[str, UUID]]) -> None:
        """Have the sessions of other screens looked over too: the accounts by the hashes of their tokens."""
        self._held.append(tell)

    def join(self, screen: Screen) -> None:
        """Take in a socket that was just accepted."""
        self._screens.add(screen)

    def watch(self, screen: Screen, topics: Iterable[str]) -> None:
        """Replace what a screen watches."""
        self._forget(screen)
        screen.topics = frozenset(topics)
        for topic in screen.topics:
            self._watching[topic].add(screen)

    def leave(self, screen: Screen) -> None:
        """Let go of a socket that closed."""
        self._screens.discard(screen)
        self._forget(screen)

    def _forget(self, screen: Screen) -> None:
        for topic in screen.topics:
            self._watching[topic].discard(screen)
            if not self._watching[topic]:
                del self._watching[topic]
        screen.topics = frozenset()

    @contextlib.asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Listen as long as the server process lives."""
        tasks = [asyncio.create_task(self.run(), name="live-hub"), asyncio.create_task(self.beat(), name="live-beat")]
        tasks.append(asyncio.create_task(self.sweep(), name="live-sweep"))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def beat(self) -> None:
        """Tell every browser now and then that its line holds; ask again for a part of the sessions each time."""
        turn = 0
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            turn = (turn + 1) % BEATS_A_CHECK
            for number, screen in enumerate(tuple(self._screens)):
                screen.push(BEAT)
                if number % BEATS_A_CHECK == turn:
                    await self._check(screen)

    async def sweep(self) -> None:
        """Look over the sessions of every screen, for ever; where nobody answers, the next round asks."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.look_over()
            except Exception as error:  # noqa: BLE001 - the edge: whatever broke, who is suspended loses the screen at the next round
                log.warning("live channel: sessions not looked over", extra={"error": type(error).__name__})

    async def look_over(self) -> None:
        """End the screens of sessions that are over, and have those whose rights ended by their date ask again."""
        mine = {token_hash(screen.token): screen.actor.account_id for screen in self._screens if screen.actor.account_id}
        for tell in self._held:
            mine |= tell()
        if mine:
            over = await run_blocking(sessions_over, _BROADCASTER, list(mine))
            for account_id in {mine[hashed] for hashed in over}:
                await self._account(account_id)

    @staticmethod
    async def _check(screen: Screen) -> None:
        """Ask for a session again; where nobody answers, the next round asks."""
        try:
            await screen.check()
        except DomainError as error:
            log.warning("live channel: session not checked", extra={"error": type(error).__name__})

    async def run(self) -> None:
        """Listen for ever; after a broken connection wait a little, longer each time, then tell every screen to reload."""
        wait, before = FIRST_WAIT, False
        while True:
            try:
                async with await _connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    await run_blocking(agenda_change, _BROADCASTER, NOTHING)  # the first change finds a connection open
                    if before:
                        self.resync()
                    wait, before = FIRST_WAIT, True
                    self.listening.set()
                    async for notification in connection.notifies():
                        await self.deliver(notification.payload)
            except (psycopg.Error, OSError, DomainError) as error:
                log.warning("live channel lost", extra={"error": type(error).__name__})
            finally:
                self.listening.clear()
            await asyncio.sleep(wait + secrets.randbelow(100) / 1000 * wait)
            wait = min(wait * 2, LONGEST_WAIT)

    def resync(self) -> None:
        """Tell every screen that it may have missed something."""
        for screen in self._screens:
            screen.push(GAP)

    async def deliver(self, payload: str) -> None:
        """Pass a change on; one that cannot be read or loaded must not stop the next."""
        try:
            change = Change.decode(payload)
        except ValueError:
            log.warning("live channel: unreadable change")
            return
        kind, _, ident = change.topic.partition(":")
        try:
            if kind == "agenda":
                await self._agenda(change, ident)
            elif kind in {"requests", "waiting"}:
                frame = {"topic": change.topic, "id": change.subject_id.hex, "version": change.version}
                self._send(self._watching.get(change.topic, ()), json.dumps(frame))
            elif kind == KIND:
                for shown in await self.looks.hear(change, ident, _BROADCASTER):
                    others = [one for one in self._watching.get(shown.topic, ()) if one.actor.account_id != shown.account_id]
                    self._send(others, shown.text)
            elif kind == "account":
                await self._account(change.subject_id)
        except Exception as error:  # noqa: BLE001 - the edge: what broke is logged without content, and every screen reloads
            log.error("live channel: change not passed on", extra={"topic": kind, "error": type(error).__name__})
            self.resync()

    async def _agenda(self, change: Change, practitioner: str) -> None:
        visitors = self._watching.get(f"slots:{practitioner}")
        if visitors:
            self._send(visitors, json.dumps({"topic": f"slots:{practitioner}", "version": change.version}))
        if change.topic not in self._watching:
            return
        if change.subject_id.hex == practitioner:
            self._send(self._watching[change.topic], json.dumps({"topic": change.topic, "resync": True}))
            return
        told = await run_blocking(agenda_change, _BROADCASTER, change.subject_id)
        here = told.appointment if told.appointment and told.appointment["practitioner"] == practitioner else None
        frame = {"topic": change.topic, "id": change.subject_id.hex, "version": told.version or change.version}
        self._send(self._watching.get(change.topic, ()), json.dumps(frame | {"appointment": here, "by": told.by, "action": told.action}))

    async def _account(self, account_id: UUID) -> None:
        for screen in [one for one in self._screens if one.actor.account_id == account_id]:
            await screen.check()
        for act in self._on_account:
            await act(account_id)

    @staticmethod
    def _send(screens: Iterable[Screen], text: str) -> None:
        for screen in tuple(screens):
            screen.push(text)


async def _connect() -> psycopg.AsyncConnection[Any]:
    return await psycopg.AsyncConnection.connect(
        database_url(),
        autocommit=True,
        application_name="maiia-pro live",
        connect_timeout=5,
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
    )


hub = Hub()


async def live(websocket: WebSocket, actor: Actor) -> None:
    """Changes of the agendas and free times that a screen shows, as they are committed."""
    await websocket.accept()
    screen = Screen(websocket, actor)
    hub.join(screen)
    try:
        async with anyio.create_task_group() as both:
            both.start_soon(_until_done, screen.write, both.cancel_scope)
            both.start_soon(_until_done, partial(_read, screen), both.cancel_scope)
        if screen.closing is not None:  # only now: the server holds a close back while somebody still waits to receive
            with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
                await websocket.close(screen.closing)
    finally:
        hub.leave(screen)
        with anyio.CancelScope(shield=True):  # the line may be cut in the middle of this very word
            await _look(screen, screen.actor, None)


async def _look(screen: Screen, actor: Actor, look: Look | None) -> None:
    """Tell where a screen is now, if that changed."""
    before, screen.look = screen.look, look
    whose = look or before
    if whose is None or look == before:
        return
    with contextlib.suppress(DomainError):
        await run_blocking(tell_look, actor, screen.ident, whose.practitioner_id, look)


async def _until_done(work: Callable[[], Awaitable[None]], scope: anyio.CancelScope) -> None:
    """Run one half of the socket; when it ends, the other half does too."""
    try:
        await work()
    except (WebSocketDisconnect, RuntimeError, OSError):
        log.debug("socket gone")
    finally:
        scope.cancel()


async def _read(screen: Screen) -> None:
    """Take what the screen wants to watch; a refusal is said and what was watched before stays."""
    while True:
        message = await screen.websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        text = message.get("text") or ""
        try:
            actor = await run_blocking(actor_of_token, screen.token)
            if text.startswith('{"look"') and len(text) <= LONGEST_MESSAGE:
                await _look(screen, actor, read_look(read_object(text).get("look")))
                continue
            topics = read_topics(text)
            await run_blocking(check_watchable, actor, named(topics, "agenda"))
            check_watched_requests(actor, named(topics, "requests"))
            check_watched_list(actor, named(topics, "waiting"))
        except DomainError as error:
            of_look = {"look": None} if text.startswith('{"look"') else {}  # what is watched is watched all the same
            screen.push(json.dumps({"refused": error.code, "message": error.message} | of_look))
            continue
        hub.watch(screen, topics)
        screen.push(json.dumps({"watching": sorted(topics)}))
        for mark in hub.looks.on(topics, screen.actor.account_id):
            screen.push(mark)


sockets: list[GuardedSocket] = [socket("/live", live, access=ANYONE)]
