"""What axe has against a page, with the rule that what is seen of a name is also heard of it."""

from typing import Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS: Final = {"rules": {"label-content-name-mismatch": {"enabled": True}}}
CONTRAST: Final = {"runOnly": ["color-contrast"]}
PAINTED: Final = """async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    await Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished));
}"""


def faults(page: Page) -> list[str]:
    """List the rules that the page breaks, and where."""
    return _found(page, OPTIONS)


def faults_light_and_dark(page: Page) -> list[str]:
    """List the same in light colours, and in dark ones the rule that colours can break."""
    _paint(page, "light")
    light = _found(page, OPTIONS)
    _paint(page, "dark")
    return light + [f"dark {fault}" for fault in _found(page, CONTRAST)]


def _paint(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Change the colours, and let them have changed."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(PAINTED)


def _found(page: Page, options: dict[str, Any]) -> list[str]:
    violations: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in violations]
