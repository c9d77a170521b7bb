"""Twenty people sign in at once, again and again: what those who work meanwhile notice, and how long the twenty wait.

The server is a process of its own. Three kinds of rounds take turns, so that all see the same machine: quiet; twenty people sign in; twenty
sign in at another server process of the same database, which costs those who work nothing but the machine and the database they share. The
goal is that nobody waits for argon2 (record 48): an event behind a single computation would be seen with all of its time.
"""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.bench_api import Wire
from bench.ground import Figure, database, full, quantile, write
from maiia_pro.identity import passwords
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.settings import get_settings
from tests.factories import PASSWORD, House, email_of, new_account, session_token
from tests.tools.bare_server import BareServer

CROWD = 20
WORKING = 8
PAUSE = 0.02
QUIET_SECONDS = 3.0
MOST_OF_A_HASH = 0.5
TRY_AGAIN = 429


async def sign_in(port: int, email: str) -> float:
    """Sign in as a page does, coming back when the server asks to; gives the seconds until one is in."""
    body, began = json.dumps({"email": email, "password": PASSWORD}).encode(), time.perf_counter()
    wire = Wire(port, "")
    while True:
        status, _, _ = await wire.ask("POST", "/api/session", body, Content_Type="application/json")
        if status != TRY_AGAIN:
            assert status == 200, status
            return time.perf_counter() - began
        await asyncio.sleep(0.5)


@asynccontextmanager
async def working(port: int, tokens: list[str], took: list[float]) -> AsyncIterator[None]:
    """Have people at work ask for something of theirs again and again, and note the milliseconds of each answer."""

    async def work(token: str) -> None:
        wire = Wire(port, "")
        while True:
            status, _, spent = await wire.ask("GET", "/api/sessions", Cookie=f"{cookie_name()}={token}")
            assert status == 200, status
            took.append(spent)
            await asyncio.sleep(PAUSE)

    tasks = [asyncio.create_task(work(token)) for token in tokens]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if not isinstance(ended, asyncio.CancelledError) and ended is not None:
                raise ended


def argon2_alone() -> float:
    """Give the milliseconds that one password takes where nothing else is done."""
    began = time.perf_counter()
    passwords.HASHER.hash(PASSWORD)
    return (time.perf_counter() - began) * 1000


async def measure(here: int, elsewhere: int, tokens: list[str], emails: list[str], rounds: int) -> list[Figure]:
    """Take turns between quiet, signing in here and signing in elsewhere while the others work here; gives the figures."""
    quiet: list[float] = []
    busy: list[float] = []
    apart: list[float] = []
    waits: list[float] = []
    for port in (here, elsewhere):  # the first answers find everything cold
        async with working(port, tokens, []):
            await sign_in(port, emails[0])
    alone = [await sign_in(here, email) for email in emails[:5]]
    argon2 = quantile([argon2_alone() for _ in range(5)], 0.5)
    for _ in range(rounds):
        async with working(here, tokens, quiet):
            await asyncio.sleep(QUIET_SECONDS)
        async with working(here, tokens, busy):
            waits += await asyncio.gather(*(sign_in(here, email) for email in emails))
        async with working(here, tokens, apart):
            await asyncio.gather(*(sign_in(elsewhere, email) for email in emails))
    before, during, control = (quantile(took, 0.99) for took in (quiet, busy, apart))
    share = (during - before) / argon2
    return [
        Figure("réponse à ceux qui travaillent, au calme, p99", before, "ms"),
        Figure(f"réponse à ceux qui travaillent, {CROWD} connexions, p99", during, "ms"),
        Figure("argon2 seul, médiane", argon2, "ms"),
        Figure("attente ajoutée au p99, en part d’un argon2", share, "×", f"≤ ×{MOST_OF_A_HASH}", share <= MOST_OF_A_HASH),
        Figure("p99, rapporté au calme", during / before, "×"),
        Figure(f"p99 pendant {CROWD} connexions à un autre processus, rapporté au calme", control / before, "×"),
        Figure("réponse à ceux qui travaillent, médiane, au calme", quantile(quiet, 0.5), "ms"),
        Figure(f"réponse à ceux qui travaillent, médiane, {CROWD} connexions", quantile(busy, 0.5), "ms"),
        Figure("connexion, seul, médiane", quantile(alone, 0.5) * 1000, "ms"),
        Figure(f"connexion, à {CROWD}, la dernière entrée", quantile(waits, 0.99) * 1000, "ms"),
    ]


def main() -> None:
    """Run the bench."""
    rounds = 20 if full() else 6
    with database(), TemporaryDirectory() as folder:
        house = House.ready()
        tokens = [session_token(house.secretary(f"Secrétaire {number}")) for number in range(WORKING)]
        emails = [email_of(new_account(ActorKind.PATIENT, f"Patient {number}")) for number in range(CROWD)]
        with BareServer(Path(folder)) as server, BareServer(Path(folder)) as other:
            os.environ["PORT"] = str(server.port)
            get_settings.cache_clear()
            figures = asyncio.run(measure(server.port, other.port, tokens, emails, rounds))
            write("signin", figures, rounds=rounds, crowd=CROWD, working=WORKING)


if __name__ == "__main__":
    main()
