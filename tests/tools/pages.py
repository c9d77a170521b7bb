"""The built pages, served by a process of its own on the tests' database."""

import contextlib
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from maiia_pro.launcher.waiting import wait_until
from tests.tools.site import PROJECT, free_port


def answers(address: str) -> bool:
    """Tell whether the server answers."""
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_health", timeout=2) as answer:  # noqa: S310 - our own address
        return bool(answer.status == 200)
    return False


class Pages:
    """The server of the built pages."""

    def __init__(self, log: Path, **settings: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log, self.settings = log, settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        environment = os.environ | {"PORT": str(self.port), "HOST": "127.0.0.1", "PYTHONPATH": str(PROJECT)} | self.settings
        with self.log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "maiia_pro.cli", "serve"], cwd=PROJECT, env=environment, stdout=file, stderr=file
            )
        wait_until(lambda: answers(self.address), 60)

    def stop(self) -> None:
        """Stop and wait for the end."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        self.process = None
