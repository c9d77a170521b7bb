"""Two desks side by side: one gives an appointment, the other sees at which time."""

import pytest
from playwright.sync_api import expect

from tests.desk.world import World

pytestmark = pytest.mark.e2e


def test_the_colleague_s_agenda_shows_who_is_on_a_time_until_the_dialog_closes(browsers, world: World):
    desk, other = (browsers.open(person.actor, phone=False) for person in (world.secretary, world.practitioner))
    for page in (desk, other):
        page.goto(f"/agenda?jour={world.day().isoformat()}")
        expect(page.locator("#agenda")).to_be_visible()
    desk.get_by_role("button", name="Donner un rendez-vous à 8 h 00").first.click()
    dialog = desk.get_by_role("dialog", name="Nouveau rendez-vous")
    expect(dialog).to_be_visible()
    mark = other.get_by_text("Sylvie Moreau est sur ce créneau")
    expect(mark).to_be_visible()
    desk.keyboard.press("Escape")
    expect(mark).to_have_count(0)
    expect(desk.get_by_text("est sur ce créneau")).to_have_count(0)


def test_a_mark_goes_with_the_tab(browsers, world: World):
    desk, other = (browsers.open(person.actor, phone=False) for person in (world.secretary, world.practitioner))
    for page in (desk, other):
        page.goto(f"/agenda?jour={world.day().isoformat()}")
        expect(page.locator("#agenda")).to_be_visible()
    desk.get_by_role("button", name="Donner un rendez-vous à 8 h 00").first.click()
    mark = other.get_by_text("Sylvie Moreau est sur ce créneau")
    expect(mark).to_be_visible()
    desk.close()
    expect(mark).to_have_count(0)
