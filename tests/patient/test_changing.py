"""A patient cancels or moves a visit on a phone, and the practitioner sees it."""

import pytest
from playwright.sync_api import expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.codes import Status
from tests.patient.booking_page import offered, page_of, seen_by_the_practitioner, slot, tomorrow
from tests.patient.conftest import Browsers

pytestmark = pytest.mark.e2e


@pytest.mark.requirement(73)
def test_a_patient_cancels_the_practitioner_sees_it_and_the_slot_opens_again(house, patient, browsers: Browsers):
    book_slot(patient, BookingRequest(house.slot(9)))
    other = browsers.open()
    other.goto(page_of(house))
    tomorrow(other)
    expect(slot(other, house, 14)).to_be_visible()
    expect(slot(other, house)).to_have_count(0)

    page = browsers.open(patient)
    page.goto("/rendez-vous")
    page.get_by_role("button", name="Annuler le rendez-vous du").tap()
    page.get_by_role("alertdialog").get_by_role("button", name="Annuler le rendez-vous").tap()
    expect(page.get_by_role("heading", name="Aucun rendez-vous à venir")).to_be_visible()

    expect(slot(other, house)).to_be_visible()
    assert seen_by_the_practitioner(house) == [(house.slot(9).starts_at, Status.CANCELLED)]


@pytest.mark.requirement(73)
def test_a_patient_moves_the_practitioner_sees_it_and_the_slot_opens_again(house, patient, browsers: Browsers):
    book_slot(patient, BookingRequest(house.slot(9)))
    page = browsers.open(patient)
    page.goto("/rendez-vous")
    page.get_by_role("link", name="Déplacer le rendez-vous du").tap()
    expect(page.get_by_text("Vous déplacez un rendez-vous")).to_be_visible()
    tomorrow(page)
    slot(page, house, 14).tap()
    page.get_by_role("button", name="Déplacer le rendez-vous").tap()
    expect(page.get_by_role("region", name="Rendez-vous à venir")).to_contain_text("14 h 00".replace(" ", "\u00a0"))

    assert [when for when, _ in seen_by_the_practitioner(house)] == [house.slot(14).starts_at]
    assert str(house.slot(9)) in {free.key for free in offered(house)}


def test_keeping_the_visit_cancels_nothing(house, patient, browsers: Browsers):
    book_slot(patient, BookingRequest(house.slot(9)))
    page = browsers.open(patient)
    page.goto("/rendez-vous")
    page.get_by_role("button", name="Annuler le rendez-vous du").tap()
    page.get_by_role("alertdialog").get_by_role("button", name="Garder le rendez-vous").tap()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    assert [one.status for one in house.appointments()] != [Status.CANCELLED]
