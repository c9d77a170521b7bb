"""What every test may ask for: an embedded PostgreSQL of its own, migrated, and the built pages on it."""

import functools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from argon2 import PasswordHasher

from maiia_pro.identity import passwords
from maiia_pro.kernel.audit_anchor import anchor_file
from maiia_pro.kernel.db import libpq_url
from maiia_pro.launcher import migrations
from maiia_pro.launcher.build import ensure_built
from maiia_pro.launcher.postgres import DatabaseUrls, EmbeddedPostgres
from maiia_pro.settings import get_settings
from tests.tools import chromium
from tests.tools.counting import Counting
from tests.tools.pages import Pages
from tests.tools.site import Site

pytest_plugins = ["tests.tools.requirements_plugin", "tests.tools.turns_plugin", "tests.factories"]


def without_waiting_for_the_disk(urls: DatabaseUrls) -> None:
    """Let commits of this run reach the disk when they may: what the software owes there is proven on servers of `make run` itself."""
    with psycopg.connect(libpq_url(urls.admin), autocommit=True) as connection:
        for name in ("fsync", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The embedded server of this run, in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="maiia-test-"))
    server = EmbeddedPostgres(folder)
    try:
        without_waiting_for_the_disk(server.start())
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database(postgres: EmbeddedPostgres) -> Iterator[DatabaseUrls]:
    """The software's database, migrated, named to the settings as an operator would."""
    urls = postgres.urls("maiia")
    migrations.upgrade(urls.owner)
    changes = urls.environment() | {"DATA_DIR": str(postgres.data_dir)}
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    get_settings.cache_clear()
    yield urls
    emptier(urls.admin).close()
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    get_settings.cache_clear()


EMPTY = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname IN ('public', 'jobs') AND tablename <> 'alembic_version'
    LOOP EXECUTE 'DELETE FROM ' || name; END LOOP;
    FOR name IN SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences
        WHERE schemaname IN ('public', 'jobs') AND last_value IS NOT NULL
    LOOP EXECUTE 'ALTER SEQUENCE ' || name || ' RESTART'; END LOOP;
END $$
"""
"""Deletes rows rather than truncating: a truncated table costs files written to disk, empty or not."""


@functools.cache
def emptier(url: str) -> psycopg.Connection:
    """One session for all the emptyings of a run: a session of its own for each costs more than the emptying."""
    connection = psycopg.connect(libpq_url(url), autocommit=True)
    connection.execute("SET session_replication_role = replica")  # no triggers, no order of tables
    return connection


@contextmanager
def emptied(database: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """Empty the database at the end."""
    yield database
    emptier(database.admin).execute(EMPTY)
    anchor_file().unlink(missing_ok=True)


@pytest.fixture
def clean_database(database: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """The same database, emptied after the test (for tests that commit)."""
    with emptied(database):
        yield database


@pytest.fixture
def scratch_database(postgres: EmbeddedPostgres) -> Iterator[Callable[[], DatabaseUrls]]:
    """Make databases without any table on the same server, dropped after the test."""
    made: list[str] = []

    def make() -> DatabaseUrls:
        made.append(f"scratch_{os.urandom(6).hex()}")
        return postgres.create_database(made[-1])

    yield make
    with psycopg.connect(libpq_url(postgres.urls("postgres").admin), autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def built(database: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The pages, built if their sources changed: once for all that serve them."""
    ensure_built(get_settings(), tmp_path_factory.mktemp("build") / "build.log")


@pytest.fixture(scope="session")
def served(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """The site on the tests' database: one server for the journeys of every folder."""
    pages = Pages(tmp_path_factory.mktemp("site") / "server.log")
    pages.start()
    yield pages
    pages.stop()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The whole software with the demonstration, shared by the journeys of this run."""
    with Site() as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    """The Chromium of this machine."""
    return chromium.launch_options()


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    """A French browser; pages are asked for by full address, or through `page_of`."""
    return {"locale": "fr-FR", "timezone_id": "Europe/Paris"}


AS_SHIPPED = (passwords.HASHER, passwords.NOBODY)


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashing(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hash passwords at the least cost in this process; servers of journeys hash as shipped."""
    if any(item.get_closest_marker("e2e") for item in request.session.items):
        yield
        return
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", cheap)
        patch.setattr(passwords, "NOBODY", cheap.hash("no password has this hash"))
        yield


@pytest.fixture
def hashing_as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what hashing costs."""
    for name, shipped in zip(("HASHER", "NOBODY"), AS_SHIPPED, strict=True):
        monkeypatch.setattr(passwords, name, shipped)


@pytest.fixture
def counting(request: pytest.FixtureRequest) -> Counting:
    """For tests marked `proof`: how much to try, and where to say what held."""
    return Counting(request.node.nodeid)
