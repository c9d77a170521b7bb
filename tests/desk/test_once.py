"""What the desk lists, it lists once, and counts what was found only."""

import pytest
from playwright.sync_api import Page, expect

from tests.desk.agenda_page import opened
from tests.desk.world import World

pytestmark = pytest.mark.e2e


@pytest.fixture
def desk(browsers, world: World) -> Page:
    """The secretary's screen."""
    return opened(browsers.open(world.secretary.actor, phone=False), world)


def test_the_map_of_shortcuts_names_each_of_them_once(desk: Page):
    expect(desk.locator("#creneau-1")).to_be_visible()
    desk.keyboard.press("?")
    named = desk.locator(".shortcut-map dt")
    expect(named.filter(has_text="Prendre un créneau")).to_have_count(1)
    assert len(set(named.all_inner_texts())) == named.count()


def test_the_way_to_a_new_record_is_not_counted_as_a_result(desk: Page):
    desk.keyboard.press("/")
    desk.keyboard.type("zzz")
    expect(desk.get_by_role("option", name="Nouveau patient")).to_be_visible()
    expect(desk.get_by_role("dialog").get_by_role("status")).to_have_text("Aucun résultat")


def test_a_cancelled_visit_does_not_look_like_a_planned_one(desk: Page, world: World):
    world.book(9)
    opened(desk, world, "&vue=liste")
    desk.get_by_role("button", name="Annuler Josiane Keller").click()
    dialog = desk.get_by_role("alertdialog")
    dialog.get_by_role("button", name="Annuler le rendez-vous").click()
    for pill in (desk.locator("#agenda [data-label=Statut] .chip"), desk.get_by_role("complementary").locator(".chip-danger")):
        expect(pill).to_have_text("Annulé")
        expect(pill).to_contain_class("chip-danger")
