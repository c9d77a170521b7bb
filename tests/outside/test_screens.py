"""A practitioner's other calendars in Chromium: a file looked at and brought in, a calendar linked and left."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.desk.world import World, build_world
from tests.outside.conftest import USER, Radicale
from tests.outside.test_importing import event
from tests.outside.test_reading import calendar
from tests.outside.test_syncing import links, work_once
from tests.patient.conftest import Browsers, base_url, browser_context_args, pages

__all__ = ["base_url", "browser_context_args", "pages"]

pytestmark = pytest.mark.e2e


@pytest.fixture
def world(clean_database) -> World:
    """A practice of its own for the test."""
    return build_world()


@pytest.fixture
def browsers(clean_database, browser, browser_context_args) -> Iterator[Browsers]:
    """Give one browser a person, closed before the database is emptied."""
    opened = Browsers(browser, browser_context_args)
    yield opened
    opened.close()


def card(page: Page, title: str) -> Locator:
    """Give the card of that title."""
    return page.locator("section.card", has=page.get_by_role("heading", name=title, exact=True))


def clean(page: Page) -> bool:
    """Tell whether axe finds nothing wrong."""
    return Axe().run(page).violations_count == 0


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_calendar_file_is_looked_at_then_blocks_the_agenda(browsers: Browsers, world: World, tmp_path: Path, phone: bool):
    file, wrong = tmp_path / "perso.ics", tmp_path / "patients.csv"
    file.write_bytes(calendar(event(world.house, 9), event(world.house, 10) + "\r\nSTATUS:CANCELLED"))
    wrong.write_text("nom;prenom")
    page = browsers.open(world.practitioner.actor, phone=phone)
    page.goto("/reglages")
    files = card(page, "Importer un calendrier (.ics)")
    chosen, look = files.get_by_label("Fichier de calendrier (.ics)"), files.get_by_role("button", name="Voir ce qu’il contient")
    chosen.set_input_files(wrong)
    look.click()
    expect(files.get_by_role("alert")).to_contain_text("Ce fichier n’est pas un calendrier")
    chosen.set_input_files(file)
    look.click()
    expect(files.get_by_text("1 plage occupée", exact=True)).to_be_visible()
    expect(files.get_by_text("Laissés de côté : 1 annulé.")).to_be_visible()
    expect(files.get_by_role("table")).to_contain_text("Réunion de famille")
    assert clean(page)
    files.get_by_label("Garder les intitulés").check()
    files.get_by_role("button", name="Bloquer ces plages").click()
    expect(files.get_by_text("C’est fait : 1 plage ajoutée.")).to_be_visible()
    expect(files.get_by_text("Une plage importée est à venir.")).to_be_visible()
    day = world.house.instant(9).date().isoformat()
    page.goto(f"/agenda?jour={day}&vue=liste")
    expect(page.get_by_text("occupé de 9 h 00 à 10 h 00, Réunion de famille")).to_be_visible()
    other = browsers.open(world.secretary.actor, phone=phone)
    other.goto(f"/agenda?jour={day}&vue=liste")
    expect(other.get_by_text("occupé de 9 h 00 à 10 h 00")).to_be_visible()
    assert "Réunion de famille" not in other.content()


def test_a_calendar_is_linked_its_fault_is_said_and_it_is_left(browsers: Browsers, world: World, private_hosts: None, radicale: Radicale):
    page = browsers.open(world.practitioner.actor, phone=False)
    page.goto("/reglages")
    linked = card(page, "Relier un calendrier")
    linked.get_by_label("Adresse CalDAV").fill("ftp://agenda")
    linked.get_by_role("textbox", name="Identifiant").fill(USER)
    linked.get_by_label("Mot de passe du calendrier").fill("un autre")
    linked.get_by_role("button", name="Relier").click()
    expect(linked.get_by_role("group", name="À corriger avant de continuer")).to_contain_text("Écrivez l’adresse du calendrier")
    linked.get_by_label("Adresse CalDAV").fill(radicale.url.replace("http://", "https://"))
    linked.get_by_role("button", name="Relier").click()
    expect(linked.get_by_text("Connexion au calendrier…")).to_be_visible()
    worker = threading.Thread(target=work_once)  # this thread's event loop is the browser's
    worker.start()
    worker.join(60)
    expect(linked.get_by_text("Le serveur du calendrier ne répond pas.")).to_be_visible()
    assert clean(page)
    linked.get_by_role("button", name="Déconnecter", exact=True).click()
    page.get_by_role("alertdialog").get_by_role("button", name="Déconnecter").click()
    expect(linked.get_by_label("Adresse CalDAV")).to_be_visible()
    assert links() == []
