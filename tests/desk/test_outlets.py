"""What leaves the agenda, in Chromium: paper that fits its page, files, and the address for one's own calendar."""

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.codes import Mode
from maiia_pro.agenda.tables import Appointment, blocked_range
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.tables import AuditEntry
from tests.desk.world import World
from tests.tools.clean import faults_light_and_dark

pytestmark = pytest.mark.e2e

PHONE = "06\u00a012\u00a034\u00a056\u00a078"
COUNT_PRINTS = "window.prints = 0; window.print = () => { window.prints += 1; };"
NAMES = ("Josiane Keller", "Marie-Antoinette de la Rochefoucauld-Liancourt", "Bao Nguyễn", "Jean-Christophe Vandenbroucke")


def monday(world: World) -> date:
    """Give the Monday of a coming week."""
    day = world.day(7)
    return day - timedelta(days=day.weekday())


def fill(world: World, days: list[date], visits: int = 60, practitioner: int = 0) -> None:
    """Give a practitioner so many visits of ten minutes on each day, from eight o'clock, some with a note, some by video."""
    house = world.house
    patients = [house.patient(name.partition(" ")[2], name.partition(" ")[0], phone="+33612345678") for name in NAMES]
    with transaction() as session:
        for day in days:
            for number in range(visits):
                starts = house.instant(8, day=day) + timedelta(minutes=10 * number)
                ends = starts + timedelta(minutes=10)
                session.add(
                    Appointment(
                        practice_id=house.practice_id, practitioner_id=house.practitioners[practitioner], site_id=house.sites[0],
                        reason_id=house.reasons[practitioner], patient_id=patients[number % 4], starts_at=starts, ends_at=ends,
                        blocked=blocked_range(starts, ends), origin="desk", mode=Mode.VIDEO if number % 7 == 0 else Mode.IN_PERSON,
                        note="À jeun" if number % 5 == 0 else "",
                    )
                )  # fmt: skip


def printed(page: Page, query: str, *, sheets: int = 1) -> bytes:
    """Open the page to print and give the PDF that its own paper size makes."""
    page.add_init_script(COUNT_PRINTS)  # the browser prints one thing at a time
    page.goto(f"/agenda/impression?{query}")
    expect(page.locator(".paper-sheet")).to_have_count(sheets)
    return page.pdf(prefer_css_page_size=True)


def pages_of(pdf: bytes) -> list[tuple[int, int]]:
    """Give the size of each page of a PDF in millimetres."""
    count = len(re.findall(rb"/Type\s*/Page\b", pdf))
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    assert len(boxes) == count
    return [(round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) for width, height in boxes]


def smallest_print(page: Page) -> float:
    """Give the size of the smallest text of the lists, in points."""
    return page.evaluate(
        """Math.min(...[...document.querySelectorAll('.paper-sheet :is(tbody td, tbody th, li)')]
        .map((one) => parseFloat(getComputedStyle(one).fontSize))) * .75"""
    )


def cut_lines(page: Page) -> int:
    """Count the visits whose box to tick is not wholly inside their sheet."""
    return page.evaluate("""[...document.querySelectorAll('.tick')].filter((box) =>
        box.getBoundingClientRect().right > box.closest('section[data-view]').getBoundingClientRect().right + 1).length""")


@pytest.fixture
def desk(browsers, world: World) -> Page:
    """The secretary's screen."""
    return browsers.open(world.secretary.actor, phone=False)


def test_sixty_visits_of_a_day_come_out_on_one_readable_page(desk: Page, world: World):
    fill(world, [world.day()])
    pdf = printed(desk, f"jour={world.day()}&praticien={world.first.hex}")
    assert pages_of(pdf) == [(210, 297)]
    desk.emulate_media(media="print")
    assert desk.locator(".paper-sheet tbody tr").count() == 60
    assert round(smallest_print(desk), 1) >= 8
    expect(desk.get_by_role("heading", name="Liste à imprimer")).to_be_hidden()
    expect(desk.get_by_role("navigation")).to_be_hidden()
    first = desk.locator(".paper-sheet tbody tr").first
    texts = ("8\u00a0h\u00a000", "10\u00a0min", "KELLER Josiane", "17/04/1953", PHONE, "Consultation", "En vidéo")
    for text in texts:
        expect(first).to_contain_text(text)
    expect(first.get_by_role("img", name="Note du cabinet")).to_be_visible()
    expect(first.locator(".tick")).to_be_visible()
    assert cut_lines(desk) == 0


@pytest.mark.parametrize("visits", [3, 60])
def test_birth_dates_and_telephones_are_whole_on_the_days_sheet(desk: Page, world: World, visits: int):
    fill(world, [world.day()], visits)
    printed(desk, f"jour={world.day()}&praticien={world.first.hex}")
    cells = ".paper-sheet tbody tr > :is(:nth-child(4), :nth-child(5), :nth-child(7))"
    assert desk.locator(cells).count() == visits * 3
    assert desk.locator(cells).evaluate_all("(all) => all.filter((one) => one.scrollWidth > one.clientWidth).length") == 0


@pytest.mark.parametrize(("visits", "sheets"), [(17, 1), (25, 2), (60, 3)])
def test_a_full_week_comes_out_whole_and_readable_on_as_few_pages_as_it_can(desk: Page, world: World, visits: int, sheets: int):
    fill(world, [monday(world) + timedelta(days=offset) for offset in range(6)], visits)
    pdf = printed(desk, f"jour={monday(world)}&vue=semaine&praticien={world.first.hex}", sheets=sheets)
    assert pages_of(pdf) == [(297, 210)] * sheets
    late = visits // 4 * 4 - 4
    last = desk.locator(".paper-week li").nth(late)
    for text in ("KELLER Josiane", "17/04/1953", PHONE, "Consultation", "Au cabinet" if late % 7 else "En vidéo"):
        expect(last.get_by_text(text).filter(visible=True).first).to_be_visible()
    desk.emulate_media(media="print")
    assert desk.locator(".paper-week li").count() == visits * 6
    assert round(smallest_print(desk), 1) >= 8
    assert cut_lines(desk) == 0


def test_each_practitioner_has_a_page_of_their_own_and_what_is_cancelled_has_none(desk: Page, world: World):
    fill(world, [world.day()], 3, practitioner=0)
    fill(world, [world.day()], 60, practitioner=1)
    first = next(one for one in world.house.appointments() if one.practitioner_id == world.first)
    cancel_appointment(world.secretary.actor, first.id)
    pdf = printed(desk, f"jour={world.day()}&praticien=tous", sheets=2)
    assert pages_of(pdf) == [(210, 297)] * 2
    assert [desk.locator(".paper-sheet").nth(number).locator("tbody tr").count() for number in (0, 1)] == [2, 60]


def test_the_key_p_opens_the_list_and_the_printer_once_and_the_opening_is_in_the_history(desk: Page, world: World):
    world.book(9)
    desk.add_init_script(COUNT_PRINTS)
    desk.goto(f"/agenda?jour={world.day()}")
    expect(desk.locator("[data-visit]")).to_be_visible()
    desk.keyboard.press("p")
    expect(desk.locator(".paper-sheet")).to_contain_text("KELLER Josiane")
    desk.wait_for_function("window.prints === 1")
    desk.get_by_role("button", name="Imprimer").click()
    assert desk.evaluate("window.prints") == 2
    expect(desk.locator(".paper-sheet footer")).to_contain_text("Imprimé par Sylvie Moreau")
    with reading() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.action == AuditAction.AGENDA_PRINTED)).all()
    read = {(entry.actor_id, entry.subject_id, entry.details["first"]) for entry in found}
    assert read == {(world.secretary.actor.account_id, one, world.day().isoformat()) for one in (world.first, world.second)}
    desk.get_by_role("link", name="Revenir à l’agenda").click()
    expect(desk.locator("[data-visit]")).to_be_visible()


def test_a_day_without_visits_prints_nothing_and_says_so(desk: Page, world: World):
    desk.add_init_script(COUNT_PRINTS)
    desk.goto(f"/agenda/impression?jour={world.day(3)}")
    expect(desk.get_by_role("heading", name="Rien à imprimer")).to_be_visible()
    expect(desk.get_by_role("button", name="Imprimer")).to_be_disabled()
    assert desk.evaluate("window.prints") == 0


def test_a_secretary_of_another_practice_finds_none_of_it_on_paper(browsers, world: World):
    world.book(9)
    page = browsers.open(world.stranger.actor, phone=False)
    page.goto(f"/agenda/impression?jour={world.day()}&praticien={world.first.hex}")
    expect(page.get_by_role("heading", name="Rien à imprimer")).to_be_visible()
    expect(page.get_by_text("Keller")).to_have_count(0)


def test_a_period_is_exported_from_the_agenda(desk: Page, world: World):
    world.book(9)
    world.book(9, days=2)
    desk.goto(f"/agenda?jour={world.day()}")
    expect(desk.locator("#agenda")).to_be_visible()
    desk.get_by_role("button", name="Exporter").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Dernier jour").fill(world.day(0).isoformat())
    dialog.get_by_role("button", name="Exporter").click()
    expect(dialog).to_contain_text("Le dernier jour ne peut pas précéder le premier.")
    dialog.get_by_label("Dernier jour").fill(world.day(2).isoformat())
    with desk.expect_download() as waited:
        dialog.get_by_role("button", name="Exporter").click()
    file = waited.value
    assert file.suggested_filename == f"rendez-vous_{world.day()}_{world.day(2)}.csv"
    text = file.path().read_bytes().decode("utf-8-sig")
    assert [row["Nom"] for row in csv.DictReader(io.StringIO(text), delimiter=";")] == ["Keller", "Keller"]


def test_the_address_is_shown_once_and_can_be_changed_and_taken_away(browsers, world: World):
    world.book(9)
    page = browsers.open(world.practitioner.actor, phone=False)
    page.goto("/reglages")
    page.get_by_role("button", name="Créer l’adresse").click()
    address = page.get_by_label("Adresse secrète")
    expect(address).to_have_value(re.compile(r"/ical/[\w-]{43}\.ics$"))
    first = read_address(page)
    assert first.status == 200
    assert first.headers["x-content-type-options"] == "nosniff"
    page.reload()
    card = page.locator(".feed-card")
    expect(card).to_contain_text(re.compile("Dernière lecture.*\\d\u00a0h\u00a0\\d\\d"))
    expect(address).to_have_count(0)
    page.get_by_role("button", name="Changer l’adresse").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Changer l’adresse").click()
    expect(address).to_be_visible()
    assert (page.request.get(first.url).status, read_address(page).status) == (404, 200)
    second = read_address(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Supprimer l’adresse").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Supprimer l’adresse").click()
    expect(page.get_by_role("button", name="Créer l’adresse")).to_be_visible()
    assert page.request.get(second.url).status == 404


def read_address(page: Page) -> Any:
    """Read the calendar at the address that the page shows, as a program that knows nothing else."""
    return page.request.get(page.get_by_label("Adresse secrète").input_value())


def test_no_axe_violation_where_things_leave_the_agenda(browsers, world: World):
    fill(world, [world.day()], 12)
    page = browsers.open(world.practitioner.actor, phone=False)
    found: dict[str, list[str]] = {}

    def check(place: str) -> None:
        found[place] = faults_light_and_dark(page)

    for view in ("jour", "semaine"):
        page.goto(f"/agenda/impression?jour={world.day()}&vue={view}")
        expect(page.locator(".paper-sheet")).to_be_visible()
        check(view)
    page.goto(f"/agenda?jour={world.day()}")
    expect(page.locator("[data-visit]").first).to_be_visible()
    page.get_by_role("button", name="Exporter").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check("exporter")
    page.goto("/reglages")
    page.get_by_role("button", name="Créer l’adresse").click()
    expect(page.get_by_label("Adresse secrète")).to_be_visible()
    check("adresse")
    assert found == {place: [] for place in found}


@pytest.mark.parametrize("path", ["/agenda/impression?vue=jour", "/agenda/impression?vue=semaine", "/agenda", "/reglages"])
def test_nothing_sticks_out_on_a_phone(browsers, world: World, path: str):
    fill(world, [world.day(0)], 5)
    page = browsers.open(world.practitioner.actor)
    page.goto(path)
    expect(page.locator(".paper-sheet, #agenda, .feed-card .form").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
