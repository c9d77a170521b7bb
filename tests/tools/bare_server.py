"""The server without its pages, and the worker, as processes of a test: on the test's database, started and killed by their id."""

import contextlib
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Self

from maiia_pro.launcher.waiting import wait_until
from tests.tools.site import PROJECT, free_port

PAGES = "maiia_pro.maiia_pro:app"
API = "maiia_pro.api.asgi:build_api"
START_SECONDS = 120.0


class Program:
    """A program of the house in a session of its own, so that all of it can be killed."""

    def __init__(self, command: list[str], log: Path, **settings: str) -> None:
        self.command, self.log = command, log
        self.environment = os.environ | {"PYTHONPATH": str(PROJECT)} | settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, cwd=PROJECT, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )

    def kill(self, number: int = signal.SIGKILL) -> None:
        """End it and whatever it started; without another signal, without a word."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(30)
        self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()


class BareServer(Program):
    """One server process on a free port; `target` is the whole software by default, or the API alone."""

    def __init__(self, folder: Path, target: str = PAGES, **settings: str) -> None:
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", target, "--host", "127.0.0.1"]
        given = {"PORT": str(self.port), "__REFLEX_SKIP_COMPILE": "yes", "REFLEX_ENV_MODE": "prod"} | settings
        super().__init__([*command, "--port", str(self.port), "--loop", "asyncio"], folder / "server.log", **given)

    def start(self) -> None:
        """Start it and return once it answers."""
        super().start()
        try:
            wait_until(self._is_up, START_SECONDS)
        except TimeoutError:
            self.kill()
            raise AssertionError(self.log.read_text(errors="replace")) from None

    def _is_up(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text(errors="replace")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.base_url}/_health", timeout=2) as answer:  # noqa: S310 - our own address
            return answer.status == 200
        return False


def worker(folder: Path, smtp_url: str) -> Program:
    """Give the worker, not started yet, sending to that mail server."""
    return Program([sys.executable, "-m", "maiia_pro.cli", "worker"], folder / "worker.log", SMTP_URL=smtp_url)
