"""One build serves any address: pages and their socket work on two ports, under the strict policy."""

import pytest
from playwright.sync_api import Page, expect

from tests.tools.site import Site

pytestmark = pytest.mark.e2e


def search_for(page: Page, site: Site) -> list[str]:
    """Look for a specialty on the public page; gives what the browser complained of."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with page.expect_websocket(lambda opened: opened.url.startswith(f"ws://127.0.0.1:{site.port}/_event")):
        page.goto(site.base_url)
    dermatologist = page.get_by_role("heading", name="Dr Daniel Okafor")
    expect(dermatologist).to_be_visible()
    page.get_by_label("Nom ou spécialité").fill("Pédiatrie")
    page.get_by_role("button", name="Rechercher").click()
    expect(dermatologist).to_be_hidden()
    expect(page.get_by_role("heading", name="Dr Élodie Marchand")).to_be_visible()
    return complaints


def test_a_page_works_without_a_complaint_of_the_browser(site: Site, page: Page):
    assert search_for(page, site) == []


def test_the_same_build_works_on_another_port(site: Site, page: Page):
    with Site() as other:
        assert "Construction des pages" not in other.said()
        assert search_for(page, other) == []
