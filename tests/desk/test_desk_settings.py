"""The settings of a practitioner on the screen, and every screen of the desk without a violation."""

import pytest
from playwright.sync_api import Page, expect

from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.kernel.actor import Actor
from tests.desk.agenda_page import opened, visit
from tests.desk.world import World
from tests.tools.clean import faults_light_and_dark

pytestmark = pytest.mark.e2e


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
    page.get_by_label("Premier jour", exact=True).fill(day.isoformat())
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


def test_no_axe_violation_on_the_desk(browsers, world: World):
    world.book(9)
    page = browsers.open(world.practitioner.actor, phone=False)
    found: dict[str, list[str]] = {}

    def check(place: str) -> None:
        found[place] = faults_light_and_dark(page)

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
