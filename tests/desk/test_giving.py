"""Giving an appointment at the desk, by hand and by keyboard."""

from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.slots import SlotKey
from tests.desk.agenda_page import column, opened, told, visit
from tests.desk.world import World

pytestmark = pytest.mark.e2e


def test_a_secretary_books_in_eight_keystrokes(desk: Page, world: World, database):
    opened(desk, world, days=0)
    for count, key in enumerate(("/", "k", "e", "l"), 1):
        desk.keyboard.press(key)
        if count == 1:
            expect(desk.get_by_role("combobox", name="Chercher ou aller à")).to_be_focused()
    expect(desk.get_by_role("option", name="Josiane Keller").first).to_be_visible()
    desk.keyboard.press("Enter")
    confirm = desk.get_by_role("button", name="Confirmer le rendez-vous")
    expect(confirm).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné à Josiane Keller")
    assert [row.status for row in world.house.appointments()] == [Status.PLANNED]
    assert told(database) == ["booked"]


def test_the_key_n_begins_with_the_patient_and_books_by_keyboard_alone(desk: Page, world: World):
    world.house.patient("Besson", "Guy")
    opened(desk, world)
    desk.keyboard.press("n")
    search = desk.get_by_label("Chercher un patient")
    expect(search).to_be_focused()
    expect(desk.get_by_role("dialog")).to_contain_text("Premier créneau libre, proposé d’office")
    desk.keyboard.type("bes")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("dialog")).to_contain_text("Guy Besson")
    expect(desk.get_by_role("button", name="Confirmer le rendez-vous")).to_be_focused()
    desk.locator("#champ-time").focus()
    desk.keyboard.press("Control+a")
    desk.keyboard.type("17h35")  # what is proposed begins on a third of an hour
    expect(desk.get_by_role("dialog")).not_to_contain_text("proposé d’office")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné à Guy Besson")
    (visited,) = world.house.appointments()
    assert visited.starts_at.astimezone(ZoneInfo(world.house.zone)).strftime("%H:%M") == "17:35"
    desk.keyboard.press("n")
    expect(search).to_be_focused()


def test_several_patients_of_a_name_are_chosen_with_the_arrows(desk: Page, world: World):
    opened(desk, world)
    desk.keyboard.press("n")
    search = desk.get_by_label("Chercher un patient")
    expect(search).to_be_focused()
    desk.keyboard.type("kel")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("dialog")).to_contain_text("Plusieurs patients correspondent")
    expect(search).to_be_focused()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    expect(desk.locator(".booking-found button").nth(1)).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Confirmer le rendez-vous")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné à Josiane Keller")


def test_confirming_without_a_patient_says_what_is_missing_and_books_nothing(desk: Page, world: World):
    opened(desk, world)
    desk.keyboard.press("n")
    expect(desk.get_by_label("Chercher un patient")).to_be_focused()
    desk.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(desk.locator(".error-summary")).to_be_focused()
    expect(desk.locator(".error-summary")).to_contain_text("Choisissez un patient, ou «\u00a0Nouveau patient\u00a0».")
    desk.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(desk.locator(".error-summary")).to_be_focused()  # the same is wrong again: it is said again
    assert world.house.appointments() == []


def test_a_time_outside_the_hours_is_said_at_once_and_booked_all_the_same(desk: Page, world: World):
    opened(desk, world)
    column(desk, 0).locator("[data-free]").nth(1).click()
    dialog, said = desk.get_by_role("dialog"), "En dehors des horaires de Dr Claire Vasseur"
    expect(desk.locator("#champ-time")).to_have_value("14h00")
    expect(dialog).not_to_contain_text(said)
    desk.locator("#champ-time").fill("19h30")
    expect(dialog.get_by_role("status").filter(has_text=said)).to_be_visible()
    desk.locator("#champ-time").fill("15h")
    expect(dialog).not_to_contain_text(said)
    desk.locator("#champ-length").fill("240")
    expect(dialog).to_contain_text(said)
    desk.locator("#champ-time").fill("19h30")
    desk.locator("#champ-length").fill("20")
    desk.get_by_label("Chercher un patient").fill("kel")
    dialog.get_by_role("button", name="Josiane Keller").first.click()
    desk.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné à Josiane Keller")
    assert [row.starts_at for row in world.house.appointments()] == [world.at(19, 30)]


def test_another_reason_keeps_the_day_and_time_that_were_typed(desk: Page, world: World):
    world.house.offering(world.house.reason(world.first, name="Suivi"))
    opened(desk, world)
    column(desk, 0).locator("[data-free]").nth(1).click()
    desk.locator("#champ-day").fill(world.day(3).isoformat())
    desk.locator("#champ-time").fill("16h40")
    desk.locator("#champ-reason").select_option("Suivi")
    expect(desk.locator("#champ-time")).to_have_value("16h40")
    expect(desk.locator("#champ-day")).to_have_value(world.day(3).isoformat())


def test_free_time_opens_the_dialog_on_its_place_and_a_new_patient_is_booked(desk: Page, world: World):
    opened(desk, world)
    column(desk, 1).locator("[data-free]").nth(1).click()
    expect(desk.locator("#champ-time")).to_have_value("14h00")
    desk.get_by_label("Chercher un patient").fill("Moulin")
    desk.get_by_role("button", name="Nouveau patient").click()
    expect(desk.get_by_label("Nom", exact=True)).to_have_value("Moulin")
    desk.get_by_label("Date de naissance").fill("31/02/1990")
    desk.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(desk.locator(".error-summary")).to_contain_text("Écrivez le prénom.")
    desk.get_by_label("Prénom").fill("Inès")
    desk.get_by_label("Date de naissance").fill("12/03/81")
    desk.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(visit(desk, "Inès Moulin")).to_have_attribute("aria-label", "14\u00a0h\u00a000, Inès Moulin, Consultation, 20\u00a0min, prévu")


def test_a_taken_time_keeps_the_dialog_and_what_was_typed(desk: Page, world: World):
    opened(desk, world)
    column(desk, 0).locator("[data-free]").nth(1).click()
    desk.get_by_label("Chercher un patient").fill("kel")
    desk.get_by_role("button", name="Josiane Keller").first.click()
    desk.get_by_label("Note du cabinet").fill("À jeun")
    world.book(14)
    desk.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(desk.get_by_role("dialog")).to_contain_text("Ce créneau vient d’être réservé.")
    expect(desk.get_by_label("Note du cabinet")).to_have_value("À jeun")


def test_a_patient_who_has_another_visit_then_gets_this_one_only_when_it_is_confirmed_again(desk: Page, world: World):
    colleague = SlotKey(world.house.offerings[1], world.at(9))
    book_slot(world.secretary.actor, BookingRequest(colleague, patient_id=world.house.patients[0]))
    opened(desk, world)
    desk.locator("#agenda-nouveau").click()
    dialog = desk.get_by_role("dialog", name="Nouveau rendez-vous")
    dialog.get_by_label("Praticien").select_option(label="Dr Claire Vasseur")
    anew: list[str] = []
    desk.on("websocket", lambda line: anew.append(line.url))
    for name, value in (("Heure", "93"), ("Jour", world.day().isoformat()), ("Heure", "9h")):
        dialog.get_by_label(name, exact=name == "Jour").fill(value)
    dialog.get_by_label("Chercher un patient").fill("keller")
    dialog.get_by_role("button", name="Josiane Keller").first.click()
    dialog.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(dialog).to_contain_text("Ce patient a déjà un rendez-vous à cette heure (9\u00a0h\u00a000, Dr Claire Zeller, Angers).")
    assert len(world.house.appointments()) == 1
    dialog.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné à Josiane Keller")
    assert len(world.house.appointments()) == 2
    assert anew == []  # an hour that does not exist, half typed, cuts no line
