"""Asking Redis whether it answers holds up nobody else."""

import asyncio
import socket

import pytest

from maiia_pro.integrations.redis.client import answers
from maiia_pro.kernel.work import run_blocking

pytestmark = pytest.mark.unit

MANY = 40


async def journey() -> tuple[str, list[bool]]:
    """Ask a port that takes connections and never says a word; meanwhile, act."""
    with socket.create_server(("127.0.0.1", 0), backlog=MANY) as silent:
        asked = [asyncio.ensure_future(answers(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")) for _ in range(MANY)]
        await asyncio.sleep(0)
        done = await run_blocking(str, "un acte")
        waiting = not any(one.done() for one in asked)
        return (done if waiting else ""), await asyncio.gather(*asked)


def test_acts_go_on_while_many_screens_wait_for_a_silent_redis():
    done, heard = asyncio.run(journey())
    assert done == "un acte"
    assert heard == [False] * MANY


def test_a_redis_that_is_not_there_does_not_answer():
    assert asyncio.run(answers("redis://127.0.0.1:1/0")) is False


def test_without_an_address_there_is_nothing_to_ask():
    assert asyncio.run(answers(None)) is True
