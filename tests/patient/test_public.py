"""What every page owes to everybody: the legal notice, cookies told, sessions that end everywhere, and a page that fits a phone."""

import re

import pytest
from playwright.sync_api import expect

from maiia_pro.identity.accounts import create_operator
from maiia_pro.identity.sessions import sign_out_everywhere
from maiia_pro.kernel.actor import Actor
from maiia_pro.operations.uptime import note_heartbeat
from maiia_pro.routes import ROUTES
from tests.factories import House, new_operator, new_patient_account
from tests.patient.conftest import Browsers

pytestmark = pytest.mark.e2e

PAGES = [route.path for route in ROUTES if "[" not in route.path and not route.path.startswith(("404", "/developpement", "/deconnexion"))]
MISSING = "/nulle-part"


def somebody(kind: str, house: House) -> Actor | None:
    return {"patient": new_patient_account, "secretary": house.secretary, "operator": new_operator, "nobody": lambda: None}[kind]()


@pytest.mark.requirement(12)
@pytest.mark.parametrize("kind", ["nobody", "patient", "secretary", "operator"])
def test_the_legal_notice_is_one_click_away_from_every_page(house, browsers: Browsers, kind):
    page = browsers.open(somebody(kind, house))
    for path in [*PAGES, MISSING]:
        page.goto(path)
        page.wait_for_load_state("networkidle")  # a page for others leads away first
        page.get_by_role("link", name="Mentions légales").first.click()
        expect(page.get_by_role("heading", name="Mentions légales", level=1)).to_be_visible()


def test_the_data_page_lists_every_cookie_and_stored_value_that_the_pages_set(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    stored = set()
    for path in PAGES:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        stored |= {cookie["name"] for cookie in page.context.cookies()}
        stored |= set(page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"))
    page.goto("/donnees-personnelles")
    told = set(page.locator("tbody th").all_inner_texts())
    assert stored <= told
    assert {cookie["name"] for cookie in page.context.cookies()} <= told


def test_signing_out_everywhere_empties_open_screens_at_once(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    page.goto("/rendez-vous")
    expect(page.get_by_role("heading", name="Aucun rendez-vous à venir")).to_be_visible()
    sign_out_everywhere(patient)
    expect(page.get_by_role("alertdialog", name="Votre session est terminée")).to_be_visible()
    expect(page.get_by_role("heading", name="Aucun rendez-vous à venir")).to_have_count(0)


def test_the_account_menu_signs_out_everywhere_after_asking(house, patient, browsers: Browsers):
    here, there = browsers.open(patient), browsers.open(patient, phone=False)
    there.goto("/rendez-vous")
    expect(there.get_by_role("heading", name="Aucun rendez-vous à venir")).to_be_visible()
    here.goto("/rendez-vous")
    here.get_by_role("button", name="Josiane Keller").tap()
    here.get_by_role("menuitem", name="Se déconnecter partout").tap()
    here.get_by_role("button", name="Se déconnecter partout").tap()
    here.wait_for_url("**/connexion/**")
    expect(there.get_by_role("alertdialog", name="Votre session est terminée")).to_be_visible()
    assert here.context.cookies() == []


def test_signing_out_leaves_nothing_behind_for_the_next_person(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    page.goto("/rendez-vous")
    expect(page.get_by_role("heading", name="Aucun rendez-vous à venir")).to_be_visible()
    page.goto("/deconnexion")
    page.wait_for_url("**/connexion/**")
    page.goto("/rendez-vous")
    page.wait_for_url(re.compile(r"/connexion/?\?suite="))
    expect(page.get_by_text("Josiane")).to_have_count(0)


def test_a_page_for_others_says_so(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    page.goto("/operateur")
    expect(page.get_by_role("heading", name="Accès réservé")).to_be_visible()


@pytest.mark.parametrize("path", [*PAGES, MISSING])
def test_no_page_is_wider_than_a_phone(house, patient, browsers: Browsers, path):
    page = browsers.open(patient)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_operator_starts_by_the_link_of_the_command(house, browsers: Browsers, base_url):
    link = create_operator(Actor.system("test"), "exploitant@exemple.fr")
    page = browsers.open()
    page.goto(f"/activation#{link.partition('#')[2]}")
    page.get_by_label("Mot de passe", exact=True).fill("court")
    page.get_by_role("button", name="Activer mon compte").tap()
    expect(page.get_by_label("Mot de passe", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Mot de passe", exact=True).fill("une phrase assez longue")
    page.get_by_role("button", name="Activer mon compte").tap()
    page.wait_for_url(re.compile(rf"^{re.escape(base_url)}/operateur/?$"))
    expect(page.get_by_role("rowheader", name=re.compile("Cabinet"))).to_be_visible()
    page.get_by_role("link", name="Ouvrir la boîte d’envoi").tap()
    expect(page.get_by_role("heading", name="Aucun message")).to_be_visible()


def test_a_link_that_has_served_says_so(house, browsers: Browsers):
    page = browsers.open()
    page.goto("/activation#un-lien-qui-n-existe-pas")
    page.get_by_label("Mot de passe", exact=True).fill("une phrase assez longue")
    page.get_by_role("button", name="Activer mon compte").tap()
    expect(page.get_by_role("form").get_by_role("alert")).to_contain_text("Ce lien a déjà servi")


def test_the_state_of_the_service_is_public(house, browsers: Browsers):
    note_heartbeat(Actor.system("test"))
    page = browsers.open()
    page.goto("/etat")
    expect(page.get_by_text("Le service fonctionne")).to_be_visible()
    expect(page.get_by_text("100,00".replace(" ", "\u00a0"))).to_be_visible()
