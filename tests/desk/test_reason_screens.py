"""The rules of reasons and the rooms of a practice, on the screen of settings."""

import pytest
from playwright.sync_api import expect

from maiia_pro.agenda.codes import Audience
from maiia_pro.agenda.resources import practice_resources
from maiia_pro.agenda.setup import opening_week
from tests.desk.world import World

pytestmark = pytest.mark.e2e


def test_a_practitioner_writes_rules_and_what_is_wrong_opens_its_group(browsers, world: World):
    page = browsers.open(world.practitioner.actor, phone=False)
    page.goto("/reglages")
    page.get_by_role("button", name="Modifier Consultation").click()
    page.get_by_label("Nouveau patient (minutes)").fill("40")
    page.get_by_text("Réservation en ligne").click()
    page.get_by_label("Qui peut réserver en ligne").select_option("known")
    page.get_by_label("Délai minimum (heures)").fill("9999")
    page.get_by_text("Réservation en ligne").click()
    page.get_by_role("button", name="Enregistrer le motif").click()
    expect(page.get_by_label("Délai minimum (heures)")).to_be_visible()
    expect(page.locator("#champ-notice_hours-erreur")).to_contain_text("30 jours au plus")
    page.get_by_label("Délai minimum (heures)").fill("2")
    page.get_by_role("button", name="Enregistrer le motif").click()
    expect(page.get_by_text("Motif « Consultation » enregistré.").first).to_be_visible()
    (reason,) = opening_week(world.practitioner.actor, world.first).reasons
    assert (reason.new_patient_minutes, reason.audience, reason.notice_minutes) == (40, Audience.KNOWN, 120)


def test_all_that_is_wrong_is_said_at_once_and_a_page_opened_again_shows_no_form(browsers, world: World):
    page = browsers.open(world.practitioner.actor, phone=False)
    page.goto("/reglages")
    page.get_by_role("button", name="Ajouter un motif").click()
    page.get_by_label("Durée (minutes)").fill("vingt")
    page.get_by_role("button", name="Enregistrer le motif").click()
    wrong = page.get_by_role("group", name="À corriger avant de continuer")
    expect(wrong.get_by_role("link")).to_have_text(["Écrivez le nom du motif.", "Écrivez un nombre de minutes."])
    page.reload()
    page.get_by_role("button", name="Ajouter un motif").click()
    expect(page.get_by_label("Nom du motif")).to_be_visible()
    expect(wrong).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ajouter une exception").click()
    expect(page.get_by_role("dialog", name="Nouvelle exception")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Ajouter une salle ou un matériel").click()
    expect(page.get_by_role("dialog")).to_have_accessible_name("Ajouter une salle ou un matériel")


def test_a_colleague_s_reason_is_taken_over(browsers, world: World):
    world.house.rule(world.house.reasons[1], name="Suivi")
    page = browsers.open(world.practitioner.actor, phone=False)
    page.goto("/reglages")
    page.get_by_role("button", name="Copier d’un collègue").click()
    page.get_by_label("Suivi (20").check()
    page.get_by_role("button", name="Copier les motifs").click()
    expect(page.get_by_role("rowheader", name="Suivi")).to_be_visible()


def test_a_kind_of_room_just_added_may_be_needed_by_a_reason_at_once(browsers, world: World):
    page = browsers.open(world.practitioner.actor, phone=False)
    page.goto("/reglages")
    page.get_by_role("button", name="Ajouter une salle ou un matériel").click()
    form = page.locator("#salle")
    form.get_by_label("Nom", exact=True).fill("Cabine 1")
    form.get_by_label("Genre", exact=True).fill("Cabine")
    form.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("rowheader", name="Cabine 1")).to_be_visible()
    page.get_by_role("button", name="Modifier Consultation").click()
    page.get_by_role("dialog", name="Modifier le motif").locator("summary", has_text="Salles et matériel").click()
    page.get_by_label("Cabine", exact=True).check()
    page.get_by_role("button", name="Enregistrer le motif").click()
    expect(page.get_by_text("Motif « Consultation » enregistré.").first).to_be_visible()
    (reason,) = opening_week(world.practitioner.actor, world.first).reasons
    assert len(reason.needs) == 1


def test_an_administrator_keeps_the_rooms_of_the_practice_and_the_others_see_them(browsers, world: World):
    page = browsers.open(world.practitioner.actor)
    page.goto("/cabinet")
    page.get_by_role("button", name="Ajouter une salle ou un matériel").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Nom", exact=True).fill("Salle 1")
    form.get_by_label("Genre").fill("Salle d’examen")
    form.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("rowheader", name="Salle 1")).to_be_visible()
    page.get_by_role("button", name="Retirer Salle 1").click()
    again = page.get_by_role("button", name="Remettre en service Salle 1")
    again.hover()
    page.mouse.down(click_count=2)  # the second of a double click, on what has come there meanwhile
    page.mouse.up(click_count=2)
    page.get_by_role("button", name="Renommer Salle 1").click()
    expect(page.get_by_role("dialog", name="Renommer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(again).to_be_visible()
    assert [one.retired for one in practice_resources(world.secretary.actor).resources] == [True]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    desk = browsers.open(world.secretary.actor)
    desk.goto("/reglages")
    expect(desk.get_by_role("rowheader", name="Salle 1")).to_be_visible()
    expect(desk.get_by_role("button", name="Ajouter une salle ou un matériel")).to_have_count(0)
