"""`make test` and `make requirements`: the tests in parts side by side, one summary, and the table of what they prove."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from tests.tools import chromium, firefox, redis_server

PROJECT = Path(__file__).parents[2]
OUT = PROJECT / "bench" / "out"
PARTS = (("not e2e", "1/2"), ("not e2e", "2/2"), ("e2e", "1/4"), ("e2e", "2/4"), ("e2e", "3/4"), ("e2e", "4/4"))
"""Which tests, and which turn of their files, the longest first. Playwright keeps an event loop running in its process: journeys run beside
the rest. Each part has a database, servers and a browser of its own."""
AT_ONCE = 3
"""Parts that keep two cores busy; with more, each waits for the others. The next one starts when one ends."""
NOTHING_COLLECTED = 5
_console = Lock()


@dataclass(frozen=True)
class Part:
    """One part of the tests, in a process of its own."""

    expression: str
    turn: str
    folder: Path
    """Where its files go, and what it prints: that is shown when it ends."""

    def run(self, extra: list[str]) -> tuple[int, dict]:
        """Run it, show what it printed, and give its exit code and report."""
        self.folder.mkdir()
        report, printed = self.folder / "report.json", self.folder / "printed"
        environment = os.environ | {"MAIIA_TEST_REPORT": str(report), "MAIIA_TEST_TURN": self.turn, "PYTHONPATH": str(PROJECT)}
        # Files in a folder of its own: the one they would share is closed to other accounts, PostgreSQL's too, by whoever starts last.
        command = [sys.executable, "-m", "pytest", "-m", self.expression, "--basetemp", str(self.folder / "files"), *extra]
        with printed.open("wb") as output:
            code = subprocess.run(command, cwd=PROJECT, env=environment, stdout=output, stderr=output, check=False).returncode
        with _console:
            print(f"--- {self.expression} {self.turn}\n{printed.read_text(errors='replace')}", flush=True)
        found = json.loads(report.read_text()) if report.exists() else {"counts": {"error": 1}, "tests": []}
        return (0 if code == NOTHING_COLLECTED else code), found


def proven(tests: list[dict]) -> list[int]:
    """Requirements of which every claiming test passed."""
    claimed, denied = set(), set()
    for test in tests:
        claimed.update(test["requirements"])
        if test["outcome"] != "passed":
            denied.update(test["requirements"])
    return sorted(claimed - denied)


def listed() -> dict[int, str]:
    """The numbers of docs/requirements.md with the beginning of their sentence."""
    text = (PROJECT / "docs" / "requirements.md").read_text()
    return {int(number): sentence.strip() for number, sentence in re.findall(r"^- \*\*(\d+)\.\*\* (.+)$", text, re.MULTILINE)}


def print_table(numbers: list[int], tests: list[dict]) -> None:
    """Print each requirement, whether it is proven, and by how many tests."""
    by_number = Counter(number for test in tests for number in test["requirements"])
    for number, sentence in sorted(listed().items()):
        mark = "prouvée" if number in numbers else ("en échec" if by_number[number] else "-")
        print(f"{number:>3}  {mark:<8}  {by_number[number]:>2}  {sentence.split('**Test')[0].strip()[:110]}")
    print(f"\n{len(numbers)} exigences prouvées sur {len(listed())}.\n")


def main() -> int:
    """Run what was asked; the last line has the form of pytest's own summary."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requirements", action="store_true")
    options, extra = parser.parse_known_args()
    chromium.ensure()
    firefox.ensure()
    redis_server.ensure()
    started = time.monotonic()
    code, counts, tests = 0, Counter(), []
    with tempfile.TemporaryDirectory(prefix="maiia-tests-", ignore_cleanup_errors=True) as folder:
        parts = [Part(*each, Path(folder) / str(number)) for number, each in enumerate(PARTS)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            ended = list(pool.map(lambda part: part.run(extra), parts))
        for part_code, report in ended:
            code = code or part_code
            counts.update(report["counts"])
            tests += report["tests"]
    if options.requirements:
        numbers = proven(tests)
        print_table(numbers, tests)
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / "requirements.json").write_text(json.dumps({"proven": numbers, "of": len(listed())}) + "\n")
    said = ", ".join(f"{counts[kind]} {kind}" for kind in ("failed", "passed", "skipped", "error") if counts[kind]) or "no tests ran"
    print(f" {said} in {time.monotonic() - started:.2f}s ".center(100, "="))
    return code


if __name__ == "__main__":
    sys.exit(main())
