"""The whole software, as `make run` starts it, on a port and data folder of its own."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any, Self

import psutil

from maiia_pro.launcher.waiting import wait_until

PROJECT = Path(__file__).parents[2]
START_SECONDS = 240.0
INHERITED = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "PUBLIC_URL", "HOST")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """One running installation; stop it, or use it as a context manager."""

    def __init__(self, data_dir: Path | None = None, port: int | None = None, project: Path = PROJECT, **settings: str) -> None:
        self.own_folder = data_dir is None
        self.data_dir = data_dir or Path(tempfile.mkdtemp(prefix="maiia-site-"))
        self.port = port or free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.project, self.settings = project, settings
        self.console = self.data_dir / "console.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        if self.own_folder:
            shutil.rmtree(self.data_dir, ignore_errors=True)

    def start(self) -> None:
        """Start everything and return once it answers and has written its accounts."""
        environment = self.environment()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self.console.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "maiia_pro.cli", "run"], cwd=self.project, env=environment, stdout=output, stderr=subprocess.STDOUT
            )
        try:
            wait_until(self._is_ready, START_SECONDS)
        except TimeoutError:
            self.stop()
            raise AssertionError(self.said()) from None
        except BaseException:  # Ctrl-C in the middle of a start leaves nothing behind
            self.stop()
            raise

    def environment(self, **changes: str) -> dict[str, str]:
        """Variables with which a command is about this installation, whatever database the tests themselves use."""
        kept = {name: value for name, value in os.environ.items() if name not in INHERITED}
        return kept | {"PORT": str(self.port), "DATA_DIR": str(self.data_dir), "PYTHONPATH": str(self.project)} | self.settings | changes

    def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.said()
        return "Prêt." in self.said()

    def said(self) -> str:
        """What the console shows."""
        return self.console.read_text(errors="replace") if self.console.exists() else ""

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask for the end as a person would, and give the exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(60)
        self.process = None
        return code

    def answers(self, path: str = "/_health") -> bool:
        """Whether the server answers a request well."""
        with contextlib.suppress(OSError), urllib.request.urlopen(self.base_url + path, timeout=2) as answer:  # noqa: S310 - our own address
            return answer.status == 200
        return False

    def pid(self, command: str) -> int:
        """Process id of `serve` or `worker`."""
        assert self.process is not None
        return next(child.pid for child in psutil.Process(self.process.pid).children() if child.cmdline()[-1:] == [command])

    @property
    def demo(self) -> dict[str, Any]:
        """What demo.json says."""
        found: dict[str, Any] = json.loads((self.data_dir / "demo.json").read_text())
        return found

    def account(self, role: str) -> dict[str, str]:
        """E-mail and password of a role of the demonstration."""
        return next(account for account in self.demo["accounts"] if account["role"] == role)
