"""The built pages in Chromium, in French, on the tests' database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from maiia_pro.identity.cookies import cookie_name
from maiia_pro.kernel.actor import Actor
from tests.factories import session_token
from tests.tools.outbound import Messages
from tests.tools.pages import Pages

PHONE = {"width": 360, "height": 740}
expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def pages(served: Pages) -> Pages:
    """The site of the whole run: each folder that imports this would otherwise start a server of its own."""
    return served


@pytest.fixture(scope="session")
def base_url(pages: Pages) -> str:
    return pages.address


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], base_url: str) -> dict[str, Any]:
    return browser_context_args | {"locale": "fr-FR", "timezone_id": "Europe/Paris", "base_url": base_url}


class Browsers:
    """Opens one browser a person."""

    def __init__(self, browser: Browser, options: dict[str, Any]) -> None:
        self._browser, self._options = browser, options
        self._contexts: list[BrowserContext] = []

    def open(self, actor: Actor | None = None, *, phone: bool = True) -> Page:
        """Open a page of its own, signed in as the actor, on a phone or at a desk."""
        size = {"viewport": PHONE, "has_touch": True} if phone else {"viewport": {"width": 1280, "height": 800}}
        context = self._browser.new_context(**(self._options | size))
        self._contexts.append(context)
        if actor is not None:
            cookie = {"name": cookie_name(), "value": session_token(actor), "url": self._options["base_url"], "httpOnly": True}
            context.add_cookies([cookie | {"sameSite": "Lax"}])
        return context.new_page()

    def close(self) -> None:
        """Close them all."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def messages(tmp_path: Path) -> Iterator[Messages]:
    """Give what leaves by e-mail and SMS."""
    with Messages(tmp_path) as opened:
        yield opened


@pytest.fixture
def browsers(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Browsers]:
    """Give one browser a person, closed at the end."""
    opened = Browsers(browser, browser_context_args)
    yield opened
    opened.close()
