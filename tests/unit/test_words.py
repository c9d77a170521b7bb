"""Texts that people read follow French typography."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("components", "state")
STRAIGHT = re.compile(r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]")
BREAKABLE = re.compile(r"(?:^|[\wà-ÿ)]) [;?!»]|[\wà-ÿ)] :(?: |$)|« ")


def docstrings(tree: ast.AST) -> set[int]:
    """Find the ids of the constants that are docstrings, of modules, functions, classes and attributes."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}


def texts() -> Iterator[tuple[str, str]]:
    """Give every string constant of the screens with its place."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            skipped = docstrings(tree)
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def test_apostrophes_are_curly() -> None:
    assert [(place, text) for place, text in texts() if STRAIGHT.search(text)] == []


def test_double_punctuation_keeps_its_no_break_space() -> None:
    assert [(place, text) for place, text in texts() if BREAKABLE.search(text)] == []
