"""Two server processes that share Redis: screens held by one follow what is done through the other, and outlive the death of either."""

import asyncio
import json
import os
import pickle
import re
import signal
from collections.abc import Awaitable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from typing import Any

import httpx
import psutil
import pytest
from playwright.sync_api import Page, expect
from redis import Redis
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from maiia_pro.api.screens import ENDED
from maiia_pro.identity import hashing
from maiia_pro.identity.tokens import token_hash
from maiia_pro.launcher.build import ensure_built
from maiia_pro.launcher.waiting import wait_until
from maiia_pro.settings import get_settings
from state.agenda import AgendaState
from state.session import SessionState
from tests.desk.agenda_page import column, committed, drag, opened, visit
from tests.desk.world import Person, World
from tests.factories import CLIENT_SECRET, client_id_of
from tests.tools.line import READ_AGAIN
from tests.tools.pages import Pages
from tests.tools.redis_server import RedisServer
from tests.tools.socket_client import HYDRATE, SocketClient

pytestmark = pytest.mark.e2e

CUT = "Connexion interrompue."
HOUR = 3600
MANY = 40
"""Connections tried until one lands on the process that is wanted: the system gives them out as it likes."""


class Pair(Pages):
    """One server of two processes, and its Redis."""

    def __init__(self, folder: Any, redis: RedisServer) -> None:
        super().__init__(folder / "server.log", REDIS_URL=redis.url, WORKERS="2", DATA_DIR=str(folder))
        self.redis = redis

    def processes(self) -> list[int]:
        """List the two processes that answer."""
        assert self.process is not None
        return [one.pid for one in psutil.Process(self.process.pid).children() if one.status() != psutil.STATUS_ZOMBIE]

    def listening(self) -> int:
        """Count the processes that take connections: each has a listener of its own."""
        return sum(any(one.status == psutil.CONN_LISTEN for one in psutil.Process(pid).net_connections()) for pid in self.processes())

    def holder(self, port: int) -> int:
        """Tell which process holds the connection that comes from a port of ours; 0 where none does."""
        ends = {one.raddr.port: pid for pid in self.processes() for one in psutil.Process(pid).net_connections() if one.raddr}
        return ends.get(port, 0)

    def stored(self) -> dict[str, bytes]:
        """Give every text in Redis."""
        with Redis.from_url(self.redis.url) as client:
            names = [name for name in client.keys("*") if client.type(name) == b"string"]
            return {name.decode(): value for name, value in zip(names, client.mget(names), strict=True) if value} if names else {}

    def instance(self, token: str) -> str:
        """Tell which process holds the screen of a tab, as Reflex notes it; "" while none does."""
        record = self.stored().get(f"token_manager_socket_record_{token}")
        return pickle.loads(record).instance_id if record else ""  # noqa: S301 - written by the server of this test


@pytest.fixture(scope="module")
def pair(database, tmp_path_factory) -> Iterator[Pair]:
    """The built pages on two processes, on the tests' database."""
    folder = tmp_path_factory.mktemp("pair")
    ensure_built(get_settings(), folder / "build.log")
    with RedisServer(folder) as redis:
        running = Pair(folder, redis)
        running.start()
        wait_until(lambda: running.listening() == 2, 60)  # the first that answers is not both
        yield running
        running.stop()


@pytest.fixture(scope="module")
def base_url(pair: Pair) -> str:
    return pair.address


@pytest.fixture(scope="module")
def browser_context_args(browser_context_args: dict[str, Any], base_url: str) -> dict[str, Any]:
    return browser_context_args | {"base_url": base_url}


def aside(journey: Awaitable[Any]) -> Any:
    """Run a journey of sockets in a thread: the browser's loop holds this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, journey).result()


def tab(page: Page) -> str:
    """Give the token of a page's tab."""
    return page.evaluate("sessionStorage.getItem('token')")


def on_both(pair: Pair, browsers, world: World, days: int = 1) -> tuple[Page, Page]:
    """Open the secretary's and the practitioner's agenda, each held by another process."""
    wait_until(lambda: pair.listening() == 2, 60)  # one may have been killed before
    one = opened(browsers.open(world.secretary.actor, phone=False), world, days=days)
    two = browsers.open(world.practitioner.actor, phone=False)
    for _ in range(MANY):
        opened(two, world, "&praticien=tous", days)
        wait_until(lambda: pair.instance(tab(two)) != "", 10)
        if pair.instance(tab(two)) != pair.instance(tab(one)):
            return one, two
    pytest.fail("both screens landed on one process every time")


def live(pair: Pair, stack: ExitStack, person: Person, topic: str, avoid: int = 0) -> tuple[ClientConnection, int]:
    """Open a live socket on another process than one; gives whose it is too."""
    for _ in range(MANY):
        socket = stack.enter_context(
            connect(f"ws{pair.address[4:]}/live", origin=pair.address, additional_headers={"cookie": person.cookie})
        )
        socket.send(json.dumps({"watch": [topic]}))
        assert json.loads(socket.recv(timeout=10)) == {"watching": [topic]}
        holder = pair.holder(socket.socket.getsockname()[1])
        if holder != avoid:
            return socket, holder
    pytest.fail("every socket landed on one process")


async def screen(pair: Pair, cookie: str, *, avoid: str = "", token: str | None = None, stack: Any) -> SocketClient:
    """Open a tab on another process than one."""
    for _ in range(MANY):
        client = SocketClient(pair.address, cookie=cookie, token=token)
        await client.__aenter__()
        if pair.instance(client.token) != avoid:
            stack.push_async_exit(client)
            return client
        await client.__aexit__()
        await asyncio.to_thread(wait_until, lambda: not pair.instance(client.token), 10)  # noqa: B023 - waited for at once
    pytest.fail("every tab landed on one process")


async def enter(client: SocketClient, path: str) -> None:
    """Show the agenda."""
    await client.send(HYDRATE, path=path)
    await client.send(f"{SessionState.get_full_name()}.enter", {"who": "secretary practitioner"}, path)
    await client.send(f"{AgendaState.get_full_name()}.arrive", path=path)
    await client.until(lambda seen: seen.var("session_state.signed_in") and "Josiane Keller" in str(seen.vars))


def test_what_is_done_through_one_process_slides_in_on_screens_of_each(pair: Pair, browsers, world: World):
    booked = world.book(9)
    one, two = on_both(pair, browsers, world)
    topic = f"agenda:{world.first.hex}"
    with ExitStack() as stack:
        here, holder = live(pair, stack, world.secretary, topic)
        there, other = live(pair, stack, world.practitioner, topic, avoid=holder)
        assert {holder, other} == set(pair.processes())
        for mover, watcher, hour in ((one, two, 10), (two, one, 11)):
            drag(mover, visit(mover), column(mover, 0), dy=(hour - 8) * 96 + 4)
            committed(mover)
            expect(column(watcher, 0).locator(f"[data-fresh] [data-visit='{booked.id.hex}']")).to_be_visible()
            frames = [json.loads(socket.recv(timeout=10)) for socket in (here, there)]
            assert [frame["appointment"]["start"] for frame in frames] == [hour * 60] * 2


def test_a_tab_goes_on_where_its_socket_lands_and_is_empty_for_anybody_else(pair: Pair, world: World):
    world.book(9)
    path = f"/agenda?jour={world.day().isoformat()}"

    async def journey(cookie: str) -> tuple[bool, str]:
        """Open a tab on one process, then the same tab on the other with this cookie; gives what the second shows at once."""
        async with AsyncExitStack() as stack:
            first = await screen(pair, world.secretary.cookie, stack=stack)
            await enter(first, path)
            before = pair.instance(first.token)
        await asyncio.to_thread(wait_until, lambda: not pair.instance(first.token), 10)
        async with AsyncExitStack() as stack:
            second = await screen(pair, cookie, avoid=before, token=first.token, stack=stack)
            await second.send(HYDRATE, path=path)
            await second.until(lambda seen: seen.vars)
            return pair.instance(second.token) not in {"", before}, str(second.vars)

    moved, own = aside(journey(world.secretary.cookie))
    assert moved
    assert "Josiane Keller" in own
    for cookie in (world.stranger.cookie, ""):
        moved, others = aside(journey(cookie))
        assert moved
        assert "Josiane Keller" not in others
        assert "Sylvie Moreau" not in others


def test_signing_out_everywhere_ends_the_screens_of_every_process(pair: Pair, world: World):
    async def journey() -> list[bool]:
        async with AsyncExitStack() as stack:
            one = await screen(pair, world.secretary.cookie, stack=stack)
            two = await screen(pair, world.secretary.cookie, avoid=pair.instance(one.token), stack=stack)
            for client in (one, two):
                await client.send(HYDRATE)
                await client.send(f"{SessionState.get_full_name()}.enter", {"who": ""})
                await client.until(lambda seen: seen.var("session_state.signed_in"))
            headers = {"cookie": world.secretary.cookie, "origin": pair.address}
            async with httpx.AsyncClient(base_url=pair.address, headers=headers) as browser:
                (await browser.delete("/api/sessions")).raise_for_status()
            for client in (one, two):
                await client.until(lambda seen: seen.var("session_state.ended"))
            return [client.var("session_state.signed_in") for client in (one, two)]

    topic = f"agenda:{world.first.hex}"
    with ExitStack() as stack:
        here, holder = live(pair, stack, world.secretary, topic)
        there, _ = live(pair, stack, world.secretary, topic, avoid=holder)
        assert aside(journey()) == [False, False]
        for socket in (here, there):
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=10)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == ENDED


def test_redis_keeps_screens_for_an_hour_and_never_a_session(pair: Pair, browsers, world: World):
    world.book(9)
    page = opened(browsers.open(world.secretary.actor, phone=False), world)
    expect(visit(page)).to_be_visible()
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "maiia_session")
    wait_until(lambda: any("Keller" in value.decode("utf-8", "replace") for value in pair.stored().values()), 10)
    everything = b"".join(pair.stored().values())
    assert token_hash(token).encode() in everything
    assert token.encode() not in everything
    with Redis.from_url(pair.redis.url) as client:
        assert all(0 < client.ttl(name) <= HOUR for name in client.keys("*"))


def figure(pair: Pair, name: str) -> float:
    """Read one figure of `/metrics`, over whichever process answers."""
    lines = httpx.get(f"{pair.address}/metrics").text.splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(name)), 0.0)


def test_the_figures_of_both_processes_are_added_up(pair: Pair):
    name = 'maiia_http_requests_total{method="GET",route="/api/ready",status="200"}'
    before = figure(pair, name)
    for _ in range(20):  # each on a connection of its own
        assert httpx.get(f"{pair.address}/api/ready").json()["screens"] is True
    assert {figure(pair, name) for _ in range(10)} == {before + 20}


def test_a_killed_process_comes_back_and_the_screens_of_both_go_on(pair: Pair, browsers, world: World):
    booked = world.book(9)
    one, two = on_both(pair, browsers, world)
    said: list[str] = []
    for page in (one, two):
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: said.append(str(frame))))
    before = pair.processes()
    os.kill(before[0], signal.SIGKILL)
    wait_until(lambda: len(set(pair.processes()) - {before[0]}) == 2, 30)
    wait_until(lambda: tab(one) and tab(two) and any(READ_AGAIN in frame for frame in said), 20)  # the one that was cut
    for mover, watcher, hour in ((one, two, 10), (two, one, 11)):
        drag(mover, visit(mover), column(mover, 0), dy=(hour - 8) * 96 + 4)
        at = re.compile(f"^{hour}\u00a0h\u00a000, Josiane Keller")
        expect(watcher.locator(f"[data-visit='{booked.id.hex}']")).to_have_attribute("aria-label", at, timeout=20_000)
    assert figure(pair, 'maiia_open_sockets{route="/_event"}') == 2
    for page in (one, two):
        page.close()
    wait_until(lambda: figure(pair, 'maiia_open_sockets{route="/_event"}') == 0, 10)  # the dead one's are not counted


def booked_by_program(pair: Pair, world: World) -> str:
    """Book by FHIR on the server, as a program does; give the appointment's id."""
    client = world.house.api_client()
    credentials = {"grant_type": "client_credentials", "client_id": client_id_of(client), "client_secret": CLIENT_SECRET}
    token = httpx.post(f"{pair.address}/oauth/token", data=credentials).json()["access_token"]
    people = [{"actor": {"reference": f"Patient/{world.house.patients[1].hex}"}, "status": "accepted"}]
    asked = {
        "resourceType": "Appointment",
        "status": "booked",
        "slot": [{"reference": f"Slot/{world.house.slot(10, days=2)}"}],
        "participant": people,
    }
    answer = httpx.post(f"{pair.address}/fhir/Appointment", json=asked, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_without_redis_programs_book_open_agendas_follow_and_screens_that_act_say_that_they_are_cut(pair: Pair, browsers, world: World):
    world.book(9)
    acting, watching = on_both(pair, browsers, world, days=2)
    pair.redis.kill()
    try:
        acting.keyboard.press("ArrowRight")
        expect(acting.get_by_text(CUT)).to_be_visible()
        assert httpx.get(f"{pair.address}/api/ready").json()["screens"] is False
        booked = booked_by_program(pair, world)
        expect(watching.locator(f"[data-visit='{booked}']")).to_be_visible(timeout=20_000)
    finally:
        pair.redis.start()
    expect(acting.get_by_text(CUT)).to_have_count(0, timeout=20_000)
    opened(acting, world, days=2)
    drag(acting, acting.locator(f"[data-visit='{booked}']"), column(acting, 0), dy=(11 - 8) * 96 + 4)
    expect(watching.locator(f"[data-visit='{booked}']")).to_have_attribute("aria-label", re.compile("^11\u00a0h"))


def test_the_end_leaves_no_process_and_no_listener(pair: Pair):
    for number in range(40):  # who is new is met by either process
        httpx.post(f"{pair.address}/api/session", json={"email": f"x{number}@exemple.fr", "password": "x" * 12})
        computing = [child for pid in pair.processes() for child in psutil.Process(pid).children() if hashing.__name__ in child.cmdline()]
        if len(computing) == 2:
            break
    assert len(computing) == 2, "each process has its passwords computed by another"
    before = [psutil.Process(pid) for pid in (pair.process.pid, *pair.processes())] + computing
    pair.stop()
    assert [process for process in before if process.is_running() and process.status() != psutil.STATUS_ZOMBIE] == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(pair.address)
