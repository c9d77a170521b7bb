"""Whether the Redis of the settings answers."""

import asyncio
from collections.abc import Awaitable
from typing import Final, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

SECONDS: Final = 2.0
StoreSilent = RedisError
"""What the framework raises where Redis does not answer."""


async def answers(url: str | None) -> bool:
    """Tell whether Redis answers within two seconds, holding no thread meanwhile; without an address there is nothing to ask."""
    if not url:
        return True
    try:
        async with asyncio.timeout(SECONDS), Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as client:
            return await cast("Awaitable[bool]", client.ping())
    except (RedisError, ValueError, TimeoutError):
        return False
