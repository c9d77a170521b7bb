"""Words that people mistype: which known ones are near. Pure."""

from collections.abc import Collection

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract


def allowed_edits(word: str, more: int = 0) -> int:
    """Tell how many slips a word may hold: none in a short one or a number, one in four to seven letters, two beyond, or so many more."""
    if len(word) < 4 or any(sign.isdigit() for sign in word):
        return 0
    return (1 if len(word) <= 7 else 2) + more


def nearest(word: str, known: Collection[str], more: int = 0) -> list[str]:
    """List the known words that are nearest to a mistyped one, in order; none where all are too far.

    A slip is a letter added, left out or changed, or two in each other's place.
    """
    most = allowed_edits(word, more)
    if not most:
        return []
    near = extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=None)
    least = min((apart for _, apart, _ in near), default=0)
    return sorted(one for one, apart, _ in near if apart == least)
