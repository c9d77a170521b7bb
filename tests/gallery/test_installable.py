"""Installed as an application, and honest when the server is gone."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserType, expect

pytestmark = pytest.mark.e2e


@pytest.mark.requirement(54)
def test_the_application_can_be_installed_and_says_when_it_is_offline(
    browser_type: BrowserType, browser_type_launch_args: dict, workshop, tmp_path: Path
) -> None:
    """A profile of its own is needed: a private window refuses installation."""
    context = browser_type.launch_persistent_context(tmp_path / "profile", base_url=workshop.address, **browser_type_launch_args)
    try:
        page = context.pages[0]
        page.goto("/developpement/composants")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        devtools = context.new_cdp_session(page)
        assert devtools.send("Page.getAppManifest")["errors"] == []
        assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        kept = page.evaluate(
            "caches.keys().then(names => Promise.all(names.map(async name => (await (await caches.open(name)).keys()).length)))"
        )
        assert kept == [5]

        workshop.stop()
        expect(page.get_by_text("Connexion interrompue.")).to_be_visible(timeout=30_000)
        away = context.new_page()
        away.goto("/agenda")
        expect(away.get_by_role("heading", name="Pas de connexion", level=1)).to_be_visible()

        workshop.start()
        away.get_by_role("link", name="Réessayer").click()
        expect(away.get_by_role("heading", name="Pas de connexion", level=1)).to_be_hidden()
        expect(page.get_by_text("Connexion interrompue.")).to_be_hidden(timeout=30_000)
    finally:
        context.close()
        if workshop.process is None:
            workshop.start()
