"""Free starts: the times at which a visit may begin. Pure; intervals are those of `openings`."""

from collections.abc import Sequence
from dataclasses import dataclass

from maiia_pro.agenda.openings import Interval


@dataclass(frozen=True, slots=True)
class VisitShape:
    """What a reason asks of the agenda, in minutes."""

    length: int
    step: int
    before: int = 0
    after: int = 0


def free_starts(openings: Sequence[Interval], busy: Sequence[Interval], shape: VisitShape, earliest: int) -> list[int]:
    """Find every start on the grid of its opening whose visit fits the opening and whose buffers touch nothing busy.

    `openings` and `busy` are sorted and disjoint (`openings.merged`); a busy interval already holds the buffers of its own visit.
    A grid counts `shape.step` minutes from the opening's start. Starts before `earliest` are left out.
    """
    length, step, before, after = shape.length, shape.step, shape.before, shape.after
    reach = length + after
    starts: list[int] = []
    add = starts.extend
    index, count = 0, len(busy)
    for opens, closes in openings:
        last = closes - length
        lower = max(earliest, opens)
        while index < count and busy[index][1] + before <= opens:
            index += 1
        position = index
        while lower <= last:
            upper = last
            if position < count and busy[position][0] - reach < last:
                upper = busy[position][0] - reach
            if lower <= upper:
                add(range(opens - (opens - lower) // step * step, upper + 1, step))
            if upper == last:
                break
            resumes = busy[position][1] + before
            lower = max(lower, resumes)
            position += 1
    return starts


def naive_free_starts(openings: Sequence[Interval], busy: Sequence[Interval], shape: VisitShape, earliest: int) -> list[int]:
    """Find the same by trying every grid point against every busy interval: the slow model that tests and benches compare with."""
    return [
        start
        for opens, closes in openings
        for start in range(opens, closes - shape.length + 1, shape.step)
        if start >= earliest and not any(start - shape.before < end and begin < start + shape.length + shape.after for begin, end in busy)
    ]
