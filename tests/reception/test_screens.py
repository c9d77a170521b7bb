"""The reception in Chromium: the poster at the desk, the door on a phone, delays seen by both at once."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.patients.tables import Patient, Person
from maiia_pro.reception.posters import issue_poster
from maiia_pro.reception.tables import SiteDoor
from tests.desk.agenda_page import opened, visit
from tests.desk.world import World

pytestmark = pytest.mark.e2e


def soon(world: World) -> SlotKey:
    """A visit of today that begins in ten minutes, or now where that would be tomorrow."""
    now, zone = clock.now().replace(second=0, microsecond=0), ZoneInfo(world.house.zone)
    later = now + timedelta(minutes=10)
    return SlotKey(world.house.offerings[0], later if later.astimezone(zone).date() == now.astimezone(zone).date() else now)


def booked(world: World) -> None:
    book_slot(world.secretary.actor, BookingRequest(soon(world), patient_id=world.house.patients[0]))


def link_record(world: World, actor: Actor) -> None:
    """Tie the practice's record to the patient's account."""
    with transaction() as session:
        person = session.exec(select(Person).where(Person.account_id == actor.account_id)).one()
        record = session.get_one(Patient, world.house.patients[0])
        record.person_id = person.id


def door(world: World) -> str:
    issue_poster(world.secretary.actor, world.house.sites[0])
    with reading() as session:
        return f"/arrivee?porte={session.exec(select(SiteDoor.token)).one()}"


def sound(page: Page) -> None:
    """Nothing that a screen reader trips over, nothing wider than the screen."""
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_desk_prints_a_poster_and_voids_it(browsers, world: World):
    page = browsers.open(world.secretary.actor, phone=False)
    page.goto("/agenda/affiche")
    page.get_by_role("button", name="Créer l’affiche").click()
    code = page.get_by_role("img", name="Code QR")
    expect(code).to_be_visible()
    before = code.locator("path").get_attribute("d")
    page.get_by_role("button", name="Changer le code").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Changer le code").click()
    expect(page.get_by_role("region", name="Messages").get_by_text("Le code est changé.")).to_be_visible()
    assert code.locator("path").get_attribute("d") != before
    sound(page)


def test_one_tap_at_the_door_shows_at_the_desk_at_once(browsers, world: World, patient):
    booked(world)
    link_record(world, patient)
    phone = browsers.open(patient)
    phone.goto(door(world))
    signal = phone.get_by_role("button", name="Signaler mon arrivée")
    expect(signal).to_be_visible()
    desk = opened(browsers.open(world.secretary.actor, phone=False), world, days=0)
    sound(phone)
    signal.tap()
    expect(phone.get_by_text("Votre arrivée est signalée")).to_be_visible()
    expect(visit(desk)).to_have_attribute("data-status", "arrived")


@pytest.mark.parametrize(("name", "status"), [("keller", Status.ARRIVED), ("Kellerer", Status.PLANNED)])
def test_without_an_account_the_answer_is_the_same_whether_or_not_it_fits(browsers, world: World, name: str, status: Status):
    booked(world)
    phone = browsers.open()
    phone.goto(door(world))
    sound(phone)
    phone.get_by_label("Nom de famille").fill(name)
    phone.get_by_label("Date de naissance").fill("17/04/1953")
    phone.get_by_role("button", name="Signaler mon arrivée").tap()
    expect(phone.get_by_text("Si un rendez-vous vous attend maintenant à ce nom")).to_be_visible()
    assert world.house.appointments()[0].status == status


def test_a_poster_that_is_no_longer_valid_says_so(browsers, world: World):
    phone = browsers.open()
    phone.goto("/arrivee?porte=inconnue")
    expect(phone.get_by_text("Cette affiche n’est plus valable. Présentez-vous à l’accueil.")).to_be_visible()


def test_a_delay_of_one_click_shows_on_the_patients_page_at_once(browsers, world: World, patient):
    booked(world)
    link_record(world, patient)
    phone = browsers.open(patient)
    phone.goto("/rendez-vous")
    expect(phone.get_by_role("region", name="Rendez-vous à venir").get_by_role("article")).to_have_count(1)
    desk = opened(browsers.open(world.secretary.actor, phone=False), world, days=0)
    desk.get_by_role("button", name="Retard").click()
    dialog = desk.get_by_role("dialog", name="Retard du jour")
    dialog.get_by_role("button", name="+\u00a020\u00a0min de retard, Dr Claire Vasseur").click()
    expect(phone.get_by_text("Dr Claire Vasseur : environ 20\u00a0min de retard")).to_be_visible()
    sound(desk)
    dialog.get_by_role("button", name="À l’heure, Dr Claire Vasseur").click()
    expect(phone.get_by_text("de retard")).to_have_count(0)
