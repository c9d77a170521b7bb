"""Moving and cancelling at the desk: a drag, a finger, the keyboard, the list."""

import pytest
from playwright.sync_api import Page, expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.detail import read_appointment
from tests.desk.agenda_page import column, committed, drag, opened, told, visit
from tests.desk.world import World

pytestmark = pytest.mark.e2e


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


def test_the_list_moves_and_cancels_without_a_drag(desk: Page, world: World):
    world.book(9)
    opened(desk, world, "&vue=liste")
    desk.get_by_role("button", name="Déplacer Josiane Keller").click()
    desk.get_by_role("dialog").get_by_label("Heure").fill("25h")
    desk.get_by_role("button", name="Déplacer le rendez-vous").click()
    expect(desk.get_by_role("dialog")).to_contain_text("Écrivez une heure")
    desk.get_by_role("dialog").get_by_label("Heure").fill("19h")
    desk.get_by_role("button", name="Déplacer le rendez-vous").click()
    expect(desk.get_by_role("dialog")).to_contain_text("En dehors des horaires de Dr Claire Vasseur")
    desk.get_by_role("dialog").get_by_label("Heure").fill("15h20")
    desk.get_by_role("button", name="Déplacer le rendez-vous").click()
    expect(desk.locator("#agenda tbody tr")).to_contain_text("15\u00a0h\u00a020")
    desk.get_by_role("button", name="Annuler Josiane Keller").click()
    desk.get_by_role("button", name="Annuler le rendez-vous").click()
    expect(desk.locator("#agenda tbody tr")).to_contain_text("Annulé")


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
