"""A series at the desk, in Chromium: repeated from the booking dialog, seen in the panel, moved as a whole."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from maiia_pro.agenda.tables import Appointment
from tests.desk.agenda_page import opened
from tests.desk.world import World

pytestmark = pytest.mark.e2e


@pytest.fixture
def desk(browsers, world: World) -> Page:
    """The secretary's screen."""
    return opened(browsers.open(world.secretary.actor, phone=False), world)


def repeat(page: Page, world: World) -> None:
    """Ask for an appointment tomorrow at nine, and to repeat it."""
    page.locator("#agenda-nouveau").click()
    dialog = page.locator("#nouveau-rendez-vous")
    dialog.get_by_label("Chercher un patient").fill("Keller")
    dialog.locator(".booking-found button").first.click()
    dialog.locator("#champ-day").fill(world.day().isoformat())
    dialog.locator("#champ-time").fill("9h")
    page.locator("#repeter-rendez-vous").click()
    expect(page.locator("#serie .series-line")).to_have_count(10)


def visits(world: World) -> list[Appointment]:
    """Read the visits that stand."""
    return [row for row in world.house.appointments() if row.active]


def test_a_series_is_repeated_from_the_booking_dialog_by_keyboard_and_told_in_the_panel(desk: Page, world: World):
    world.book(9, days=8)
    repeat(desk, world)
    series = desk.locator("#serie")
    expect(series.get_by_text("Josiane Keller · Dr Claire Vasseur · Consultation")).to_be_visible()
    expect(series.get_by_text("10 rendez-vous à donner\u00a0: 9 libres, 1 au plus proche.")).to_be_visible()
    assert Axe().run(desk, context="#serie").response["violations"] == []
    desk.keyboard.press("Escape")
    expect(series).to_be_hidden()
    expect(desk.locator("#repeter-rendez-vous")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(series.locator(":focus")).to_have_count(1)
    series.get_by_role("radio", name="À une date").click()
    expect(series.get_by_label("Dernier jour")).to_have_value((world.day() + timedelta(weeks=9)).isoformat())
    expect(series.locator(".series-line")).to_have_count(10)
    series.get_by_role("radio", name="Après un nombre de rendez-vous").click()
    series.get_by_role("textbox", name="Nombre de rendez-vous").fill("3")
    expect(series.locator(".series-line")).to_have_count(3)
    series.get_by_label("Que faire de cette date").focus()
    series.get_by_label("Que faire de cette date").select_option("force")
    expect(series.get_by_text("en surnombre.")).to_be_visible()
    desk.locator("#donner-serie").focus()
    desk.keyboard.press("Enter")
    expect(series).not_to_be_visible()
    expect(desk.locator("#nouveau-rendez-vous")).not_to_be_visible()
    assert [(row.series_id is not None, row.deliberate_overbooking) for row in visits(world)].count((True, True)) == 1
    opened(desk, world)
    desk.locator("#agenda").get_by_text("Keller").first.click()
    expect(desk.get_by_role("heading", name="Série\u00a0: 1er sur 3")).to_be_visible()


def test_a_date_lost_since_it_was_seen_is_marked_and_nothing_is_given(desk: Page, world: World):
    repeat(desk, world)
    world.book(9, days=15)
    desk.locator("#donner-serie").click()
    expect(desk.locator("#serie .series-lost")).to_have_text(re.compile("Vient d’être pris"))
    assert len(visits(world)) == 1


def test_the_whole_series_moves_from_the_dialog_of_one_and_says_what_is_in_the_way(desk: Page, world: World):
    repeat(desk, world)
    desk.locator("#donner-serie").click()
    expect(desk.locator("#serie")).not_to_be_visible()
    world.book(10, days=8)
    opened(desk, world)
    desk.locator("#agenda").get_by_text("Keller").first.click()
    desk.get_by_role("button", name="Déplacer", exact=True).click()
    dialog = desk.locator("#deplacer-rendez-vous")
    dialog.get_by_label("Heure").fill("10h")
    expect(dialog.get_by_label("Celui-ci et les suivants (10)")).to_be_visible()
    dialog.get_by_label("Tous ceux à venir (10)").check()
    dialog.get_by_role("button", name="Déplacer le rendez-vous").click()
    expect(dialog.locator(".series-obstacles li")).to_have_count(1)
    dialog.get_by_label("Heure").fill("11h")
    dialog.get_by_role("button", name="Déplacer le rendez-vous").click()
    expect(dialog).not_to_be_visible()
    assert {row.starts_at for row in visits(world) if row.series_id} == {world.at(11, days=1 + 7 * week) for week in range(10)}


def test_on_a_phone_every_date_is_a_card_within_the_screen(browsers, world: World):
    page = opened(browsers.open(world.secretary.actor, phone=True), world)
    world.book(9, days=8)
    repeat(page, world)
    inside = "[...document.querySelectorAll('#serie .series-line > *')].every((one) => one.getBoundingClientRect().right <= innerWidth)"
    assert page.evaluate(inside)
