"""A reception computer that two secretaries share: locked by one, unlocked by the other, each with her own acts, no draft left."""

import re
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.identity.cookies import cookie_name, device_cookie_name
from maiia_pro.identity.locking import MOST_WRONG
from maiia_pro.identity.pins import choose_pin
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.sign_in import sign_in
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.tables import AuditEntry
from tests.desk.agenda_page import opened
from tests.desk.world import World
from tests.factories import PASSWORD, email_of

pytestmark = pytest.mark.e2e

SYLVIE, MARC = "4071", "830617"


@pytest.fixture
def colleague(world: World) -> Actor:
    """The other secretary."""
    return world.house.secretary("Marc Tanguy")


@pytest.fixture
def screen(browsers, base_url: str, world: World, colleague: Actor) -> Page:
    """A browser where both signed in by password, Sylvie last."""
    device, token = "", ""
    for actor, pin in ((colleague, MARC), (world.secretary.actor, SYLVIE)):
        signed = sign_in(Actor.anonymous(), email_of(actor), PASSWORD, "192.0.2.1", device)
        choose_pin(signed.actor, PASSWORD, pin)
        device, token = signed.device, signed.token
    page = browsers.open(phone=False)
    values = ((cookie_name(), token), (device_cookie_name(), device))
    page.context.add_cookies(
        [{"name": name, "value": value, "url": base_url, "httpOnly": True, "sameSite": "Lax"} for name, value in values]
    )
    return page


def locked(page: Page, keys: str = "Control+Alt+l") -> Page:
    """Lock by the key, and wait for the lock screen."""
    page.keyboard.press(keys)
    return at_the_lock(page)


def at_the_lock(page: Page) -> Page:
    expect(page.get_by_role("heading", name="Écran verrouillé")).to_be_visible()
    expect(page.get_by_role("radio", name="Sylvie Moreau")).to_be_visible()
    return page


def come_back(page: Page, name: str, pin: str) -> None:
    page.get_by_role("radio", name=name).check()
    page.get_by_label("Code PIN").fill(pin)
    page.get_by_label("Code PIN").press("Enter")


def test_two_secretaries_share_a_screen_and_each_keeps_her_acts_and_leaves_no_draft(screen: Page, world: World, base_url: str):
    world.book(9)
    screen.goto("/demandes?nouvelle=oui")
    screen.get_by_label("Nom de l’appelant").fill("Madame Roux rappellera")
    opened(screen, world, "&vue=liste")
    expect(screen.locator("#agenda")).to_contain_text("Josiane Keller")
    second = screen.context.new_page()
    opened(second, world)
    address = screen.url
    locked(screen)
    at_the_lock(second)  # every tab of the browser
    assert "Keller" not in screen.content() + second.content()
    assert Axe().run(screen).response["violations"] == []
    screen.goto("/agenda")  # neither leaving nor loading again unlocks
    at_the_lock(screen)
    screen.goto("/verrou?suite=" + quote(address.removeprefix(base_url)))
    at_the_lock(screen)
    come_back(screen, "Marc Tanguy", MARC)
    expect(screen.get_by_role("button", name=re.compile("Compte : .*Marc Tanguy"))).to_be_visible()
    expect(screen).to_have_url(address)
    expect(second.get_by_role("button", name=re.compile("Compte : .*Marc Tanguy"))).to_be_visible()
    expect(screen.locator("#agenda")).to_contain_text("Josiane Keller")
    screen.keyboard.press("n")
    screen.get_by_label("Chercher un patient").fill("kel")
    screen.locator(".booking-found button").first.click()
    screen.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(screen.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné à Josiane Keller")
    with reading() as session:
        booked = select(AuditEntry.actor_name).where(AuditEntry.action == AuditAction.APPOINTMENT_BOOKED).order_by(AuditEntry.sequence)
        assert session.exec(booked).all() == ["Sylvie Moreau", "Marc Tanguy"]
    screen.goto("/demandes?nouvelle=oui")
    expect(screen.get_by_label("Nom de l’appelant")).to_have_value("")
    come_back(locked(screen), "Sylvie Moreau", SYLVIE)
    expect(screen.get_by_label("Nom de l’appelant")).to_have_value("")  # nothing that somebody typed waits on a shared screen


def test_five_wrong_pins_ask_for_the_password_again_and_leave_the_colleague_alone(screen: Page, world: World, base_url: str):
    opened(screen, world)
    locked(screen, "Alt+Shift+V")  # some desktops keep the other one for themselves
    for left in range(MOST_WRONG - 1, 0, -1):
        come_back(screen, "Sylvie Moreau", "9999")
        expect(screen.locator("#contenu").get_by_role("alert")).to_contain_text(f"Il vous reste {left}")
    come_back(screen, "Sylvie Moreau", "9999")
    expect(screen.get_by_role("radio", name="Sylvie Moreau")).to_have_count(0)
    come_back(screen, "Marc Tanguy", MARC)
    expect(screen.locator("#agenda")).to_be_visible()
    token = next(one["value"] for one in screen.context.cookies(base_url) if one["name"] == cookie_name())
    assert actor_of_token(token).name == "Marc Tanguy"


def test_a_screen_left_alone_locks_by_itself(screen: Page, world: World, base_url: str):
    screen.clock.install()
    opened(screen, world)
    token = next(one["value"] for one in screen.context.cookies(base_url) if one["name"] == cookie_name())
    screen.mouse.move(200, 200)
    screen.clock.fast_forward("09:00")
    screen.mouse.move(300, 300)
    screen.clock.fast_forward("09:00")
    expect(screen.locator("#agenda")).to_be_visible()
    assert actor_of_token(token).kind is ActorKind.SECRETARY
    screen.clock.fast_forward("02:00")
    at_the_lock(screen)
    assert actor_of_token(token).kind is ActorKind.LOCKED


def test_a_call_that_comes_to_a_locked_screen_leads_to_the_caller_once_it_is_unlocked(screen: Page, world: World):
    aline = world.house.patient("Roux", "Aline", phone="+33612345678")
    book_slot(world.secretary.actor, BookingRequest(world.house.slot(9), patient_id=aline))
    opened(screen, world)
    locked(screen)
    screen.goto("/appel?numero=0033612345678")
    come_back(at_the_lock(screen), "Marc Tanguy", MARC)
    people = screen.get_by_role("list", name="Patients qui ont ce numéro")
    expect(people).to_contain_text("Prochain rendez-vous\u00a0: demain, 9\u00a0h\u00a000, Dr Claire Vasseur")
    screen.keyboard.press("n")
    expect(screen.get_by_role("dialog")).to_contain_text("Aline Roux")
    screen.goto("/appel?numero=0033612345678")
    expect(people).to_contain_text("Aline Roux")
    screen.keyboard.press("o")
    expect(screen.get_by_role("complementary", name="Rendez-vous")).to_contain_text("Aline Roux")
    screen.goto("/appel?numero=anonymous")
    expect(screen.get_by_role("heading", name="Numéro masqué")).to_be_visible()
    screen.goto("/appel?numero=%2B33698765432")
    expect(screen.get_by_role("dialog").get_by_label("Téléphone")).to_have_value(re.compile("06.98.76.54.32"))
    world.house.patient("Roux", "Paul", phone="+33612345678")
    screen.goto("/appel?numero=0612345678%23204")
    expect(people.get_by_role("listitem")).to_have_count(2)
    assert Axe().run(screen).response["violations"] == []
    screen.keyboard.press("2")
    expect(screen.get_by_role("link", name="Donner un rendez-vous à Paul Roux")).to_be_focused()
    screen.keyboard.press("Enter")
    expect(screen.get_by_role("dialog")).to_contain_text("Paul Roux")
