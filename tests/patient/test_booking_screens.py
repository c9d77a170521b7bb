"""A patient books on a phone: five taps, for a relative, and what is said when somebody comes first."""

import re

import pytest
from playwright.sync_api import WebSocketRoute, expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.errors import NoOnlineBooking
from maiia_pro.practice.tables import Offer
from maiia_pro.settings import get_settings
from tests.factories import House
from tests.patient.booking_page import confirmation, offered, page_of, practitioners_day, slot, tomorrow
from tests.patient.conftest import Browsers

pytestmark = pytest.mark.e2e


@pytest.mark.requirement(69)
def test_a_patient_books_in_at_most_five_taps_and_the_slot_leaves_the_other_screens(house, patient, browsers: Browsers):
    other = browsers.open()
    other.goto(page_of(house))
    tomorrow(other)
    expect(slot(other, house)).to_be_visible()

    page = browsers.open(patient)
    page.goto("/")
    taps = [
        page.get_by_role("link", name="Voir tous les créneaux"),
        page.get_by_role("tab").nth(1),
        slot(page, house),
        page.get_by_role("button", name="Confirmer le rendez-vous"),
    ]
    for target in taps:
        target.tap()

    expect(page.get_by_role("region", name="Rendez-vous à venir").get_by_role("article")).to_have_count(1)
    assert [one.starts_at for one in house.appointments()] == [house.slot(9).starts_at]
    assert len(taps) <= 5
    expect(slot(other, house)).to_have_count(0)


@pytest.mark.requirement(77)
def test_an_account_books_for_a_relative(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    page.goto(confirmation(house))
    page.get_by_text("Ajouter un proche").tap()
    page.get_by_label("Prénom").fill("Léo")
    page.get_by_label("Nom", exact=True).fill("Keller")
    page.get_by_label("Date de naissance").fill("31/02/2020")
    page.get_by_role("button", name="Ajouter ce proche").tap()
    expect(page.get_by_label("Date de naissance")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Prénom")).to_have_value("Léo")
    page.get_by_label("Date de naissance").fill("28/02/2020")
    page.get_by_role("button", name="Ajouter ce proche").tap()
    expect(page.get_by_role("radio", name=re.compile("Léo Keller"))).to_be_checked()
    page.get_by_role("button", name="Confirmer le rendez-vous").tap()
    expect(page.get_by_role("region", name="Rendez-vous à venir")).to_contain_text("Pour Léo Keller")
    assert [view.patient_name for view in practitioners_day(house)] == ["Léo Keller"]


def test_a_slot_taken_meanwhile_is_said_and_the_nearest_ones_are_offered(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    page.goto(confirmation(house))
    expect(page.get_by_text("Créneau retenu pour vous")).to_be_visible()
    book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0], overbook=True))
    page.get_by_role("button", name="Confirmer le rendez-vous").tap()
    expect(page.get_by_text("Ce créneau vient d’être réservé")).to_be_visible()
    page.locator(".next-slots a").first.tap()
    page.get_by_role("button", name="Confirmer le rendez-vous").tap()
    expect(page.get_by_role("region", name="Rendez-vous à venir").get_by_role("article")).to_have_count(1)


def test_a_slot_that_one_has_booked_already_leads_to_its_visit(house, patient, browsers: Browsers):
    book_slot(patient, BookingRequest(house.slot(9)))
    page = browsers.open(patient)
    page.goto(confirmation(house))
    expect(page.get_by_role("heading", name="Ce rendez-vous est déjà le vôtre")).to_be_focused()
    expect(page.get_by_role("region", name="Rendez-vous à venir").get_by_role("article")).to_have_count(1)


@pytest.mark.requirement(78)
def test_the_booking_page_says_who_does_not_answer_for_lateness_and_cancellation(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    page.goto(confirmation(house))
    notice = page.locator(".note", has_text="Bon à savoir")
    expect(notice).to_be_visible()
    for words in ("retard", "annuler", f"{get_settings().operator_name} vous transmet", "n’est pas responsable"):
        expect(notice).to_contain_text(words)


@pytest.mark.requirement(66)
def test_with_the_initial_offer_nothing_is_open_online(clean_database, patient, browsers: Browsers):
    house = House.ready(offer=Offer.INITIAL)
    page = browsers.open(patient)
    page.goto(page_of(house))
    expect(page.get_by_role("heading", name="Pas de réservation en ligne")).to_be_visible()
    expect(page.locator("[data-slot]")).to_have_count(0)
    closed = page.locator("section").filter(has_text="Pas de réservation en ligne")
    expect(closed.get_by_role("link", name="02 41 00 00 00".replace(" ", "\u00a0"))).to_be_visible()
    page.goto("/")
    expect(page.get_by_text("Ce cabinet ne propose pas la réservation en ligne.")).to_be_visible()
    with pytest.raises(NoOnlineBooking):
        book_slot(patient, BookingRequest(house.slot(9)))
    assert offered(house) == []


def test_a_day_far_along_the_strip_is_brought_into_sight(house, patient, browsers: Browsers):
    house.exception(house.practitioners[0], house.instant(0, days=0), house.instant(0, days=9))
    page = browsers.open()
    page.goto(page_of(house))
    expect(page.get_by_role("tab", selected=True)).to_be_in_viewport(ratio=1)


def test_a_slot_taken_before_the_page_watched_leaves_it_all_the_same(house, browsers: Browsers):
    page = browsers.open()

    def late(route: WebSocketRoute) -> None:
        book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
        route.connect_to_server()

    page.route_web_socket(re.compile("/live$"), late)
    house.exception(house.practitioners[0], house.instant(0, days=0), house.instant(0, days=1))
    page.goto(page_of(house))
    expect(slot(page, house, 10)).to_be_visible()
    expect(slot(page, house)).to_have_count(0)


def test_days_without_a_slot_lead_to_the_first_one(house, patient, browsers: Browsers):
    house.exception(house.practitioners[0], house.instant(0, days=0), house.instant(0, days=20))
    page = browsers.open()
    page.goto(page_of(house))
    page.get_by_role("button", name="Aller au premier créneau libre").tap()
    expect(page.locator("[data-slot]").first).to_be_visible()


def test_a_search_that_finds_nobody_says_what_to_try(house, browsers: Browsers):
    page = browsers.open()
    page.goto("/?quoi=zzzz")
    expect(page.get_by_role("heading", name="Personne ne correspond")).to_be_visible()
    page.get_by_role("button", name="Voir tous les professionnels").tap()
    expect(page.get_by_role("heading", name="Dr Claire Vasseur")).to_be_visible()


def test_a_search_is_in_the_address_so_that_reload_back_and_a_shared_link_show_it_again(house, browsers: Browsers, base_url):
    house.offering(house.reason(house.practitioner("Autre", specialty="dermatology")))
    page = browsers.open()
    page.goto("/")
    expect(page.get_by_role("heading", name="2 professionnels")).to_be_visible()
    page.get_by_label("Nom ou spécialité").fill("vasseur & fils ?")
    page.get_by_role("button", name="Rechercher").tap()
    expect(page.get_by_role("heading", name="Personne ne correspond")).to_be_visible()
    page.get_by_label("Nom ou spécialité").fill("vasseur")
    page.get_by_label("Où").fill("angers")
    page.get_by_role("button", name="Rechercher").tap()
    page.wait_for_url(f"{base_url}/?quoi=vasseur&ou=angers")
    expect(page.get_by_role("heading", name="1 professionnel")).to_be_visible()
    page.get_by_role("button", name="Dermatologie").tap()
    page.wait_for_url(f"{base_url}/?quoi=Dermatologie&ou=angers")
    expect(page.get_by_role("heading", name="Dr Claire Autre")).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", name="Dr Claire Autre")).to_be_visible()
    expect(page.get_by_label("Où")).to_have_value("angers")
    shared = browsers.open()
    shared.goto(page.url)
    expect(shared.get_by_role("heading", name="Dr Claire Autre")).to_be_visible()
    expect(shared.get_by_label("Nom ou spécialité")).to_have_value("Dermatologie")
    page.go_back()
    expect(page.get_by_role("heading", name="Dr Claire Vasseur")).to_be_visible()
    expect(page.get_by_label("Nom ou spécialité")).to_have_value("vasseur")
    page.go_back()
    expect(page.get_by_label("Nom ou spécialité")).to_have_value("vasseur & fils ?")
    page.go_back()
    expect(page.get_by_role("heading", name="2 professionnels")).to_be_visible()
    expect(page.get_by_label("Nom ou spécialité")).to_have_value("")


@pytest.mark.parametrize("address", ["/medecin/personne", "/rendez-vous/confirmer", "/rendez-vous/confirmer?creneau=%00", "/nulle-part"])
def test_an_address_that_names_nothing_says_so_in_french(house, browsers: Browsers, address):
    page = browsers.open()
    page.goto(address)
    expect(page.get_by_role("heading", name=re.compile("Page introuvable|Ce créneau n’est pas proposé")).first).to_be_visible()


def test_the_second_of_two_tabs_is_led_to_the_visit_that_the_first_one_took(house, patient, browsers: Browsers):
    first, second = browsers.open(patient), browsers.open(patient)
    for page in (first, second):
        page.goto(confirmation(house))
        expect(page.get_by_role("button", name="Confirmer le rendez-vous")).to_be_enabled()
    first.get_by_role("button", name="Confirmer le rendez-vous").tap()
    expect(first).to_have_url(re.compile("/rendez-vous/[0-9a-f]{32}/?$"))
    second.get_by_role("button", name="Confirmer le rendez-vous").tap()
    expect(second.get_by_role("heading", name="Ce rendez-vous est déjà le vôtre")).to_be_focused()
    expect(second).to_have_url(re.compile("/rendez-vous/[0-9a-f]{32}/?$"))
    assert len(house.appointments()) == 1
