"""The demonstration, seeded for each test that changes it, and once for those that look at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maiia_pro.demo.seed import seed_demo
from maiia_pro.launcher.postgres import DatabaseUrls
from maiia_pro.settings import get_settings
from tests.conftest import emptied


def _seed(folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(folder))
        get_settings.cache_clear()
        seed_demo()
        yield
    get_settings.cache_clear()


@pytest.fixture
def seeded(clean_database: object, tmp_path: Path) -> Iterator[None]:
    yield from _seed(tmp_path)


@pytest.fixture(scope="module")
def seeded_once(database: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with emptied(database):
        yield from _seed(tmp_path_factory.mktemp("demo"))
