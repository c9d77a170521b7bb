"""The import in Chromium: from the settings to the agenda, with the refused lines first, by hand and on a phone."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.desk.world import World
from tests.intake.files import csv_of
from tests.outside.test_importing import event
from tests.outside.test_reading import calendar

pytestmark = pytest.mark.e2e

HEAD = ("Jour du rdv", "Heure", "Durée", "Praticien", "Motif", "Nom", "Prénom", "DDN")


def file_of(world: World, folder: Path, *, wrong: bool) -> Path:
    """Write a file of three visits, one of them with somebody whom the practice does not know if `wrong`."""
    day = world.day().strftime("%d/%m/%Y")
    rows = [
        (day, "9h00", "20", "Dr Claire Vasseur", "Consultation", "Aubry", "Manon", "12/03/1981"),
        (day, "9h20", "20", "Claire Zeller", "Consultation", "Besson", "Louis", "02/07/1950"),
        (day, "9h20", "20", "Dr Inconnu" if wrong else "Claire Vasseur", "Consultation", "Carlier", "Inès", "30/01/2001"),
    ]
    made = folder / "rendez-vous.csv"
    made.write_bytes(csv_of(rows, HEAD))
    return made


def opened(browsers, world: World, *, phone: bool = False) -> Page:
    page = browsers.open(world.practitioner.actor, phone=phone)
    page.goto("/reglages/reprise")
    expect(page.get_by_role("heading", name="1. Le fichier")).to_be_visible()
    return page


def clean(page: Page) -> None:
    """Hold the page to its width and to the rules of accessibility."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("phone", [False, True])
def test_a_practice_brings_its_appointments_in(browsers, world: World, tmp_path: Path, phone: bool):
    page = opened(browsers, world, phone=phone)
    page.get_by_label("Des rendez-vous").check()
    page.get_by_label("Fichier CSV").set_input_files(file_of(world, tmp_path, wrong=True))
    expect(page.get_by_role("heading", name="2. Les colonnes")).to_be_focused()
    page.get_by_label("Date", exact=True).select_option(label="Jour du rdv")
    expect(page.get_by_role("region", name="Premières lignes")).to_contain_text("12/03/1981")
    clean(page)
    page.get_by_role("button", name="Vérifier les 3 lignes").click()
    expect(page.get_by_role("region", name="Lignes refusées")).to_contain_text("Ce praticien n’est pas du cabinet.")
    clean(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger la liste").click()
    assert "Praticien" in download.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="Tout corriger d’abord").click()
    page.get_by_label("Fichier CSV").set_input_files(file_of(world, tmp_path, wrong=False))
    page.get_by_label("Date", exact=True).select_option(label="Jour du rdv")
    page.get_by_role("button", name="Vérifier les 3 lignes").click()
    page.get_by_role("button", name="Tout importer").click()
    expect(page.get_by_role("heading", name="C’est repris")).to_be_focused()
    expect(page.get_by_text("3 rendez-vous repris, 3 fiches créées.")).to_be_visible()
    clean(page)
    assert len(world.house.appointments()) == 3


@pytest.mark.parametrize("phone", [False, True])
def test_a_calendar_becomes_appointments_once_each_event_is_decided(browsers, world: World, tmp_path: Path, phone: bool):
    file = tmp_path / "agenda.ics"
    file.write_bytes(calendar(event(world.house, 9), event(world.house, 10).replace("Réunion de famille", "DUPONT Marie 12/03/1981")))
    page = browsers.open(world.practitioner.actor, phone=phone)
    page.goto("/reglages")
    page.get_by_label("Des rendez-vous avec des patients").check()
    page.get_by_role("link", name="Reprendre ces rendez-vous").click()
    expect(page.get_by_label("Les rendez-vous d’un calendrier (.ics)")).to_be_checked()
    page.get_by_label("Fichier de calendrier (.ics)").set_input_files(file)
    expect(page.get_by_role("heading", name="3. Les rendez-vous")).to_be_focused()
    page.get_by_label("Motif", exact=True).select_option(index=1)
    expect(page.get_by_text("1 rendez-vous, 1 nouvelle fiche")).to_be_visible()
    expect(page.get_by_role("heading", name="1 événement à décider")).to_be_visible()
    clean(page)
    page.get_by_label("Patient, ligne 1").select_option(label="Quelqu’un d’autre…")
    page.get_by_label("Nom, ligne 1", exact=True).fill("Martin")
    page.get_by_label("Prénom, ligne 1").fill("Léa")
    page.get_by_label("Date de naissance, ligne 1").fill("02/07/1950")
    page.get_by_role("button", name="Vérifier mes choix").click()
    expect(page.get_by_text("2 rendez-vous, 2 nouvelles fiches")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Tout importer").click()
    expect(page.get_by_role("heading", name="C’est repris")).to_be_focused()
    assert len(world.house.appointments()) == 2


def test_without_the_refused_lines_the_others_come_in_when_one_says_so(browsers, world: World, tmp_path: Path):
    page = opened(browsers, world)
    page.get_by_label("Des rendez-vous").check()
    page.get_by_label("Fichier CSV").set_input_files(file_of(world, tmp_path, wrong=True))
    page.get_by_label("Date", exact=True).select_option(label="Jour du rdv")
    page.get_by_role("button", name="Vérifier les 3 lignes").click()
    page.get_by_role("button", name="Importer sans les lignes refusées").click()
    expect(page.get_by_text("1 ligne refusée n’a pas été reprise.")).to_be_visible()


def test_what_is_no_table_is_told_at_once_and_a_lost_answer_asked_again(browsers, world: World, tmp_path: Path):
    page = opened(browsers, world)
    sheet = tmp_path / "classeur.csv"
    sheet.write_bytes(b"PK\x03\x04")
    page.get_by_label("Fichier CSV").set_input_files(sheet)
    expect(page.get_by_role("alert").filter(has_text="Ce fichier n’est pas un tableau CSV.")).to_be_visible()
    page.route("**/api/intake/preview*", lambda route: route.abort(), times=1)
    page.get_by_label("Fichier CSV").set_input_files(file_of(world, tmp_path, wrong=False))
    page.get_by_role("button", name="Réessayer").click()
    expect(page.get_by_role("heading", name="2. Les colonnes")).to_be_focused()


def test_a_field_without_a_column_is_said_beside_it(browsers, world: World, tmp_path: Path):
    page = opened(browsers, world)
    page.get_by_label("Fichier CSV").set_input_files(file_of(world, tmp_path, wrong=False))
    page.get_by_label("Nom", exact=True).select_option(label="Aucune colonne")
    page.get_by_role("button", name="Vérifier les 3 lignes").click()
    expect(page.get_by_label("Nom", exact=True)).to_have_attribute("aria-invalid", "true")


def test_a_secretary_is_told_whom_to_ask(browsers, world: World):
    page = browsers.open(world.secretary.actor, phone=False)
    page.goto("/reglages/reprise")
    expect(page.get_by_text("Seul un praticien qui administre le cabinet reprend des données.")).to_be_visible()
