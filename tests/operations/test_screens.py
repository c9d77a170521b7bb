"""The operator changes an offer, shuts and opens accounts, makes sure of people; a release tells people of itself once: in Chromium."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import clock
from maiia_pro.onboarding.team import ask_in
from maiia_pro.operations.releases import RELEASES, note_release
from tests.factories import PASSWORD, House, new_operator, new_patient_account
from tests.onboarding.conftest import activated
from tests.onboarding.test_asking_in import substitute
from tests.onboarding.test_checking import ADDRESS
from tests.operations.test_resetting import with_factors
from tests.practice.test_proofs import PDF

pytestmark = pytest.mark.e2e

ANNOUNCED = re.compile("Nouvelle version")


@pytest.mark.requirement(67)
def test_a_release_is_announced_until_its_page_is_opened(house: House, browsers):
    with clock.shifted(timedelta(days=-1)):
        actor = house.secretary()
    note_release(WORKER)
    page = browsers.open(actor)
    page.goto("/demandes")
    page.get_by_role("status").filter(has_text=ANNOUNCED).get_by_role("link", name="Voir les nouveautés").tap()
    expect(page.get_by_role("heading", name="Nouveautés", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name=RELEASES[0].title)).to_be_visible()
    expect(page.get_by_text(ANNOUNCED)).to_have_count(0)  # it is noted as read
    assert Axe().run(page).violations_count == 0
    page.goto("/demandes")
    expect(page.get_by_role("heading", name="Demandes", level=1)).to_be_visible()
    expect(page.get_by_text(ANNOUNCED)).to_have_count(0)


def test_a_patient_is_not_kept_from_their_visits_by_an_announcement_and_reads_only_what_is_theirs(clean_database, browsers):
    with clock.shifted(timedelta(days=-1)):
        actor = new_patient_account()
    note_release(WORKER)
    page = browsers.open(actor)
    page.goto("/rendez-vous")
    expect(page.get_by_role("heading", name="Aucun rendez-vous à venir")).to_be_visible()
    expect(page.get_by_text(ANNOUNCED)).to_have_count(0)
    page.goto("/nouveautes")
    expect(page.get_by_text(RELEASES[0].for_patients[0])).to_be_visible()
    expect(page.get_by_text(RELEASES[0].changes[0])).to_have_count(0)


def test_an_announcement_that_was_put_away_does_not_come_back(house: House, browsers):
    with clock.shifted(timedelta(days=-1)):
        actor = house.secretary()
    note_release(WORKER)
    page = browsers.open(actor, phone=False)
    page.goto("/demandes")
    page.get_by_role("button", name="Masquer l’annonce").click()
    expect(page.get_by_text(ANNOUNCED)).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="Demandes", level=1)).to_be_visible()
    expect(page.get_by_text(ANNOUNCED)).to_have_count(0)


@pytest.mark.requirement(64)
def test_the_operator_puts_a_practice_on_the_other_offer_after_asking(house: House, browsers):
    page = browsers.open(new_operator(), phone=False)
    page.goto("/operateur")
    page.get_by_role("button", name="Passer à l’offre Initial").click()
    dialog = page.get_by_role("alertdialog", name=re.compile("Passer ce cabinet à l’offre Initial"))
    expect(dialog).to_contain_text("Rien n’est effacé")
    assert Axe().run(page).violations_count == 0
    dialog.get_by_role("button", name="Passer à l’offre Initial").click()
    expect(page.get_by_role("cell", name="Initial", exact=True)).to_be_visible()
    page.get_by_role("button", name="Passer à l’offre Premium").click()
    page.get_by_role("button", name="Ne rien changer").click()
    expect(page.get_by_role("cell", name="Initial", exact=True)).to_be_visible()


@pytest.mark.requirement(49)
@pytest.mark.requirement(50)
def test_the_operator_finds_an_account_suspends_it_for_a_reason_and_opens_it_again(house: House, browsers):
    doctor = browsers.open(house.practitioner_actor(name="Dr Hélène Ozanne"), phone=False)
    doctor.goto("/agenda")
    expect(doctor.locator("#agenda")).to_be_visible()
    page = browsers.open(new_operator(), phone=False)
    page.goto("/operateur/comptes")
    page.get_by_label("Nom, e-mail, téléphone, numéro RPPS ou ADELI, cabinet").fill("ozanne")
    expect(page.get_by_text("1 compte", exact=True)).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name=re.compile("Dr Hélène Ozanne")).click()
    page.get_by_role("button", name="Suspendre").click()
    dialog = page.get_by_role("dialog", name=re.compile("Suspendre ce compte"))
    dialog.get_by_label(re.compile("^Note")).fill("Signalement du 26 novembre")
    dialog.get_by_role("button", name="Suspendre le compte").click()
    expect(dialog.get_by_role("link", name="Choisissez le motif.")).to_be_visible()
    expect(dialog.get_by_label(re.compile("^Note"))).to_have_value("Signalement du 26 novembre")
    assert Axe().run(page).violations_count == 0
    dialog.get_by_label("Fraude suspectée ou avérée").check()
    dialog.get_by_role("button", name="Suspendre le compte").click()
    expect(page.get_by_text("Note (interne)\u00a0: Signalement du 26 novembre")).to_be_visible()
    expect(doctor.get_by_role("alertdialog", name="Votre session est terminée")).to_be_visible()  # without a word from its browser
    expect(doctor.locator("#agenda")).to_have_count(0)
    page.get_by_role("button", name="Rétablir le compte").click()
    page.get_by_role("dialog").get_by_role("button", name="Rétablir le compte").click()
    expect(page.get_by_role("button", name="Suspendre")).to_be_visible()


def enter(page: Page, address: str) -> None:
    page.goto("/connexion#mot-de-passe")
    page.locator("input[name=email]").fill(address)
    page.locator("input[name=password]:visible").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


@pytest.mark.requirement(210)
def test_who_lost_every_factor_is_told_whom_to_call_and_a_substitute_works_once_the_operator_has_checked(house: House, browsers):
    ask_in(house.practitioner_actor(), substitute())
    nour = with_factors(activated(ADDRESS))
    page, desk = browsers.open(phone=False), browsers.open(new_operator(), phone=False)
    enter(page, ADDRESS)
    expect(page.get_by_text("Appelez notre assistance")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    desk.goto(f"/operateur/comptes/{nour.account_id.hex}")
    expect(desk.get_by_text("Application, une clé d’accès, un code de secours")).to_be_visible()
    assert Axe().run(desk).response["violations"] == []
    desk.get_by_role("button", name="Réinitialiser la seconde étape").click()
    dialog = desk.get_by_role("dialog", name=re.compile("Réinitialiser la seconde étape"))
    dialog.get_by_label(re.compile("^Référence")).fill("Demande 4312")
    dialog.get_by_role("button", name="Réinitialiser", exact=True).click()
    expect(dialog.get_by_role("link", name="Choisissez comment vous avez vérifié l’identité.")).to_be_visible()
    expect(dialog.get_by_label(re.compile("^Référence"))).to_have_value("Demande 4312")
    assert Axe().run(desk).response["violations"] == []
    dialog.get_by_label(re.compile("^Par rappel à un numéro déjà connu")).check()
    dialog.get_by_role("button", name="Réinitialiser", exact=True).click()
    expect(desk.get_by_text("Référence\u00a0: Demande 4312")).to_be_visible()
    enter(page, ADDRESS)
    expect(page.get_by_text("Votre profession n’est pas encore vérifiée").first).to_be_visible()
    page.get_by_role("link", name="Voir où cela en est").click()
    expect(page.get_by_text("Vérification en cours")).to_be_visible()
    page.get_by_label("Ajouter une pièce justificative").set_input_files(
        {"name": "carte.txt", "mimeType": "text/plain", "buffer": b"carte"}
    )
    expect(page.get_by_text("Choisissez un PDF, ou une photo")).to_be_visible()
    page.get_by_label("Ajouter une pièce justificative").set_input_files(
        {"name": "carte.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    expect(page.get_by_role("link", name=re.compile("^PDF, 1.ko"))).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    desk.goto("/operateur")
    expect(desk.get_by_text("Médecin, RPPS 10000005479")).to_be_visible()
    with desk.expect_download() as got:
        desk.get_by_role("link", name=re.compile("^PDF, 1.ko")).click()
    assert got.value.path().read_bytes() == PDF
    assert Axe().run(desk).response["violations"] == []
    desk.get_by_role("button", name="Accepter").click()
    expect(desk.get_by_text("Aucun changement de profession à examiner")).to_be_visible()
    page.goto("/agenda")
    expect(page.locator("#agenda")).to_be_visible()
    expect(page.get_by_text("n’est pas encore vérifiée")).to_have_count(0)
