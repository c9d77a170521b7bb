"""One world for all the walls of a run: each cell knocks inside a transaction that is undone."""

from collections.abc import Iterator

import pytest

from maiia_pro.settings import get_settings
from tests.conftest import emptied
from tests.walls.harness import Undone, undone, watched
from tests.walls.world import World, build


@pytest.fixture(scope="module")
def world(database) -> Iterator[World]:
    """Two practices, and everybody who knocks; no demonstration, whose messages all may read."""
    with pytest.MonkeyPatch.context() as patch, emptied(database):
        patch.setenv("DEMO", "0")
        get_settings.cache_clear()
        yield build()
    get_settings.cache_clear()


@pytest.fixture(scope="module")
def hands(world: World, database) -> Iterator[Undone]:
    """The database, where every call is undone and every row that it touches noted."""
    with watched(database.admin), undone() as found:
        yield found
