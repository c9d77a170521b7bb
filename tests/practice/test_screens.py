"""One's own public page in Chromium: written, seen before anybody else, published, withdrawn."""

from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from maiia_pro.practice.publishing import own_profile
from tests.factories import House

pytestmark = pytest.mark.e2e


def photo() -> dict[str, object]:
    written = BytesIO()
    Image.new("RGB", (300, 200), "teal").save(written, "JPEG")
    return {"name": "moi.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def clean(page: Page) -> None:
    """Hold the page to its width and to the rules of accessibility."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).response["violations"] == []


def write(page: Page) -> None:
    """Fill the form, with a file that is no photo first."""
    page.goto("/reglages/profil")
    page.get_by_label("Votre photo").set_input_files({"name": "moi.jpg", "mimeType": "image/jpeg", "buffer": b"rien"})
    expect(page.get_by_text("Choisissez une photo JPEG")).to_be_visible()
    page.get_by_label("Votre photo").set_input_files(photo())
    expect(page.get_by_role("img", name="Votre photo dans le brouillon")).to_be_visible()
    page.get_by_label("Le logo du cabinet").set_input_files(photo())
    expect(page.get_by_role("img", name="Le logo du cabinet dans le brouillon")).to_be_visible()
    page.get_by_label("Présentation").fill("Suivi de toute la famille.\nVisites le jeudi.")
    page.get_by_label("Convention").select_option(label="Conventionné secteur 1")
    page.get_by_label("Carte Vitale").check()
    page.get_by_label("Anglais").check()
    page.get_by_label("Étage").first.fill("2e étage")
    page.get_by_label("Fauteuil roulant").first.select_option(label="Accessible en fauteuil roulant")
    clean(page)
    page.get_by_role("button", name="Enregistrer et voir l’aperçu").click()


SAID = (
    "Suivi de toute la famille.",
    "Conventionné secteur 1",
    "Carte Vitale",
    "Anglais",
    "Étage : 2e étage",
    "Accessible en fauteuil roulant",
)


def shows(page: Page) -> None:
    """Find everything that was written, the photo and the brand too, in what patients read."""
    card = page.get_by_role("main")
    for words in SAID:
        expect(card.get_by_text(words, exact=False).first).to_be_visible()
    for picture in ("Photo de", "Logo de"):
        expect(card.get_by_role("img", name=picture)).to_have_js_property("naturalWidth", 480)


@pytest.mark.requirement(75)
@pytest.mark.requirement(76)
def test_a_page_is_written_previewed_agreed_to_published_and_goes_from_open_screens_when_withdrawn(clean_database, browsers):
    house = House()
    site = house.site()
    practitioner = house.practitioner(published=False)
    house.hours(practitioner, site)
    house.offering(house.reason(practitioner), site)
    actor = house.practitioner_actor()
    page = browsers.open(actor, phone=False)
    write(page)
    expect(page.get_by_role("heading", name="Aperçu")).to_be_focused()
    shows(page)
    clean(page)
    visitor = browsers.open()
    address = "/medecin/" + own_profile(actor).slug
    visitor.goto(address)
    expect(visitor.get_by_text("n’est plus publiée")).to_be_visible()

    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("Cochez cette case pour publier").first).to_be_visible()
    page.get_by_label("J’accorde cette licence").check()
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("Votre page est publiée", exact=True)).to_be_visible()

    visitor.goto(address)
    shows(visitor)
    clean(visitor)
    page.get_by_role("button", name="Retirer de l’annuaire").first.click()
    page.get_by_role("alertdialog").get_by_role("button", name="Retirer de l’annuaire").click()
    expect(visitor.get_by_text("n’est plus publiée")).to_be_visible()
    expect(page.get_by_text("Votre page n’est pas publiée")).to_be_visible()
