"""The second step in Chromium: a passkey of a virtual authenticator, then an application, at the level of what people see."""

import re

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import select

from maiia_pro.identity.cookies import cookie_name
from maiia_pro.identity.session_opening import open_session
from maiia_pro.identity.tables import Account
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from tests.desk.world import World
from tests.factories import PASSWORD, email_of

pytestmark = pytest.mark.e2e

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip
AGENDA = re.compile(r"/agenda")


@pytest.fixture
def by_name(base_url: str) -> str:
    """The site by a name: passkeys belong to domains, and a number is none."""
    return base_url.replace("127.0.0.1", "localhost")


def half_open(page: Page, url: str, actor: Actor) -> None:
    """Let the browser have given the right password, nothing more."""
    with transaction() as session:
        account = session.exec(select(Account).where(Account.id == actor.account_id)).one()
        token = open_session(session, account, half_open=True)
    page.context.add_cookies([{"name": cookie_name(), "value": token, "url": url, "httpOnly": True, "sameSite": "Lax"}])


def faults(page: Page) -> list[str]:
    """Name what axe finds wrong."""
    return [found["id"] for found in Axe().run(page).response["violations"]]


@pytest.mark.requirement(42)
def test_a_practitioner_makes_a_passkey_before_anything_else_and_comes_back_by_it_alone(browsers, world: World, by_name: str) -> None:
    page = browsers.open(phone=False)
    page.context.new_cdp_session(page).send("WebAuthn.enable")
    page.context.new_cdp_session(page).send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    half_open(page, by_name, world.practitioner.actor)
    page.goto(f"{by_name}/agenda")
    expect(page.get_by_role("heading", name="Seconde étape")).to_be_visible()
    expect(page.get_by_role("button", name="Créer une clé d’accès")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Créer une clé d’accès").click()
    expect(page.get_by_role("listitem").filter(has_text=re.compile(r"^\w{6}-\w{6}$"))).to_have_count(10)
    assert faults(page) == []
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url(AGENDA)
    page.goto(f"{by_name}/deconnexion")
    page.wait_for_url(re.compile("sorti"))
    page.get_by_role("button", name="Se connecter avec une clé d’accès").locator("visible=true").click()
    page.wait_for_url(AGENDA)
    page.goto(f"{by_name}/compte/securite")
    expect(page.get_by_text("Il en reste 10.")).to_be_visible()
    expect(page.get_by_text("Ici", exact=True)).to_be_visible()
    assert faults(page) == []


def test_a_secretary_adds_an_application_closes_a_session_and_types_its_code_the_next_time(browsers, world: World, base_url: str) -> None:
    page, actor = browsers.open(world.secretary.actor, phone=False), world.secretary.actor
    page.goto("/compte/securite")
    page.get_by_role("button", name="Fermer la session").click()  # the one that the fixture opened
    expect(page.get_by_text("La session est fermée.")).to_be_visible()
    page.get_by_role("button", name="Ajouter une application").click()
    expect(page.get_by_text("photographiez ce dessin")).to_be_focused()
    application = pyotp.TOTP(page.locator(".secret-words").inner_text().replace(" ", ""))
    code = page.get_by_role("textbox", name="Code à six chiffres affiché")
    code.fill("12345")
    page.get_by_role("button", name="Vérifier ce code").click()
    expect(page.get_by_text("Un code a six chiffres.")).to_be_visible()
    code.fill(application.now())
    page.get_by_role("button", name="Vérifier ce code").click()
    kept = page.get_by_role("listitem").filter(has_text=re.compile(r"^\w{6}-\w{6}$")).first.inner_text()
    page.get_by_role("button", name="Je les ai rangés").click()
    expect(page.get_by_text("En service depuis")).to_be_visible()
    other = browsers.open(phone=False)
    other.goto("/connexion?suite=/demandes#mot-de-passe")
    other.get_by_role("textbox", name="Adresse e-mail ou numéro de téléphone", exact=True).fill(email_of(actor))
    other.get_by_role("textbox", name="Mot de passe", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Se connecter", exact=True).click()
    code = other.get_by_role("textbox", name="Code à six chiffres de votre application")
    code.fill("000000")
    other.get_by_role("button", name="Continuer").click()
    expect(other.get_by_text("Ce code n’est pas bon")).to_be_visible()
    other.get_by_role("button", name="Utiliser un code de secours").click()
    other.get_by_role("textbox", name="Code de secours").fill(kept)
    other.get_by_role("button", name="Continuer").click()
    other.wait_for_url(re.compile("/demandes"))
