"""Whether the Redis of the settings answers."""

from redis import Redis
from redis.exceptions import RedisError

SECONDS = 2.0


def answers(url: str | None) -> bool:
    """Tell whether Redis answers within two seconds; without an address there is nothing to ask."""
    if not url:
        return True
    try:
        with Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as client:
            return bool(client.ping())
    except (RedisError, ValueError):
        return False
