"""How the files of the tests are dealt to the parts that run side by side."""

import pytest

from tests.tools.turns_plugin import dealt

pytestmark = pytest.mark.unit

SIZES = {"desk.py": 9, "door.py": 5, "link.py": 4, "keys.py": 3, "once.py": 1}


@pytest.mark.parametrize("turns", [1, 2, 3, 7])
def test_every_file_has_one_turn_among_those_there_are(turns):
    found = dealt(SIZES, turns)
    assert found.keys() == SIZES.keys()
    assert set(found.values()) <= set(range(1, turns + 1))


def test_the_turns_end_together():
    found = dealt(SIZES, 2)
    assert sorted(sum(SIZES[file] for file in found if found[file] == turn) for turn in (1, 2)) == [10, 12]


def test_who_collects_in_another_order_deals_the_same():
    assert dealt(dict(reversed(SIZES.items())), 2) == dealt(SIZES, 2)
