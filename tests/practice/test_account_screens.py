"""The account of somebody who works with the software, in Chromium: a forgotten password, lost identifiers, a change that is declared."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import select

from maiia_pro.identity.codes import code_of
from maiia_pro.identity.health import my_notices
from maiia_pro.identity.tables import Account, SignInCode
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.settings import get_settings
from tests.factories import PASSWORD, House, email_of, new_operator
from tests.tools.outbound import Messages

pytestmark = pytest.mark.e2e

NEW = "deux vaches et trois parapluies"


def clean(page: Page) -> None:
    """Hold the page to its width and to the rules of accessibility."""
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).response["violations"] == []


def link_to(address: str, messages: Messages) -> str:
    """Give the path of the last link that was written to somebody."""
    messages.sent()
    with reading() as session:
        bodies = session.exec(select(OutgoingEmail.body).where(OutgoingEmail.recipient == address).order_by(OutgoingEmail.created_at))  # type: ignore[arg-type]
        found = re.findall(r"https?://[\w.:]+(/\S+#\S+)", "\n".join(bodies))
    return found[-1]


def choose(page: Page, password: str) -> None:
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Changer le mot de passe").click()


@pytest.mark.requirement(45)
@pytest.mark.requirement(48)
@pytest.mark.requirement(232)
def test_a_forgotten_password_is_chosen_anew_and_stolen_identifiers_shut_every_screen(clean_database, browsers, tmp_path):
    house = House.ready()
    doctor = house.practitioner_actor()
    elsewhere, page = browsers.open(doctor, phone=False), browsers.open()
    elsewhere.goto("/agenda")
    with Messages(tmp_path) as messages:
        page.goto("/mot-de-passe-oublie")
        clean(page)
        page.get_by_role("textbox").fill(email_of(doctor))
        page.get_by_role("button", name="Recevoir un lien").click()
        expect(page.get_by_text("Si un compte existe avec cette adresse")).to_be_visible()
        page.goto(link_to(email_of(doctor), messages))
        page.locator("input[name=password]").fill("motdepasse2026")
        expect(page.get_by_text("Encore trop facile")).to_be_visible()
        clean(page)
        choose(page, "motdepasse2026")
        expect(page.get_by_text("un mot courant et quelques signes").first).to_be_visible()
        page.locator("input[name=password]").fill(NEW)
        expect(page.get_by_text("Excellent mot de passe")).to_be_visible()
        choose(page, NEW)
        expect(page.get_by_text("Votre mot de passe est changé. Connectez-vous.")).to_be_visible()
        expect(elsewhere.get_by_role("alertdialog", name="Votre session est terminée")).to_be_visible()
        page.locator("input[name=email]").fill(email_of(doctor))
        page.locator("input[name=password]:visible").fill(NEW)
        page.get_by_role("button", name="Se connecter", exact=True).click()
        page.wait_for_url(re.compile("/agenda"))
        page.goto("/identifiants-perdus")
        page.get_by_role("button", name="Bloquer mon compte").click()
        expect(page.get_by_text("Votre compte est bloqué.")).to_be_visible()
        assert link_to(email_of(doctor), messages).startswith("/nouveau-mot-de-passe#")


def grown_old(doctor: Actor) -> None:
    """Make an account older than what its holder last checked may be."""
    with transaction() as session:
        account = session.get_one(Account, doctor.account_id)
        account.created_at -= timedelta(days=get_settings().details_checked_days + 1)


def change_address(page: Page, doctor: Actor) -> None:
    page.get_by_role("button", name="Changer d’adresse e-mail").click()
    page.get_by_label("Nouvelle adresse e-mail").fill("nouvelle@exemple.fr")
    page.get_by_label("Votre mot de passe", exact=True).fill("un autre mot de passe")
    page.get_by_role("button", name="Recevoir un code").click()
    expect(page.get_by_text("Ce n’est pas votre mot de passe.").first).to_be_visible()
    clean(page)
    page.get_by_label("Votre mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Recevoir un code").click()
    expect(page.get_by_label("Code à six chiffres")).to_be_visible()
    with reading() as session:
        code = code_of(session.exec(select(SignInCode.id).where(SignInCode.account_id == doctor.account_id)).one())
    page.get_by_label("Code à six chiffres").fill(code)
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_text("nouvelle@")).to_be_visible()


@pytest.mark.requirement(51)
@pytest.mark.requirement(55)
@pytest.mark.requirement(56)
def test_details_are_checked_when_they_are_due_and_a_declared_profession_waits_for_an_operator(clean_database, browsers):
    house = House.ready()
    doctor = house.practitioner_actor()
    grown_old(doctor)
    page = browsers.open(doctor, phone=False)
    page.goto("/agenda")
    page.get_by_role("link", name="Dire si tout est exact").click()
    page.get_by_role("button", name="Tout est exact").click()
    expect(page.get_by_text("Dernière vérification")).to_be_visible()
    expect(page.get_by_text("Vérifiez vos coordonnées")).to_have_count(0)
    assert not my_notices(doctor).check_due
    change_address(page, doctor)
    page.get_by_role("button", name="Changer de profession").click()
    page.get_by_label("Nouvelle profession").select_option(label="Cardiologie")
    page.get_by_role("button", name="Déclarer ce changement").click()
    expect(page.get_by_text("Dites ce qui le prouve").first).to_be_visible()
    clean(page)
    page.get_by_label("Ce qui le prouve").fill("Inscrite à l’ordre sous le numéro 4312.")
    page.get_by_role("button", name="Déclarer ce changement").click()
    expect(page.get_by_text("À l’examen")).to_be_visible()
    clean(page)
    desk = browsers.open(new_operator(), phone=False)
    desk.goto("/operateur")
    expect(desk.get_by_text("Inscrite à l’ordre sous le numéro 4312.")).to_be_visible()
    desk.get_by_role("button", name="Refuser").click()
    desk.get_by_role("button", name="Confirmer le refus").click()
    expect(desk.get_by_text("Écrivez pourquoi")).to_be_visible()
    clean(desk)
    desk.get_by_role("button", name="Ne rien décider").click()
    desk.get_by_role("button", name="Accepter").click()
    expect(desk.get_by_text("Aucun changement de profession")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Profession : Médecine générale → Cardiologie").first).to_be_visible()
