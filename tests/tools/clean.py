"""What axe has against a page, with the rule that what is seen of a name is also heard of it."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS: Final = {"rules": {"label-content-name-mismatch": {"enabled": True}}}


def faults(page: Page) -> list[str]:
    """List the rules that the page breaks, and where."""
    violations: list[dict[str, Any]] = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in violations]
