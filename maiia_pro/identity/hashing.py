"""argon2id (RFC 9106) in a process of its own beside a server, so that who works there feels little of a crowd signing in (record 48).

A process of its own session is what Linux weighs against the others as a whole (autogroup); a thread's priority is only weighed within its
process's group. It reads one question a line and answers with one line; it ends with the server, however that ends, as its input does
and, on Linux, as the kernel sees to.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from maiia_pro.kernel.parent import end_with_parent

PROJECT: Final = Path(__file__).parents[2]
LOW_PRIORITY: Final = 5
PATIENCE: Final = 30.0
"""How many seconds an answer is waited for: a process that says nothing for so long is held, and another takes its place."""
HASHER: Final = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)


def answer(question: list[str]) -> str | bool:
    """Give the hash of a password, or tell whether the second text is the password of the first."""
    try:
        return HASHER.hash(question[0]) if len(question) == 1 else HASHER.verify(*question)
    except (VerificationError, InvalidHashError):
        return False


class Aside:
    """What `PasswordHasher` does, computed by the other process for one caller at a time.

    It starts with the first question, and anew where it was ended or held, until `close`; who asks later computes here.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._changing = threading.Lock()

    def hash(self, password: str) -> str:
        """Hash a password."""
        return str(self._ask(password))

    def verify(self, password_hash: str, password: str) -> bool:
        """Verify a password. Raises `VerifyMismatchError`, for what is no hash too."""
        if self._ask(password_hash, password) is not True:
            raise VerifyMismatchError
        return True

    def check_needs_rehash(self, password_hash: str) -> bool:
        """Tell whether a hash was made with other costs than today's."""
        return HASHER.check_needs_rehash(password_hash)

    def close(self) -> None:
        """End the process for good."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        with self._changing:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _ask(self, *question: str) -> object:
        line = json.dumps(question).encode() + b"\n"
        for process in (self._process, None):
            answered = self._exchange(process or self._start(), line)
            if answered.endswith(b"\n"):
                return json.loads(answered)
        if self._closed:
            return answer(list(question))
        message = "the process that computes passwords ends at once, or gives no answer"
        raise RuntimeError(message)

    def _start(self) -> subprocess.Popen[bytes] | None:
        command = [sys.executable, "-m", "maiia_pro.identity.hashing"]
        with self._changing:
            if not self._closed:
                self._process = subprocess.Popen(  # noqa: S603 - a program of the house with fixed arguments
                    command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
                )
            return self._process

    def _exchange(self, process: subprocess.Popen[bytes] | None, line: bytes) -> bytes:
        """Give the answer; nothing, or a part of it, where the process is gone or held. Without a whole answer it is ended.

        An answer that was not read would be taken for that of the next question.
        """
        answered = b""
        try:
            if process and process.stdin and process.stdout:
                with contextlib.suppress(BrokenPipeError, ValueError):  # it ended, or was closed by another thread
                    process.stdin.write(line)
                    process.stdin.flush()
                    spoken = select.poll()
                    spoken.register(process.stdout, select.POLLIN)
                    answered = process.stdout.readline() if spoken.poll(PATIENCE * 1000) else b""
        finally:
            if not answered.endswith(b"\n"):
                self._end()
        return answered


def main() -> None:
    """Answer until the input ends, giving way to everybody else."""
    os.nice(LOW_PRIORITY)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(LOW_PRIORITY))
    end_with_parent(signal.SIGKILL)  # the input tells nothing to a process that is held
    with contextlib.suppress(BrokenPipeError):  # whoever asked has ended meanwhile
        for line in sys.stdin.buffer:
            os.write(sys.stdout.fileno(), json.dumps(answer(json.loads(line))).encode() + b"\n")


if __name__ == "__main__":
    main()
