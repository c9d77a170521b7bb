"""Absences on the desk's screens: listed first, settled by a choice each, saved with them; the same over the settings."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.setup import opening_week
from tests.desk.world import World

pytestmark = pytest.mark.e2e


def noted(page: Page, world: World, days: int = 1) -> Page:
    """Ask for the visits of a day of absence."""
    page.goto(f"/agenda/absence?praticien={world.first.hex}")
    page.get_by_label("Premier jour").fill(world.day(days).isoformat())
    page.get_by_label("Intitulé").fill("Congés")
    page.get_by_role("button", name="Voir les rendez-vous concernés").click()
    return page


def choose(page: Page, hour: str, choice: str) -> None:
    page.get_by_label(re.compile(f"^Rendez-vous de .*{hour}\u00a0h")).select_option(label=choice)


def exceptions(world: World) -> int:
    return len(opening_week(world.practitioner.actor, world.first).exceptions)


def test_a_practitioner_settles_the_visits_of_an_absence_and_saves_it_with_them(browsers, world: World):
    for hour in (9, 10, 11):
        world.book(hour)
    page = noted(browsers.open(world.practitioner.actor, phone=False), world)
    expect(page.get_by_text("3 rendez-vous")).to_be_visible()
    assert exceptions(world) == 0
    choose(page, "9", "Confier à un autre praticien")
    expect(page.get_by_label("Heure")).to_have_value("9h00")
    choose(page, "10", "Reporter")
    choose(page, "11", "Annuler et prévenir")
    page.get_by_label("Mot du cabinet").fill("Le docteur est en congé.")
    page.get_by_role("button", name="Valider et enregistrer").click()
    expect(page.get_by_role("status").get_by_text("C’est fait")).to_be_visible()
    expect(page.get_by_role("list", name="Patients à appeler").get_by_role("listitem")).to_have_count(3)
    rows = world.house.appointments()
    assert sorted((row.practitioner_id == world.second, row.status) for row in rows) == [
        (False, Status.CANCELLED),
        (False, Status.PLANNED),
        (True, Status.PLANNED),
    ]
    assert exceptions(world) == 1


def test_the_same_choice_for_all_is_one_click_and_what_stood_in_the_way_is_named_and_chosen_again(browsers, world: World):
    world.book(9)
    world.book(10)
    page = noted(browsers.open(world.secretary.actor, phone=False), world)
    page.get_by_role("button", name="Tout confier").click()
    expect(page.get_by_label("Heure")).to_have_count(2)
    rival = BookingRequest(world.house.slot(10, offering=1), patient_id=world.house.patients[1])
    book_slot(world.secretary.actor, rival)
    page.get_by_role("button", name="Valider", exact=True).click()
    expect(page.get_by_text("Il reste des rendez-vous à régler")).to_be_visible()
    expect(page.get_by_role("list", name="Résultat")).to_contain_text("10\u00a0h\u00a000Ce créneau vient d’être réservé.")
    page.get_by_role("button", name="Choisir de nouveau").click()
    page.get_by_role("button", name="Tout confier").click()
    page.get_by_role("button", name="Valider", exact=True).click()
    expect(page.get_by_text("C’est fait")).to_be_visible()
    assert {row.practitioner_id for row in world.house.appointments()} == {world.second}


def test_shorter_hours_list_what_they_strand_before_they_are_saved(browsers, world: World):
    world.book(17)
    page = browsers.open(world.practitioner.actor, phone=False)
    page.goto("/reglages")
    closing = page.get_by_label(re.compile("ferme à")).filter(visible=True)
    expect(closing).to_have_count(14)
    for field in closing.all():
        if field.input_value() == "18h00":
            field.fill("16h00")
    page.get_by_role("button", name="Enregistrer les horaires").click()
    listed = page.get_by_role("dialog", name="Rendez-vous hors de ces horaires")
    expect(listed).to_be_visible()
    listed.get_by_role("button", name="Revenir aux réglages").click()
    expect(closing.nth(1)).to_have_value("16h00")
    page.get_by_role("button", name="Enregistrer les horaires").click()
    choose(page, "17", "Reporter")
    expect(listed.get_by_label("Jour")).to_be_visible()
    listed.get_by_role("button", name="Valider et enregistrer").click()
    expect(listed.get_by_text("C’est fait")).to_be_visible()
    listed.get_by_role("button", name="Revenir aux réglages").click()
    expect(closing.nth(1)).to_have_value("16h00")
    (row,) = world.house.appointments()
    assert row.starts_at == world.at(8, days=2)


def test_an_absence_left_half_settled_does_not_open_over_the_settings(browsers, world: World):
    world.book(9)
    page = noted(browsers.open(world.practitioner.actor, phone=False), world)
    expect(page.get_by_text("1 rendez-vous")).to_be_visible()
    page.get_by_role("link", name="Réglages").first.click()
    expect(page.get_by_role("button", name="Enregistrer les horaires").first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert exceptions(world) == 0


@pytest.mark.parametrize("phone", [True, False])
def test_the_list_is_sound_for_those_who_hear_it(browsers, world: World, phone: bool):
    world.book(9)
    page = noted(browsers.open(world.practitioner.actor, phone=phone), world)
    choose(page, "9", "Confier à un autre praticien")
    expect(page.get_by_label("Heure")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
