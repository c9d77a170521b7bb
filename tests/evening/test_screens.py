"""The evening list in Chromium: set up in the settings, tried at once."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlmodel import select

from maiia_pro.evening.tables import EveningList
from maiia_pro.kernel import clock
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.notifications.tables import OutgoingEmail
from tests.desk.world import World

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("phone", [False, True])
def test_a_practitioner_has_the_list_sent_every_evening(browsers, world: World, phone: bool):
    page = browsers.open(world.practitioner.actor, phone=phone)
    page.goto("/reglages")
    card = page.get_by_role("form", name="Liste de demain, chaque soir")
    card.get_by_label("Adresse e-mail du cabinet").fill("cabinet@exemple.fr")
    card.get_by_label("Heure d’envoi").fill("18h30")
    card.get_by_label("Mot de passe du PDF").fill("court")
    card.get_by_label("Envoyer la liste chaque soir").check()
    card.get_by_role("button", name="Enregistrer").click()
    wrong = card.get_by_role("group", name="À corriger avant de continuer")
    expect(wrong).to_have_text(re.compile("Choisissez un mot de passe d’au moins 10 caractères.$"))
    expect(card.get_by_label("Adresse e-mail du cabinet")).to_have_value("cabinet@exemple.fr")
    card.get_by_label("Mot de passe du PDF").fill("une longue phrase")
    card.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("la liste de demain partira chaque soir à 18\u00a0h\u00a030.").first).to_be_visible()
    expect(card.get_by_label("Mot de passe du PDF")).to_have_value("")
    card.get_by_role("button", name="Envoyer maintenant").click()
    expect(page.get_by_text("attend de partir")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).response["violations"] == []
    with reading() as session:
        [kept] = session.exec(select(EveningList)).all()
    assert (kept.enabled, kept.recipient) == (True, "cabinet@exemple.fr")
    with transaction() as session:
        [mail] = session.exec(select(OutgoingEmail)).all()
        mail.failed_at, mail.failure = clock.now(), "Le serveur d’e-mails ne répond pas."
    page.reload()
    expect(page.get_by_text("Le serveur d’e-mails ne répond pas. Elle est essayée à nouveau toute seule.")).to_be_visible()
