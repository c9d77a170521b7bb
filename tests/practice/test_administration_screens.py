"""The page « Cabinet » in Chromium: who does not administer meets a wall; who does names, groups, refuses and removes."""

import pytest
from playwright.sync_api import expect

from maiia_pro.kernel.actor import Actor
from tests.factories import House
from tests.practice.test_screens import clean

pytestmark = pytest.mark.e2e


@pytest.fixture
def practice(clean_database) -> tuple[House, Actor, Actor]:
    """Two practitioners, one of them an administrator, and a secretary."""
    house = House.ready(practitioners=2)
    return house, house.practitioner_actor(), house.secretary()


def test_a_secretary_meets_a_wall_until_an_administrator_names_her(browsers, practice):
    _, doctor, secretary = practice
    desk = browsers.open(secretary)
    desk.goto("/cabinet")
    expect(desk.get_by_text("Cette page est celle des administrateurs du cabinet.")).to_be_visible()
    clean(desk)
    page = browsers.open(doctor, phone=False)
    page.goto("/cabinet")
    page.get_by_role("button", name="Retirer l’administration à Dr Claire Vasseur").click()
    expect(page.get_by_text("Un cabinet garde toujours un administrateur actif.").first).to_be_visible()
    page.get_by_role("button", name="Nommer administrateur Sylvie Moreau").click()
    expect(page.get_by_role("button", name="Retirer l’administration à Sylvie Moreau")).to_be_visible()
    clean(page)
    desk.reload()
    expect(desk.get_by_role("heading", name="Membres", exact=True)).to_be_visible()
    clean(desk)
    page.get_by_role("button", name="Retirer du cabinet Sylvie Moreau").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Retirer du cabinet").click()
    expect(desk.get_by_role("alertdialog", name="Votre session est terminée")).to_be_visible()
    page.get_by_text("Anciens membres (1)").click()
    page.get_by_role("button", name="Faire revenir Sylvie Moreau").click()
    expect(page.get_by_role("button", name="Nommer administrateur Sylvie Moreau")).to_be_focused()


def test_a_group_is_made_and_shows_its_agendas_and_a_place_in_use_stays_open(browsers, practice):
    house, doctor, _ = practice
    page = browsers.open(doctor, phone=False)
    page.goto("/cabinet")
    page.get_by_role("button", name="Ajouter un groupe").click()
    page.get_by_role("dialog").get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Écrivez le nom du groupe.").first).to_be_visible()
    page.get_by_label("Nom du groupe").fill("Étage 2")
    for box in page.get_by_role("dialog").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("dialog").get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("button", name="Modifier Étage 2")).to_be_visible()
    house.site(city="Trélazé", postal_code="49800")
    page.reload()
    page.get_by_role("button", name="Fermer Cabinet de Angers").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Fermer ce lieu").click()
    expect(page.get_by_text("2 praticiens y ont des horaires").first).to_be_visible()
    page.goto("/agenda")
    page.locator("#agenda-praticien").select_option(label="Groupe\u00a0: Étage 2")
    expect(page.locator(".agenda-legend li")).to_have_count(2)
