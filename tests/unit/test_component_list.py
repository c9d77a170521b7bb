"""The list of components says all there is."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LISTED = (ROOT / "docs" / "components.md").read_text(encoding="utf-8")
INTERNAL = {"kinds", "native", "sprite", "__init__"}
MODULES = [path for path in sorted((ROOT / "components" / "ui").glob("*.py")) if path.stem not in INTERNAL]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_each_public_component_is_in_the_list(module: Path) -> None:
    functions = [node.name for node in ast.parse(module.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)]
    assert [name for name in functions if not name.startswith("_") and f"`{name}(" not in LISTED] == []
