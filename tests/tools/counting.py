"""Countable tests: small counts in `make test`, full ones in `make proof`, the same code."""

import json
import os
import time
from pathlib import Path


class Counting:
    """How much a countable test tries, and what it found."""

    def __init__(self, test: str) -> None:
        self.test = test
        self.full = os.environ.get("MAIIA_PROOF") == "full"
        self._started = time.monotonic()

    def of(self, small: int, full: int) -> int:
        """Give the count of this run."""
        return full if self.full else small

    def seed(self, what: str) -> int:
        """Give the seed of what is tried, always the same in `make test`, another each time in full; printed at once, for a long run."""
        number = int.from_bytes(os.urandom(4) if self.full else what.encode()) % 2**32
        if self.full:
            print(f"{what}, graine {number}", flush=True)
        return number

    def found(self, what: str, *, tried: int, held: int, **more: object) -> None:
        """Print and keep `held / tried`, with seeds and losses in `more`; fails where something was lost."""
        line = {
            "what": what,
            "tried": tried,
            "held": held,
            "seconds": round(time.monotonic() - self._started, 1),
            "test": self.test,
            **more,
        }
        print(f"{what} : {held} / {tried} {more or ''}")
        target = os.environ.get("MAIIA_PROOF_REPORT")
        if target:
            with Path(target).open("a") as file:
                file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        assert held == tried, line
