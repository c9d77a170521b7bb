"""A Redis of a test: the system's or Debian's, on a port of its own, which keeps nothing on disk."""

import shutil
import signal
import subprocess
from pathlib import Path
from typing import Self

from redis import ConnectionError as Refused
from redis import Redis

from maiia_pro.launcher.waiting import wait_until
from tests.tools import debian
from tests.tools.site import free_port


def ensure() -> str:
    """Find or install redis-server."""
    return debian.ensure(lambda: shutil.which("redis-server"), "redis-server", "L’essai avec plusieurs processus demande Redis.")


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
