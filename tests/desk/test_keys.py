"""The desk by keyboard: keys are counted, the focus is never lost, and walking the day says nothing to the server."""

import pytest
from playwright.sync_api import Locator, Page, expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from tests.desk.agenda_page import column, committed, opened, visit
from tests.desk.world import World

pytestmark = pytest.mark.e2e
MUTATIONS = """() => {
    window.drawn = [];
    const note = (one) => window.drawn.push(`${one.type} ${one.attributeName ?? ""} ${one.target.tagName}`);
    new MutationObserver((found) => found.forEach(note))
        .observe(document.getElementById("agenda"), { subtree: true, childList: true, attributes: true, characterData: true });
}"""


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1


@pytest.fixture
def desk(browsers, world: World) -> Page:
    """The secretary's screen."""
    return browsers.open(world.secretary.actor, phone=False)


@pytest.mark.parametrize("typed", ["5678", "kel y"])
def test_a_known_patient_among_hundreds_is_given_the_next_free_time_in_eight_keys(desk: Page, world: World, typed: str):
    for family in ("Keller", "Kellner", "Kelder", "Kelly", "Kern", "Martin", "Marchand", "Le Goff", "Yvon", "Yven"):
        for number, given in enumerate(("Anne", "Bruno", "Camille", "Denis", "Elsa", "Farid", "Gaëlle", "Hugo", "Inès", "Jean") * 3):
            world.house.patient(family, given, phone=f"+3369876{number:04d}")
    world.house.patient("Keller", "Yves", phone="+33612345678")
    opened(desk, world, days=0)
    keys = Keys(desk)
    keys.press("/")
    expect(desk.get_by_role("combobox", name="Chercher ou aller à")).to_be_focused()
    keys.press(*(key if key != " " else "Space" for key in typed))
    expect(desk.get_by_role("option", name="Yves Keller")).to_be_visible()
    keys.press("Enter")
    expect(desk.get_by_role("button", name="Confirmer le rendez-vous")).to_be_focused()
    expect(desk.get_by_role("dialog")).to_contain_text("Premier créneau libre, proposé d’office")
    keys.press("Enter")
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné à Yves Keller")
    assert keys.count <= 8


def test_a_visit_is_moved_to_the_next_free_time_in_six_keys(desk: Page, world: World):
    world.book(8)
    besson = world.house.patient("Besson", "Guy")
    book_slot(world.secretary.actor, BookingRequest(world.house.slot(8, 20), patient_id=besson))
    opened(desk, world)
    expect(visit(desk)).to_be_visible()
    keys = Keys(desk)
    keys.press("a")
    expect(visit(desk)).to_be_focused()
    keys.press("d", "l")
    expect(desk.locator("#agenda > [role=status]")).to_contain_text("8\u00a0h\u00a040")
    keys.press("Enter")
    committed(desk)
    expect(visit(desk)).to_have_attribute("aria-label", "8\u00a0h\u00a040, Josiane Keller, Consultation, 20\u00a0min, prévu")
    expect(visit(desk)).to_be_focused()
    assert keys.count <= 6


def test_a_new_patient_is_booked_without_leaving_the_keyboard(desk: Page, world: World):
    opened(desk, world)
    desk.keyboard.press("/")
    expect(desk.get_by_role("combobox", name="Chercher ou aller à")).to_be_focused()
    desk.keyboard.type("moulin inès")
    expect(desk.get_by_role("option", name="Nouveau patient")).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Nom", exact=True)).to_be_focused()
    expect(desk.get_by_label("Prénom")).to_have_value("Inès")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    desk.keyboard.type("12/03/81")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné à Inès Moulin")


def test_after_a_visit_is_given_from_the_search_the_next_key_is_about_it(desk: Page, world: World):
    world.book(8)
    opened(desk, world)
    expect(visit(desk)).to_be_visible()
    desk.keyboard.press("/")
    expect(desk.get_by_role("combobox", name="Chercher ou aller à")).to_be_focused()
    desk.keyboard.type("moulin inès")
    expect(desk.get_by_role("option", name="Nouveau patient")).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("Enter")
    desk.locator("#champ-birth_date").fill("12/03/81")
    desk.locator("#champ-day").fill(world.day().isoformat())
    desk.locator("#champ-time").fill("15h00")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné à Inès Moulin")
    expect(visit(desk, "Inès Moulin")).to_be_focused()


@pytest.mark.parametrize("view", ["", "&vue=semaine"])
def test_walking_the_agenda_says_nothing_to_the_server_and_draws_nothing_anew(desk: Page, world: World, view: str):
    world.book(9)
    sent: list[str] = []
    desk.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    opened(desk, world, view)
    expect(visit(desk, "Keller")).to_be_visible()
    desk.keyboard.press("a")
    desk.wait_for_load_state("networkidle")
    desk.evaluate(MUTATIONS)
    del sent[:]
    keys = ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft", "End", "Home", "ArrowRight", "ArrowDown")
    for key in keys:
        desk.keyboard.press(key)
    assert desk.evaluate("document.activeElement.matches('[data-visit], [data-free]')")
    assert [frame for frame in sent if frame not in {"2", "3"}] == []  # 2 and 3 are the pulse of the line
    drawn = desk.evaluate("window.drawn")
    assert set(drawn) == {"attributes tabindex BUTTON"}
    assert len(drawn) <= 2 * len(keys)


def held(page: Page) -> Locator:
    """Give what has the focus in the calendar."""
    return page.locator(".agenda-body :is([data-visit], [data-free]):focus")


def test_the_focus_is_where_it_was_after_each_dialog_of_the_agenda(desk: Page, world: World):
    world.book(9)
    opened(desk, world)
    for opener, asked in (("/", "combobox"), ("?", "dialog"), ("n", "dialog")):
        visit(desk).focus()
        desk.keyboard.press(opener)
        expect(desk.get_by_role(asked).first).to_be_visible()
        desk.keyboard.press("Escape")
        expect(desk.get_by_role("dialog")).to_have_count(0)
        expect(visit(desk)).to_be_focused()
    desk.keyboard.press("x")
    expect(desk.get_by_role("alertdialog")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(visit(desk)).to_be_focused()


def test_the_focus_stays_in_the_calendar_after_a_commit_a_refusal_and_a_change_made_elsewhere(desk: Page, world: World):
    opened(desk, world)
    free = column(desk, 0).locator("[data-free]")
    free.nth(1).focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Chercher un patient")).to_be_focused()
    desk.keyboard.type("kel")
    expect(desk.locator(".booking-found button")).to_have_count(2)
    desk.keyboard.press("ArrowDown")
    expect(desk.locator(".booking-found button").first).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Confirmer le rendez-vous")).to_be_focused()
    world.book(14)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("dialog")).to_contain_text("Ce créneau vient d’être réservé.")
    desk.keyboard.press("Escape")
    expect(held(desk)).to_have_count(1)
    free.first.focus()
    world.book(8)
    expect(column(desk, 0).locator("[data-visit]")).to_have_count(2)
    expect(held(desk)).to_have_count(1)
    desk.keyboard.press("n")
    expect(desk.get_by_role("button", name="Effacer le brouillon")).to_be_focused()  # of the visit that was refused
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Chercher un patient")).to_be_focused()
    desk.keyboard.type("kel")
    expect(desk.locator(".booking-found button")).to_have_count(2)
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    expect(desk.locator(".booking-found button").last).to_be_focused()  # the first has visits at what may be the next free time
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Confirmer le rendez-vous")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Rendez-vous donné")
    expect(held(desk)).to_have_count(1)


def test_one_box_takes_a_time_a_command_an_agenda_and_a_day(desk: Page, world: World):
    opened(desk, world, days=0)
    box = desk.get_by_role("combobox", name="Chercher ou aller à")
    first = desk.get_by_role("listbox", name="Résultats").get_by_role("option").first
    for typed, found in (
        ("zeller demain matin", "Demain, 8"), ("imprimer", "Imprimer la liste"), ("dr zeller", "Agenda de Dr Claire Zeller"),
        ("kelelr", "Keller"), ("17/04/53", "Keller"), ("12/03", "mars"),
        ("verrou", "Verrouiller l’écran"), ("absence", "Noter une absence"), ("retard", "Annoncer un retard"),
    ):  # fmt: skip
        desk.keyboard.press("/")
        expect(box).to_be_focused()
        desk.keyboard.type(typed)
        expect(first).to_contain_text(found)
        desk.keyboard.press("Escape")
        expect(box).to_have_count(0)
    desk.keyboard.press("/")
    desk.keyboard.type("zeller demain matin")
    desk.keyboard.press("Enter")  # at once: the answer is waited for, and nothing is booked before it was seen
    dialog = desk.get_by_role("dialog")
    expect(dialog.locator("#champ-time")).to_have_value("8h00")
    expect(dialog.locator("#champ-practitioner")).to_have_value(world.second.hex)
    assert world.house.appointments() == []
    desk.keyboard.press("Escape")
    desk.keyboard.press("/")
    desk.keyboard.type("nouveau patient")
    expect(first).to_contain_text("Nouveau patient")
    desk.keyboard.press("Enter")
    expect(dialog.get_by_label("Nom", exact=True)).to_be_focused()
    expect(dialog.get_by_label("Nom", exact=True)).to_have_value("")  # the command is no name
