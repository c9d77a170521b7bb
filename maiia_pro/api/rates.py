"""How often a program may ask: so many requests in any sixty seconds.

Counted in the memory of each server process, so several processes let through as many times more.
"""

import math
import threading
import time
from collections import deque
from uuid import UUID

from maiia_pro.kernel.errors import TooMany

WINDOW_SECONDS = 60.0

_seen: dict[UUID, deque[float]] = {}
_counting = threading.Lock()


def count_request(client_id: UUID, per_minute: int) -> None:
    """Count a request of a client; raises `TooMany` where the last minute holds as many as allowed."""
    with _counting:
        now = time.monotonic()
        times = _seen.setdefault(client_id, deque())
        while times and times[0] <= now - WINDOW_SECONDS:
            times.popleft()
        if len(times) >= per_minute:
            raise TooMany(retry_after=max(1, math.ceil(times[0] + WINDOW_SECONDS - now)))
        times.append(now)


def forget_requests() -> None:
    """Begin to count anew."""
    _seen.clear()
