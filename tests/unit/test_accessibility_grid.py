"""The grid of the RGAA: whole, tied to tests that exist, counted right, and told as it is by the public statement."""

import re
from collections import Counter
from pathlib import Path

from components.layout.values import LEGAL_LINKS
from components.legal.audit import AUDITED, GAPS

PROJECT = Path(__file__).parents[2]
GRID = (PROJECT / "docs" / "accessibility" / "grille-rgaa.md").read_text(encoding="utf-8")
TOPICS = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
"""How many criteria each topic of RGAA 4.1.2 has."""
STATES = ("Conforme", "Non conforme", "Non applicable", "Non vérifié")
LINES = re.findall(r"^\| \*\*(\d+\.\d+)\*\* (.+?) \| (.*?) \| (.*?) \| (.*?) \|$", GRID, re.MULTILINE)
COUNTS = Counter(state for _, _, state, _, _ in LINES)


def rate() -> int:
    """Give the share of the applicable criteria that hold; one that was not checked does not."""
    return COUNTS["Conforme"] * 100 // (len(LINES) - COUNTS["Non applicable"])


def test_each_criterion_is_there_once_with_a_state() -> None:
    assert [number for number, *_ in LINES] == [f"{topic}.{one}" for topic, many in enumerate(TOPICS, 1) for one in range(1, many + 1)]
    assert {state for _, _, state, _, _ in LINES} <= set(STATES)


def test_what_is_judged_says_how_and_what_is_wrong_says_what() -> None:
    assert [number for number, _, state, how, _ in LINES if state != "Non vérifié" and not how] == []
    assert [number for number, _, state, _, wrong in LINES if state in {"Non conforme", "Non vérifié"} and not wrong] == []


def test_every_test_that_the_grid_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", GRID)
    assert named
    assert [name for file, name in named if f"def {name}(" not in (PROJECT / file).read_text(encoding="utf-8")] == []


def test_the_summary_of_the_grid_counts_its_lines() -> None:
    told = dict(re.findall(r"^- ([^:\n]+?)\s: \*\*(\d+)", GRID, re.MULTILINE))
    assert told == {state: str(COUNTS[state]) for state in STATES} | {"Taux global": str(rate())}


def test_the_public_statement_says_what_the_grid_says() -> None:
    assert (AUDITED.rate, AUDITED.holding, AUDITED.applicable) == (rate(), COUNTS["Conforme"], len(LINES) - COUNTS["Non applicable"])
    assert f"le {AUDITED.day}" in GRID
    assert [number for number, _ in GAPS] == [number for number, _, state, _, _ in LINES if state in {"Non conforme", "Non vérifié"}]
    level = "totalement" if AUDITED.rate == 100 else "partiellement" if AUDITED.rate >= 50 else "non"
    assert AUDITED.level == f"{level} conforme"
    assert f"Accessibilité\u00a0: {AUDITED.level}" in [name for name, *_ in LEGAL_LINKS]
