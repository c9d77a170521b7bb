"""Pytest plugin: remembers which requirement each test claims and how the test ended, in the file named by MAIIA_TEST_REPORT."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

LAST = 247
_claims: dict[str, list[int]] = {}
_outcomes: dict[str, str] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Read the numbers before anything is deselected; a number outside the list is an error of the test."""
    for item in items:
        for marker in item.iter_markers("requirement"):
            if not marker.args or marker.kwargs or not all(isinstance(n, int) and 1 <= n <= LAST for n in marker.args):
                message = f"{item.nodeid}: requirement takes numbers from 1 to {LAST}, not {marker.args} {marker.kwargs}"
                raise pytest.UsageError(message)
            _claims.setdefault(item.nodeid, []).extend(marker.args)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the worst of setup, call and teardown."""
    before = _outcomes.get(report.nodeid)
    if report.failed:
        _outcomes[report.nodeid] = "failed" if report.when == "call" else "error"
    elif report.skipped:
        _outcomes[report.nodeid] = "skipped"
    elif before is None and report.when == "call":
        _outcomes[report.nodeid] = "passed"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what happened for `tests.tools.run`."""
    target = os.environ.get("MAIIA_TEST_REPORT")
    if not target:
        return
    tests = [
        {"test": test, "requirements": sorted(set(_claims.get(test, []))), "outcome": outcome}
        for test, outcome in sorted(_outcomes.items())
    ]
    counts = Counter(_outcomes.values())
    Path(target).write_text(json.dumps({"counts": counts, "tests": tests}, ensure_ascii=False))
