"""Words that people mistype: how far two are apart, and which known ones are near. Pure."""

from collections.abc import Iterable


def allowed_edits(word: str) -> int:
    """Tell how many slips a word may hold: none in a short one or a number, one in four to seven letters, two beyond."""
    if len(word) < 4 or any(sign.isdigit() for sign in word):
        return 0
    return 1 if len(word) <= 7 else 2


def edits(one: str, other: str, most: int) -> int:
    """Count the letters added, left out, changed, or put in each other's place; more than `most` where there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        current = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > most and min(row) > most:
            return most + 1
        before, row = row, current
    return row[-1]


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """List the known words that are nearest to a mistyped one, in order; none where all are too far."""
    most = allowed_edits(word)
    if not most:
        return []
    count = 2 * most + 1  # a slip spoils two pieces at most, so that one piece at least is whole
    size = -(-len(word) // count)
    pieces = [word[start : start + size] for start in range(0, len(word), size)]
    found: dict[str, int] = {}
    for one in known:
        if abs(len(one) - len(word)) <= most and any(piece in one for piece in pieces):
            apart = edits(word, one, most)
            if apart <= most:
                found[one] = apart
    least = min(found.values(), default=0)
    return sorted(one for one, apart in found.items() if apart == least)
