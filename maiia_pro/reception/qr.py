"""QR codes as one path of squares, to be drawn in any size (ISO/IEC 18004, error correction M)."""

import segno

QUIET = 4
"""The blank border that readers want, in squares."""


def qr_path(text: str) -> tuple[int, str]:
    """Give the width of the drawing in squares, its border included, and its path."""
    matrix = segno.make(text, error="m", micro=False).matrix
    found = [(top, start, length) for top, row in enumerate(matrix) for start, length in _dark_runs(bytes(row))]
    runs = [f"M{start + QUIET} {top + QUIET}h{length}v1h-{length}z" for top, start, length in found]
    return len(matrix) + 2 * QUIET, "".join(runs)


def _dark_runs(row: bytes) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs
