"""The practice of the desk's tests, its screens and its API; and what waits for the worker."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from maiia_pro.kernel.db import reading
from tests.concurrency.conftest import without_constraint, without_walls
from tests.desk.conftest import api, base_url, browser_context_args, browsers, pages, world

__all__ = [
    "api",
    "base_url",
    "browser_context_args",
    "browsers",
    "pages",
    "without_constraint",
    "without_walls",
    "world",
]


@pytest.fixture
def queued(clean_database) -> Callable[[str], list[dict[str, str]]]:
    """Give what jobs of a name were enqueued with, in order."""

    def read(name: str) -> list[dict[str, str]]:
        query = text("select args from jobs.procrastinate_jobs where task_name = :name order by id")
        with reading() as session:
            return list(session.connection().execute(query, {"name": name}).scalars())

    return read
