"""The same pages in Firefox: found, booked, and kept at the desk, without a complaint of the browser."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from maiia_pro.identity.cookies import cookie_name
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.practice.tables import Practitioner
from tests.desk.world import World
from tests.factories import new_patient_account, session_token
from tests.tools.firefox import Firefox, Tab
from tests.tools.pages import Pages

pytestmark = pytest.mark.e2e
PHONE = 360
DESK = 1280
WIDTH = "document.documentElement.scrollWidth"
FOCUS = "document.activeElement"


@pytest.fixture(scope="module")
def firefox() -> Iterator[Firefox]:
    """One Firefox for the module."""
    with Firefox() as running:
        yield running


def signed_in(actor: Actor) -> tuple[str, str]:
    return cookie_name(), session_token(actor)


def at_rest(tab: Tab, width: int) -> None:
    """Hold the page to the screen, and the browser to silence."""
    assert tab.read(WIDTH) <= width
    assert tab.complaints() == []


def test_firefox_shows_a_visitor_the_cards_of_a_search_and_the_slots_of_a_profile(firefox: Firefox, pages: Pages, world: World):
    with reading() as session:
        slug = session.exec(select(Practitioner.slug).where(Practitioner.id == world.first)).one()
    tab = firefox.open(PHONE)
    tab.goto(f"{pages.address}/?quoi=vasseur")
    tab.until(lambda: tab.named("heading", "Dr Claire Vasseur"), "La carte ne vient pas.")
    at_rest(tab, PHONE)
    tab.goto(f"{pages.address}/medecin/{slug}")
    tab.until(lambda: tab.read("document.querySelectorAll('[data-slot]').length"), "Les créneaux ne viennent pas.")
    at_rest(tab, PHONE)


def test_a_patient_books_in_firefox_in_at_most_five_clicks(firefox: Firefox, pages: Pages, world: World):
    tab = firefox.open(PHONE, cookie=signed_in(new_patient_account()))
    tab.goto(f"{pages.address}/?quoi=vasseur")
    tab.click(".next-slots a")
    tab.until(lambda: tab.named("button", "Confirmer le rendez-vous"), "Le bouton ne vient pas.")
    at_rest(tab, PHONE)
    tab.click("main .button-primary")
    tab.sees("C’est confirmé")
    at_rest(tab, PHONE)
    assert tab.clicks <= 5
    assert len(world.house.appointments()) == 1


def test_a_secretary_keeps_the_agenda_by_keyboard_in_firefox(firefox: Firefox, pages: Pages, world: World):
    world.book(9)
    tab = firefox.open(DESK, cookie=signed_in(world.secretary.actor))
    tab.goto(f"{pages.address}/agenda?jour={world.day().isoformat()}")
    tab.until(lambda: tab.read("document.querySelectorAll('[data-visit]').length"), "L’agenda ne se peint pas.")
    tab.press("/")
    tab.until(lambda: tab.read(f"{FOCUS}.role === 'combobox'"), "La recherche ne s’ouvre pas.")
    tab.press(*"kel")
    tab.sees("Josiane Keller")
    tab.press("Escape")
    tab.until(lambda: not tab.read("!!document.querySelector('dialog[open]')"), "La recherche ne se ferme pas.")
    tab.press("n")
    tab.until(lambda: tab.named("dialog", "Nouveau rendez-vous"), "Le rendez-vous ne s’ouvre pas.")
    at_rest(tab, DESK)
    tab.press("Escape")
    tab.until(lambda: not tab.named("dialog", "Nouveau rendez-vous"), "Le rendez-vous ne se ferme pas.")
    at_rest(tab, DESK)
