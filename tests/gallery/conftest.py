"""The software with the developers' pages open, and a browser on its gallery."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.tools.pages import Pages

expect.set_options(timeout=15_000)
"""Tests share two cores with builds and databases: what takes long is not what they are about."""


@pytest.fixture(scope="session")
def workshop(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """A server where developers are at home."""
    running = Pages(tmp_path_factory.mktemp("workshop") / "server.log", DEVELOPER="1")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], workshop: Pages) -> dict[str, Any]:
    """Pages are asked for by their path."""
    return browser_context_args | {"base_url": workshop.address}


@pytest.fixture
def gallery(page: Page) -> Iterator[Page]:
    """The gallery, ready; at the end the browser must have had nothing to refuse."""
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto("/developpement/composants")
    page.get_by_role("heading", name="Boutons", exact=True).wait_for()
    yield page
    assert refused == []
