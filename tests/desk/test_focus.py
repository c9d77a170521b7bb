"""The keyboard at the desk: each dialog takes the focus and gives it back, no act loses it, and the map of keys tells the truth."""

import pytest
from playwright.sync_api import Locator, Page, expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from tests.desk.agenda_page import opened, visit
from tests.desk.world import World

pytestmark = pytest.mark.e2e
LISTED = """() => [...document.querySelectorAll(".shortcut-map dd .keys")]
    .map((one) => [...one.querySelectorAll("kbd")].map((key) => key.innerText).join("+"))"""
WORKING = """() => {  // press everything at once, before anything that is pressed can change the page
    for (const method of ["click", "focus"]) HTMLElement.prototype[method] = () => {};
    HTMLDialogElement.prototype.showModal = () => {};
    const names = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Échap", Enter: "Entrée", " ": "Espace" };
    const keys = [..."abcdefghijklmnopqrstuvwxyz0123456789?/+-", ...Object.keys(names)];
    const press = (key, more) => !document.body.dispatchEvent(new KeyboardEvent("keydown", {
        key, bubbles: true, cancelable: true, ...more,
    }));
    return [
        ...keys.filter((key) => press(key, {})).map((key) => names[key] ?? key.toUpperCase()),
        ...keys.filter((key) => press(key, { ctrlKey: true })).map((key) => `Ctrl+${key.toUpperCase()}`),
    ];
}"""
UNNAMED = {"2", "3", "4", "5", "6"}
"""They belong to the key 1, which says so."""
LOCKING = {"Alt+Maj+V", "Ctrl+Alt+L"}
"""Proved in `test_shared_screen.py`."""


@pytest.fixture
def desk(browsers, world: World) -> Page:
    """The secretary's screen, on today's visit."""
    book_slot(world.secretary.actor, BookingRequest(world.house.slot(9, days=0), patient_id=world.house.patients[0]))
    return opened(browsers.open(world.secretary.actor, phone=False), world, days=0)


def inside(desk: Page) -> Locator:
    """Give what has the focus in the dialog that is open."""
    return desk.locator("dialog:modal :focus")


def test_every_dialog_of_the_agenda_takes_the_focus_and_escape_gives_it_back(desk: Page, world: World):
    visit(desk).click()
    panel = desk.get_by_role("complementary", name="Rendez-vous")
    openers = [(visit(desk), key) for key in ("/", "?", "n", "x", "h")]
    openers += [(panel.get_by_role("button", name=name), "Enter") for name in ("Déplacer", "Annuler", "Nouvelle demande")]
    openers += [(desk.locator(f"#agenda-{name}"), "Enter") for name in ("retard", "exporter", "nouveau")]
    for opener, key in openers:
        opener.focus()
        desk.keyboard.press(key)
        expect(inside(desk)).to_have_count(1)
        desk.keyboard.press("Escape")
        expect(desk.locator("dialog:modal")).to_have_count(0)
        expect(opener).to_be_focused()


def test_a_key_right_after_escape_opens_its_dialog_though_the_page_has_not_heard_of_the_end_of_the_first(desk: Page):
    desk.keyboard.press("n")
    desk.get_by_role("dialog").get_by_label("Note du cabinet").focus()
    held = desk.evaluate("""() => {  // one task: the event « close » and the focus that leaves the closed dialog are still to come
        document.querySelector("dialog:modal").requestClose();
        const held = document.activeElement;
        held.dispatchEvent(new KeyboardEvent("keydown", { key: "n", bubbles: true, cancelable: true }));
        return held.tagName;
    }""")
    assert held == "TEXTAREA"
    desk.wait_for_load_state("networkidle")
    expect(inside(desk)).to_have_count(1)


def test_what_takes_its_own_button_away_leaves_the_focus_beside_it(desk: Page, world: World):
    desk.locator("#agenda-retard").press("Enter")
    late = desk.get_by_role("dialog", name="Retard du jour")
    late.get_by_role("button", name="Dr Claire Vasseur").first.press("Enter")
    on_time = late.get_by_role("button", name="À l’heure, Dr Claire Vasseur")
    on_time.press("Enter")
    expect(on_time).to_have_count(0)
    expect(inside(desk)).to_have_count(1)
    desk.keyboard.press("Escape")
    visit(desk).click()
    panel = desk.get_by_role("complementary", name="Rendez-vous")
    panel.get_by_role("button", name="Fermer le rendez-vous").press("Enter")
    expect(panel).to_have_count(0)
    expect(desk.locator("body :focus")).to_have_count(1)


@pytest.mark.parametrize("path", ["/agenda", "/agenda/attente", "/demandes", "/chiffres", "/agenda/absence"])
def test_the_map_lists_the_keys_that_work_on_the_page_and_no_other(desk: Page, path: str):
    desk.goto(path)
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    desk.wait_for_load_state("networkidle")
    expect(desk.locator("main .skeleton")).to_have_count(0)  # its keys come with what the page shows
    if path == "/agenda":
        expect(visit(desk)).to_be_visible()
    opener = desk.get_by_role("button", name="Raccourcis clavier")
    opener.focus()
    desk.keyboard.press("?")
    expect(inside(desk)).to_have_count(1)
    listed = set(desk.evaluate(LISTED))
    desk.keyboard.press("Escape")
    expect(opener).to_be_focused()
    assert listed >= LOCKING
    assert listed - LOCKING == set(desk.evaluate(WORKING)) - UNNAMED
