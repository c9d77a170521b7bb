"""How often somebody may ask: so many requests in any sixty seconds, for a program, or for visitors of one network.

Counted in the memory of each server process, so several processes let through as many times more.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Hashable
from ipaddress import IPv6Address, ip_address

from maiia_pro.kernel.errors import TooMany
from maiia_pro.settings import get_settings

WINDOW_SECONDS = 60.0

_seen: dict[Hashable, deque[float]] = {}
_tidied = [0.0]
_counting = threading.Lock()


def count_request(asker: Hashable, per_minute: int, refusal: str | None = None) -> None:
    """Count a request; raises `TooMany`, with the sentence given, where the last minute holds as many as allowed."""
    with _counting:
        now = time.monotonic()
        _tidy(now)
        times = _seen.setdefault(asker, deque())
        while times and times[0] <= now - WINDOW_SECONDS:
            times.popleft()
        if len(times) >= per_minute:
            raise TooMany(refusal, retry_after=max(1, math.ceil(times[0] + WINDOW_SECONDS - now)))
        times.append(now)


def _tidy(now: float) -> None:
    """Once a minute, forget who has not asked for a minute."""
    if now - _tidied[0] > WINDOW_SECONDS:
        for asker in [asker for asker, times in _seen.items() if not times or times[-1] <= now - WINDOW_SECONDS]:
            del _seen[asker]
        _tidied[0] = now


def forget_requests() -> None:
    """Begin to count anew."""
    _seen.clear()


def network_of(peer: str, forwarded: str) -> str:
    """Name the network that a request comes from: the address our own proxies saw; of IPv6 the 64 bits that one subscriber holds.

    `peer` is at the other end of the connection, `forwarded` the header `X-Forwarded-For`.
    """
    hops = get_settings().trusted_proxies
    seen = [part.strip() for part in forwarded.split(",") if part.strip()] if hops else []
    try:
        address = ip_address(seen[-hops] if hops and len(seen) >= hops else peer)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped) if address.ipv4_mapped else str(IPv6Address(int(address) >> 64 << 64))
    return str(address)
