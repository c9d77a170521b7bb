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
from pathlib import Path

from tests.tools import chromium, firefox, redis_server

PROJECT = Path(__file__).parents[2]
OUT = PROJECT / "bench" / "out"
PARTS = (("e2e", "1/2"), ("e2e", "2/2"), ("not e2e", "1/1"))
"""Which tests, and which turn of their files. Playwright keeps an event loop running in its process: journeys run beside the rest.
Three parts keep two cores busy; with more, each waits for the others. Each part has a database, servers and a browser of its own."""
NOTHING_COLLECTED = 5


class Part:
    """One part of the tests in a process of its own; what it prints is shown at once, or kept until it is asked for."""

    def __init__(self, expression: str, turn: str, extra: list[str], folder: Path, *, shown: bool) -> None:
        self._report, self._printed = folder / "report.json", folder / "printed"
        folder.mkdir()
        environment = os.environ | {"MAIIA_TEST_REPORT": str(self._report), "MAIIA_TEST_TURN": turn, "PYTHONPATH": str(PROJECT)}
        # Files in a folder of its own: the one they would share is closed to other accounts, PostgreSQL's too, by whoever starts last.
        command = [sys.executable, "-m", "pytest", "-m", expression, "--basetemp", str(folder / "files"), *extra]
        with self._printed.open("wb") as printed:
            streams = {} if shown else {"stdout": printed, "stderr": subprocess.STDOUT}
            self._process = subprocess.Popen(command, cwd=PROJECT, env=environment, **streams)

    def end(self) -> tuple[int, dict]:
        """Wait for it, show what was kept, and give its exit code and report."""
        code = self._process.wait()
        sys.stdout.write(self._printed.read_text(errors="replace"))
        sys.stdout.flush()
        found = json.loads(self._report.read_text()) if self._report.exists() else {"counts": {"error": 1}, "tests": []}
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
        parts = [Part(*each, extra, Path(folder) / str(number), shown=not number) for number, each in enumerate(PARTS)]
        for part_code, report in [part.end() for part in parts]:
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
