"""The colours of the design tokens can be read in both themes."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOKENS = (ROOT / "assets" / "styles" / "tokens.css").read_text(encoding="utf-8")
PAIRS = dict(re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\);", TOKENS))
READ_ON = [
    (ink, ground)
    for ink in ("ink", "ink-soft", "ink-faint", "accent-ink", "danger")
    for ground in ("ground", "surface", "surface-raised", "surface-hover")
] + [
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("accent-ink", "accent-soft"),
    ("accent-ink", "surface-selected"),
    ("ink-soft", "surface-selected"),
    ("ink-soft", "surface-sunken"),
    ("ink-faint", "surface-sunken"),
    ("info", "info-soft"),
    ("success", "success-soft"),
    ("warning", "warning-soft"),
    ("danger", "danger-soft"),
    ("on-danger", "danger-fill"),
    ("on-now", "now"),
]
SEEN_ON = [(mark, ground) for mark in ("line-strong", "focus", "accent") for ground in ("ground", "surface", "surface-raised")]


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of WCAG 2.2."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def both(name: str) -> list[str]:
    """Give the light and the dark value of a token."""
    return PAIRS[name].split(", ")


@pytest.mark.parametrize(("ink", "ground"), READ_ON, ids="-on-".join)
def test_text_is_readable_in_both_themes(ink: str, ground: str) -> None:
    ratios = [round(contrast(one, other), 2) for one, other in zip(both(ink), both(ground), strict=True)]
    assert min(ratios) >= 4.5, ratios


@pytest.mark.parametrize(("mark", "ground"), SEEN_ON, ids="-on-".join)
def test_edges_and_focus_can_be_seen_in_both_themes(mark: str, ground: str) -> None:
    ratios = [round(contrast(one, other), 2) for one, other in zip(both(mark), both(ground), strict=True)]
    assert min(ratios) >= 3, ratios
