"""What a patient sees of a reason's rules: the question, the right length, the words of the practice, and when to phone."""

import pytest
from playwright.sync_api import expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from tests.patient.booking_page import confirmation, page_of, slot, tomorrow
from tests.patient.conftest import Browsers

pytestmark = pytest.mark.e2e


def test_the_page_asks_whether_one_was_seen_already_only_where_it_matters(house, browsers: Browsers):
    page = browsers.open()
    page.goto(page_of(house))
    expect(page.get_by_role("tab").first).to_be_visible()
    expect(page.get_by_text("Avez-vous déjà consulté")).to_have_count(0)
    house.rule(house.reasons[0], new_patient_minutes=240)
    page.reload()
    expect(page.get_by_text("Répondez pour voir les créneaux.")).to_be_visible()
    page.get_by_text("Oui", exact=True).tap()
    tomorrow(page)
    expect(slot(page, house, 9)).to_be_visible()
    page.get_by_text("Non, c’est la première fois").tap()
    tomorrow(page)
    expect(slot(page, house, 8)).to_be_visible()
    expect(slot(page, house, 9)).to_have_count(0)


def test_somebody_new_reads_the_longer_length_and_the_instructions_before_and_after_confirming(house, patient, browsers: Browsers):
    house.rule(house.reasons[0], new_patient_minutes=40, instructions="Apportez vos radios.")
    page = browsers.open(patient)
    page.goto(confirmation(house))
    expect(page.get_by_text("40 min · au cabinet")).to_be_visible()
    expect(page.get_by_text("Apportez vos radios.")).to_be_visible()
    page.get_by_role("button", name="Confirmer le rendez-vous").tap()
    expect(page.get_by_text("C’est confirmé")).to_be_visible()
    expect(page.get_by_text("Apportez vos radios.")).to_be_visible()


def test_a_visit_past_its_cut_off_says_whom_to_phone(house, patient, browsers: Browsers):
    book_slot(patient, BookingRequest(house.slot(9)))
    house.rule(house.reasons[0], cancel_hours=72)
    page = browsers.open(patient)
    page.goto("/rendez-vous")
    expect(page.get_by_text("moins de 3\u00a0jours avant. Appelez le cabinet au")).to_be_visible()
    expect(page.get_by_role("button", name="Annuler le rendez-vous du")).to_have_count(0)
