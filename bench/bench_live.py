"""A change on 10, 50 and 200 other open agendas: how late the last screen hears of it, and what each delivery costs the server."""

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
from websockets.asyncio.client import ClientConnection, connect

from bench.ground import Figure, database, quantile, write
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, move_appointment
from maiia_pro.agenda.frames import agenda_change
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.kernel.actor import Actor
from maiia_pro.launcher.waiting import wait_until
from maiia_pro.settings import get_settings
from tests.factories import House, session_token
from tests.tools.site import free_port

PROJECT = Path(__file__).parents[1]
CROWDS = (10, 50, 200)
CHANGES = int(os.environ.get("BENCH_CHANGES", "40"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
PAUSE = 0.05
LATEST_MS = 100
DEAREST = 5


@contextlib.contextmanager
def serving(target: str, port: int) -> Iterator[psutil.Process]:
    """Run a server of `live_servers` in processes of its own; gives the worker's."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--loop", "asyncio", "--no-log"]
    command += ["--host", "127.0.0.1", "--port", str(port), f"bench.live_servers:{target}"]
    environment = os.environ | {"PORT": str(port), "PYTHONPATH": str(PROJECT)}
    process = subprocess.Popen(command, cwd=PROJECT, env=environment)
    try:
        wait_until(lambda: any(one.laddr.port == port for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN), 30)
        wait_until(lambda: bool(psutil.Process(process.pid).children()), 10)
        yield psutil.Process(process.pid).children()[-1]
    finally:
        process.terminate()
        process.wait(15)


def spent(process: psutil.Process) -> float:
    """Seconds of processor that a server has used."""
    times = process.cpu_times()
    return times.user + times.system


@dataclass
class Crowd:
    """Open screens, and when each heard what."""

    sockets: list[ClientConnection] = field(default_factory=list)
    heard: dict[str, list[float]] = field(default_factory=dict)
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, mark: str) -> None:
        """Note an arrival."""
        times = self.heard.setdefault(mark, [])
        times.append(time.perf_counter())
        if len(times) == len(self.sockets):
            self.complete.set()


@contextlib.asynccontextmanager
async def screens(count: int, url: str, headers: dict[str, str], greet: Any, read: Any) -> AsyncIterator[Crowd]:
    """Open sockets, say what they watch, and keep listening."""
    crowd = Crowd()
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(count):
            socket = await stack.enter_async_context(connect(url, additional_headers=headers, compression=None, ping_interval=None))
            await greet(socket)
            crowd.sockets.append(socket)

        async def listen(socket: ClientConnection) -> None:
            async for text in socket:
                mark = await read(socket, text)
                if mark:
                    crowd.hear(mark)

        tasks = [asyncio.create_task(listen(socket)) for socket in crowd.sockets]
        try:
            yield crowd
        finally:
            for task in tasks:
                task.cancel()


async def of_hub(port: int, count: int, process: psutil.Process) -> tuple[list[float], float]:
    """Move an appointment back and forth; gives the latenesses in ms from the call of the use case, and the cost of a delivery in µs."""
    house = House.ready()
    secretary = house.secretary()
    headers = {"Cookie": f"{cookie_name()}={session_token(secretary)}", "Origin": f"http://127.0.0.1:{port}"}
    booked = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))

    async def greet(socket: ClientConnection) -> None:
        await socket.send(json.dumps({"watch": [f"agenda:{house.practitioners[0].hex}"]}))
        await socket.recv()

    async def read(_socket: ClientConnection, text: Any) -> str:
        return str(json.loads(text).get("version", ""))

    async with screens(count, f"ws://127.0.0.1:{port}/live", headers, greet, read) as crowd:
        late: list[float] = []
        before = spent(process)
        for change in range(CHANGES):
            crowd.complete.clear()
            to = MoveRequest(house.instant(9 if change % 2 else 10))
            started = time.perf_counter()
            moved = await asyncio.to_thread(move_appointment, secretary, booked.id, to)
            await asyncio.wait_for(crowd.complete.wait(), 10)
            late += [(at - started) * 1000 for at in crowd.heard[str(moved.version)]]
            await asyncio.sleep(PAUSE)
        return late, (spent(process) - before) / (CHANGES * count) * 1e6


async def of_broadcast(port: int, count: int, process: psutil.Process, frame: dict[str, Any]) -> tuple[list[float], float]:
    """Broadcast the same frame over socket.io."""

    async def greet(socket: ClientConnection) -> None:
        await socket.recv()
        await socket.send("40")
        await socket.recv()

    async def read(socket: ClientConnection, text: Any) -> str:
        if text == "2":
            await socket.send("3")
        return str(json.loads(text[2:])[1]["version"]) if text.startswith("42") else ""

    url = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
    async with screens(count, url, {}, greet, read) as crowd, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        late: list[float] = []
        before = spent(process)
        for change in range(CHANGES):
            crowd.complete.clear()
            started = time.perf_counter()
            await client.post("/say", json=frame | {"version": change})
            await asyncio.wait_for(crowd.complete.wait(), 10)
            late += [(at - started) * 1000 for at in crowd.heard[str(change)]]
            await asyncio.sleep(PAUSE)
        return late, (spent(process) - before) / (CHANGES * count) * 1e6


async def measure(hub_port: int, room_port: int, frame: dict[str, Any]) -> list[Figure]:
    """Interleave rounds of both servers and take medians."""
    figures: list[Figure] = []
    for count in CROWDS:
        late: list[float] = []
        costs, bare = [], []
        for _ in range(ROUNDS):
            with serving("hub", hub_port) as process:
                times, cost = await of_hub(hub_port, count, process)
            late, costs = [*late, *times], [*costs, cost]
            with serving("broadcast", room_port) as process:
                _, cost = await of_broadcast(room_port, count, process, frame)
            bare.append(cost)
        own, room = statistics.median(costs), statistics.median(bare)
        p99, top = quantile(late, 0.99), count == max(CROWDS)
        figures += [
            Figure(f"{count} écrans : arrivée de la trame, médiane", quantile(late, 0.5), "ms"),
            Figure(
                f"{count} écrans : arrivée de la trame, p99",
                p99,
                "ms",
                f"≤ {LATEST_MS} à 200" if top else "",
                p99 <= LATEST_MS if top else None,
            ),
            Figure(f"{count} écrans : processeur par trame reçue", own, "µs"),
            Figure(f"{count} écrans : processeur par trame, socket.io seul", room, "µs"),
            Figure(
                f"{count} écrans : rapport à socket.io seul",
                own / room,
                "×",
                f"≤ ×{DEAREST}" if top else "",
                own / room <= DEAREST if top else None,
            ),
        ]
    return figures


def main() -> None:
    """Measure and write."""
    hub_port, room_port = free_port(), free_port()
    with database():
        os.environ["PORT"] = str(hub_port)
        get_settings.cache_clear()
        house = House.ready()
        booked = book_slot(house.secretary("Camille Exemple"), BookingRequest(house.slot(15), patient_id=house.patients[0]))
        told = agenda_change(Actor.system("bench"), booked.id)
        frame = {"topic": f"agenda:{house.practitioners[0].hex}", "id": booked.id.hex, "version": 1}
        frame |= {"appointment": told.appointment, "by": told.by, "action": told.action}
        write("live", asyncio.run(measure(hub_port, room_port, frame)), changes=CHANGES, rounds=ROUNDS)


if __name__ == "__main__":
    main()
