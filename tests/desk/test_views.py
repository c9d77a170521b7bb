"""What the agenda shows: day, week, list, filters, phone; one screen hears of the other, and says when it does not."""

import json
import re

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest as Put
from maiia_pro.agenda.changing import move_appointment
from maiia_pro.agenda.codes import Mode
from tests.desk.agenda_page import column, drag, opened, visit
from tests.desk.world import World
from tests.factories import House
from tests.tools.clean import faults

pytestmark = pytest.mark.e2e


def test_a_change_made_on_one_screen_slides_in_on_the_other_and_says_who_made_it(desk: Page, browsers, world: World):
    booked = world.book(9)
    other = browsers.open(world.practitioner.actor, phone=False)
    opened(desk, world)
    opened(other, world, "&praticien=tous")
    expect(visit(other)).to_be_visible()
    drag(desk, visit(desk), column(desk, 1), dy=(10 - 8) * 96 + 4)
    expect(column(other, 1).locator(f"[data-fresh] [data-visit='{booked.id.hex}']")).to_be_visible(timeout=2000)
    expect(other.locator(".key-bar [role=status]")).to_have_text("Sylvie Moreau vient de déplacer Josiane Keller à 10\u00a0h\u00a000")
    move_appointment(world.practitioner.actor, booked.id, Put(world.at(16), practitioner_id=world.first))
    expect(column(desk, 0).locator(f"[data-visit='{booked.id.hex}']")).to_be_visible(timeout=2000)
    expect(column(desk, 1).locator("[data-visit]")).to_have_count(0)


@pytest.mark.requirement(5)
def test_a_visit_booked_before_the_page_watched_shows_all_the_same(browsers, world: World):
    page = browsers.open(world.secretary.actor, phone=False)

    def late(route: WebSocketRoute) -> None:
        world.book(9)
        route.connect_to_server()

    page.route_web_socket(re.compile("/live$"), late)
    expect(visit(opened(page, world))).to_be_visible()


def test_every_visit_has_one_mode_and_the_agenda_filters_on_it(desk: Page, world: World):
    world.book(9)
    video = world.house.offering(world.house.reason(world.first, name="Téléconsultation", mode=Mode.VIDEO))
    other = world.house.patient("Besson", "Guy")
    slot = world.house.slot(10, 0, offering=world.house.offerings.index(video))
    book_slot(world.secretary.actor, BookingRequest(slot, patient_id=other))
    assert [row.mode for row in world.house.appointments()] == [Mode.IN_PERSON, Mode.VIDEO]
    opened(desk, world)
    modes = desk.get_by_role("combobox", name="Mode de consultation")
    modes.select_option("En vidéo")
    expect(desk.locator("[data-visit]")).to_have_count(1)
    expect(visit(desk, "Guy Besson")).to_have_attribute(
        "aria-label", "10\u00a0h\u00a000, Guy Besson, Téléconsultation, 20\u00a0min, prévu, en vidéo"
    )
    modes.select_option("Au cabinet")
    expect(desk.locator("[data-visit]")).to_have_count(1)
    expect(visit(desk)).to_be_visible()
    desk.keyboard.press("Escape")
    desk.get_by_role("link", name="Liste").click()
    expect(desk.locator("#agenda tbody tr")).to_have_count(1)
    modes.select_option("Cabinet et vidéo")
    expect(desk.locator("#agenda tbody tr")).to_have_count(2)


def test_the_day_the_week_and_the_list_have_addresses_of_their_own(browsers, world: World):
    world.book(9)
    page = opened(browsers.open(world.practitioner.actor, phone=False), world)
    expect(page.locator("[data-column]")).to_have_count(1)
    page.keyboard.press("s")
    expect(page.locator("[data-column]")).to_have_count(7)
    page.wait_for_url("**/agenda?*vue=semaine*")
    page.keyboard.press("l")
    expect(page.get_by_role("row").filter(has_text="Josiane Keller")).to_be_visible()
    page.go_back()
    expect(page.locator("[data-column]")).to_have_count(7)
    page.keyboard.press("j")
    expect(page.locator("[data-column]")).to_have_count(1)
    title = page.locator("h1").inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.locator("h1")).not_to_have_text(title)
    expect(page.locator("[data-visit]")).to_have_count(0)


def test_the_week_of_all_is_walked_by_keyboard_hears_of_changes_and_shows_where_there_is_room(desk: Page, world: World):
    booked = world.book(9)
    opened(desk, world, "&vue=semaine")
    mine = desk.locator(f'[data-column="{world.first.hex}-{world.day().isoformat()}"]')
    other = desk.locator(f'[data-column="{world.second.hex}-{world.day().isoformat()}"]')
    expect(mine.locator("[data-visit]")).to_contain_text("9\u00a0h\u00a000 Keller")
    expect(mine.get_by_role("button", name="Donner un rendez-vous")).to_contain_text("7\u00a0h\u00a040 dès 8\u00a0h\u00a000")
    other.get_by_role("button", name="Donner un rendez-vous").focus()
    desk.keyboard.press("ArrowUp")
    expect(mine.locator("[data-visit]")).to_be_focused()
    desk.keyboard.press("d")
    expect(desk.get_by_role("dialog")).to_contain_text("Déplacer")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    move_appointment(world.practitioner.actor, booked.id, Put(world.at(10), practitioner_id=world.second))
    expect(mine.locator("[data-visit]")).to_have_count(0)
    expect(other.locator("[data-visit]")).to_contain_text("10\u00a0h\u00a000 Keller")
    other.locator("[data-visit]").focus()
    desk.keyboard.press("c")
    expect(other.locator("[data-visit]")).to_have_attribute("data-status", "confirmed")
    desk.get_by_role("button", name="Créneaux seuls").click()
    expect(desk.locator("[data-visit]")).to_have_count(0)
    expect(desk).to_have_url(re.compile("vue=semaine.*creneaux=seuls"))
    desk.reload()
    expect(desk.get_by_role("button", name="Créneaux seuls")).to_have_attribute("aria-pressed", "true")
    expect(desk.locator("[data-visit]")).to_have_count(0)
    other.get_by_role("button", name="Donner un rendez-vous").press("Enter")
    expect(desk.get_by_role("dialog").get_by_label("Heure")).to_have_value("8h00")


def test_on_a_phone_one_column_is_shown_at_a_time(browsers, world: World):
    world.book(9)
    page = opened(browsers.open(world.secretary.actor), world)
    expect(page.locator("[data-column]")).to_have_count(1)
    expect(visit(page)).to_be_visible()
    page.locator(".agenda-heads button").nth(1).click()
    expect(page.locator("[data-visit]")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_whoever_was_let_no_agenda_learns_whom_to_ask_on_a_page_that_is_clean(browsers, clean_database):
    page = browsers.open(House().secretary())
    page.goto("/agenda")
    expect(page.get_by_role("heading", name="Aucun agenda ouvert")).to_be_visible()
    expect(page.get_by_text("il le règle dans Réglages, Équipe")).to_be_visible()
    assert faults(page) == []


def test_a_cut_line_greys_the_agenda_with_its_hour_and_it_is_read_again_when_it_holds(browsers, pages, world: World):
    booked = world.book(9)
    page = opened(browsers.open(world.secretary.actor, phone=False), world)
    expect(visit(page)).to_be_visible()
    pages.stop()
    try:
        expect(page.locator(".live-cut")).to_contain_text("Connexion interrompue depuis")
        expect(page.locator(".agenda-body")).to_have_css("filter", "grayscale(1)")
        expect(page.locator(".now-line").filter(visible=True)).to_have_count(0)
        expect(visit(page)).to_be_visible()
        move_appointment(world.practitioner.actor, booked.id, Put(world.at(16)))
    finally:
        pages.start()
    expect(page.locator(".live-cut")).to_have_count(0, timeout=20_000)
    expect(page.locator(".agenda-body")).to_have_css("filter", "none")
    expect(visit(page)).to_have_attribute(
        "aria-label", "16\u00a0h\u00a000, Josiane Keller, Consultation, 20\u00a0min, prévu", timeout=20_000
    )


def test_an_agenda_that_nothing_watches_is_grey_and_asks_again_until_it_is_watched(browsers, world: World):
    page = browsers.open(world.secretary.actor, phone=False)
    silent = [True]

    def refused(route: WebSocketRoute) -> None:
        if silent:
            route.on_message(lambda _: route.send(json.dumps({"refused": "unavailable", "message": "Le service ne répond pas."})))
        else:
            route.connect_to_server()

    page.route_web_socket(re.compile("/live$"), refused)
    opened(page, world)
    expect(page.locator(".live-cut")).to_contain_text("Connexion interrompue depuis")
    silent.clear()
    expect(page.locator(".live-cut")).to_have_count(0, timeout=20_000)
    world.book(9)
    expect(visit(page)).to_be_visible()
