"""The patient's path in other ways than a thumb on a good line: by keyboard alone, by ear, at 200 % zoom, on slow 3G."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.holds import TOO_MANY
from maiia_pro.kernel.actor import Actor
from tests.agenda.test_visit_link import secret_in
from tests.factories import House
from tests.patient.booking_page import confirmation, page_of, slot
from tests.patient.conftest import Browsers
from tests.patient.test_held_slot import KEPT

pytestmark = pytest.mark.e2e

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400 * 1024 / 8, "uploadThroughput": 400 * 1024 / 8}
PATIENCE = 60_000
CUT = """() => [...document.querySelectorAll("main *, header *")].filter((one) => {
  const style = getComputedStyle(one);
  return ["hidden", "clip"].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1 && one.innerText;
}).map((one) => one.className + ": " + one.innerText.slice(0, 60))"""

NOTE_PROGRESS = """window.progress = new Set();
new MutationObserver(() => {
  if (document.querySelector("button[aria-busy=true]")) window.progress.add("busy");
}).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });"""
"""Notes in the page what shows that it goes on, for as long as that stands there."""


CHOSEN = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "tab", "menuitem", "switch", "spinbutton", "image"}
"""Roles of the accessibility tree that mean nothing without a name."""


def reach(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press a key until the target has the focus, which must be seen."""
    expect(target).to_be_visible()
    for _ in range(150):
        if target.evaluate("one => one === document.activeElement"):
            assert target.evaluate("one => one.matches(':focus-visible')")
            return
        page.keyboard.press(key)
    pytest.fail(f"no way by {key} to {target}")


def test_a_patient_finds_books_and_cancels_by_keyboard_alone(house, patient, browsers: Browsers):
    page = browsers.open(patient, phone=False)
    page.goto("/")
    reach(page, page.get_by_role("link", name="Voir tous les créneaux"))
    page.keyboard.press("Enter")
    day = page.get_by_role("tab", selected=True)
    reach(page, day)
    first = day.get_attribute("id") or ""  # in the evening it is tomorrow
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(day).not_to_have_attribute("id", first)
    chosen = date.fromisoformat((day.get_attribute("id") or "").removeprefix("jour-"))
    reach(page, page.locator(f'[data-slot="{house.slot(9, day=chosen)}"]'))
    page.keyboard.press("Enter")
    expect(page.get_by_text(KEPT)).to_be_visible()
    reach(page, page.get_by_role("button", name="Confirmer le rendez-vous"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("C’est confirmé")).to_be_visible()
    reach(page, page.get_by_role("link", name="Tous mes rendez-vous"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mes rendez-vous", level=1)).to_be_visible()
    reach(page, page.get_by_role("button", name="Annuler le rendez-vous du"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("alertdialog").get_by_role("button", name="Annuler le rendez-vous"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Aucun rendez-vous à venir")).to_be_visible()
    assert [one.status for one in house.appointments()] == [Status.CANCELLED]


def walked(page: Page, house: House, patient: Actor) -> Iterator[str]:
    """Go to each screen of the path, a visit being booked, and stop there once it is drawn; gives its address."""
    house.rule(house.reasons[0], instructions="Venez à jeun.", bring=["Carte Vitale", "Courrier du médecin traitant"])
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    for path, shown in (
        ("/", "link:Voir tous les créneaux"),
        (page_of(house), "tab:"),
        (confirmation(house, 10), "button:Confirmer le rendez-vous"),
        (f"/rendez-vous/{booked.id.hex}", "link:Ajouter à mon agenda"),
        (f"/rendez-vous/lien#{secret_in(booked.id)}", "button:Déplacer"),
        ("/rendez-vous", "button:Annuler le rendez-vous du"),
    ):
        page.goto(path)
        role, _, name = shown.partition(":")
        expect(page.get_by_role(role, name=name).first).to_be_visible()  # type: ignore[arg-type]
        yield path


def test_at_200_percent_nothing_scrolls_sideways_and_nothing_is_cut(
    house, patient, browser: Browser, browser_context_args, browsers: Browsers
):
    cookies = browsers.open(patient).context.cookies()
    context = browser.new_context(**(browser_context_args | {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}))
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    seen = {path: (page.evaluate("document.documentElement.scrollWidth"), page.evaluate(CUT)) for path in walked(page, house, patient)}
    context.close()
    assert {path: one for path, one in seen.items() if one != (640, [])} == {}


def test_a_screen_reader_finds_one_title_one_main_part_and_a_name_on_all_that_can_be_chosen(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    reader = page.context.new_cdp_session(page)
    wrong, titles = {}, set()
    for path in walked(page, house, patient):
        nodes = [node for node in reader.send("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
        spoken = [(node["role"]["value"], node.get("name", {}).get("value", "").strip()) for node in nodes]
        headings = [node.get("properties", []) for node in nodes if node["role"]["value"] == "heading"]
        levels = [one["value"]["value"] for heading in headings for one in heading if one["name"] == "level"]
        found = (
            levels.count(1),
            [role for role, _ in spoken].count("main"),
            [role for role, name in spoken if role in CHOSEN and not name],
        )
        titles.add(page.title())
        if found != (1, 1, []):
            wrong[path] = found
    assert wrong == {}
    assert len(titles) >= 5, titles


def test_on_slow_3g_every_step_can_be_used_and_shows_that_it_goes_on(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    page.add_init_script(NOTE_PROGRESS)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_3G)
    page.goto(page_of(house), wait_until="commit")
    expect(page.get_by_role("banner")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("tab").nth(1).tap(timeout=PATIENCE)
    slot(page, house).tap(timeout=PATIENCE)
    confirm = page.get_by_role("button", name="Confirmer le rendez-vous")
    expect(page.get_by_text(KEPT).or_(page.get_by_text(TOO_MANY))).to_be_visible(timeout=PATIENCE)  # the journeys before held some too
    confirm.tap(timeout=PATIENCE)
    expect(page.get_by_text("C’est confirmé")).to_be_visible(timeout=PATIENCE)
    assert "busy" in page.evaluate("[...window.progress]")
    page.get_by_role("link", name="Tous mes rendez-vous").tap()
    expect(page.get_by_role("region", name="Rendez-vous à venir").get_by_role("article")).to_have_count(1, timeout=PATIENCE)
