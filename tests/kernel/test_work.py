"""More than the server can do in time: newcomers are told to come back, what has begun ends, and then all is as before."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context

import pytest

from maiia_pro.kernel import work
from maiia_pro.kernel.errors import Busy
from maiia_pro.kernel.work import run_blocking
from maiia_pro.launcher.waiting import wait_until

pytestmark = pytest.mark.unit


@pytest.fixture
def gate(monkeypatch) -> Iterator[threading.Event]:
    """Two threads, and a gate that holds all work until it opens."""
    executor, opened = ThreadPoolExecutor(2), threading.Event()
    monkeypatch.setattr(work, "_executor", lambda: executor)
    monkeypatch.setattr(work, "_waiting", {})
    yield opened
    opened.set()
    executor.shutdown()


def begin(what) -> asyncio.Task[str]:
    """Begin a request of its own, as a server does."""
    return asyncio.get_running_loop().create_task(what, context=Context())


async def request(gate: threading.Event) -> str:
    """Do two pieces of work, one after the other."""
    try:
        await run_blocking(gate.wait)
        await run_blocking(gate.wait)
    except Busy:
        return "come back"
    return "done"


def _only_one_waits() -> bool:
    wait_until(lambda: len(work._waiting) == 1, 10)
    return True


async def filled(gate: threading.Event) -> list[asyncio.Task[str]]:
    """Have both threads held, and one request wait."""
    begun = [begin(request(gate)) for _ in range(3)]
    for _ in begun:
        await asyncio.sleep(0)  # each comes as far as the queue
    assert await asyncio.to_thread(_only_one_waits)
    return begun


@pytest.mark.requirement(207)
def test_while_work_waits_too_long_newcomers_are_refused_and_what_was_let_in_ends(gate, monkeypatch):
    async def run() -> tuple[list[str], list[str], str]:
        begun = await filled(gate)
        monkeypatch.setattr(work, "LONGEST_WAIT", -1.0)  # what waits has waited too long
        refused = await asyncio.gather(*(begin(request(gate)) for _ in range(5)))
        gate.set()
        ended = await asyncio.gather(*begun)
        return list(refused), list(ended), await begin(request(gate))

    assert asyncio.run(run()) == (["come back"] * 5, ["done"] * 3, "done")


def test_a_burst_that_is_soon_done_is_let_in_whole(gate):
    async def run() -> list[str]:
        begun = await filled(gate) + [begin(request(gate)) for _ in range(300)]
        gate.set()
        return await asyncio.gather(*begun)

    assert asyncio.run(run()) == ["done"] * 303


def test_whoever_leaves_the_queue_is_not_waited_for(gate, monkeypatch):
    async def run() -> str:
        *_, waiting = await filled(gate)
        waiting.cancel()
        await asyncio.wait([waiting])
        monkeypatch.setattr(work, "LONGEST_WAIT", -1.0)
        newcomer = begin(request(gate))
        await asyncio.sleep(0)
        gate.set()
        return await newcomer

    assert asyncio.run(run()) == "done"
