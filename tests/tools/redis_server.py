"""A Redis of a test: the system's or Debian's, on a port of its own, which keeps nothing on disk."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

from redis import ConnectionError as Refused
from redis import Redis

from maiia_pro.launcher.waiting import wait_until
from tests.tools.site import free_port

COMMAND = "apt-get install --yes --no-install-recommends redis-server"


def ensure() -> str:
    """Find or install redis-server; stops with the command to run where that needs an administrator."""
    if found := shutil.which("redis-server"):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        # RUNLEVEL=1: Debian's package starts no service of its own.
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
        subprocess.run(COMMAND.split(), env=environment, check=False)
        if found := shutil.which("redis-server"):
            return found
    sys.exit(f"L’essai avec plusieurs processus demande Redis. Installez-le, puis relancez :\n  sudo {COMMAND}")


class RedisServer:
    """One server; a kill loses everything it held."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and return once it answers."""
        settings = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        with (self.folder / "redis.log").open("ab") as output:
            self.process = subprocess.Popen([ensure(), *settings], stdout=output, stderr=output)
        wait_until(self._answers, 20)

    def _answers(self) -> bool:
        try:
            return bool(self.ask("PING"))
        except Refused:
            return False

    def ask(self, *words: str) -> object:
        """Send one command and give its answer."""
        with Redis.from_url(self.url) as client:
            return client.execute_command(*words)

    def kill(self) -> None:
        """End it without a word."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()
