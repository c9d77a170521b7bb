"""The waiting list in Chromium: a patient joins, is offered a place, takes or leaves it; the practice adds, offers, books, withdraws."""

import re
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import select

from maiia_pro.kernel.db import reading
from maiia_pro.practice.tables import Practitioner
from maiia_pro.waiting.listing import my_wishes
from tests.desk.world import World
from tests.factories import House, new_patient_account
from tests.waiting.wishes import freed, holds, offers, visits, wished

pytestmark = pytest.mark.e2e

DAYS = 3
"""Far enough for an offer made at any hour of the night."""


def public_page(house: House) -> str:
    with reading() as session:
        return f"/medecin/{session.exec(select(Practitioner.slug).where(Practitioner.id == house.practitioners[0])).one()}"


def no_fault(page: Page) -> None:
    """Have axe find nothing."""
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()


@pytest.fixture
def desk(browsers, world: World) -> Page:
    """The secretary's list."""
    page = browsers.open(world.secretary.actor, phone=False)
    page.goto("/agenda/attente")
    expect(page.locator(".requests")).to_be_visible()
    return page


def mine(page: Page) -> Page:
    """Open a patient's own page."""
    page.goto("/rendez-vous")
    expect(page.get_by_role("heading", name="Mes rendez-vous")).to_be_visible()
    return page


def test_a_patient_whom_no_slot_suits_joins_the_list_from_the_page_of_slots_and_leaves_it(browsers, house, patient):
    page = browsers.open(patient)
    page.goto(public_page(house))
    page.get_by_role("link", name="Me prévenir si une place se libère").tap()
    expect(page.get_by_text("Motif : Consultation")).to_be_visible()
    form = page.url
    page.get_by_label("Lundi").check()
    page.get_by_label("À partir de").fill("17h")
    page.get_by_role("textbox", name="Avant").fill("9h")
    page.get_by_role("button", name="Rejoindre la liste d’attente").tap()
    expect(page.get_by_role("group", name="À corriger avant de continuer")).to_contain_text("après celle du début")
    page.get_by_role("textbox", name="Avant").fill("19h")
    no_fault(page)
    page.get_by_role("button", name="Rejoindre la liste d’attente").tap()
    waiting = page.get_by_role("region", name="Liste d’attente")
    expect(waiting).to_contain_text("Lundi, de 17\u00a0h\u00a000 à 19\u00a0h\u00a000")
    expect(page.get_by_text("Vous êtes sur la liste d’attente")).to_be_visible()
    page.goto(form)
    page.get_by_role("button", name="Rejoindre la liste d’attente").tap()
    expect(page.get_by_role("group", name="À corriger avant de continuer")).to_contain_text("Ne plus attendre")
    mine(page)
    waiting.get_by_role("button", name="Ne plus attendre").tap()
    page.get_by_role("button", name="Quitter la liste d’attente").tap()
    expect(waiting).to_have_count(0)
    assert my_wishes(patient) == []


def test_a_visitor_signs_in_on_the_way_to_the_list(browsers, house):
    page = browsers.open()
    page.goto(public_page(house))
    page.get_by_role("link", name="Me prévenir si une place se libère").tap()
    expect(page).to_have_url(re.compile("/connexion\\?suite=.*attente"))


def test_a_patient_takes_the_place_that_is_kept_for_them(browsers, house, patient):
    wished(house, patient)
    freed(house, days=DAYS)
    page = mine(browsers.open(patient))
    kept = page.get_by_role("region", name="Places gardées pour vous")
    expect(kept).to_contain_text("Répondez avant")
    expect(kept).to_contain_text("12 rue")
    no_fault(page)
    kept.get_by_role("button", name="Prendre ce rendez-vous").tap()
    expect(page.get_by_role("region", name="Rendez-vous à venir")).to_contain_text("Confirmé à l’instant")
    expect(kept).to_have_count(0)
    assert [one.starts_at for one in visits(house)] == [house.instant(9, days=DAYS)]


def test_a_patient_leaves_the_place_to_the_next_and_stays_on_the_list(browsers, house, patient):
    wished(house, patient)
    freed(house, days=DAYS)
    page = mine(browsers.open(patient))
    page.get_by_role("button", name="Laisser la place").tap()
    expect(page.get_by_role("region", name="Liste d’attente")).to_contain_text("Consultation")
    assert ([offer.answer for offer in offers(house)], holds(house)) == (["declined"], [])


def test_the_desk_adds_a_patient_without_a_mouse_and_the_other_screen_sees_it(browsers, desk: Page, world: World):
    other = browsers.open(world.practitioner.actor, phone=False)
    other.goto("/agenda/attente")
    expect(other.get_by_role("heading", name="Personne n’attend")).to_be_visible()
    desk.keyboard.press("n")
    expect(desk.get_by_label("Chercher un patient")).to_be_focused()
    desk.keyboard.type("kel")
    desk.get_by_role("list", name="Patients trouvés").get_by_role("button").first.press("Enter")
    dialog = desk.get_by_role("dialog", name="Ajouter à la liste d’attente")
    dialog.get_by_role("button", name="Ajouter à la liste").press("Enter")
    expect(dialog.get_by_role("group", name="À corriger avant de continuer").get_by_role("link")).to_have_count(2)
    dialog.get_by_label("Avec").select_option("Dr Claire Vasseur")
    dialog.get_by_label("Motif").select_option("Consultation")
    dialog.get_by_label("Jeudi").check()
    dialog.get_by_role("button", name="Ajouter à la liste").press("Enter")
    expect(desk.locator(".wish-row")).to_contain_text("Josiane Keller")
    expect(desk.locator(".wish-row")).to_contain_text("À appeler")
    expect(other.locator(".wish-row")).to_contain_text("Josiane Keller")
    no_fault(desk)


def test_the_desk_offers_a_free_place_to_whom_it_picks(browsers, desk: Page, world: World):
    patient = new_patient_account("Paul Roy")
    wished(world.house, patient)
    row = desk.locator(".wish-row", has_text="Paul Roy")
    row.get_by_role("button", name="Places libres").click()
    no_fault(desk)
    row.get_by_role("button", name="Proposer").last.click()
    expect(row).to_contain_text("Réponse avant")
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("le patient reçoit un e-mail")
    page = mine(browsers.open(patient))
    expect(page.get_by_role("region", name="Places gardées pour vous")).to_be_visible()
    (hold,) = holds(world.house)
    desk.goto(f"/agenda?jour={hold.starts_at.astimezone(ZoneInfo(world.house.zone)).date()}")
    desk.get_by_role("button", name=re.compile("proposé à la liste d’attente, jusqu’à")).click()
    expect(desk.get_by_role("alertdialog", name="Libérer ce créneau")).to_contain_text("proposé à un patient de la liste d’attente")


def test_the_desk_books_for_whom_it_called_and_the_wish_leaves_the_list_with_the_worker(desk: Page, world: World):
    patient = new_patient_account("Paul Roy")
    wished(world.house, patient)
    row = desk.locator(".wish-row", has_text="Paul Roy")
    row.get_by_role("button", name="Places libres").click()
    row.get_by_role("button", name="Réserver").last.click()
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous pris")
    assert len(visits(world.house)) == 1


def test_the_desk_changes_and_withdraws_a_wish(desk: Page, world: World):
    wished(world.house, new_patient_account("Paul Roy"), weekdays=(0,))
    row = desk.locator(".wish-row", has_text="Paul Roy")
    for name in ("Modifier le souhait de Paul Roy", "Retirer le souhait de Paul Roy"):
        row.get_by_role("button", name=name).press("Enter")
        expect(desk.locator("dialog:modal :focus")).to_have_count(1)
        desk.keyboard.press("Escape")
        expect(row.get_by_role("button", name=name)).to_be_focused()
    row.get_by_role("button", name="Modifier").click()
    dialog = desk.get_by_role("dialog", name="Modifier le souhait")
    expect(dialog.get_by_label("Lundi")).to_be_checked()
    dialog.get_by_label("Mardi").check()
    dialog.get_by_role("button", name="Enregistrer le souhait").click()
    expect(row).to_contain_text("Lundi ou mardi")
    row.get_by_role("button", name="Retirer").click()
    desk.get_by_role("button", name="Retirer de la liste").click()
    expect(row).to_have_count(0)
    desk.get_by_role("button", name="Terminés").click()
    expect(row).to_contain_text("Retiré")


def test_the_list_fits_a_phone(browsers, world: World):
    wished(world.house, new_patient_account("Paul Roy"))
    page = browsers.open(world.practitioner.actor)
    page.goto("/agenda/attente")
    expect(page.locator(".wish-row")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    no_fault(page)
