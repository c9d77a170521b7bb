"""Processes that the launcher keeps alive: started, restarted with growing patience, stopped for good."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from maiia_pro.kernel.parent import end_with_parent
from maiia_pro.kernel.private import open_private, private_folder
from maiia_pro.launcher.console import log
from maiia_pro.launcher.waiting import wait_until

PATIENCE = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before each new start of a process that keeps dying."""
HEALTHY_SECONDS = 30.0
"""A process that lived this long starts again at once."""
PARENT_VARIABLE = "MAIIA_LAUNCHER_PID"
GATE_VARIABLE = "MAIIA_GATE"
"""Names the file that appears once the database is prepared; a server loads its code before, and serves after."""
LOG_BYTES = 20_000_000


@dataclass
class Child:
    """A process of its own session, so that Ctrl-C reaches the launcher alone, which then stops everything in order."""

    name: str
    arguments: list[str]
    environment: Mapping[str, str]
    folder: Path
    log_file: Path
    stop_seconds: float = 10.0
    process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _failures: int = 0
    _restart_at: float | None = field(default=None)

    def start(self) -> None:
        """Start the process, its words going to its log."""
        private_folder(self.log_file.parent)
        if self.log_file.exists() and self.log_file.stat().st_size > LOG_BYTES:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        with open_private(self.log_file, "ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.arguments],
                cwd=self.folder,
                env={**self.environment, PARENT_VARIABLE: str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._started = time.monotonic()
        self._restart_at = None

    def watch(self) -> None:
        """Restart the process if it died, waiting longer each time it dies soon after its start."""
        if self._restart_at is not None:
            if time.monotonic() >= self._restart_at:
                self.start()
            return
        if self.process is None or self.process.poll() is None:
            return
        self._sweep()
        lived = time.monotonic() - self._started
        self._failures = 0 if lived > HEALTHY_SECONDS else self._failures + 1
        wait = PATIENCE[min(self._failures, len(PATIENCE) - 1)]
        log(f"{self.name} s’est arrêté ({ended(self.process.returncode)}), nouveau départ dans {wait:g} s. Journal : {self.log_file}")
        self._restart_at = time.monotonic() + wait

    def stop(self) -> None:
        """Ask the process to end, then insist; nothing of its session is left."""
        self._restart_at = None
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.stop_seconds)
        self._sweep()
        self.process.wait()
        with contextlib.suppress(TimeoutError):  # a killed process takes a moment to go
            wait_until(self._session_is_empty, 5, every=0.01)
        self.process = None

    def _session_is_empty(self) -> bool:
        if self.process is not None:
            with contextlib.suppress(PermissionError):
                try:
                    os.killpg(self.process.pid, 0)
                except ProcessLookupError:
                    return True
        return self.process is None

    def _sweep(self) -> None:
        """Kill what is left of the session: a killed server leaves its worker behind, holding the port."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Tools:
    """Programs that run once and are waited for; a signal to the launcher ends them."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._cancelled = False

    def run(
        self, command: list[str], *, folder: Path, environment: Mapping[str, str], output: IO[str] | int = subprocess.PIPE
    ) -> tuple[int, str, str]:
        """Run a program to its end and return its exit code and what it said."""
        with subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE if output == subprocess.PIPE else subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            self._running.add(process)
            if self._cancelled:
                process.terminate()
            said, complained = process.communicate()
            self._running.discard(process)
            return process.returncode, said or "", complained or ""

    def cancel(self) -> None:
        """End what runs and what would run."""
        self._cancelled = True
        for process in list(self._running):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)


def ended(code: int) -> str:
    """Say how a process ended."""
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"


def end_with_launcher() -> None:
    """Ask the kernel to end this process when the launcher that started it dies, however it dies (Linux)."""
    launcher = os.environ.pop(PARENT_VARIABLE, None)
    if launcher is None or not sys.platform.startswith("linux"):
        return
    end_with_parent(signal.SIGTERM)
    if os.getppid() != int(launcher):  # it died before we asked
        sys.exit(1)
