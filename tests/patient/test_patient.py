"""The patient's door, on a phone: find, choose, sign up, confirm, move, cancel."""

import re
from urllib.parse import quote
from uuid import UUID

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.day import agenda_window, appointment_view
from maiia_pro.agenda.errors import NoOnlineBooking
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotSignedIn
from maiia_pro.practice.tables import Offer, Practitioner
from maiia_pro.settings import get_settings
from tests.factories import PASSWORD, House, email_of
from tests.patient.conftest import Browsers
from tests.tools.outbound import Messages

pytestmark = pytest.mark.e2e

VISITOR = Actor.anonymous()


def slug(house: House, number: int = 0) -> str:
    with reading() as session:
        return session.exec(select(Practitioner.slug).where(Practitioner.id == house.practitioners[number])).one()


def page_of(house: House) -> str:
    return f"/medecin/{slug(house)}"


def slot(page: Page, house: House, hour: int = 9):
    """The link of tomorrow's slot at this hour."""
    return page.locator(f'[data-slot="{house.slot(hour)}"]')


def confirmation(house: House, hour: int = 9) -> str:
    return f"/rendez-vous/confirmer?creneau={house.slot(hour)}"


def tomorrow(page: Page) -> None:
    page.get_by_role("tab").nth(1).tap()
    expect(page.get_by_role("tab").nth(1)).to_have_attribute("aria-selected", "true")


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


def test_signing_in_on_the_way_comes_back_to_the_slot(house, patient, browsers: Browsers):
    page = browsers.open()
    page.goto(confirmation(house))
    page.get_by_role("main").get_by_role("link", name="Se connecter").tap()
    page.get_by_role("textbox", name="adresse e-mail").fill(email_of(patient))
    page.get_by_role("link", name="Utiliser un mot de passe").tap()
    expect(page.get_by_role("textbox", name="e-mail ou numéro")).to_have_value(email_of(patient))
    page.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").tap()
    expect(page.get_by_role("button", name="Confirmer le rendez-vous")).to_be_visible()


def test_a_wrong_password_says_so_and_keeps_what_was_typed(house, patient, browsers: Browsers):
    page = browsers.open()
    page.goto("/connexion#mot-de-passe")
    page.get_by_role("textbox", name="e-mail ou numéro").fill(email_of(patient))
    page.get_by_role("textbox", name="Mot de passe").fill("un autre mot de passe")
    page.get_by_role("button", name="Se connecter").tap()
    expect(page.get_by_role("form").get_by_role("alert")).to_contain_text("Identifiant ou mot de passe incorrect")
    expect(page.get_by_role("textbox", name="e-mail ou numéro")).to_have_value(email_of(patient))


@pytest.mark.parametrize("elsewhere", ["https://ailleurs.exemple/", "//ailleurs.exemple", "/\\ailleurs.exemple", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(house, patient, browsers: Browsers, base_url, elsewhere):
    page = browsers.open()
    page.goto(f"/connexion?suite={elsewhere}#mot-de-passe")
    page.get_by_role("textbox", name="e-mail ou numéro").fill(email_of(patient))
    page.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").tap()
    page.wait_for_url(re.compile(rf"^{re.escape(base_url)}/rendez-vous/?$"))


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


def practitioners_day(house: House) -> list:
    actor = house.practitioner_actor()
    blocks = agenda_window(actor, house.practitioners, house.instant(12).date()).blocks
    return [appointment_view(actor, UUID(block["id"])) for block in blocks]


def seen_by_the_practitioner(house: House) -> list[tuple]:
    return [(one.starts_at, one.status) for one in practitioners_day(house)]


def offered(house: House) -> list:
    return free_slots(VISITOR, FreeSlotQuery(house.instant(0), house.instant(0, days=3), practice_ids=(house.practice_id,)))


def test_keeping_the_visit_cancels_nothing(house, patient, browsers: Browsers):
    book_slot(patient, BookingRequest(house.slot(9)))
    page = browsers.open(patient)
    page.goto("/rendez-vous")
    page.get_by_role("button", name="Annuler le rendez-vous du").tap()
    page.get_by_role("alertdialog").get_by_role("button", name="Garder le rendez-vous").tap()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    assert [one.status for one in house.appointments()] != [Status.CANCELLED]


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
    expect(page.get_by_role("link", name="02 41 00 00 00".replace(" ", "\u00a0"))).to_be_visible()
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


def test_a_practice_account_is_told_that_this_door_is_for_patients(house, browsers: Browsers):
    page = browsers.open(house.secretary())
    page.goto(confirmation(house))
    expect(page.get_by_text("Seul un compte patient prend rendez-vous ici")).to_be_visible()


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
