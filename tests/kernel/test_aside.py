"""What is slow and may wait its turn is done two at a time, and nobody else waits behind it."""

import asyncio
import threading

import pytest

from maiia_pro.kernel.errors import TooMany
from maiia_pro.kernel.work import MOST_ASIDE, run_aside, run_blocking

pytestmark = pytest.mark.unit


def test_two_at_a_time_are_done_aside_while_other_work_goes_on():
    begun, may_end, at_once = threading.Semaphore(0), threading.Event(), [0, 0]
    counting = threading.Lock()

    def slow() -> None:
        with counting:
            at_once[0] += 1
            at_once[1] = max(at_once)
        begun.release()
        may_end.wait(30)
        with counting:
            at_once[0] -= 1

    async def journey() -> str:
        crowd = [asyncio.ensure_future(run_aside(slow)) for _ in range(6)]
        await asyncio.to_thread(lambda: [begun.acquire(timeout=30) for _ in range(2)])
        answered = await run_blocking(lambda: "au travail")
        may_end.set()
        await asyncio.gather(*crowd)
        return answered

    assert asyncio.run(journey()) == "au travail"
    assert at_once == [0, 2]


def test_a_crowd_that_is_too_large_is_told_to_come_back():
    may_end = threading.Event()

    async def journey() -> int:
        crowd = [asyncio.ensure_future(run_aside(may_end.wait, 30)) for _ in range(MOST_ASIDE)]
        await asyncio.sleep(0)
        with pytest.raises(TooMany):
            await run_aside(may_end.wait, 30)
        may_end.set()
        await asyncio.gather(*crowd)
        return int(await run_aside(lambda: 1))

    assert asyncio.run(journey()) == 1
