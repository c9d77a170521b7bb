"""The software with the developers' pages open, and a browser on its gallery."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.tools.site import Site

expect.set_options(timeout=15_000)
"""Tests share two cores with builds and databases: what takes long is not what they are about."""


@pytest.fixture(scope="session")
def workshop() -> Iterator[Site]:
    """An installation where developers are at home."""
    with Site(DEVELOPER="1", DEMO="0") as running:
        yield running


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], workshop: Site) -> dict[str, Any]:
    """Pages are asked for by their path."""
    return browser_context_args | {"base_url": workshop.base_url}


@pytest.fixture
def gallery(page: Page) -> Iterator[Page]:
    """The gallery, ready; at the end the browser must have had nothing to refuse."""
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto("/developpement/composants")
    page.get_by_role("heading", name="Boutons", exact=True).wait_for()
    yield page
    assert refused == []
