"""Blocking work off the event loop: on one executor as large as the connection pool, and what is slow and may wait on one of two."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Final, ParamSpec, TypeVar

from maiia_pro.kernel.errors import TooMany
from maiia_pro.settings import get_settings

P = ParamSpec("P")
R = TypeVar("R")


MOST_ASIDE: Final = 64
_aside: set[object] = set()
"""Who waits for a turn aside, or has it; event loop only."""


@lru_cache(maxsize=1)
def _aside_executor() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, thread_name_prefix="aside")


@lru_cache(maxsize=1)
def _executor() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(get_settings().database_pool, thread_name_prefix="use-case")


@lru_cache(maxsize=1)
def _waiting_room() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(4, thread_name_prefix="outside")


async def run_waiting(work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a use case that waits for somebody outside: in threads of its own, so that a slow answer holds up nobody else."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(_waiting_room(), partial(context.run, work, *args, **kwargs))


async def run_blocking(work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a use case in a thread and give its result; the event loop goes on meanwhile."""
    return await _run(_executor(), partial(work, *args, **kwargs))


async def run_aside(work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run what is slow and may wait its turn, such as signing in, two at a time: nobody else's use case waits behind a crowd of them.

    Raises `TooMany` where the crowd is larger than what is served within some seconds.
    """
    if len(_aside) >= MOST_ASIDE:
        raise TooMany(retry_after=2)
    turn = object()
    _aside.add(turn)
    try:
        return await _run(_aside_executor(), partial(work, *args, **kwargs))
    finally:
        _aside.discard(turn)


async def _run(executor: ThreadPoolExecutor, work: Callable[[], R]) -> R:
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(executor, partial(context.run, work))
