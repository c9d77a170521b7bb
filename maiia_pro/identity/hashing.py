"""argon2id (RFC 9106) in a process of its own beside a server, so that who works there feels little of a crowd signing in (record 48).

A process of its own session is what Linux weighs against the others as a whole (autogroup); a thread's priority is only weighed within its
process's group. It reads one question a line and answers with one line; it ends with the server, however that ends, as its input does.
"""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

PROJECT: Final = Path(__file__).parents[2]
LOW_PRIORITY: Final = 5
HASHER: Final = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)


def answer(question: list[str]) -> str | bool:
    """Give the hash of a password, or tell whether the second text is the password of the first."""
    try:
        return HASHER.hash(question[0]) if len(question) == 1 else HASHER.verify(*question)
    except (VerificationError, InvalidHashError):
        return False


class Aside:
    """What `PasswordHasher` does, computed by the other process for one caller at a time.

    It starts with the first question, and anew where it was ended.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

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
        """End the process."""
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
            self.close()
        message = "the process that computes passwords ends at once"
        raise RuntimeError(message)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "maiia_pro.identity.hashing"]
        self._process = subprocess.Popen(  # noqa: S603 - a program of the house with fixed arguments
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        return self._process

    @staticmethod
    def _exchange(process: subprocess.Popen[bytes], line: bytes) -> bytes:
        """Give the answer; nothing, or a part of it, where the process is gone."""
        said, heard = process.stdin, process.stdout
        if said is None or heard is None:
            return b""
        with contextlib.suppress(BrokenPipeError):
            said.write(line)
            said.flush()
            return heard.readline()
        return b""


def main() -> None:
    """Answer until the input ends, giving way to everybody else."""
    os.nice(LOW_PRIORITY)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(LOW_PRIORITY))
    for line in sys.stdin.buffer:
        print(json.dumps(answer(json.loads(line))), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
