"""Hours of the week that make no sense are said beside their field and on top, each line leading there."""

import re

import pytest
from playwright.sync_api import expect

from maiia_pro.kernel.errors import Invalid
from state.setup_week import DayView, RangeView, read_week, week_summary
from tests.desk.world import World

WEEK = [DayView(weekday="0", label="Lundi", ranges=[RangeView(rid="a", opens="", closes=""), RangeView(rid="b", opens="", closes="")])]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"opens-a": "25h", "closes-a": "12h", "opens-b": "14h", "closes-b": "x"}, {"opens-a", "closes-b"}),
        ({"opens-a": "9h", "closes-a": "9h", "opens-b": "14h", "closes-b": "18h"}, {"closes-a"}),
        ({}, {"opens-a", "opens-b"}),
    ],
)
def test_every_wrong_hour_is_named_at_once_and_the_summary_leads_to_it(typed: dict[str, str], wrong: set[str]):
    with pytest.raises(Invalid) as refused:
        read_week(WEEK, typed)
    assert set(refused.value.fields) == wrong
    assert {line["field"] for line in week_summary(WEEK, refused.value)} == {f"champ-{name}" for name in wrong}


def test_what_is_wrong_with_the_whole_week_leads_to_its_first_hour():
    assert week_summary(WEEK, Invalid(fields={"hours": "Deux plages se chevauchent."})) == [
        {"field": "champ-opens-a", "message": "Deux plages se chevauchent."}
    ]


@pytest.mark.e2e
def test_a_wrong_hour_is_said_beside_its_field_and_keeps_what_was_typed(browsers, world: World):
    page = browsers.open(world.practitioner.actor, phone=False)
    page.goto("/reglages")
    hours = page.get_by_role("form", name="Horaires").first
    field = hours.get_by_label("Lundi, ouvre à").first
    field.fill("25h")
    hours.get_by_role("button", name="Enregistrer les horaires").click()
    expect(hours.locator(".error-summary")).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("25h")
    expect(field).to_have_accessible_description(re.compile("^Lundi.: écrivez une heure"))
    hours.locator(".error-summary a").click()
    expect(field).to_be_focused()
    field.fill("9h")
    hours.get_by_role("button", name="Enregistrer les horaires").click()
    expect(page.get_by_role("region", name="Messages")).to_contain_text("Horaires enregistrés.")
    expect(page.locator(".error-summary")).to_have_count(0)
