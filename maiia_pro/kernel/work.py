"""Blocking work off the event loop, on one executor as large as the connection pool."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import ParamSpec, TypeVar

from maiia_pro.settings import get_settings

P = ParamSpec("P")
R = TypeVar("R")


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
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(_executor(), partial(context.run, work, *args, **kwargs))
