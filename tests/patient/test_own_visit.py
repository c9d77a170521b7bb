"""The page of one visit, on a phone: what to know of it, the calendar, and what may be done about it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar
from playwright.sync_api import expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, move_appointment
from maiia_pro.agenda.codes import Status
from tests.factories import new_patient_account
from tests.patient.booking_page import confirmation
from tests.patient.conftest import Browsers

pytestmark = pytest.mark.e2e


def test_after_confirming_the_visit_tells_all_there_is_to_know_and_goes_into_one_s_calendar(house, patient, browsers: Browsers, tmp_path):
    house.rule(house.reasons[0], instructions="Venez à jeun.", bring=["Carte Vitale", "Ordonnances"])
    page = browsers.open(patient)
    page.goto(confirmation(house))
    page.get_by_role("button", name="Confirmer le rendez-vous").tap()
    expect(page.get_by_role("heading", name="C’est confirmé")).to_be_focused()
    visit = page.get_by_role("region", name="Rendez-vous à venir")
    for words in ("Pour Josiane Keller", "12 rue des Lices, 49000 Angers", "Venez à jeun.", "Ordonnances"):
        expect(visit).to_contain_text(words)
    assert "geo:0,0?q=12%20rue%20des%20Lices" in (visit.get_by_role("link", name="Ouvrir dans un plan").get_attribute("href") or "")
    assert Axe().run(page).violations_count == 0
    with page.expect_download() as started:
        visit.get_by_role("link", name="Ajouter à mon agenda").tap()
    started.value.save_as(tmp_path / "visit.ics")
    (event,) = Calendar.from_ical((tmp_path / "visit.ics").read_text()).walk("VEVENT")
    assert event["DTSTART"].dt == house.slot(9).starts_at


def test_the_page_follows_the_desk_and_cancels(house, patient, browsers: Browsers):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    page = browsers.open(patient)
    page.goto(f"/rendez-vous/{booked.id.hex}")
    expect(page.get_by_role("main")).to_contain_text("9 h 00".replace(" ", "\u00a0"))
    move_appointment(house.secretary(), booked.id, MoveRequest(house.instant(10)))
    expect(page.get_by_role("main")).to_contain_text("10 h 00".replace(" ", "\u00a0"))
    page.get_by_role("button", name="Annuler").tap()
    page.get_by_role("alertdialog").get_by_role("button", name="Annuler le rendez-vous").tap()
    expect(page.get_by_role("region", name="Rendez-vous passé ou annulé")).to_contain_text("Annulé")
    assert [one.status for one in house.appointments()] == [Status.CANCELLED]


def test_the_visit_of_somebody_else_is_not_found(house, patient, browsers: Browsers):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    page = browsers.open(new_patient_account("Maurice Roux"))
    page.goto(f"/rendez-vous/{booked.id.hex}")
    expect(page.get_by_role("heading", name="Rendez-vous introuvable")).to_be_visible()
    assert page.request.get(f"/api/rendez-vous/{booked.id.hex}.ics").status == 404
    expect(page.get_by_text(re.compile("Keller|Vasseur"))).to_have_count(0)
