"""« Chiffres » in Chromium: drawings with their tables, counted anew as one chooses, and taken out as files."""

from datetime import datetime, time, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from maiia_pro.agenda.codes import Mode, Origin, Status
from maiia_pro.agenda.tables import Appointment, blocked_range
from maiia_pro.kernel.db import transaction
from tests.desk.world import World

pytestmark = pytest.mark.e2e


def past(world: World, weeks: int = 8) -> None:
    """Write visits of past weeks with both practitioners: on time, late, missed, from every door."""
    house = world.house
    with transaction() as session:
        for number in range(weeks * 12):
            who, day = number % 2, world.day(-7 * (1 + number // 12) - number % 5)
            starts = datetime.combine(day, time(8 + number % 4, 20 * (number // 4 % 3)), world.at(9).tzinfo)
            ends = starts + timedelta(minutes=20)
            seen = None if number % 9 == 0 else starts + timedelta(minutes=number % 17)
            session.add(
                Appointment(
                    practice_id=house.practice_id, practitioner_id=house.practitioners[who], site_id=house.sites[0],
                    reason_id=house.reasons[who], patient_id=house.patients[0], starts_at=starts, ends_at=ends,
                    blocked=blocked_range(starts, ends), mode=Mode.IN_PERSON, deliberate_overbooking=True,
                    status=Status.IN_PROGRESS if seen else Status.MISSED, origin=list(Origin)[number % 3],
                    seen_at=seen, arrived_at=seen and seen - timedelta(minutes=5 + number % 7),
                )
            )  # fmt: skip


def opened(page: Page) -> Page:
    """Open the figures."""
    page.goto("/chiffres")
    expect(page.locator(".figures-list > section")).to_have_count(4)
    return page


def test_each_figure_is_drawn_with_its_numbers_and_counted_by_what_one_chooses(browsers, world: World):
    past(world)
    page = opened(browsers.open(world.secretary.actor, phone=False))
    delays = page.locator("section", has=page.get_by_role("heading", name="Attente et retard"))
    expect(delays.get_by_role("img")).to_be_visible()
    expect(delays.locator("tbody tr")).not_to_have_count(0)
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Par praticien").click()
    expect(delays.locator("tbody th")).to_have_text(["Dr Claire Vasseur", "Dr Claire Zeller"])
    with page.expect_download() as download:
        delays.get_by_role("link", name="CSV").click()
    assert "Dr Claire Vasseur" in download.value.path().read_text(encoding="utf-8-sig")


def test_without_any_visit_it_says_so(browsers, world: World):
    page = opened(browsers.open(world.practitioner.actor, phone=False))
    expect(page.get_by_text("Rien à compter")).to_have_count(4)


def test_a_wrong_period_is_refused_beside_its_field(browsers, world: World):
    page = opened(browsers.open(world.secretary.actor, phone=False))
    page.get_by_label("Au", exact=True).fill("2020-01-01")
    expect(page.get_by_text("Le dernier jour ne peut pas précéder le premier.")).to_be_visible()


def test_on_a_phone_nothing_is_wider_than_the_screen(browsers, world: World):
    past(world)
    page = opened(browsers.open(world.secretary.actor, phone=True))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "[...document.querySelectorAll('.figure-table .table')].every((one) => one.getBoundingClientRect().right <= innerWidth)"
    )
