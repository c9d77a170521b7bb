"""Hours with their terms, special days, holidays and copied weeks: on the screen, and as the form sends them."""

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from maiia_pro.agenda.closing_days import days_off, rest_on_holidays
from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.setup import opening_week
from maiia_pro.agenda.terms import SchoolTime, Terms, Weeks
from maiia_pro.agenda.week_copy import monday
from maiia_pro.agenda.week_rules import DayRange
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.ids import uuid7
from state.agenda_views import Asked, read_page
from state.setup_copy import read_copying
from state.setup_exceptions import read_exception
from state.setup_week import DayView, empty_range, named_fields, read_week, school_words, terms_in_words, week_choices, week_summary
from tests.desk.world import World

REASON = uuid7()
WEEK = [
    DayView(weekday="0", label="Lundi", ranges=[empty_range() | {"rid": "a"}, empty_range() | {"rid": "b"}]),  # type: ignore[typeddict-item]
    DayView(weekday="1", label="Mardi", ranges=[empty_range() | {"rid": "c"}]),  # type: ignore[typeddict-item]
]
TYPED = {"opens-a": "9h", "closes-a": "10h", "opens-b": "14h", "closes-b": "18h", "opens-c": "9h", "closes-c": "12h"}


@pytest.mark.unit
def test_the_terms_of_a_range_are_read_with_it():
    typed = TYPED | {"first-b": "2027-01-04", "weeks-b": "a", "school-b": "outside", f"reason-b-{REASON.hex}": "oui"}
    terms = Terms(date(2027, 1, 4), None, Weeks.A, SchoolTime.OUTSIDE, frozenset({REASON}))
    assert read_week(WEEK, typed)[1] == DayRange(0, time(14), time(18), terms)


@pytest.mark.unit
def test_a_day_that_does_not_exist_is_named_beside_its_field():
    with pytest.raises(Invalid) as refused:
        read_week(WEEK, TYPED | {"last-c": "2027-02-30"})
    assert set(refused.value.fields) == {"last-c"}


@pytest.mark.unit
def test_what_the_rule_says_of_a_range_stands_beside_that_range():
    error = Invalid(fields={"hours-2": "Deux plages se chevauchent."})
    assert named_fields(WEEK, error) == {"opens-c": "Mardi\u00a0: deux plages se chevauchent."}
    assert week_summary(WEEK, error) == [{"field": "champ-opens-c", "message": "Mardi\u00a0: deux plages se chevauchent."}]


@pytest.mark.unit
def test_terms_are_said_in_words_and_a_plain_range_says_nothing():
    terms = Terms(None, date(2027, 6, 30), Weeks.B, SchoolTime.DURING, frozenset({REASON}))
    assert terms_in_words(terms, {REASON: "Vaccination"}) == (
        "Semaine B · pendant les vacances scolaires · jusqu’au 30/06/2027 · Vaccination"
    )
    assert terms_in_words(terms._replace(valid_until=None, weeks="every", school="always"), {}) == "Motif retiré"
    assert terms_in_words(Terms(), {}) == ""


@pytest.mark.unit
def test_weeks_are_offered_with_the_dates_of_the_next_of_each():
    assert [option["label"] for option in week_choices(date(2026, 11, 25))] == [
        "Toutes les semaines",
        "Semaine A\u00a0: la semaine prochaine, du 30 novembre",
        "Semaine B\u00a0: cette semaine, du 23 novembre",
    ]


@pytest.mark.unit
def test_where_no_school_calendar_is_known_the_screen_says_so():
    assert "ne connaissons pas" in school_words("97400")
    assert "Zone B" in school_words("49000")


@pytest.mark.unit
def test_other_hours_of_a_day_may_be_two_ranges_or_none():
    site = uuid7()
    asked: dict[str, Any] = {"first": "2027-03-01", "site": site.hex, "opens": "9h", "closes": "12h"}
    new = read_exception("special", asked | {"second_opens": "14h", "second_closes": "16h", f"reason-{REASON.hex}": "oui"})
    assert (new.kind, new.first, new.last, new.second) == (ExceptionKind.SPECIAL, new.last, new.first, (time(14), time(16)))
    assert new.reasons == (REASON,)
    closed = read_exception("special", {"first": "2027-03-01", "site": site.hex})
    assert (closed.opens, closed.closes, closed.last) == (time(0), time(0), date(2027, 3, 1))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({"first": "2027-03-01"}, {"site_id"}),
        ({"first": "2027-03-01", "site": "x", "second_opens": "9h"}, {"opens", "second_closes"}),
        ({"first": "2027-03-01", "site": "x", "second_opens": "9h", "second_closes": "10h"}, {"opens"}),
    ],
)
def test_wrong_hours_of_a_special_day_name_their_fields(form: dict[str, Any], fields: set[str]):
    with pytest.raises(Invalid) as refused:
        read_exception("special", form)
    assert set(refused.value.fields) == fields


@pytest.mark.unit
@pytest.mark.parametrize(
    ("change", "fields"), [({"source": "x"}, {"source"}), ({"target": None}, {"target"}), ({"weeks": "²"}, {"weeks"}), ({}, set())]
)
def test_a_copy_is_read_strictly(change: dict[str, Any], fields: set[str]):
    typed = {"source": "2027-03-01", "target": "2027-03-08", "weeks": "2"} | change
    if not fields:
        assert read_copying(typed) == (date(2027, 3, 1), date(2027, 3, 8), 2)
        return
    with pytest.raises(Invalid) as refused:
        read_copying(typed)
    assert set(refused.value.fields) == fields


@pytest.mark.integration
def test_the_agenda_names_a_public_holiday_and_says_when_schools_rest(world: World):
    day = read_page(world.secretary.actor, Asked(day="2026-12-25"))
    week = read_page(world.secretary.actor, Asked(day="2026-12-25", view="semaine"))
    assert day.window["mark"] == "Noël"
    assert [column["mark"] for column in week.window["columns"]][3:5] == ["Vacances scolaires", "Noël"]
    assert read_page(world.secretary.actor, Asked(day="2026-12-08")).window["mark"] == ""


def settings(browsers, world: World, *, phone: bool = False) -> Page:
    page = browsers.open(world.practitioner.actor, phone=phone)
    page.goto("/reglages")
    expect(page.get_by_role("heading", name="Jours fériés et vacances scolaires")).to_be_visible()
    return page


def said(page: Page, words: str) -> None:
    expect(page.get_by_role("region", name="Messages")).to_contain_text(words)


@pytest.mark.e2e
def test_hours_every_other_week_for_one_reason_are_set_and_shown_again(browsers, world: World):
    page = settings(browsers, world)
    hours = page.get_by_role("form", name="Horaires").first
    monday_line = hours.get_by_role("listitem").filter(has_text="Lundi")
    monday_line.locator("summary").first.click()
    monday_line.get_by_label("Semaines").first.select_option("a")
    monday_line.get_by_label("Vacances scolaires").first.select_option("outside")
    monday_line.get_by_label("Consultation").first.check()
    hours.get_by_role("button", name="Enregistrer les horaires").click()
    said(page, "Horaires enregistrés.")
    expect(monday_line.locator("summary").first).to_contain_text("Semaine A · hors vacances scolaires · Consultation")
    saved = opening_week(world.practitioner.actor, world.first).hours[world.house.sites[0]][0].terms
    assert saved == Terms(None, None, "a", "outside", frozenset({world.house.reasons[0]}))


@pytest.mark.e2e
def test_hours_that_overlap_are_said_beside_the_second_of_them(browsers, world: World):
    page = settings(browsers, world)
    hours = page.get_by_role("form", name="Horaires").first
    field = hours.get_by_label("Jeudi, ouvre à").nth(1)
    field.fill("11h")
    hours.get_by_role("button", name="Enregistrer les horaires").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("^Jeudi.: deux plages se chevauchent"))
    hours.locator(".error-summary a").click()
    expect(field).to_be_focused()


@pytest.mark.e2e
def test_a_holiday_is_closed_then_worked_and_a_week_is_copied_after_a_look(browsers, world: World):
    page = settings(browsers, world)
    page.get_by_label("Fermé les jours fériés").click()
    said(page, "Jours fériés\u00a0: fermé.")
    expect(page.get_by_label("Fermé les jours fériés")).to_be_checked()
    holiday = days_off(world.practitioner.actor, world.first).holidays[0].day
    page.get_by_role("button", name="Travailler ce jour").first.click()
    said(page, "Ce jour férié est ouvert aux heures habituelles.")
    (special,) = opening_week(world.practitioner.actor, world.first).exceptions
    assert (special.kind, special.day, len(special.ranges)) == (ExceptionKind.SPECIAL, holiday, 2)
    expect(page.locator(".setup-exceptions")).to_contain_text("Autres horaires")
    source = monday(world.day(40))
    page.get_by_role("button", name="Ajouter une exception").click()
    page.get_by_role("button", name="Autres horaires").click()
    page.get_by_label("Jour", exact=True).fill(source.isoformat())
    page.locator("#champ-opens").fill("10h")
    page.locator("#champ-closes").fill("11h")
    page.locator("#champ-site").select_option(index=1)
    page.get_by_role("button", name="Enregistrer l’exception").click()
    said(page, "Exception enregistrée.")
    rest_on_holidays(world.practitioner.actor, world.first, closed=False)
    page.get_by_role("button", name="Copier une semaine").click()
    page.get_by_label("Semaine à copier").fill(source.isoformat())
    page.get_by_label("Première semaine à changer").fill((source + timedelta(days=7)).isoformat())
    page.get_by_label("Nombre de semaines").fill("2")
    page.get_by_role("button", name="Voir ce qui change").click()
    expect(page.get_by_role("table", name="Ce qui change").get_by_role("row")).to_have_count(3)
    page.get_by_role("button", name="Copier la semaine").click()
    said(page, "Semaine copiée\u00a0: 2 jours changés.")
    copied = {one.day for one in opening_week(world.practitioner.actor, world.first).exceptions if one.label == "Semaine copiée"}
    assert copied == {source + timedelta(days=7), source + timedelta(days=14)}


@pytest.mark.e2e
@pytest.mark.parametrize("phone", [True, False])
def test_the_folded_settings_have_no_axe_violation_and_fit_the_screen(browsers, world: World, phone: bool):
    page = settings(browsers, world, phone=phone)
    for summary in page.locator(".setup summary").all()[:2]:
        summary.click()
    page.locator(".setup-past > summary").last.click()
    violations = {"réglages": Axe().run(page).response["violations"]}
    page.get_by_role("button", name="Ajouter une exception").click()
    page.get_by_role("button", name="Autres horaires").click()
    page.get_by_text("Réserver ces heures à certains motifs").click()
    violations["exception"] = Axe().run(page).response["violations"]
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Copier une semaine").click()
    page.get_by_role("button", name="Voir ce qui change").click()
    expect(page.get_by_text("Rien ne change")).to_be_visible()
    violations["copie"] = Axe().run(page).response["violations"]
    assert {place: [one["id"] for one in found] for place, found in violations.items()} == {place: [] for place in violations}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
