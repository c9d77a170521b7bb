"""A process that ends with the one that started it."""

import ctypes
import sys

_SET_PARENT_DEATH_SIGNAL = 1


def end_with_parent(number: int) -> None:
    """Have the kernel send this process a signal when its parent dies, however it dies (Linux, prctl(2); elsewhere nothing is done)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, number)
