"""A practitioner signs in by Pro Santé Connect, on the demonstration as `make run` starts it, with its simulation."""

import pytest
from playwright.sync_api import Page, expect

from tests.tools.site import Site

pytestmark = pytest.mark.e2e


def test_a_practitioner_signs_in_by_pro_sante_connect_and_leaves_it_again(site: Site, page: Page):
    page.goto(f"{site.base_url}/connexion/?suite=/chiffres")
    enter = page.get_by_role("button", name="S’identifier avec Pro Santé Connect")
    enter.click()
    expect(page.get_by_text("Simulation.")).to_be_visible()
    page.get_by_label("Ce qui arrive").select_option(label="L’identification est trop faible (acr)")
    page.get_by_role("button", name="Claire Vasseur").click()
    expect(page.get_by_role("alert").filter(has_text="Recommencez avec votre e-CPS")).to_be_visible()

    enter.click()
    page.get_by_role("button", name="Claire Vasseur").click()
    expect(page.get_by_role("heading", name="Chiffres", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Dr Claire Vasseur")).to_be_visible()

    with page.expect_request(lambda asked: "/openid-connect/logout?" in asked.url):
        page.goto(f"{site.base_url}/deconnexion")
    expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()
