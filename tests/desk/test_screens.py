"""The desk in Chromium: what a secretary and a practitioner do in a day, by hand and by keyboard, on one screen and on two."""

import json
import re
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest as Put
from maiia_pro.agenda.changing import move_appointment
from maiia_pro.agenda.codes import Mode, Status
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import libpq_url
from tests.desk.world import World
from tests.factories import House
from tests.tools.clean import faults

pytestmark = pytest.mark.e2e


def opened(page: Page, world: World, query: str = "", days: int = 1) -> Page:
    """Open the agenda on a coming day."""
    page.goto(f"/agenda?jour={world.day(days).isoformat()}{query}")
    expect(page.locator("#agenda")).to_be_visible()
    return page


def visit(page: Page, name: str = "Josiane Keller") -> Locator:
    """Give the block of a patient's visit."""
    return page.locator("[data-visit]", has_text=name).first


def drag(page: Page, what: Locator, where: Locator, *, dy: float = 4) -> None:
    """Drag the top of something to the top of something else."""
    start, end = what.bounding_box(), where.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 30, start["y"] + 4)
    page.mouse.down()
    page.mouse.move(end["x"] + 30, end["y"] + dy, steps=8)
    page.mouse.up()


def committed(page: Page) -> None:
    """Wait until the server has answered what was put down."""
    expect(page.get_by_role("region", name="Messages")).to_contain_text("rendez-vous")
    expect(page.locator("[data-pending]")).to_have_count(0)


def column(page: Page, number: int) -> Locator:
    """Give a column of the calendar."""
    return page.locator("[data-column]").nth(number)


def told(database: Any) -> list[str]:
    """List what patients are to be told of, in order."""
    with psycopg.connect(libpq_url(database.admin)) as connection:
        rows = connection.execute(
            "select args->>'event' from jobs.procrastinate_jobs where task_name = 'agenda.appointment_told' order by id"
        ).fetchall()
    return [row[0] for row in rows]


@pytest.fixture
def desk(browsers, world: World) -> Page:
    """The secretary's screen."""
    return browsers.open(world.secretary.actor, phone=False)


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


@pytest.mark.requirement(72)
def test_a_practitioner_sees_moves_and_cancels_an_appointment_the_patient_is_told_and_the_history_stays(browsers, world: World, database):
    booked = world.book(9)
    page = opened(browsers.open(world.practitioner.actor, phone=False), world, "&praticien=tous")
    drag(page, visit(page), column(page, 1), dy=(10 - 8) * 96 + 4)
    expect(column(page, 1).locator("[data-visit]")).to_have_attribute(
        "aria-label", "10\u00a0h\u00a000, Josiane Keller, Consultation, 20\u00a0min, prévu"
    )
    visit(page).click()
    panel = page.get_by_role("complementary", name="Rendez-vous")
    expect(panel).to_contain_text("Rendez-vous déplacé")
    expect(panel).to_contain_text("Par Sylvie Moreau, secrétariat, pour le compte de Dr Claire Vasseur")
    panel.get_by_role("button", name="Annuler").click()
    page.get_by_label("Mot pour le patient").fill("Le docteur est souffrant.")
    page.get_by_role("button", name="Annuler le rendez-vous").click()
    expect(panel).to_contain_text("Le docteur est souffrant.")
    expect(page.locator(".agenda [data-visit]")).to_have_count(0)
    detail = read_appointment(world.practitioner.actor, booked.id)
    assert [line.action.partition(":")[2] for line in detail.history] == ["booked", "moved", "cancelled"]
    assert told(database) == ["booked", "moved", "cancelled"]


def test_a_refused_drop_goes_back_with_the_sentence(desk: Page, world: World):
    world.book(9)
    other = world.house.patient("Besson", "Guy")
    book_slot(world.secretary.actor, BookingRequest(world.house.slot(10, 0), patient_id=other))
    opened(desk, world)
    drag(desk, visit(desk), visit(desk, "Guy Besson"))
    expect(desk.get_by_role("alert")).to_contain_text("Ce créneau vient d’être réservé.")
    expect(visit(desk)).to_have_attribute("aria-label", "9\u00a0h\u00a000, Josiane Keller, Consultation, 20\u00a0min, prévu")


def test_a_drag_can_be_undone(desk: Page, world: World):
    booked = world.book(9)
    opened(desk, world)
    drag(desk, visit(desk), column(desk, 0), dy=(11 - 8) * 96 + 4)
    expect(visit(desk)).to_have_attribute("aria-label", "11\u00a0h\u00a000, Josiane Keller, Consultation, 20\u00a0min, prévu")
    desk.get_by_role("button", name="Défaire").click()
    expect(desk.get_by_text("rendez-vous déplacé").nth(1)).to_be_visible()
    expect(desk.locator("[data-pending]")).to_have_count(0)
    expect(visit(desk)).to_have_attribute("aria-label", "9\u00a0h\u00a000, Josiane Keller, Consultation, 20\u00a0min, prévu")
    assert world.house.appointments()[0].starts_at == booked.starts_at


def test_the_lower_edge_changes_the_length(desk: Page, world: World):
    world.book(9)
    opened(desk, world)
    edge = desk.locator(".visit-edge").first
    box = edge.bounding_box()
    assert box
    desk.mouse.move(box["x"] + 30, box["y"] + 5)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 30, box["y"] + 5 + 16, steps=4)
    desk.mouse.up()
    committed(desk)
    expect(visit(desk)).to_have_attribute("aria-label", "9\u00a0h\u00a000, Josiane Keller, Consultation, 30\u00a0min, prévu")


def test_a_visit_moves_by_keyboard_alone(desk: Page, world: World):
    world.book(9)
    opened(desk, world)
    visit(desk).focus()
    for key in ("d", "ArrowDown", "ArrowDown", "ArrowRight"):
        desk.keyboard.press(key)
    expect(desk.locator("#agenda > [role=status]")).to_contain_text("9\u00a0h\u00a010")
    desk.keyboard.press("Enter")
    committed(desk)
    expect(column(desk, 1).locator("[data-visit]")).to_have_attribute(
        "aria-label", "9\u00a0h\u00a010, Josiane Keller, Consultation, 20\u00a0min, prévu"
    )


def test_escape_gives_a_drag_up(desk: Page, world: World):
    world.book(9)
    opened(desk, world)
    box = visit(desk).bounding_box()
    assert box
    desk.mouse.move(box["x"] + 30, box["y"] + 4)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 30, box["y"] + 200, steps=6)
    expect(desk.locator(".visit-ghost")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator(".visit-ghost")).to_have_count(0)
    desk.mouse.up()
    assert world.house.appointments()[0].version == 1


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
    desk.keyboard.type("15h20")
    expect(desk.get_by_role("dialog")).not_to_contain_text("proposé d’office")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné à Guy Besson")
    (visited,) = world.house.appointments()
    assert visited.starts_at.astimezone(ZoneInfo(world.house.zone)).strftime("%H:%M") == "15:20"
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
    expect(page.get_by_role("cell", name="Dr Claire Vasseur")).to_be_visible()
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
    expect(mine.locator("[data-visit]")).to_contain_text("9\u00a0h\u00a000Keller")
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
    expect(other.locator("[data-visit]")).to_contain_text("10\u00a0h\u00a000Keller")
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


def test_the_list_moves_and_cancels_without_a_drag(desk: Page, world: World):
    world.book(9)
    opened(desk, world, "&vue=liste")
    desk.get_by_role("button", name="Déplacer Josiane Keller").click()
    desk.get_by_role("dialog").get_by_label("Heure").fill("25h")
    desk.get_by_role("button", name="Déplacer le rendez-vous").click()
    expect(desk.get_by_role("dialog")).to_contain_text("Écrivez une heure entre")
    desk.get_by_role("dialog").get_by_label("Heure").fill("19h")
    desk.get_by_role("button", name="Déplacer le rendez-vous").click()
    expect(desk.get_by_role("dialog")).to_contain_text("En dehors des horaires de Dr Claire Vasseur")
    desk.get_by_role("dialog").get_by_label("Heure").fill("15h20")
    desk.get_by_role("button", name="Déplacer le rendez-vous").click()
    expect(desk.locator("#agenda tbody tr")).to_contain_text("15\u00a0h\u00a020")
    desk.get_by_role("button", name="Annuler Josiane Keller").click()
    desk.get_by_role("button", name="Annuler le rendez-vous").click()
    expect(desk.locator("#agenda tbody tr")).to_contain_text("Annulé")


def test_a_practice_without_practitioners_is_told_so(browsers, clean_database):
    from tests.factories import House

    page = browsers.open(House().secretary(), phone=False)
    page.goto("/agenda")
    expect(page.get_by_role("heading", name="Aucun praticien")).to_be_visible()


def test_on_a_phone_one_column_is_shown_at_a_time(browsers, world: World):
    world.book(9)
    page = opened(browsers.open(world.secretary.actor), world)
    expect(page.locator("[data-column]")).to_have_count(1)
    expect(visit(page)).to_be_visible()
    page.locator(".agenda-heads button").nth(1).click()
    expect(page.locator("[data-visit]")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.requirement(68)
def test_hours_exceptions_and_reasons_set_on_the_screen_give_the_expected_slots(browsers, world: World):
    page = browsers.open(world.practitioner.actor, phone=False)
    page.goto("/reglages")
    hours = page.get_by_role("form", name="Horaires").first
    for remove in range(14, 0, -1):
        hours.get_by_role("button", name="Retirer cette plage").first.click()
        expect(hours.get_by_role("button", name="Retirer cette plage")).to_have_count(remove - 1)
    day = world.day(2)
    names = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")
    name = names[day.weekday()]
    hours.get_by_role("button", name=f"Ajouter une plage, {name}").click()
    hours.get_by_label(f"{name}, ouvre à").fill("9h")
    hours.get_by_label(f"{name}, ferme à").fill("10h30")
    hours.get_by_role("button", name="Enregistrer les horaires").click()
    expect(page.get_by_role("region", name="Messages")).to_contain_text("Horaires enregistrés.")
    page.get_by_role("navigation", name="Sur cette page").get_by_role("link", name="Motifs de consultation").click()
    expect(page.get_by_role("heading", name="Motifs de consultation")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Ajouter une exception").click()
    page.get_by_label("Premier jour").fill(day.isoformat())
    page.locator("#champ-opens").fill("9h")
    page.locator("#champ-closes").fill("9h30")
    page.get_by_role("button", name="Enregistrer l’exception").click()
    expect(page.get_by_text("Exception enregistrée.").first).to_be_visible()
    page.get_by_role("button", name="Modifier Consultation").click()
    page.get_by_label("Durée (minutes)").fill("30")
    page.get_by_text("Marges et départs").click()
    page.get_by_label("Un départ toutes les (minutes)").fill("30")
    page.get_by_role("button", name="Enregistrer le motif").click()
    expect(page.get_by_text("Motif « Consultation » enregistré.").first).to_be_visible()
    window = FreeSlotQuery(begins=world.at(0, days=2), ends=world.at(23, 59, days=2), practitioner_ids=(world.first,))
    found = [slot.starts_at for slot in free_slots(Actor.anonymous(), window)]
    assert found == [world.at(9, 30, days=2), world.at(10, 0, days=2)]


def test_on_a_phone_a_settings_table_is_a_list_of_cards_that_name_each_value(browsers, world: World):
    page = browsers.open(world.practitioner.actor)
    page.goto("/reglages")
    table = page.get_by_role("table", name="Motifs de consultation")
    line = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Consultation"))
    expect(line).to_be_visible()
    cells = line.get_by_role("cell")
    labels = cells.evaluate_all("all => all.map(one => getComputedStyle(one, '::before').content)")
    assert [label.strip('"') for label in labels] == [
        f"{name}\u00a0:" for name in ("Durée et tarif", "Mode", "Lieux", "En ligne", "Actions")
    ]
    tops = cells.evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert tops == sorted(set(tops))
    assert table.evaluate("one => [one.scrollWidth <= one.clientWidth, one.getBoundingClientRect().right <= innerWidth]") == [True, True]
    page.set_viewport_size({"width": 1280, "height": 800})
    assert len(set(cells.evaluate_all("all => all.map(one => one.getBoundingClientRect().top)"))) == 1


@pytest.mark.requirement(71)
def test_a_secretary_is_shown_no_settings(desk: Page):
    desk.goto("/reglages")
    expect(desk.get_by_text("Les horaires et les motifs sont ceux de chaque praticien")).to_be_visible()
    expect(desk.get_by_role("button", name="Enregistrer")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_axe_violation_on_the_desk(browsers, world: World, scheme: str):
    world.book(9)
    page = browsers.open(world.practitioner.actor, phone=False)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found: dict[str, list[str]] = {}

    def check(place: str) -> None:
        found[place] = faults(page)

    opened(page, world, "&praticien=tous")
    check("jour")
    for key, typed, there, place in (
        ("?", "", page.get_by_role("dialog", name="Raccourcis clavier"), "touches"),
        ("/", "keller", page.get_by_role("option", name="Josiane Keller").first, "recherche"),
    ):
        page.keyboard.press(key)
        page.keyboard.type(typed)
        expect(there).to_be_visible()
        check(place)
        page.keyboard.press("Escape")
        expect(there).to_be_hidden()
    page.get_by_role("button", name="Retard").click()
    expect(page.get_by_role("dialog", name="Retard du jour")).to_be_visible()
    check("retard")
    page.keyboard.press("Escape")
    visit(page).click()
    expect(page.get_by_role("complementary", name="Rendez-vous")).to_contain_text("Historique")
    check("fiche")
    page.get_by_role("button", name="Déplacer").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check("déplacer")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("n")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Nouveau patient").click()
    expect(page.get_by_label("Prénom")).to_be_visible()
    check("nouveau")
    page.keyboard.press("Escape")
    opened(page, world, "&vue=liste")
    check("liste")
    opened(page, world, "&vue=semaine")
    check("semaine")
    opened(page, world, "&vue=semaine&praticien=tous")
    check("semaine de tous")
    page.goto("/reglages")
    expect(page.get_by_role("heading", name="Motifs de consultation")).to_be_visible()
    check("réglages")
    page.get_by_role("button", name="Ajouter un motif").click()
    expect(page.get_by_label("Nom du motif")).to_be_visible()
    check("motif")
    for path, name in (("/compte/code-pin", "Votre code PIN"), ("/demonstration/courriels", "Messages")):
        page.goto(path)
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
        check(path)
    assert found == {place: [] for place in found}


def test_an_agenda_without_a_practitioner_says_so_and_is_clean(browsers, clean_database):
    page = browsers.open(House().secretary())
    page.goto("/agenda")
    expect(page.get_by_role("heading", name="Aucun praticien")).to_be_visible()
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


def test_a_finger_held_on_a_visit_moves_it(browsers, world: World):
    world.book(9)
    page = opened(browsers.open(world.secretary.actor), world)
    box = visit(page).bounding_box()
    assert box
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, *points: tuple[float, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    x, y = box["x"] + 40, box["y"] + 6
    finger("touchStart", (x, y))
    expect(page.locator(".visit-ghost")).to_be_visible()
    for step in range(1, 9):
        finger("touchMove", (x, y + step * 12))
    expect(page.locator(".visit-ghost")).to_contain_text("10\u00a0h\u00a000")
    finger("touchEnd")
    committed(page)
    expect(visit(page)).to_have_attribute("aria-label", "10\u00a0h\u00a000, Josiane Keller, Consultation, 20\u00a0min, prévu")


def test_a_patient_who_has_another_visit_then_gets_this_one_only_when_it_is_confirmed_again(desk: Page, world: World):
    colleague = SlotKey(world.house.offerings[1], world.at(9))
    book_slot(world.secretary.actor, BookingRequest(colleague, patient_id=world.house.patients[0]))
    opened(desk, world)
    desk.locator("#agenda-nouveau").click()
    dialog = desk.get_by_role("dialog", name="Nouveau rendez-vous")
    dialog.get_by_label("Praticien").select_option(label="Dr Claire Vasseur")
    for name, value in (("Jour", world.day().isoformat()), ("Heure", "9h")):
        dialog.get_by_label(name, exact=name == "Jour").fill(value)
    dialog.get_by_label("Chercher un patient").fill("keller")
    dialog.get_by_role("button", name="Josiane Keller").first.click()
    dialog.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(dialog).to_contain_text("Ce patient a déjà un rendez-vous à cette heure (9\u00a0h\u00a000, Dr Claire Zeller, Angers).")
    assert len(world.house.appointments()) == 1
    dialog.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné à Josiane Keller")
    assert len(world.house.appointments()) == 2
