"""The drawing of a QR code holds exactly the dark squares of the code, inside its quiet border."""

import re

import pytest
import segno

from maiia_pro.reception.qr import QUIET, qr_path

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("text", ["a", "https://rendez-vous.exemple.fr/arrivee?porte=" + "x" * 43])
def test_every_dark_square_is_drawn_and_no_other(text):
    size, path = qr_path(text)
    runs = [tuple(map(int, run)) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path)]
    drawn = {(x + step, y) for x, y, length in runs for step in range(length)}
    matrix = segno.make(text, error="m", micro=False).matrix
    assert size == len(matrix) + 2 * QUIET
    assert drawn == {(x + QUIET, y + QUIET) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
    assert sum(length for _, _, length in runs) == len(drawn)
