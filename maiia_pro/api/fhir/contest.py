"""A crowd at one slot: one request at a time asks the database, and its answer counts for those that came before it asked.

Nothing is remembered: whoever comes later is answered by a later look. The constraint in the database stays the judge; this only spares it
the same question two hundred times.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from maiia_pro.agenda.errors import SlotTaken

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rival:
    """A request that waits for the one under way; `told` is True where the slot is gone."""

    came: float
    told: "asyncio.Future[bool]"


_under_way: dict[Hashable, list[Rival]] = {}


async def in_turn(slot: Hashable, attempt: Callable[[], Awaitable[T]]) -> T:
    """Try to book unless a rival takes the slot first; raises `SlotTaken` then, else what `attempt` raises. Event loop only."""
    came = time.monotonic()
    while (rivals := _under_way.get(slot)) is not None:
        rival = Rival(came, asyncio.get_running_loop().create_future())
        rivals.append(rival)
        if await rival.told:
            raise SlotTaken
    _under_way[slot] = []
    asked, gone_since = time.monotonic(), -1.0
    try:
        won = await attempt()
        gone_since = float("inf")
    except SlotTaken:
        gone_since = asked
        raise
    finally:
        for rival in _under_way.pop(slot):
            if not rival.told.done():
                rival.told.set_result(rival.came <= gone_since)
    return won
