"""A chosen slot is kept while its visitor signs in and confirms: in Chromium, with others looking on."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.holds import HELD_FOR, Visitor, hold_slot
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from tests.factories import PASSWORD, House, email_of
from tests.patient.booking_page import confirmation, page_of, slot, tomorrow
from tests.patient.conftest import Browsers

pytestmark = pytest.mark.e2e

KEPT = re.compile(r"Créneau retenu pour vous jusqu’à \d")


def kept(page: Page, house: House) -> Page:
    page.goto(confirmation(house))
    expect(page.get_by_text(KEPT)).to_be_visible()
    return page


def test_a_slot_is_kept_for_its_visitor_through_signing_in_and_then_booked(house, patient, browsers: Browsers):
    other = browsers.open()
    other.goto(page_of(house))
    tomorrow(other)
    expect(slot(other, house)).to_be_visible()

    page = kept(browsers.open(), house)
    expect(slot(other, house)).to_have_count(0)
    assert Axe().run(page).violations_count == 0
    page.get_by_role("main").get_by_role("link", name="Se connecter").tap()
    page.get_by_role("textbox", name="adresse e-mail").fill(email_of(patient))
    page.get_by_role("link", name="Utiliser un mot de passe").tap()
    page.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).tap()
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.get_by_role("button", name="Confirmer le rendez-vous").tap()
    expect(page.get_by_role("region", name="Rendez-vous à venir").get_by_role("article")).to_have_count(1)
    assert [one.starts_at for one in house.appointments()] == [house.slot(9).starts_at]


def test_going_back_to_choose_gives_the_slot_back(house, browsers: Browsers):
    other = browsers.open()
    page = kept(browsers.open(), house)
    other.goto(page_of(house))
    tomorrow(other)
    expect(slot(other, house, 10)).to_be_visible()
    expect(slot(other, house)).to_have_count(0)
    page.get_by_role("link", name="Choisir un autre créneau").tap()
    expect(slot(other, house)).to_be_visible()


def test_who_comes_second_is_offered_other_slots_and_told_that_it_may_come_back(house, browsers: Browsers):
    hold_slot(Actor.anonymous(), house.slot(9), Visitor.of("un autre onglet", "192.0.2.9"))
    page = browsers.open()
    page.goto(confirmation(house))
    expect(page.get_by_text("Ce créneau est en cours de réservation en ligne")).to_be_visible()
    expect(page.get_by_role("heading", name="Les créneaux les plus proches")).to_be_visible()


def test_when_the_ten_minutes_are_over_one_tap_takes_the_slot_again(house, patient, browsers: Browsers):
    with clock.shifted(timedelta(seconds=3) - HELD_FOR):
        hold_slot(patient, house.slot(9), Visitor.of("un autre onglet", "192.0.2.9"))
    page = browsers.open(patient)
    page.goto(confirmation(house))
    expect(page.get_by_text("Ce créneau n’est plus retenu pour vous")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Le retenir à nouveau").tap()
    expect(page.get_by_text(KEPT)).to_be_visible()


def test_the_desk_sees_a_hold_frees_it_and_its_visitor_is_told_on_confirming(house, patient, browsers: Browsers):
    page = kept(browsers.open(patient), house)
    desk = browsers.open(house.secretary(), phone=False)
    desk.goto(f"/agenda?jour={house.instant(9).date()}")
    held = desk.get_by_role("button", name=re.compile("9 h 00, réservation en cours".replace(" ", r"\s")))
    held.click()
    dialog = desk.get_by_role("alertdialog", name=re.compile("Libérer ce créneau"))
    expect(dialog.locator(":focus")).to_have_count(1)
    assert Axe().run(desk).violations_count == 0
    desk.keyboard.press("Escape")
    expect(held).to_be_focused()
    desk.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Libérer le créneau").click()
    expect(desk.get_by_text("Le créneau est libre.").first).to_be_visible()
    expect(desk.get_by_role("button", name=re.compile("réservation en cours"))).to_have_count(0)
    book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    page.get_by_role("button", name="Confirmer le rendez-vous").tap()
    expect(page.get_by_text("Ce rendez-vous n’est pas pris")).to_be_visible()


def test_a_hold_shows_on_an_agenda_that_is_open_already(house, browsers: Browsers):
    desk = browsers.open(house.secretary(), phone=False)
    desk.goto(f"/agenda?jour={house.instant(9).date()}")
    expect(desk.get_by_role("button", name=re.compile("Donner un rendez-vous à"))).not_to_have_count(0)
    kept(browsers.open(), house)
    expect(desk.get_by_role("button", name=re.compile("réservation en cours"))).to_be_visible()
