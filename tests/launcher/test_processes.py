"""The processes that the launcher keeps alive."""

import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from maiia_pro.launcher import processes
from maiia_pro.launcher.processes import Child, Tools, ended
from maiia_pro.launcher.waiting import wait_until

pytestmark = pytest.mark.integration

PROGRAM = """
import signal, subprocess, sys
helper = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print("helper", helper.pid, flush=True)
{setup}
signal.pause()
"""


@pytest.fixture
def make_child(tmp_path):
    made: list[Child] = []

    def make(setup: str = "", seconds: float = 5.0) -> Child:
        (tmp_path / "program.py").write_text(PROGRAM.format(setup=setup))
        child = Child(
            "L’essai", ["program"], {**os.environ, "PYTHONPATH": str(tmp_path)}, tmp_path, tmp_path / "logs" / "essai.log", seconds
        )
        made.append(child)
        child.start()
        wait_until(lambda: "helper" in child.log_file.read_text(), 10)
        return child

    yield make
    for child in made:
        child.stop()


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def helper_of(log: Path) -> int:
    return int(log.read_text().split()[-1])


def test_stopping_leaves_nothing_of_the_session(make_child):
    child = make_child()
    helper = helper_of(child.log_file)
    child.stop()
    wait_until(lambda: gone(helper), 5)


def test_a_process_deaf_to_the_request_is_killed(make_child):
    child = make_child("signal.signal(signal.SIGTERM, signal.SIG_IGN)", seconds=0.3)
    pid = child.process.pid
    child.stop()
    assert gone(pid)


def test_a_killed_process_starts_again_and_its_remains_are_swept(make_child, monkeypatch):
    monkeypatch.setattr(processes, "PATIENCE", (0.0,))
    child = make_child()
    first, helper = child.process.pid, helper_of(child.log_file)
    os.kill(first, signal.SIGKILL)

    def restarted() -> bool:
        child.watch()
        return child.process.pid != first

    wait_until(restarted, 5)
    wait_until(lambda: gone(helper), 5)


def test_a_process_that_keeps_dying_waits_longer_each_time(make_child, capsys, monkeypatch):
    monkeypatch.setattr(processes, "PATIENCE", (0.0, 0.01, 0.02))
    child = make_child("sys.exit(3)")
    for _ in range(2):
        before = child.process.pid

        def restarted(before: int = before) -> bool:
            child.watch()
            return child.process.pid != before

        wait_until(restarted, 10)
    said = capsys.readouterr().out
    assert "code 3" in said
    assert said.index("0.01 s") < said.index("0.02 s")


def test_a_signal_to_the_launcher_ends_the_tools_it_waits_for(tmp_path):
    tools = Tools()
    tools.cancel()
    code, _, _ = tools.run([sys.executable, "-c", "import signal; signal.pause()"], folder=tmp_path, environment=os.environ)
    assert code == -signal.SIGTERM


def test_an_end_is_named():
    assert ended(-9) == "signal SIGKILL"
    assert ended(1) == "code 1"


def test_what_a_process_says_is_for_its_owner_only(make_child):
    child = make_child()
    assert [oct(path.stat().st_mode & 0o777) for path in (child.log_file, child.log_file.parent)] == ["0o600", "0o700"]


def test_a_log_that_others_could_read_is_closed_to_them(make_child):
    child = make_child()
    child.stop()
    child.log_file.chmod(0o644)
    child.start()
    assert child.log_file.stat().st_mode & 0o777 == 0o600
