"""Twenty people sign in at once, again and again: what those who work meanwhile notice, and how long the twenty wait.

The server is a process of its own. Quiet rounds, rounds of signing in and rounds of coming in without a password take turns, so that all
see the same machine. In the last ones as many sessions are opened in as much time, one after the other, by people who go on in another
role: beside them it is seen whether opening sessions alone is felt. They do not come all at once, so it is no measure of hashing alone.
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
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.settings import get_settings
from tests.factories import PASSWORD, House, email_of, new_account, session_token
from tests.tools.bare_server import API, BareServer

CROWD = 20
WORKING = 8
PAUSE = 0.02
QUIET_SECONDS = 3.0
DEAREST = 1.1
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


async def come_in(port: int, token: str, after: float) -> None:
    """Go on as a patient, which opens a session without a password, so many seconds from now."""
    await asyncio.sleep(after)
    cookie = f"{cookie_name()}={token}"
    body = json.dumps({"role": ActorKind.PATIENT}).encode()
    status, said, _ = await Wire(port, "").ask("POST", "/api/session/role", body, Content_Type="application/json", Cookie=cookie)
    assert status == 200, (status, said)


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


async def measure(port: int, tokens: list[str], emails: list[str], entering: list[list[str]]) -> list[Figure]:
    """Take turns between quiet, signing in and coming in without a password, a round for each of `entering`; gives the figures."""
    quiet: list[float] = []
    busy: list[float] = []
    without: list[float] = []
    waits: list[float] = []
    async with working(port, tokens, []):  # the first answers find everything cold
        waits.append(await sign_in(port, emails[0]))
    alone = [await sign_in(port, email) for email in emails[:5]]
    for round_of in entering:
        async with working(port, tokens, quiet):
            await asyncio.sleep(QUIET_SECONDS)
        began = time.perf_counter()
        async with working(port, tokens, busy):
            waits += await asyncio.gather(*(sign_in(port, email) for email in emails))
        pace = (time.perf_counter() - began) / len(round_of)
        async with working(port, tokens, without):
            await asyncio.gather(*(come_in(port, token, number * pace) for number, token in enumerate(round_of)))
    before, during, control = (quantile(took, 0.99) for took in (quiet, busy, without))
    ratio = during / before
    return [
        Figure("réponse à ceux qui travaillent, au calme, p99", before, "ms"),
        Figure(f"réponse à ceux qui travaillent, {CROWD} connexions, p99", during, "ms"),
        Figure("rapport des deux", ratio, "×", f"≤ ×{DEAREST}", ratio <= DEAREST),
        Figure(f"réponse à ceux qui travaillent, {CROWD} sessions ouvertes sans mot de passe au même rythme, p99", control, "ms"),
        Figure("connexions, rapportées à ces sessions", during / control, "×"),
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
        entering = [[session_token(house.secretary(f"Entrant {number}")) for number in range(CROWD)] for _ in range(rounds)]
        emails = [email_of(new_account(ActorKind.PATIENT, f"Patient {number}")) for number in range(CROWD)]
        with BareServer(Path(folder), API) as server:
            os.environ["PORT"] = str(server.port)
            get_settings.cache_clear()
            write("signin", asyncio.run(measure(server.port, tokens, emails, entering)), rounds=rounds, crowd=CROWD, working=WORKING)


if __name__ == "__main__":
    main()
