"""A practice in the database, and the API with its live hub running in the test's process."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from starlette.applications import Starlette
from starlette.testclient import TestClient

from maiia_pro.api import live
from maiia_pro.api.asgi import all_routes, all_sockets
from maiia_pro.launcher.postgres import DatabaseUrls
from tests.desk.world import World, build_world
from tests.patient.conftest import Browsers, base_url, browser_context_args, pages

__all__ = ["base_url", "browser_context_args", "pages"]


@pytest.fixture
def world(clean_database: DatabaseUrls) -> World:
    """A practice of its own for the test."""
    return build_world()


@pytest.fixture
def browsers(clean_database: DatabaseUrls, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Browsers]:
    """Give one browser a person, closed before the database is emptied."""
    opened = Browsers(browser, browser_context_args)
    yield opened
    opened.close()


@pytest.fixture
def api(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The API, its hub listening."""
    hub = live.Hub()
    monkeypatch.setattr(live, "hub", hub)
    app = Starlette(routes=[*all_routes(), *all_sockets()], lifespan=lambda _app: hub.lifespan())
    with TestClient(app) as client:
        client.portal.call(hub.listening.wait)
        client.hub = hub
        yield client


@pytest.fixture
def desk(browsers, world: World) -> Page:
    """The secretary's screen."""
    return browsers.open(world.secretary.actor, phone=False)
