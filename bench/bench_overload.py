"""Five times what the server can carry: newcomers are shed with 503 and a time to come back, bookings that were begun are made, and seconds
after the rush all is as before."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

from bench.bench_api import Wire, _lift_limit, _ready, bookings, many, slot_keys
from bench.ground import Figure, database, full, quantile, write
from maiia_pro.identity.api_clients import Client, issue_token
from maiia_pro.kernel.work import LONGEST_WAIT
from tests.factories import House
from tests.tools.site import free_port

ASKED = ("GET", "/fhir/Slot?status=free&_count=1000", b"", {})
CARRIED = 8
"""Clients that the server carries without one waiting long."""
TIMES_TOO_MUCH = 5
RECOVERED_SECONDS = 10.0


async def _rush(crowd: list[Wire], seconds: float, until: asyncio.Event) -> Counter[int]:
    """Have a crowd ask without a pause; whoever is told to come back asks again a little later."""
    statuses: Counter[int] = Counter()
    ends = perf_counter() + seconds

    async def one(wire: Wire) -> None:
        while perf_counter() < ends:
            status, _, _ = await wire.ask(*ASKED[:3])
            statuses[status] += 1
            await asyncio.sleep(0.2 if status == 503 else 0)

    await asyncio.gather(*(one(wire) for wire in crowd))
    until.set()
    return statuses


async def _book(wire: Wire, house: House, keys: list[str], until: asyncio.Event) -> Counter[int]:
    """Book one slot after the other through the rush."""
    statuses: Counter[int] = Counter()
    for method, path, body, headers in bookings(house, keys, named=False):
        if until.is_set():
            break
        status, _, _ = await wire.ask(method, path, body, **headers)
        statuses[status] += 1
        await asyncio.sleep(0.1)
    return statuses


async def _recovery(wire: Wire, usual: float) -> float:
    """Tell after how many seconds ten answers in a row come as fast as three times the usual."""
    began, good = perf_counter(), 0
    while good < 10 and perf_counter() - began < 60:
        status, _, took = await wire.ask(*ASKED[:3])
        good = good + 1 if status == 200 and took <= 3 * usual else 0
    return perf_counter() - began


async def measure(port: int, token: str, house: House) -> list[Figure]:
    """Find what the server carries, ask five times as much, then look how soon it is as before."""
    first = Wire(port, token)
    keys = await slot_keys(first, 400)
    carried = await many([Wire(port, token) for _ in range(CARRIED)], [ASKED] * 100)
    usual = quantile((await many([first], [ASKED] * 20)).milliseconds, 0.5)
    crowd = [Wire(port, token) for _ in range(max(100, int(TIMES_TOO_MUCH * LONGEST_WAIT * carried.rate)))]
    until = asyncio.Event()
    rush, booked = await asyncio.gather(_rush(crowd, 60 if full() else 15, until), _book(Wire(port, token), house, keys, until))
    back = await _recovery(Wire(port, token), usual)
    kept = len([one for one in house.appointments() if one.active])
    broken = sum(count for status, count in (rush + booked).items() if status not in {200, 201, 429, 503})
    return [
        Figure("demandes par seconde sans surcharge", carried.rate, "/s"),
        Figure("clients à la fois pendant la surcharge", len(crowd), ""),
        Figure("demandes servies pendant la surcharge", rush[200], ""),
        Figure("demandes refusées avec 503 ou 429", rush[503] + rush[429], "", "> 0", rush[503] + rush[429] > 0),
        Figure("réponses qui ne sont ni faites ni refusées", broken, "", "= 0", broken == 0),
        Figure("réservations faites pendant la surcharge", booked[201], ""),
        Figure("réservations dites faites qui ne sont pas dans la base", booked[201] - kept, "", "= 0", booked[201] == kept),
        Figure("retour à la normale", back, "s", f"≤ {RECOVERED_SECONDS:g}", back <= RECOVERED_SECONDS),
    ]


def main() -> None:
    """Run the bench."""
    with database():
        house = House.ready(practitioners=4)
        actor = house.api_client()
        assert actor.api_client_id is not None
        token, _ = issue_token(Client(actor.api_client_id, "", actor.name, house.practice_id, actor.scopes, 6000))
        _lift_limit()
        port = free_port()
        environment = os.environ | {"PORT": str(port), "__REFLEX_SKIP_COMPILE": "yes", "REFLEX_ENV_MODE": "prod", "LOG_LEVEL": "ERROR"}
        command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "maiia_pro.maiia_pro:app", "--loop", "asyncio"]
        server = subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port)], cwd=Path(__file__).parents[1], env=environment)
        try:
            asyncio.run(_ready(port))
            write("overload", asyncio.run(measure(port, token, house)), carried=CARRIED, times=TIMES_TOO_MUCH)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)


if __name__ == "__main__":
    main()
