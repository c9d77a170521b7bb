"""What programs are served over HTTP: free slots, bookings with a key, and a storm on one slot; the server is a process of its own."""

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench.ground import Figure, database, write
from maiia_pro.identity.api_clients import Client, issue_token
from tests.factories import House
from tests.tools.site import free_port

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "300"))
STORMS = int(os.environ.get("BENCH_STORMS", "20"))
CROWD = 200


@dataclass
class Wire:
    """One connection kept open, speaking just enough HTTP/1.1 not to be what is measured."""

    port: int
    token: str
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes, float]:
        """Send a request; gives status, body and milliseconds."""
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
        lines += [f"Authorization: Bearer {self.token}"] if self.token else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        started = time.perf_counter()
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        content = await self.reader.readexactly(int(fields.get("content-length", "0")))
        return int(head.split(" ", 2)[1]), content, (time.perf_counter() - started) * 1000


@dataclass
class Times:
    """How long requests took, and what they were answered."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.milliseconds) / self.seconds

    def p99(self) -> float:
        """The time that one in a hundred goes beyond."""
        return statistics.quantiles(self.milliseconds, n=100)[98]


async def many(wires: list[Wire], requests: list[tuple[str, str, bytes, dict[str, str]]]) -> Times:
    """Send requests over all wires, each taking the next one as soon as it is free."""
    times, waiting = Times(), iter(requests)

    async def work(wire: Wire) -> None:
        for method, path, body, headers in waiting:
            status, _, took = await wire.ask(method, path, body, **headers)
            times.statuses[status] += 1
            times.milliseconds.append(took)

    started = time.perf_counter()
    await asyncio.gather(*(work(wire) for wire in wires))
    times.seconds = time.perf_counter() - started
    return times


def bookings(house: House, keys: list[str], *, named: bool) -> list[tuple[str, str, bytes, dict[str, str]]]:
    """Make the requests that book slots, each with an Idempotency-Key of its own if asked."""
    patient = {"actor": {"reference": f"Patient/{house.patients[0].hex}"}, "status": "accepted"}
    found = []
    for number, key in enumerate(keys):
        body = {"resourceType": "Appointment", "status": "booked", "slot": [{"reference": f"Slot/{key}"}], "participant": [patient]}
        headers = {"Content_Type": "application/fhir+json"} | ({"Idempotency_Key": f"bench-{number}-{key}"} if named else {})
        found.append(("POST", "/fhir/Appointment", json.dumps(body).encode(), headers))
    return found


async def slot_keys(wire: Wire, count: int) -> list[str]:
    """Read that many free slots, all of different times and practitioners."""
    keys: list[str] = []
    path = "/fhir/Slot?_count=1000"
    while path and len(keys) < count:
        _, body, _ = await wire.ask("GET", path)
        page = json.loads(body)
        keys += [entry["resource"]["id"] for entry in page["entry"]]
        path = next((link["url"].partition("/fhir/")[2] for link in page["link"] if link["relation"] == "next"), "")
        path = path and f"/fhir/{path}"
    return keys[:count]


async def measure(port: int, token: str, house: House) -> list[Figure]:
    """Measure everything, one after the other."""
    crowd = [Wire(port, token) for _ in range(CROWD)]
    await many(crowd, [("GET", "/fhir/metadata", b"", {})] * CROWD)
    keys = await slot_keys(crowd[0], 2 * ROUNDS + STORMS)
    figures = []
    search = ("GET", "/fhir/Slot?status=free&_count=100", b"", {})
    for clients in (1, 8):
        times = await many(crowd[:clients], [search] * ROUNDS)
        figures += _figures(f"100 créneaux, {clients} client(s)", times)
    for clients, named in ((1, False), (8, True)):
        mine, keys = keys[: ROUNDS // 2], keys[ROUNDS // 2 :]
        times = await many(crowd[:clients], bookings(house, mine, named=named))
        figures += _figures(f"réservation{' avec clé' if named else ''}, {clients} client(s)", times)
        figures.append(
            Figure(f"réservations faites, {clients} client(s)", times.statuses[201], "", f"= {len(mine)}", times.statuses[201] == len(mine))
        )
    crowds: list[float] = []
    wins = errors = 0
    for key in keys[:STORMS]:
        times = await many(crowd, bookings(house, [key], named=False) * CROWD)
        wins += times.statuses[201]
        errors += sum(count for status, count in times.statuses.items() if status >= 500)
        crowds.append(times.p99())
    figures.append(Figure(f"gagnants de {STORMS} créneaux pris d’assaut par {CROWD}", wins, "", f"= {STORMS}", wins == STORMS))
    figures.append(Figure("erreurs du serveur pendant l’assaut", errors, "", "= 0", errors == 0))
    p99 = statistics.median(crowds)
    figures.append(Figure("assaut, p99 par HTTP, médiane des assauts", p99, "ms", "≤ 250", p99 <= 250))
    return [*figures, Figure("assaut, p99 par HTTP, le pire", max(crowds), "ms")]


def _figures(name: str, times: Times) -> list[Figure]:
    return [Figure(name, times.rate, "/s"), Figure(f"{name}, p99", times.p99(), "ms")]


def main() -> None:
    """Start the server without its pages, measure, write the figures."""
    with database():
        house = House.ready(practitioners=4)
        actor = house.api_client()
        (practice_id,) = actor.practice_ids
        assert actor.api_client_id is not None
        token, _ = issue_token(Client(actor.api_client_id, "", actor.name, practice_id, actor.scopes, 6000))
        _lift_limit()
        port = free_port()
        environment = os.environ | {"PORT": str(port), "__REFLEX_SKIP_COMPILE": "yes", "REFLEX_ENV_MODE": "prod", "LOG_LEVEL": "WARNING"}
        command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "maiia_pro.maiia_pro:app"]
        server = subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port)], cwd=Path(__file__).parents[1], env=environment)
        try:
            asyncio.run(_ready(port))
            write("api", asyncio.run(measure(port, token, house)))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)


def _lift_limit() -> None:
    from sqlmodel import select

    from maiia_pro.identity.tables import ApiClient
    from maiia_pro.kernel.db import transaction

    with transaction() as session:
        for client in session.exec(select(ApiClient)):
            client.requests_per_minute = 10_000_000


async def _ready(port: int) -> None:
    for _ in range(600):
        try:
            status, _, _ = await Wire(port, "").ask("GET", "/_health")
        except OSError:
            await asyncio.sleep(0.1)
            continue
        if status == 200:
            return
    raise TimeoutError


if __name__ == "__main__":
    main()
