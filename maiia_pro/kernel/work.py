"""Blocking work off the event loop: on one executor as large as the connection pool, past what it can do in time newcomers are refused;
what is slow and may wait, and what waits for others outside, on threads of their own.
"""

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from functools import lru_cache, partial
from itertools import count
from typing import Final, ParamSpec, TypeVar

from maiia_pro.kernel.errors import Busy, TooMany
from maiia_pro.kernel.metrics import SHED
from maiia_pro.settings import get_settings

P = ParamSpec("P")
R = TypeVar("R")

LONGEST_WAIT: Final = 3.0
"""Seconds that work may wait for a thread: while some has waited longer, nobody new is let in, whatever came in a burst before."""

_numbers = count()
_waiting: dict[int, float] = {}
"""When each piece of work that no thread has taken yet was handed in, the oldest first."""
_counting = threading.Lock()
_admitted: ContextVar[bool] = ContextVar("admitted", default=False)
"""Whether this request or event was let in already: what has begun goes on to its end."""


MOST_ASIDE: Final = 64
"""Who waits for a turn in one of the rooms, or has it."""
uncounted: ContextVar[Callable[[], AbstractContextManager[None]]] = ContextVar("uncounted", default=nullcontext)
"""Leaves the request that is being answered out of the crowd at the door: who waits their turn keeps nobody else from coming in."""


class Room:
    """Threads of their own for some kind of work, whose crowd is bounded by itself. Event loop only."""

    def __init__(self, name: str, threads: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._turns: set[object] = set()

    async def run(self, work: Callable[[], R]) -> R:
        """Run some work when its turn comes. Raises `TooMany` where the crowd is larger than what is served within some seconds."""
        if len(self._turns) >= MOST_ASIDE:
            raise TooMany(retry_after=2)
        turn = object()
        self._turns.add(turn)
        try:
            with uncounted.get()():
                return await _run(self._executor, work)
        finally:
            self._turns.discard(turn)


ROOMS: Final = {name: Room(name, threads) for name, threads in (("aside", 2), ("outside", 4), ("pictures", 1))}


@lru_cache(maxsize=1)
def _executor() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(get_settings().database_pool, thread_name_prefix="use-case")


async def run_waiting(work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a use case that waits for somebody outside, so that a slow answer holds up nobody else. Raises `TooMany`."""
    return await ROOMS["outside"].run(partial(work, *args, **kwargs))


async def run_alone(work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run what makes a picture small, one at a time: a small file may hold forty million points, which take 300 to 600 MB meanwhile.

    Raises `TooMany`.
    """
    return await ROOMS["pictures"].run(partial(work, *args, **kwargs))


async def run_blocking(work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a use case in a thread and give its result; the event loop goes on meanwhile. Raises `Busy` for a newcomer under overload."""
    _let_in()
    number = next(_numbers)
    with _counting:
        _waiting[number] = time.monotonic()
    try:
        return await _run(_executor(), partial(_begun, number, partial(work, *args, **kwargs)))
    finally:
        _forget(number)  # where whoever asked left before a thread took it


async def run_aside(work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run what is slow and may wait its turn, such as signing in, two at a time: nobody else's use case waits behind a crowd of them.

    Raises `TooMany`.
    """
    return await ROOMS["aside"].run(partial(work, *args, **kwargs))


async def _run(executor: ThreadPoolExecutor, work: Callable[[], R]) -> R:
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(executor, partial(context.run, work))


def _let_in() -> None:
    if _admitted.get():
        return
    with _counting:
        oldest = next(iter(_waiting.values()), None)
    if oldest is not None and time.monotonic() - oldest > LONGEST_WAIT:
        SHED.inc()
        raise Busy
    _admitted.set(True)


def _begun(number: int, work: Callable[[], R]) -> R:
    _forget(number)
    return work()


def _forget(number: int) -> None:
    with _counting:
        _waiting.pop(number, None)
