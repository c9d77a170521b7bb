"""The public search on a phone and by keyboard: what people type, what is proposed, who is found and in which order."""

import re

import pytest
from playwright.sync_api import Page, expect

from maiia_pro.kernel import clock
from maiia_pro.practice.tables import Specialty
from tests.factories import House
from tests.patient.conftest import Browsers

pytestmark = pytest.mark.e2e


@pytest.fixture
def france(clean_database) -> House:
    """A gynaecologist and a dentist in Lyon, a gynaecologist in Villeurbanne, a general practitioner in Angers; the first is away today."""
    house = House()
    for name, specialty, city, postcode in (
        ("Lefèvre", Specialty.GYNAECOLOGY, "Lyon", "69003"),
        ("Vasseur", Specialty.DENTISTRY, "Lyon", "69007"),
        ("Okonkwo", Specialty.GYNAECOLOGY, "Villeurbanne", "69100"),
        ("Guérin", Specialty.GENERAL_MEDICINE, "Angers", "49000"),
    ):
        one, site = house.practitioner(name, specialty=specialty), house.site(city=city, postal_code=postcode)
        house.hours(one, site)
        house.offering(house.reason(one), site)
    house.exception(house.practitioners[0], clock.now(), house.instant(0, days=3))
    return house


def search(page: Page, what: str, where: str) -> None:
    page.get_by_label("Nom ou spécialité").fill(what)
    page.get_by_label("Où").fill(where)
    page.get_by_role("button", name="Rechercher").tap()


@pytest.mark.requirement(70)
def test_people_are_found_by_name_specialty_and_place_however_typed_the_earliest_first_with_three_times_each(france, browsers: Browsers):
    page = browsers.open()
    page.goto("/")
    for what, where, found in (
        ("LEFEVRE", "", ["Lefèvre"]),
        ("Vassuer", "", ["Vasseur"]),
        ("generale", "", ["Guérin"]),
        ("gynéco", "", ["Okonkwo", "Lefèvre"]),
        ("gynéco", "Lyon", ["Lefèvre", "Okonkwo"]),
        ("", "villeurbane", ["Okonkwo", "Vasseur", "Lefèvre"]),
        ("dentiste", "69100", ["Vasseur"]),
    ):
        search(page, what, where)
        expect(page.get_by_role("heading", level=3)).to_have_text([f"Dr Claire {name}" for name in found])
        for card in page.get_by_role("article").all():
            expect(card.locator(".slot")).to_have_count(3)
    expect(page.get_by_role("heading", name="le plus proche à 3")).to_be_visible()
    search(page, "dentiste", "Angers")
    expect(page.get_by_role("heading", name="Personne à moins de 100")).to_be_visible()
    expect(page.get_by_role("article")).to_contain_text("à\u00a0454\u00a0km")


def test_what_is_typed_is_completed_by_keys_or_a_tap_and_nothing_leaves_before_two_letters(france, browsers: Browsers):
    page = browsers.open()
    asked: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: asked.extend(re.findall(r'"typed":"(\w+)"', str(frame)))))
    page.goto("/")
    what, where = page.get_by_label("Nom ou spécialité"), page.get_by_label("Où")
    what.press_sequentially("g")
    what.press_sequentially("yn")
    expect(page.get_by_role("option")).to_have_text(["GynécologieSpécialité"])
    expect(page.get_by_role("status").filter(has_text="1 proposition")).to_have_count(1)
    what.press("ArrowDown")
    expect(what).to_have_attribute("aria-activedescendant", page.get_by_role("option").get_attribute("id") or "")
    what.press("Enter")
    expect(what).to_have_value("Gynécologie")
    expect(what).to_have_attribute("aria-expanded", "false")

    where.press_sequentially("villeur")
    expect(page.get_by_role("option").first).to_be_visible()
    where.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(where).to_have_value("villeur")
    where.press("ArrowDown")
    page.get_by_role("option", name="Villeurbanne").tap()
    where.press("Enter")
    expect(page.get_by_role("heading", level=3)).to_have_text(["Dr Claire Okonkwo", "Dr Claire Lefèvre"])

    what.fill("vass")
    page.get_by_role("option", name="Dr Claire Vasseur").tap()
    expect(page).to_have_url(re.compile("/medecin/claire-vasseur"))
    assert asked
    assert min(len(words) for words in asked) >= 2


def test_more_results_come_after_those_shown_and_reading_goes_on_at_the_first_of_them(clean_database, browsers: Browsers):
    House.ready(practitioners=12)
    page = browsers.open(phone=False)
    page.goto("/")
    expect(page.get_by_role("article")).to_have_count(10)
    page.get_by_role("button", name="Voir d’autres professionnels").press("Enter")
    expect(page.get_by_role("article")).to_have_count(12)
    expect(page.get_by_role("article").nth(10)).to_be_focused()
    hrefs = page.get_by_role("heading", level=3).get_by_role("link").evaluate_all("links => links.map((one) => one.pathname)")
    assert len(set(hrefs)) == 12
