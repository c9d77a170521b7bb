"""A crowd of patients at one slot: one at a time asks the database, and its answer counts for those who came before it asked.

Nothing is remembered: whoever comes later is answered by a later look. The constraint in the database stays the judge; this only spares
it the same question two hundred times.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from maiia_pro.agenda.errors import SlotHeld, SlotTaken
from maiia_pro.agenda.slots import SlotKey


@dataclass(slots=True)
class Attempt:
    """The booking under way at a slot, and since when it is known that the slot is gone."""

    over: threading.Event = field(default_factory=threading.Event)
    gone_since: float = -1.0
    """Whoever came before this lost; never, until the attempt is over."""


_under_way: dict[SlotKey, Attempt] = {}
_turn = threading.Lock()


@contextmanager
def in_turn(slot: SlotKey) -> Iterator[None]:
    """Let one thread at a time try to book a slot; raises `SlotTaken` for those who came before somebody learned that it is gone."""
    came = time.monotonic()
    while (rival := _claim(slot)) is not None:
        rival.over.wait()
        if came <= rival.gone_since:
            raise SlotTaken
    asked = time.monotonic()
    gone_since = -1.0
    try:
        yield
        gone_since = float("inf")
    except SlotHeld:
        raise  # who holds it may be among those who wait
    except SlotTaken:
        gone_since = asked
        raise
    finally:
        with _turn:
            attempt = _under_way.pop(slot)
        attempt.gone_since = gone_since
        attempt.over.set()


def _claim(slot: SlotKey) -> Attempt | None:
    """Take one's turn at a slot; gives whose turn it is where somebody else has it."""
    with _turn:
        rival = _under_way.get(slot)
        if rival is None:
            _under_way[slot] = Attempt()
        return rival
