"""Who holds a bearer token, asked once for a crowd of requests that come together.

The answer is good for two seconds, so a revoked token or client goes on at most that long; a refused token is asked again each time.
"""

import asyncio
import time
from typing import Final

from maiia_pro.identity.api_clients import Bearer, bearer_of
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel.work import run_blocking

GOOD_FOR_SECONDS: Final = 2.0
MOST: Final = 10_000

_known: dict[str, tuple[float, Bearer]] = {}
_asked: dict[str, "asyncio.Task[Bearer]"] = {}


async def holder_of(token: str) -> Bearer:
    """Tell who holds a token; raises `BadToken`. Event loop only."""
    key = token_hash(token)
    known = _known.get(key)
    if known and known[0] > time.monotonic():
        return known[1]
    task = _asked.get(key)
    if task is None or task.get_loop() is not asyncio.get_running_loop():
        task = _asked[key] = asyncio.ensure_future(_ask(key, token))
    return await asyncio.shield(task)


async def _ask(key: str, token: str) -> Bearer:
    try:
        bearer = await run_blocking(bearer_of, token)
        if len(_known) >= MOST:
            _known.clear()
        _known[key] = (time.monotonic() + GOOD_FOR_SECONDS, bearer)
        return bearer
    finally:
        _asked.pop(key, None)
