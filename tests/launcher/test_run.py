"""`make run` from start to end: what it promises a person, an operator and whoever kills its parts."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from maiia_pro.launcher import build
from maiia_pro.launcher.waiting import wait_until
from maiia_pro.settings import Settings
from tests.tools.site import PROJECT, Site

pytestmark = pytest.mark.integration


def family(site: Site) -> list[psutil.Process]:
    """Every process that belongs to an installation, the database included."""
    launcher = psutil.Process(site.process.pid)
    database = int((site.data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    return [launcher, *launcher.children(recursive=True), psutil.Process(database)]


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if process.is_running() and process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)]


def another_launcher(site: Site, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = site.environment(**changes)
    return subprocess.run(
        [sys.executable, "-m", "maiia_pro.cli", "run"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_the_accounts_are_written_for_programs_and_read_by_their_owner_only(site):
    assert site.demo["base_url"] == site.base_url
    assert {account["role"] for account in site.demo["accounts"]} == {"operator", "practitioner", "secretary", "patient"}
    assert all(account["email"] and account["password"] for account in site.demo["accounts"])
    assert set(site.demo["api_client"]) == {"id", "secret", "scopes"}
    assert stat.S_IMODE((site.data_dir / "demo.json").stat().st_mode) == 0o600


def test_health_and_readiness_answer_without_a_session(site):
    assert site.answers("/_health")
    assert site.answers("/api/ready")


def test_a_taken_port_is_a_clear_error_and_starts_nothing(site, tmp_path):
    refused = another_launcher(site, DATA_DIR=str(tmp_path / "other"))
    assert refused.returncode == 1
    assert f"Le port {site.port} est déjà pris" in refused.stdout
    assert not (tmp_path / "other" / "postgres").exists()


def test_a_data_folder_serves_one_launcher(site):
    refused = another_launcher(site, PORT="1")
    assert refused.returncode == 1
    assert "tourne déjà" in refused.stdout


def test_server_and_worker_do_not_know_the_owner_of_the_tables(site):
    for command in ("serve", "worker"):
        environment = psutil.Process(site.pid(command)).environ()
        assert "maiia_app" in environment["DATABASE_URL"]
        assert "MIGRATION_DATABASE_URL" not in environment


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_killed_part_comes_back_by_itself(site, command):
    before = site.pid(command)
    os.kill(before, signal.SIGKILL)

    def is_back() -> bool:
        return any(child.pid != before and child.cmdline()[-1:] == [command] for child in psutil.Process(site.process.pid).children())

    wait_until(is_back, 60)
    wait_until(site.answers, 60)
    assert "signal SIGKILL" in site.said()


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Site:
    """An installation that is started and ended again and again: it is filled once."""
    return Site(tmp_path_factory.mktemp("installation") / "data")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_end_leaves_no_process_and_no_lock(installation, number):
    installation.start()
    processes = family(installation)
    assert installation.stop(number) == 0, installation.said()
    assert alive(processes) == [], installation.said()
    assert not (installation.data_dir / "postgres" / "postmaster.pid").exists()


def test_a_launcher_killed_outright_is_replaced_and_its_database_adopted(installation):
    installation.start()
    before = installation.demo
    *ours, database = family(installation)
    os.kill(installation.process.pid, signal.SIGKILL)
    installation.process.wait()
    wait_until(lambda: alive(ours) == [], 20)
    installation.start()
    assert database.is_running()
    assert "reprise de celle qui tournait encore" in installation.said()
    assert installation.demo == before
    assert installation.stop() == 0, installation.said()
    assert alive([database]) == [], installation.said()


@pytest.fixture
def project_built_without_demo(built, tmp_path) -> Path:
    """The project under another name, its pages taken for those of DEMO=0: these are not built in the place of the journeys' pages."""
    project = tmp_path / "project"
    pages = project / build.CLIENT
    pages.parent.mkdir(parents=True)
    for folder in (PROJECT, PROJECT / ".web"):
        for one in folder.iterdir():
            place = project / one.relative_to(PROJECT)
            if not place.exists():
                place.symlink_to(one)
    pages.symlink_to(PROJECT / build.CLIENT)
    (project / build.STAMP).write_text(build.sources_hash(Settings(demo=False), project))
    return project


def test_without_a_demonstration_it_says_how_to_create_the_operator(tmp_path, project_built_without_demo):
    with Site(tmp_path / "data", project=project_built_without_demo, DEMO="0") as installation:
        assert ".venv/bin/maiia-pro create-operator" in installation.said()
        assert not (installation.data_dir / "demo.json").exists()
        created = subprocess.run(
            [sys.executable, "-m", "maiia_pro.cli", "create-operator", "exploitant@exemple.fr"],
            cwd=installation.project,
            env=installation.environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        assert f"{installation.base_url}/activation" in created.stdout.splitlines()[-1]
        installation.stop()
        installation.start()
        assert "create-operator" not in installation.said()
        assert "Construction des pages" not in installation.said()


def test_an_outside_database_is_used_and_left_running(postgres, scratch_database, tmp_path):
    urls = scratch_database()
    with Site(tmp_path / "data", **urls.environment()) as installation:
        assert installation.answers("/api/ready")
        assert not (installation.data_dir / "postgres").exists()
    assert postgres.running_pid() is not None


def test_a_command_works_while_everything_runs_and_alone(site, tmp_path):
    for folder in (site.data_dir, tmp_path / "alone"):
        environment = site.environment(DATA_DIR=str(folder))
        done = subprocess.run(
            [sys.executable, "-m", "maiia_pro.cli", "migrate"], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert not (tmp_path / "alone" / "postgres" / "postmaster.pid").exists()
    assert site.answers()


def test_no_child_log_holds_a_password_of_the_demonstration(site):
    said = "".join(file.read_text(errors="replace") for file in Path(site.data_dir / "logs").glob("*.log"))
    roles = json.loads((site.data_dir / "postgres-roles.json").read_text())
    for secret in [*roles.values(), site.demo["api_client"]["secret"], *(account["password"] for account in site.demo["accounts"])]:
        assert secret not in said
