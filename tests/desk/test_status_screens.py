"""Where visits stand, on the desk's screens: one key or one click each, with undo; the identity check; the note of the practice."""

import pytest
from playwright.sync_api import Locator, Page, expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.status import save_note
from tests.desk.agenda_page import opened, visit, watching
from tests.desk.world import World

pytestmark = pytest.mark.e2e


@pytest.fixture
def desk(browsers, world: World) -> Page:
    """The secretary's screen, on today's visit."""
    book_slot(world.secretary.actor, BookingRequest(world.house.slot(9, days=0), patient_id=world.house.patients[0]))
    return opened(browsers.open(world.secretary.actor, phone=False), world, days=0)


def panel(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Rendez-vous")


def statuses(page: Page) -> Locator:
    return panel(page).get_by_role("group", name="Statut du rendez-vous")


def press_on_visit(page: Page, key: str) -> None:
    visit(page).focus()
    page.keyboard.press(key)


@pytest.mark.requirement(74)
def test_keys_take_a_visit_from_arrival_to_its_end_with_the_identity_check_between(desk: Page, world: World):
    for key, word in (("c", "confirmé"), ("r", "arrivé"), ("e", "en cours")):
        press_on_visit(desk, key)
        expect(visit(desk)).to_have_attribute("aria-label", f"9\u00a0h\u00a000, Josiane Keller, Consultation, 20\u00a0min, {word}")
    press_on_visit(desk, "h")
    check = desk.get_by_role("dialog", name="Identité et droits vérifiés")
    check.get_by_role("button", name="Vérifié, clore le rendez-vous").click()
    expect(check).to_contain_text("Indiquez comment l’identité a été vérifiée.")
    expect(visit(desk)).to_have_attribute("data-status", "in_progress")
    check.get_by_label("Identité du patient").select_option(label="Passeport")
    check.get_by_label("Droits à l’assurance maladie").select_option(label="Carte Vitale")
    check.get_by_role("button", name="Vérifié, clore le rendez-vous").click()
    expect(visit(desk)).to_have_attribute("data-status", "fulfilled")
    expect(panel(desk)).to_contain_text("Identité vérifiée\u00a0: passeport")
    assert world.house.appointments()[0].identity_means == "passport"
    for key in ("d", "x"):
        press_on_visit(desk, key)
        refused = desk.locator(".toast").filter(has_text="il ne se déplace ni ne s’annule")
        refused.get_by_role("button", name="Fermer ce message").click()
        expect(refused).to_have_count(0)
        expect(desk.locator("[data-lifted], dialog:modal")).to_have_count(0)
    visit(desk).hover()
    desk.mouse.down()
    desk.mouse.move(*_below(visit(desk)), steps=4)
    expect(desk.locator("[data-lifted], .visit-ghost")).to_have_count(0)
    desk.mouse.up()
    expect(desk.locator("dialog:modal")).to_have_count(0)


def _below(block: Locator) -> tuple[float, float]:
    box = block.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + 3 * box["height"]


def test_a_status_is_set_by_one_click_and_taken_back_by_another(desk: Page):
    visit(desk).click()
    statuses(desk).get_by_role("button", name="Arrivé").click()
    expect(visit(desk)).to_have_attribute("data-status", "arrived")
    expect(statuses(desk).get_by_role("button", name="Arrivé")).to_have_attribute("aria-pressed", "true")
    desk.get_by_role("region", name="Messages").get_by_role("button", name="Défaire").click()
    expect(visit(desk)).to_have_attribute("data-status", "planned")


def test_a_cancellation_is_undone_from_its_message(desk: Page, world: World):
    press_on_visit(desk, "x")
    desk.get_by_role("button", name="Annuler le rendez-vous").click()
    expect(desk.locator(".agenda [data-visit]")).to_have_count(0)
    desk.get_by_role("region", name="Messages").get_by_role("button", name="Défaire").click()
    expect(visit(desk)).to_have_attribute("data-status", "planned")
    assert [row.status for row in world.house.appointments()] == ["planned"]


def test_a_colleague_sees_the_arrival_and_who_noted_it(browsers, desk: Page, world: World):
    doctor = watching(browsers.open(world.practitioner.actor, phone=False), world, days=0)
    press_on_visit(desk, "r")
    expect(visit(doctor)).to_have_attribute("data-status", "arrived")
    expect(doctor.get_by_text("Josiane Keller : arrivé (Sylvie Moreau)")).to_be_visible()


def test_keys_typed_into_the_note_set_no_status(desk: Page, world: World):
    visit(desk).click()
    note = panel(desk).get_by_role("textbox", name="Note du cabinet")
    note.press_sequentially("cherche ses radios")
    panel(desk).get_by_role("button", name="Enregistrer la note").click()
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("La note est enregistrée.")
    (row,) = world.house.appointments()
    assert (row.note, row.status) == ("cherche ses radios", "planned")


def test_a_note_that_somebody_changed_meanwhile_is_kept_on_both_sides(desk: Page, world: World):
    visit(desk).click()
    note = panel(desk).get_by_role("textbox", name="Note du cabinet")
    note.fill("Ma version")
    (row,) = world.house.appointments()
    save_note(world.practitioner.actor, row.id, "Celle du docteur", seen="")
    panel(desk).get_by_role("button", name="Enregistrer la note").click()
    expect(panel(desk)).to_contain_text("Note actuelle\u00a0: «\u00a0Celle du docteur\u00a0».")
    expect(note).to_have_value("Ma version")
    panel(desk).get_by_role("button", name="Enregistrer la note").click()
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("La note est enregistrée.")
    assert world.house.appointments()[0].note == "Ma version"


def test_a_taken_time_is_given_in_addition_only_when_asked_for_twice(desk: Page, world: World):
    (row,) = world.house.appointments()
    world.house.patient("Zannier", "Ada")
    desk.goto(f"/agenda?jour={world.day(0).isoformat()}")
    desk.locator("#agenda-nouveau").click()
    dialog = desk.get_by_role("dialog", name="Nouveau rendez-vous")
    dialog.get_by_label("Chercher un patient").fill("zannier")
    dialog.get_by_role("button", name="Ada Zannier").click()
    dialog.get_by_label("Praticien").select_option(label="Dr Claire Vasseur")
    for name, value in (("Jour", world.day(0).isoformat()), ("Heure", "9h"), ("Durée", "20")):
        dialog.get_by_label(name, exact=name == "Jour").fill(value)
    expect(dialog.get_by_label("Donner en surnombre")).to_have_count(0)
    dialog.get_by_role("button", name="Confirmer le rendez-vous").click()
    dialog.get_by_label("Donner en surnombre").check()
    dialog.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné en surnombre à Ada Zannier")
    assert sorted(one.deliberate_overbooking for one in world.house.appointments()) == [False, True]
    expect(desk.locator("[data-visit][aria-label*='en surnombre']")).to_have_count(1)
    assert row.starts_at == world.at(9, days=0)
