"""The trail on the screens: a practitioner's, a patient's, in Chromium."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.detail import read_appointment
from tests.factories import House, new_patient_account

pytestmark = pytest.mark.e2e


@pytest.mark.requirement(46)
@pytest.mark.requirement(60)
@pytest.mark.requirement(61)
def test_a_practitioner_and_the_patient_both_see_who_opened_the_file_and_for_whom(house: House, browsers):
    patient, doctor, desk = new_patient_account(), house.practitioner_actor(), house.secretary()
    read_appointment(desk, book_slot(patient, BookingRequest(house.slot(9))).id)
    book_slot(doctor, BookingRequest(house.slot(10), patient_id=house.patients[0]))
    page = browsers.open(doctor, phone=False)
    page.goto("/journal")
    acts = page.get_by_role("main").get_by_role("list")
    expect(acts.get_by_text("Rendez-vous pris")).to_have_count(2)
    page.get_by_label("Pour quel praticien").select_option("Fait pour moi par d’autres")
    expect(acts.get_by_text("Rendez-vous pris")).to_have_count(0)
    expect(acts.get_by_text("Sylvie Moreau, secrétariat, pour le compte de Dr Claire Vasseur")).to_have_count(1)
    assert Axe().run(page).violations_count == 0
    with page.expect_download() as asked:
        page.get_by_role("button", name="Exporter (CSV)").click()
    assert "Rendez-vous ouvert" in asked.value.path().read_text()
    own = browsers.open(patient)
    own.goto("/compte/journal")
    expect(own.get_by_text("Sylvie Moreau a ouvert votre rendez-vous")).to_be_visible()
    expect(own.get_by_text("Vous avez pris votre rendez-vous")).to_have_count(0)
    own.get_by_label("Montrer aussi ce que j’ai fait moi-même").check()
    expect(own.get_by_text("Vous avez pris votre rendez-vous")).to_be_visible()
    assert Axe().run(own).violations_count == 0
