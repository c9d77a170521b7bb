"""Pages of practices, opened by somebody who is of none."""

import pytest
from playwright.sync_api import expect

from tests.desk.world import World
from tests.factories import new_patient_account

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("path", ["/agenda", "/agenda/impression", "/agenda/absence", "/agenda/affiche", "/demandes", "/reglages"])
def test_a_patient_meets_no_desk_around_a_page_of_practices_and_is_told_once(browsers, world: World, path: str):
    page = browsers.open(new_patient_account())
    page.goto(path)
    expect(page.get_by_role("heading", name="Accès réservé")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("link", name="Revenir à l’accueil")).to_be_visible()
    for part in (".search-box", ".rail", ".toast"):
        expect(page.locator(part)).to_have_count(0)
