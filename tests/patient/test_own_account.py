"""A patient’s account, on a phone: relatives added, corrected and removed, visits shown by person, messages by channel."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.patients.own import my_people
from tests.factories import email_of
from tests.patient.conftest import Browsers
from tests.patients.test_preferences import with_number
from tests.tools.outbound import Messages

pytestmark = pytest.mark.e2e


def test_relatives_are_added_corrected_and_removed_and_visits_are_shown_by_person(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    page.goto("/compte/proches")
    page.get_by_role("button", name="Ajouter un proche").tap()
    form = page.get_by_role("dialog", name="Ajouter un proche")
    form.get_by_label("Prénom").fill("Léo")
    form.get_by_label("Nom", exact=True).fill("Keller")
    form.get_by_role("button", name="Enregistrer").tap()
    expect(form.get_by_label("Date de naissance")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Prénom")).to_have_value("Léo")
    form.get_by_label("Date de naissance").fill("28/02/2020")
    form.get_by_role("button", name="Enregistrer").tap()
    page.get_by_role("button", name="Corriger Léo Keller").tap()
    page.get_by_role("dialog", name="Corriger ce proche").get_by_label("Prénom").fill("Léon")
    page.get_by_role("button", name="Enregistrer").tap()
    expect(page.get_by_role("heading", name="Léon Keller")).to_be_visible()
    assert Axe().run(page).violations_count == 0

    for hour, person in zip((9, 10), my_people(patient), strict=True):
        book_slot(patient, BookingRequest(house.slot(hour), person_id=person.id))
    page.goto("/rendez-vous")
    coming = page.get_by_role("region", name="Rendez-vous à venir").get_by_role("article")
    expect(coming).to_have_count(2)
    page.get_by_role("button", name="Léon Keller").tap()
    expect(coming).to_have_count(1)
    expect(coming).to_contain_text("Pour Léon Keller")
    assert Axe().run(page).violations_count == 0

    page.get_by_role("link", name="Mes proches").tap()
    page.get_by_role("button", name="Retirer Léon Keller").tap()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text(re.compile(r"10\s*h\s*00, Dr Claire Vasseur"))
    dialog.get_by_role("button", name="Retirer ce proche").tap()
    expect(page.get_by_role("heading", name="Léon Keller")).to_have_count(0)


def test_preferences_are_read_again_as_they_were_saved(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    page.goto("/compte/preferences")
    delays = page.get_by_role("group", name="Retards")
    expect(delays.get_by_label("E-mail")).to_be_checked()
    expect(page.get_by_role("main")).to_contain_text("votre compte n’a pas de numéro confirmé")
    expect(page.get_by_label("SMS")).to_have_count(0)
    assert Axe().run(page).violations_count == 0
    with_number(patient)
    page.reload()
    expect(delays.get_by_label("SMS")).to_be_checked()
    expect(page.get_by_role("group", name="Confirmations et changements").get_by_label("E-mail")).to_have_count(0)
    delays.get_by_label("E-mail").uncheck()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Enregistrer").tap()
    expect(page.get_by_role("region", name="Messages")).to_contain_text("Vos préférences sont enregistrées")
    page.reload()
    expect(delays.get_by_label("SMS")).to_be_checked()
    expect(delays.get_by_label("E-mail")).not_to_be_checked()


def test_an_address_is_changed_by_the_code_sent_to_the_new_one(house, patient, browsers: Browsers, messages: Messages):
    page = browsers.open(patient)
    page.goto("/compte")
    page.get_by_role("button", name="Changer d’adresse e-mail").tap()
    page.get_by_role("button", name="Recevoir un code").tap()
    expect(page.get_by_text("Écrivez une adresse e-mail complète")).to_be_visible()
    page.get_by_label("Nouvelle adresse e-mail").fill("nouvelle@exemple.fr")
    page.get_by_role("button", name="Recevoir un code").tap()
    page.get_by_label("Code à six chiffres").fill("12")
    page.get_by_role("button", name="Confirmer").tap()
    expect(page.get_by_label("Code à six chiffres")).to_have_attribute("aria-invalid", "true")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Renvoyer le code").tap()
    expect(page.get_by_role("region", name="Messages")).to_contain_text("Un nouveau code part")
    page.reload()  # as a telephone does to a page left for the mail
    page.get_by_label("Code à six chiffres").fill(messages.code_mailed_to("nouvelle@exemple.fr"))
    page.get_by_role("button", name="Confirmer").tap()
    expect(page.get_by_role("button", name="Changer d’adresse e-mail")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("nouvelle@exemple.fr")
    assert email_of(patient) == "nouvelle@exemple.fr"
