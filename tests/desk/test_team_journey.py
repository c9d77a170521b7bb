"""Delegating as it is done on the screens: rights given and met as walls, a week handed over and taken back on time."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import col, update

from maiia_pro.identity.tables import Delegation
from maiia_pro.kernel import clock
from maiia_pro.kernel.db import transaction
from tests.desk.agenda_page import opened
from tests.desk.world import World
from tests.factories import PASSWORD, check_everybody
from tests.onboarding.conftest import link_of

pytestmark = pytest.mark.e2e

SUBSTITUTE = "nour.benali@exemple.fr"


def team_of(page: Page) -> Page:
    page.goto("/reglages#equipe")
    expect(page.locator("#equipe")).to_contain_text("Chacun a son propre compte.")
    expect(page.locator("#equipe")).to_be_in_viewport()
    return page


@pytest.mark.requirement(59)
@pytest.mark.requirement(60)
def test_a_secretary_sees_what_she_was_let_do_and_meets_the_rest_as_a_sentence(browsers, desk: Page, world: World):
    secretary = world.secretary.actor
    world.book(9)
    for practitioner in world.house.practitioners:
        world.house.let(secretary.account_id, practitioner, frozenset())
    desk.goto("/agenda")
    expect(desk.get_by_text("Aucun agenda ouvert")).to_be_visible()
    doctor = team_of(browsers.open(world.practitioner.actor, phone=False))
    doctor.get_by_role("button", name="Donner un accès à Sylvie Moreau").click()
    dialog = doctor.get_by_role("dialog", name="Droits de Sylvie Moreau")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(dialog.get_by_role("link", name="Cochez au moins un droit, ou retirez l’accès.")).to_be_visible()
    dialog.get_by_label("Voir l’agenda").check()
    dialog.get_by_label("Donner des rendez-vous").check()
    assert Axe().run(doctor).response["violations"] == []
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(doctor.locator("#equipe")).to_contain_text("Voir l’agenda, donner des rendez-vous")
    opened(desk, world)
    expect(desk.get_by_role("button", name="Rendez-vous", exact=True)).to_be_visible()
    expect(desk.get_by_role("link", name="Chiffres")).to_have_count(0)
    desk.get_by_role("button", name="Josiane Keller").first.click()
    expect(desk.get_by_text("ce praticien ne vous a pas confié ses changements")).to_be_visible()
    expect(desk.get_by_role("button", name="Annuler")).to_have_count(0)
    desk.goto("/chiffres")
    expect(desk.get_by_role("heading", name="Accès réservé")).to_be_visible()
    expect(desk.get_by_text("Ce praticien ne vous a pas confié cela.")).to_be_visible()
    desk.goto("/agenda/absence")
    expect(desk.get_by_text("Personne ne vous a confié «\u00a0Déplacer et annuler\u00a0»")).to_be_visible()
    expect(desk.get_by_label("Praticien")).to_have_count(0)
    doctor.get_by_role("button", name="Retirer l’accès de Sylvie Moreau").click()
    expect(doctor.get_by_role("button", name="Ne rien changer")).to_be_focused()
    doctor.get_by_role("button", name="Retirer l’accès", exact=True).click()
    expect(doctor.get_by_text("Sylvie Moreau n’a plus accès à votre agenda.").first).to_be_visible()
    desk.goto("/agenda")
    expect(desk.get_by_text("Aucun agenda ouvert")).to_be_visible()


@pytest.mark.requirement(58)
@pytest.mark.requirement(61)
@pytest.mark.requirement(62)
def test_a_substitute_takes_the_week_acts_in_the_practitioner_s_name_and_loses_it_on_time(browsers, world: World):
    doctor = team_of(browsers.open(world.practitioner.actor, phone=False))
    doctor.get_by_role("button", name="Ajouter une personne").click()
    dialog = doctor.get_by_role("dialog", name="Ajouter une personne")
    dialog.get_by_role("button", name="Remplaçant").click()
    for label, value in (("Prénom", "Nour"), ("Nom", "Benali"), ("Adresse e-mail", SUBSTITUTE), ("Numéro RPPS ou ADELI", "10000005479")):
        dialog.get_by_label(label, exact=True).fill(value)
    dialog.get_by_label("Profession").select_option(label="Médecin")
    dialog.get_by_label("Dernier jour").fill(str(world.day(6)))
    dialog.get_by_role("button", name="Inviter").click()
    expect(doctor.locator("#equipe")).to_contain_text("Nour Benali")
    doctor.goto("/remplacements")
    doctor.get_by_role("button", name="Ouvrir la fiche").click()
    doctor.get_by_label("Vos consignes").fill("Madame Keller attend son INR.")
    doctor.get_by_role("button", name="Enregistrer").click()
    expect(doctor.get_by_text("La fiche est enregistrée.").first).to_be_visible()
    substitute = browsers.open(phone=False)
    substitute.goto(link_of(SUBSTITUTE))
    substitute.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    substitute.get_by_role("button", name="Activer mon compte").click()
    substitute.wait_for_url("**/agenda/**")
    expect(substitute.get_by_text("Votre profession n’est pas encore vérifiée")).to_have_count(1)
    substitute.goto("/remplacements")
    expect(substitute.get_by_role("heading", name="Accès réservé")).to_be_visible()
    doctor.goto("/remplacements")
    expect(doctor.get_by_text("En attente de vérification")).to_be_visible()
    check_everybody()
    visit = world.book(9)
    opened(substitute, world)
    substitute.get_by_role("button", name="Josiane Keller").first.click()
    substitute.get_by_role("button", name="Confirmé").click()
    expect(substitute.get_by_text("Nour Benali")).not_to_have_count(0)
    expect(substitute.get_by_text("pour le compte de Dr Claire Vasseur").first).to_be_visible()
    substitute.goto("/remplacements")
    substitute.get_by_role("button", name="Ouvrir la fiche").click()
    expect(substitute.get_by_text("Madame Keller attend son INR.")).to_be_visible()
    with transaction() as session:  # the last day is over
        late = clock.now() - timedelta(seconds=1)
        session.exec(
            update(Delegation).where(col(Delegation.kind) == "substitute").values(starts_at=late - timedelta(days=1), ends_at=late)
        )
    substitute.get_by_label("Votre compte rendu").fill("INR à 2,5.")
    substitute.get_by_role("button", name="Enregistrer").click()
    expect(substitute.get_by_text("Cette fiche s’ouvre pendant les jours du remplacement seulement.").first).to_be_visible()
    expect(substitute.get_by_label("Votre compte rendu")).to_have_value("INR à 2,5.")
    substitute.goto(f"/agenda?visite={visit.id.hex}")
    expect(substitute.get_by_text("Votre remplacement de Dr Claire Vasseur est terminé")).to_be_visible()
    assert "Keller" not in substitute.content()
