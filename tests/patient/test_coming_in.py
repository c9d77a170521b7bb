"""The patient's door on a phone: signing in and up on the way to a visit."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.codes import Status
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import NotSignedIn
from tests.factories import PASSWORD, email_of
from tests.patient.booking_page import confirmation, slot
from tests.patient.conftest import Browsers
from tests.tools.outbound import Messages

pytestmark = pytest.mark.e2e

VISITOR = Actor.anonymous()


@pytest.mark.requirement(77)
def test_somebody_without_an_address_signs_up_books_in_five_taps_and_cancels_by_the_link_of_the_sms(
    house, browsers: Browsers, messages: Messages
):
    page = browsers.open()
    page.goto(confirmation(house))
    expect(page.get_by_text("Réserver demande un compte patient")).to_be_visible()
    expect(page.get_by_role("button", name="Confirmer")).to_have_count(0)
    with pytest.raises(NotSignedIn):
        book_slot(VISITOR, BookingRequest(house.slot(9)))

    page.get_by_role("main").get_by_role("link", name="Se connecter").tap()
    page.get_by_role("textbox", name="numéro de téléphone").fill("06 39 98 57 14")
    page.get_by_role("button", name="Recevoir un code").tap()
    expect(page.get_by_role("textbox", name="Code à six chiffres")).to_be_focused()
    page.reload()
    page.get_by_role("textbox", name="Code à six chiffres").fill("12")
    page.get_by_role("button", name="Continuer").tap()
    expect(page.get_by_role("textbox", name="Code à six chiffres")).to_have_attribute("aria-invalid", "true")
    [sms] = messages.texts("33639985714")
    page.get_by_role("textbox", name="Code à six chiffres").fill(f" {sms[:3]} {sms[3:6]}")
    page.get_by_role("button", name="Continuer").tap()
    page.get_by_label("Prénom").fill("Josiane")
    page.get_by_label("Nom", exact=True).fill("Keller")
    page.get_by_label("Date de naissance").fill("2 juin 55")
    page.get_by_role("button", name="Créer mon compte").tap()
    expect(page.get_by_text("Pour Josiane Keller")).to_be_visible()  # nobody else to choose from
    page.get_by_role("button", name="Confirmer le rendez-vous").tap()
    expect(page.get_by_role("region", name="Rendez-vous à venir").get_by_role("article")).to_have_count(1)
    assert [one.starts_at for one in house.appointments()] == [house.slot(9).starts_at]
    [told] = messages.texts("33639985714")
    assert "est confirmé" in told
    assert not re.search("Consultation|Vasseur|édecine", told)

    page.goto("/")
    taps = [
        page.get_by_role("link", name="Voir tous les créneaux"),
        page.get_by_role("tab").nth(1),
        slot(page, house, 10),
        page.get_by_role("button", name="Confirmer le rendez-vous"),
    ]
    for target in taps:
        target.tap()
    expect(page.get_by_text("C’est confirmé")).to_be_visible()
    assert len(taps) <= 5

    other = browsers.open()
    secret = re.search(r"/rendez-vous/lien#(\S+)", told)
    assert secret
    other.goto(f"/rendez-vous/lien#{secret[1]}")
    other.get_by_role("button", name="Annuler").tap()
    other.get_by_role("alertdialog").get_by_role("button", name="Annuler le rendez-vous").tap()
    expect(other.get_by_role("heading", name="Rendez-vous annulé")).to_be_visible()
    assert [one.status for one in house.appointments()] == [Status.CANCELLED, Status.PLANNED]
    told = " ".join(messages.texts("33639985714"))
    assert "est annulé" in told


def test_a_visitor_signs_up_by_a_code_sent_to_an_address_and_goes_back_a_step_first(house, browsers: Browsers, messages: Messages):
    page = browsers.open()
    page.goto(f"/connexion?suite={quote(confirmation(house), safe='')}")
    page.get_by_role("textbox", name="adresse e-mail").fill("josiane@exemple")
    page.get_by_role("button", name="Recevoir un code").tap()
    expect(page.get_by_role("textbox", name="adresse e-mail")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("textbox", name="adresse e-mail").fill("josianne@exemple.fr")
    page.get_by_role("button", name="Recevoir un code").tap()
    expect(page.get_by_role("button", name="Renvoyer le code (dans")).to_be_disabled()
    page.go_back()
    expect(page.get_by_role("textbox", name="adresse e-mail")).to_have_value("josianne@exemple.fr")
    page.get_by_role("textbox", name="adresse e-mail").fill("josiane@exemple.fr")
    page.get_by_role("button", name="Recevoir un code").tap()
    expect(page.get_by_role("textbox", name="Code à six chiffres")).to_be_visible()
    page.get_by_role("textbox", name="Code à six chiffres").fill(messages.code_mailed_to("josiane@exemple.fr"))
    page.get_by_role("textbox", name="Code à six chiffres").press("Enter")
    page.get_by_role("button", name="Créer mon compte").tap()
    expect(page.get_by_role("form", name="Création d’un compte").get_by_role("alert").get_by_role("listitem")).to_have_count(3)
    page.get_by_label("Prénom").fill("Josiane")
    page.get_by_label("Nom", exact=True).fill("Keller")
    page.reload()  # a phone that fetched another application forgets the page
    expect(page.get_by_label("Nom", exact=True)).to_have_value("Keller")
    page.get_by_label("Date de naissance").fill("2 juin 55")
    page.get_by_role("button", name="Créer mon compte").tap()
    expect(page.get_by_role("button", name="Confirmer le rendez-vous")).to_be_visible()
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:'))") == []


def test_signing_in_on_the_way_comes_back_to_the_slot(house, patient, browsers: Browsers):
    page = browsers.open()
    page.goto(confirmation(house))
    page.get_by_role("main").get_by_role("link", name="Se connecter").tap()
    page.get_by_role("textbox", name="adresse e-mail").fill(email_of(patient))
    page.get_by_role("link", name="Utiliser un mot de passe").tap()
    expect(page.get_by_role("textbox", name="e-mail ou numéro")).to_have_value(email_of(patient))
    page.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).tap()
    expect(page.get_by_role("button", name="Confirmer le rendez-vous")).to_be_visible()


def test_a_wrong_password_says_so_and_keeps_what_was_typed(house, patient, browsers: Browsers):
    page = browsers.open()
    page.goto("/connexion#mot-de-passe")
    page.get_by_role("textbox", name="e-mail ou numéro").fill(email_of(patient))
    page.get_by_role("textbox", name="Mot de passe").fill("un autre mot de passe")
    page.get_by_role("button", name="Se connecter", exact=True).tap()
    expect(page.get_by_role("form").get_by_role("alert")).to_contain_text("Identifiant ou mot de passe incorrect")
    expect(page.get_by_role("textbox", name="e-mail ou numéro")).to_have_value(email_of(patient))


@pytest.mark.parametrize("elsewhere", ["https://ailleurs.exemple/", "//ailleurs.exemple", "/\\ailleurs.exemple", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(house, patient, browsers: Browsers, base_url, elsewhere):
    page = browsers.open()
    page.goto(f"/connexion?suite={elsewhere}#mot-de-passe")
    page.get_by_role("textbox", name="e-mail ou numéro").fill(email_of(patient))
    page.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).tap()
    page.wait_for_url(re.compile(rf"^{re.escape(base_url)}/rendez-vous/?$"))


def test_a_practice_account_is_told_that_this_door_is_for_patients(house, browsers: Browsers):
    page = browsers.open(house.secretary())
    page.goto(confirmation(house))
    expect(page.get_by_text("Seul un compte patient prend rendez-vous ici")).to_be_visible()
