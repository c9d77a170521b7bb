"""Patients carry the styles of their own screens; those of professionals come with the screens of professionals."""

import gzip
import json
import re
from pathlib import Path
from typing import Final

import pytest

from components.layout.root import STYLESHEETS
from maiia_pro.routes import ROUTES

ROOT: Final = Path(__file__).parents[2]
DESK: Final = re.findall(r'import "\$/public(/styles/[a-z]+\.css)"', (ROOT / "components/layout/desk.jsx").read_text())
SECURITY: Final = re.findall(r'import "\$/public(/styles/[a-z]+\.css)"', (ROOT / "components/account/factors.jsx").read_text())


def text(sheet: str) -> str:
    """Read a sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", (ROOT / "assets" / sheet.lstrip("/")).read_text(), flags=re.DOTALL)


def classes(sheets: list[str]) -> set[str]:
    """List the classes that some sheets name."""
    return {name for sheet in sheets for name in re.findall(r"\.([a-z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", text(sheet)))}


def packed(sheets: list[str]) -> int:
    """Weigh sheets as the build sends them."""
    tight = re.sub(r"\s*([{};:,>])\s*", r"\1", re.sub(r"\s+", " ", "".join(map(text, sheets))))
    return len(gzip.compress(tight.encode()))


def test_every_sheet_is_served_once() -> None:
    assert sorted([*STYLESHEETS, *DESK, *SECURITY]) == sorted(f"/styles/{file.name}" for file in (ROOT / "assets/styles").glob("*.css"))


def test_styles_stay_small() -> None:
    assert packed(STYLESHEETS) <= 14_000
    assert packed([*STYLESHEETS, *DESK]) <= 30_000


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_a_page_without_the_styles_of_professionals_names_none_of_their_classes(route) -> None:
    drawn = json.dumps(route.page().render(), default=str)
    named = {name for one in re.findall(r"className: ?(.*?)(?:,\s*\\?\"|\}\}|$)", drawn) for name in re.findall(r"[a-z][\w-]*", one)}
    if "DeskStyles" not in drawn:
        assert named & (classes(DESK) - classes(STYLESHEETS)) == set()
