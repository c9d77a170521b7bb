"""What plain machines can do at best: written here, beside the software, to measure it against."""

from collections.abc import Sequence

from maiia_pro.agenda.free_time import VisitShape
from maiia_pro.agenda.openings import Interval

UNIT = 5
"""Minutes a bit stands for."""


class Bits:
    """Free starts by one big integer a practitioner: a bit for each five minutes of the window."""

    def __init__(self, origin: int, shape: VisitShape) -> None:
        self.origin = origin
        self.length, self.step = shape.length // UNIT, shape.step // UNIT

    def free(self, openings: Sequence[Interval], busy: Sequence[Interval]) -> int:
        """Set the bits of the openings, clear those of the visits."""
        mask = 0
        for begins, ends in openings:
            mask |= ((1 << (ends - begins) // UNIT) - 1) << (begins - self.origin) // UNIT
        taken = 0
        for begins, ends in busy:
            taken |= ((1 << (ends - begins) // UNIT) - 1) << (begins - self.origin) // UNIT
        return mask & ~taken

    def grid(self, openings: Sequence[Interval]) -> int:
        """Set the bits at which a visit of some opening may begin."""
        one = {}
        mask = 0
        for begins, ends in openings:
            units = (ends - begins) // UNIT
            if units not in one:
                one[units] = sum(1 << start for start in range(0, units - self.length + 1, self.step))
            mask |= one[units] << (begins - self.origin) // UNIT
        return mask

    def starts(self, free: int, grid: int) -> list[int]:
        """List the minutes where as many bits as the visit is long are free in a row."""
        have = 1
        while have < self.length:
            more = min(have, self.length - have)
            free &= free >> more
            have += more
        digits = bin(free & grid)[:1:-1]
        found, at = [], digits.find("1")
        while at >= 0:
            found.append(self.origin + at * UNIT)
            at = digits.find("1", at + 1)
        return found
