"""The desk on a phone: the list as cards, a toolbar that leaves room, the week at its day."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.desk.agenda_page import opened, visit
from tests.desk.world import World

pytestmark = pytest.mark.e2e


@pytest.fixture
def phone(browsers, world: World) -> Page:
    """The secretary's phone."""
    return browsers.open(world.secretary.actor)


def test_the_list_is_made_of_cards_that_name_each_value_and_hold_the_actions(phone: Page, world: World):
    world.book(9)
    opened(phone, world, "&vue=liste")
    card = phone.get_by_role("row").filter(has=phone.get_by_role("rowheader", name="Josiane Keller"))
    for label in ("Heure", "Motif", "Praticien", "Mode", "Statut"):
        expect(card.locator(f"[data-label={label}]")).to_be_in_viewport(ratio=1)
    expect(card.locator("[data-label=Statut]")).to_have_text("Prévu")
    expect(card.get_by_role("button", name="Annuler Josiane Keller")).to_be_in_viewport(ratio=1)
    assert phone.locator(".agenda-list").evaluate("one => one.scrollWidth <= one.clientWidth")


def test_the_toolbar_shows_the_day_and_keeps_the_filters_behind_one_button(phone: Page, world: World):
    world.book(9)
    opened(phone, world)
    modes = phone.get_by_role("combobox", name="Mode de consultation")
    expect(phone.get_by_label("Aller au jour")).to_have_value(world.day().isoformat())
    expect(modes).to_be_hidden()
    bar = phone.locator(".agenda-toolbar").bounding_box()
    assert bar
    assert bar["height"] <= 150
    expect(phone.get_by_role("button", name="Retard")).to_be_in_viewport(ratio=1)
    expect(phone.get_by_role("link", name="Absence")).to_be_in_viewport(ratio=1)
    phone.get_by_role("button", name="Filtres").click()
    expect(phone.get_by_role("link", name="Imprimer")).to_be_in_viewport(ratio=1)
    modes.select_option("En vidéo")
    phone.get_by_role("button", name="Voir l’agenda").click()
    expect(modes).to_be_hidden()
    expect(phone.get_by_role("button", name="Filtres (1)")).to_be_visible()
    expect(visit(phone)).to_have_count(0)


def test_a_week_opens_on_the_day_one_came_from(phone: Page, world: World):
    day = world.day() + timedelta(days=(4 - world.day().weekday()) % 7)
    phone.goto(f"/agenda?jour={day.isoformat()}&vue=semaine&praticien=tous")
    expect(phone.get_by_role("heading", name=f"Vendredi {day.day}")).to_be_in_viewport()
    phone.goto(f"/agenda?jour={day.isoformat()}&vue=semaine&praticien={world.first.hex}")
    expect(phone.locator(".agenda-heads [aria-pressed=true]")).to_have_text(re.compile(f"^Vendredi {day.day}"))


def test_the_toolbar_keeps_to_two_lines_beside_an_open_visit(browsers, world: World):
    world.book(9)
    page = opened(browsers.open(world.secretary.actor, phone=False), world)
    visit(page).click()
    expect(page.get_by_role("complementary", name="Rendez-vous")).to_contain_text("Historique")
    for width in (1280, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        bar = page.locator(".agenda-toolbar").bounding_box()
        assert bar
        assert bar["height"] <= 110
        expect(page.get_by_role("combobox", name="Mode de consultation")).to_be_in_viewport(ratio=1)
