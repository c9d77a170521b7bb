"""The first run in Chromium: from the operator's click to the first slot that a visitor sees, fields and clicks counted."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import col, delete

from maiia_pro.identity.tables import Membership
from maiia_pro.kernel.db import transaction
from maiia_pro.onboarding.team import Invitation, ask_in
from maiia_pro.practice.company import CompanyDetails, set_company
from tests.factories import PASSWORD, House, email_of, new_operator
from tests.onboarding.conftest import PRACTICE, SITE, Opened, activated, link_of
from tests.onboarding.test_first_run import SECRETARY

pytestmark = pytest.mark.e2e

MOST_FIELDS, MOST_CLICKS = 12, 14
"""The whole way; one of the clicks is a step that is refused first."""


class Hand:
    """Somebody at a screen, whose fields and clicks are counted."""

    def __init__(self) -> None:
        self.fields = self.clicks = 0

    def fill(self, page: Page, label: str, value: str) -> None:
        page.get_by_label(label, exact=True).fill(value)
        self.fields += 1

    def choose(self, page: Page, label: str, value: str) -> None:
        page.get_by_label(label, exact=True).select_option(label=value)
        self.fields += 1

    def press(self, page: Page, name: str, role: str = "button") -> None:
        page.get_by_role(role, name=name, exact=True).click()
        self.clicks += 1


def clean(page: Page) -> None:
    """Hold the page to its width and to the rules of accessibility, as it stands once it has come to rest."""
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).response["violations"] == []


def opened_by(hand: Hand, page: Page) -> None:
    page.goto("/operateur")
    hand.press(page, "Ouvrir un cabinet")
    expect(page.get_by_role("dialog", name="Ouvrir un cabinet")).to_be_visible()
    clean(page)
    for label, name in (
        ("Nom du cabinet", "practice_name"),
        ("Prénom", "given_name"),
        ("Nom", "family_name"),
        ("Numéro RPPS ou ADELI", "rpps"),
    ):
        hand.fill(page, label, PRACTICE[name])
    hand.choose(page, "Spécialité", "Médecine générale")
    hand.fill(page, "Adresse e-mail", PRACTICE["email"])
    hand.press(page, "Ouvrir le cabinet")
    expect(page.get_by_text("Le lien d’activation part à").first).to_be_visible()


@pytest.mark.parametrize("phone", [False, True])
def test_a_practice_goes_from_the_operators_click_to_the_first_slot_of_a_visitor(clean_database, browsers, phone):
    hand = Hand()
    opened_by(hand, browsers.open(new_operator(), phone=False))
    page = browsers.open(phone=phone)
    page.goto(link_of(PRACTICE["email"]).partition("/activation")[1] + "#" + link_of(PRACTICE["email"]).partition("#")[2])
    hand.fill(page, "Mot de passe", PASSWORD)
    hand.press(page, "Activer mon compte")
    expect(page.get_by_role("heading", name="Le lieu où vous recevez")).to_be_visible()
    clean(page)
    hand.press(page, "Enregistrer et continuer")
    expect(page.get_by_role("link", name="Écrivez la ville.")).to_be_visible()
    for label, name in (("Numéro et rue", "street"), ("Code postal", "postal_code"), ("Ville", "city"), ("Téléphone", "phone")):
        hand.fill(page, label, SITE[name])
    expect(page.locator("#villes option[value='Angers']")).to_have_count(1)
    page.reload()
    expect(page.get_by_label("Ville", exact=True)).to_have_value("Angers")
    hand.press(page, "Enregistrer et continuer")
    expect(page.get_by_role("heading", name="Votre équipe")).to_be_visible()
    clean(page)
    hand.press(page, "Continuer")
    expect(page.get_by_role("heading", name="Motifs · Médecine générale")).to_be_visible()
    clean(page)
    hand.press(page, "Prendre ces motifs et continuer")
    expect(page.get_by_label("Lundi, ouvre à").first).to_have_value("9h00")
    clean(page)
    hand.press(page, "Enregistrer et continuer")
    expect(page.get_by_role("heading", name="Reprise de données", level=2)).to_be_visible()
    clean(page)
    hand.press(page, "Continuer")
    expect(page.get_by_text("Votre page n’est pas encore publiée")).to_be_visible()
    clean(page)
    hand.press(page, "Compléter et publier mon profil", role="link")
    hand.fill(page, "Présentation", "Suivi de toute la famille.")
    hand.press(page, "Enregistrer et voir l’aperçu")
    hand.press(page, "J’accorde cette licence gratuite et non exclusive", role="checkbox")
    hand.press(page, "Publier")
    expect(page.get_by_text("Votre page est publiée", exact=True)).to_be_visible()
    page.goto("/demarrage?etape=publication")
    hand.press(page, "Continuer")
    expect(page.get_by_text("Votre agenda est ouvert")).to_be_visible()
    clean(page)
    visitor = browsers.open()
    visitor.goto("/medecin/aline-perrot")
    visitor.locator(".choices").get_by_text("Première consultation").click()
    visitor.get_by_text("Non, c’est la première fois").click()
    expect(visitor.locator("[data-slot]").first).to_be_visible()
    print(f"first run: {hand.fields} fields, {hand.clicks} clicks")
    assert hand.fields <= MOST_FIELDS
    assert hand.clicks <= MOST_CLICKS


@pytest.mark.requirement(3)
def test_a_practice_becomes_a_company_once_it_has_a_partner_and_its_administrators_read_it(opened: Opened, browsers):
    page = browsers.open(new_operator(), phone=False)
    page.goto("/operateur")
    page.get_by_role("button", name="Société").click()
    dialog = page.get_by_role("dialog", name="Société")
    dialog.get_by_label("Dénomination").fill("SCP Perrot")
    dialog.get_by_label("Numéro SIREN").fill("732829320")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(dialog.get_by_role("link", name=re.compile("^Une société a au moins un associé"))).to_be_visible()
    clean(page)
    dialog.get_by_label("Associés").fill("Aline Perrot, 10000005479")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("SCP Perrot est enregistrée.").first).to_be_visible()
    owner = browsers.open(opened.actor)
    owner.goto("/cabinet")
    expect(owner.get_by_text("732\u00a0829\u00a0320")).to_be_visible()
    expect(owner.get_by_text("Aline Perrot, RPPS 10000005479")).to_be_visible()
    clean(owner)


def test_who_writes_a_company_that_another_operator_wrote_meanwhile_reads_it_and_keeps_what_they_typed(opened: Opened, browsers):
    page = browsers.open(new_operator(), phone=True)
    page.goto("/operateur")
    page.get_by_role("button", name="Société").click()
    dialog = page.get_by_role("dialog", name="Société")
    for label, typed in (("Dénomination", "SCP Perrot"), ("Numéro SIREN", "732829320"), ("Associés", "Aline Perrot, 10000005479")):
        dialog.get_by_label(label).fill(typed)
    other = CompanyDetails("SCP Benali", "732829320", (("Nour Benali", "491012345"),))
    set_company(new_operator(), opened.practice_id, other, None)
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(dialog.get_by_role("link", name=re.compile("^Cette société a changé entre-temps. Relisez"))).to_be_in_viewport()
    expect(dialog.get_by_text("Nour Benali, ADELI 491012345")).to_be_in_viewport()
    expect(dialog.get_by_label("Dénomination")).to_have_value("SCP Perrot")
    clean(page)
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("SCP Perrot est enregistrée.").first).to_be_visible()


def test_the_agenda_of_a_new_practice_shows_the_way_in_and_a_secretary_whom_to_ask(opened: Opened, browsers):
    ask_in(opened.actor, Invitation.read(SECRETARY | {"agenda": "oui"}))
    desk = browsers.open(activated(SECRETARY["email"]), phone=False)
    desk.goto("/agenda")
    expect(desk.get_by_text("Demandez-lui de le faire.")).to_be_visible()
    desk.goto("/demarrage")
    expect(desk.get_by_text("Un praticien du cabinet ouvre son agenda.")).to_be_visible()
    page = browsers.open(opened.actor)
    page.goto("/agenda")
    page.get_by_role("link", name="Ouvrir mon agenda").click()
    expect(page.get_by_role("heading", name="Le lieu où vous recevez")).to_be_visible()


def test_who_accepts_in_the_role_that_they_wear_goes_on_to_work_and_a_cut_link_says_so(opened: Opened, browsers):
    there = House.ready().secretary("Odette Vraie")
    with transaction() as session:  # where they worked before is gone
        session.exec(delete(Membership).where(col(Membership.account_id) == there.account_id))
    ask_in(opened.actor, Invitation.read(SECRETARY | {"email": email_of(there), "agenda": "oui"}))
    page = browsers.open(there)
    page.goto("/agenda")
    expect(page.get_by_text("Aucun agenda ouvert")).to_be_visible()
    page.goto("/compte/role")
    page.get_by_role("button", name="Accepter").click()
    page.wait_for_url("**/agenda")
    expect(page.get_by_text("Demandez-lui de le faire.")).to_be_visible()
    page.goto("/activation")
    expect(page.get_by_text("son adresse n’est pas entière")).to_be_visible()
    expect(page.get_by_role("button", name="Activer mon compte")).to_have_count(0)
