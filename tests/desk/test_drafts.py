"""What is being typed at the desk outlives a reload and a dialog closed by mistake, for its author, until it is sent, dropped or locked."""

import re

import pytest
from playwright.sync_api import Page, expect

from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.status import save_note
from maiia_pro.launcher.waiting import wait_until
from tests.desk.agenda_page import opened, visit
from tests.desk.world import World
from tests.tools.line import Line

pytestmark = pytest.mark.e2e
AGAIN, NOTE = "Brouillon repris", "Apporte ses radios"


@pytest.fixture
def desk(browsers, world: World) -> Page:
    """The secretary's screen."""
    return opened(browsers.open(world.secretary.actor, phone=False), world)


def choose(desk: Page, typed: str) -> None:
    desk.get_by_label("Chercher un patient").fill(typed)
    desk.locator(".booking-found button").first.click()


def test_a_booking_that_was_closed_or_reloaded_comes_back_but_not_for_another_patient_and_not_once_given(desk: Page, world: World):
    world.house.patient("Besson", "Guy")
    dialog, note = desk.get_by_role("dialog"), desk.get_by_role("dialog").get_by_label("Note du cabinet")
    desk.keyboard.press("n")
    choose(desk, "kel")
    desk.locator("#champ-time").fill("15h20")
    note.fill(NOTE)
    expect(dialog).to_contain_text("Keller")
    desk.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    desk.keyboard.press("n")
    expect(dialog).to_contain_text(AGAIN)
    expect(desk.get_by_role("button", name="Effacer le brouillon")).to_be_focused()
    expect(dialog.locator(".booking-patient")).to_contain_text("Keller")
    expect(note).to_have_value(NOTE)
    expect(desk.locator("#champ-time")).to_have_value("15h20")
    desk.reload()
    expect(dialog).to_contain_text(AGAIN)
    expect(note).to_have_value(NOTE)
    desk.keyboard.press("Escape")
    desk.keyboard.press("/")
    desk.keyboard.type("besson")
    desk.get_by_role("option", name="Guy Besson").click()
    expect(dialog.locator(".booking-patient")).to_contain_text("Besson")
    expect(note).to_have_value("")
    desk.keyboard.press("Escape")
    desk.keyboard.press("n")
    expect(note).to_have_value(NOTE)
    desk.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné")
    assert read_appointment(world.secretary.actor, world.house.appointments()[0].id).note == NOTE
    desk.keyboard.press("n")
    expect(desk.get_by_label("Chercher un patient")).to_be_focused()
    expect(note).to_have_value("")
    desk.get_by_role("button", name="Nouveau patient").click()
    desk.get_by_label("Nom", exact=True).fill("Moulin")
    desk.reload()
    expect(desk.get_by_label("Nom", exact=True)).to_have_value("Moulin")
    desk.get_by_role("button", name="Effacer le brouillon").click()
    expect(desk.get_by_label("Chercher un patient")).to_be_focused()
    desk.keyboard.press("Escape")
    desk.keyboard.press("n")
    expect(desk.get_by_label("Chercher un patient")).to_be_focused()
    expect(dialog).not_to_contain_text(AGAIN)


def test_what_is_typed_before_a_draft_is_back_or_while_the_line_is_cut_stays(browsers, world: World):
    page = browsers.open(world.secretary.actor, phone=False)
    line = Line(page)
    dialog, note = page.get_by_role("dialog"), page.get_by_role("dialog").get_by_label("Note du cabinet")
    opened(page, world)
    page.keyboard.press("n")
    choose(page, "kel")
    page.locator("#champ-time").fill("15h20")
    note.fill(NOTE)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    keys = page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:'))")
    assert keys == [f"draft:{world.secretary.actor.account_id.hex}:rendez-vous"]  # another of her name has drafts of their own
    line.hold(".resume")
    page.keyboard.press("n")
    note.fill("Tapé aussitôt")
    line.let_go()
    expect(dialog).to_contain_text(AGAIN)
    expect(dialog.locator(".booking-patient")).to_contain_text("Keller")
    expect(page.locator("#champ-time")).to_have_value("15h20")
    expect(note).to_have_value("Tapé aussitôt")
    line.cut()
    expect(page.locator(".live-cut")).to_have_count(1)
    note.fill("Tapé hors ligne")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    line.mend()
    expect(page.locator(".live-cut")).to_have_count(0, timeout=20_000)
    wait_until(line.is_read_again, 20)
    page.locator("#agenda-nouveau").click()
    expect(dialog).to_contain_text(AGAIN)
    expect(note).to_have_value("Tapé hors ligne")
    expect(dialog.locator(".booking-patient")).to_contain_text("Keller")


def test_a_note_is_typed_on_in_the_panel_opened_again_over_no_word_of_a_colleague_and_forgotten_by_the_lock(desk: Page, world: World):
    row = world.book(9)
    visit(desk).click()
    note = desk.get_by_role("complementary", name="Rendez-vous").get_by_label("Note du cabinet")
    note.fill(NOTE)
    save_note(world.practitioner.actor, row.id, "Celle du docteur", seen="")
    desk.reload()
    expect(visit(desk)).to_be_visible()
    expect(note).to_have_count(0)
    visit(desk).click()
    expect(note).to_have_value(NOTE)
    expect(desk.get_by_role("complementary", name="Rendez-vous")).to_contain_text(AGAIN)
    desk.get_by_role("button", name="Enregistrer la note").click()
    expect(desk.get_by_role("complementary", name="Rendez-vous")).to_contain_text("Note actuelle\u00a0: «\u00a0Celle du docteur\u00a0»")
    assert desk.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:')).length") == 1
    desk.keyboard.press("Alt+Shift+V")
    expect(desk).to_have_url(re.compile("/verrou|/connexion"))
    assert desk.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:'))") == []


def test_an_absence_and_a_wish_half_written_come_back(desk: Page, world: World):
    desk.goto("/agenda/absence")
    desk.get_by_label("Intitulé").fill("Congés")
    desk.reload()
    expect(desk.get_by_label("Intitulé")).to_have_value("Congés")
    desk.goto("/agenda/attente")
    desk.locator("#souhait-nouveau").click()
    choose(desk, "kel")
    desk.get_by_label("Avec").select_option(world.second.hex)
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    desk.locator("#souhait-nouveau").click()
    expect(desk.get_by_role("dialog")).to_contain_text(AGAIN)
    expect(desk.locator(".booking-patient")).to_contain_text("Keller")
    expect(desk.get_by_label("Avec")).to_have_value(world.second.hex)
