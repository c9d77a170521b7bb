"""Two hundred people on one slot at the same moment, slot after slot: one gets it, and the others learn quickly that they did not.

Measured twice: at the use case, as the server process runs it (one executor as large as the pool), and over HTTP by
`POST /fhir/Appointment` on a server of its own. A loser waits from the moment all set off until the refusal is in hand.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

from bench.bench_api import Wire, _lift_limit, _ready, bookings
from bench.ground import Figure, database, full, quantile, write
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.errors import SlotTaken
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.identity.api_clients import Client, issue_token
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.work import run_blocking
from tests.concurrency.racing import overlaps
from tests.factories import House, new_patient_account
from tests.tools.site import free_port

CROWD = 200
GOAL_MS = 250
WARMING = 2
"""First storms at each door, not counted: connections open and plans are made."""


class Storms:
    """What came of the storms of one door."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.clean = 0
        self.losers: list[float] = []

    def note(self, answers: list[tuple[str, float]]) -> None:
        """Take in one storm: each one's outcome and milliseconds."""
        outcomes = Counter(outcome for outcome, _ in answers)
        self.outcomes += outcomes
        self.clean += outcomes == {"booked": 1, "taken": CROWD - 1}
        self.losers += [took for outcome, took in answers if outcome == "taken"]

    def figures(self, door: str, tried: int) -> list[Figure]:
        """Hold them against the goals."""
        booked = self.outcomes["booked"]
        errors = sum(count for outcome, count in self.outcomes.items() if outcome not in {"booked", "taken"})
        p99 = quantile(self.losers, 0.99)
        return [
            Figure(f"{door} : assauts de {CROWD} sur une place", tried, ""),
            Figure(f"{door} : réservations en trop", booked - tried, "", "= 0", booked == tried),
            Figure(f"{door} : erreurs du serveur", errors, "", "= 0", errors == 0),
            Figure(f"{door} : perdants, médiane", quantile(self.losers, 0.5), "ms"),
            Figure(f"{door} : perdants, p99", p99, "ms", f"≤ {GOAL_MS}", p99 <= GOAL_MS),
        ]


def slots_of(house: House, count: int) -> list[SlotKey]:
    """Give slots of several days and practitioners."""
    places = [
        (offering, days, hour, minute)
        for days in range(1, 60)
        for hour in (8, 9, 10, 11, 14, 15, 16, 17)
        for minute in (0, 20, 40)
        for offering in range(len(house.offerings))
    ]
    return [house.slot(hour, minute, days=days, offering=offering) for offering, days, hour, minute in places[:count]]


async def at_the_use_case(slots: list[SlotKey], people: list[Actor]) -> Storms:
    """Let all book through the executor of a server process."""
    storms = Storms()

    async def one(actor: Actor, slot: SlotKey, began: float) -> tuple[str, float]:
        try:
            await run_blocking(book_slot, actor, BookingRequest(slot))
            outcome = "booked"
        except SlotTaken:
            outcome = "taken"
        except DomainError as refusal:
            outcome = type(refusal).__name__
        return outcome, (perf_counter() - began) * 1000

    for number, slot in enumerate(slots):
        began = perf_counter()
        answers = list(await asyncio.gather(*(one(actor, slot, began) for actor in people)))
        if number >= WARMING:
            storms.note(answers)
    return storms


async def over_http(port: int, token: str, house: House, slots: list[SlotKey]) -> Storms:
    """Let all book by FHIR, each on a connection kept open."""
    await _ready(port)
    storms = Storms()
    crowd = [Wire(port, token) for _ in range(CROWD)]
    await asyncio.gather(*(wire.ask("GET", "/fhir/metadata") for wire in crowd))
    names = {201: "booked", 409: "taken"}

    async def one(wire: Wire, slot: SlotKey, began: float) -> tuple[str, float]:
        ((method, path, body, headers),) = bookings(house, [str(slot)], named=False)
        status, _, _ = await wire.ask(method, path, body, **headers)
        return names.get(status, str(status)), (perf_counter() - began) * 1000

    for number, slot in enumerate(slots):
        began = perf_counter()
        answers = list(await asyncio.gather(*(one(wire, slot, began) for wire in crowd)))
        if number >= WARMING:
            storms.note(answers)
    return storms


def served(house: House, slots: list[SlotKey]) -> Storms:
    """Start a server without pages, storm it, end it."""
    actor = house.api_client()
    (practice_id,) = actor.practice_ids
    assert actor.api_client_id is not None
    token, _ = issue_token(Client(actor.api_client_id, "", actor.name, practice_id, actor.scopes, 6000))
    _lift_limit()
    port = free_port()
    environment = os.environ | {"PORT": str(port), "__REFLEX_SKIP_COMPILE": "yes", "REFLEX_ENV_MODE": "prod", "LOG_LEVEL": "WARNING"}
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "maiia_pro.maiia_pro:app", "--loop", "asyncio"]
    server = subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port)], cwd=Path(__file__).parents[1], env=environment)
    try:
        return asyncio.run(over_http(port, token, house, slots))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def main() -> None:
    """Run the bench."""
    count = 1000 if full() else 25
    with database():
        house = House.ready(practitioners=4)
        people = [new_patient_account() for _ in range(CROWD)]
        slots = slots_of(house, 2 * (count + WARMING))
        figures = asyncio.run(at_the_use_case(slots[: len(slots) // 2], people)).figures("au cas d’usage", count)
        figures += served(house, slots[len(slots) // 2 :]).figures("par HTTP (FHIR)", count)
        double = overlaps()
        figures.append(Figure("visites qui se chevauchent, d’après la base", double, "", "= 0", double == 0))
        write("storm", figures, crowd=CROWD, slots=count, whole=1000)


if __name__ == "__main__":
    main()
