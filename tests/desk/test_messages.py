"""Messages of the screens: they leave with their page, wait for who needs time, and never come twice."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.desk.agenda_page import opened, visit
from tests.desk.world import World

pytestmark = pytest.mark.e2e


def confirmed(page: Page, world: World) -> Locator:
    """Confirm a visit by its key, and give the messages that say so."""
    world.book(9)
    opened(page, world, "&vue=liste")
    visit(page).focus()
    page.keyboard.press("c")
    messages = page.get_by_role("region", name="Messages").locator(".toast")
    expect(messages).to_have_count(1)
    expect(messages).to_contain_text("Josiane Keller a confirmé.")
    return messages


@pytest.fixture
def desk(browsers, world: World) -> Page:
    """The secretary's screen."""
    return browsers.open(world.secretary.actor, phone=False)


def test_a_message_leaves_with_its_page(desk: Page, world: World):
    messages = confirmed(desk, world)
    desk.get_by_role("link", name="Demandes").click()
    expect(desk.get_by_role("heading", name="Demandes", level=1)).to_be_visible()
    expect(messages).to_have_count(0)
    desk.go_back()
    expect(visit(desk)).to_be_visible()
    expect(messages).to_have_count(0)


def test_a_message_is_not_shown_again_once_the_page_is_loaded_anew(desk: Page, world: World):
    messages = confirmed(desk, world)
    desk.reload()
    expect(visit(desk)).to_be_visible()
    expect(messages).to_have_count(0)


def test_a_message_with_a_button_waits_twenty_seconds_and_longer_for_who_is_on_it(desk: Page, world: World):
    desk.clock.install()
    messages = confirmed(desk, world)
    desk.clock.run_for(18_000)
    expect(messages).to_have_count(1)
    messages.get_by_role("button", name="Défaire").focus()
    desk.clock.run_for(30_000)
    expect(messages).to_have_count(1)
    visit(desk).focus()
    desk.clock.run_for(21_000)
    expect(messages).to_have_count(0)


def test_on_a_phone_a_message_stands_at_the_top_away_from_what_one_does_next(browsers, world: World):
    box = confirmed(browsers.open(world.secretary.actor), world).bounding_box()
    assert box
    assert box["y"] + box["height"] <= 200


def test_who_is_sent_to_sign_in_reads_no_warning_there(browsers, world: World):
    page = browsers.open(phone=False)
    page.goto("/agenda")
    page.wait_for_url("**/connexion?**")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)
