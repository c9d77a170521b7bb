"""The components in a real browser: reachable by keyboard, readable, within the width of a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.tools.clean import faults, faults_light_and_dark

pytestmark = pytest.mark.e2e

WIDTHS = (360, 768, 1280, 1600)


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_against_the_components(gallery: Page, width: int) -> None:
    gallery.set_viewport_size({"width": width, "height": 900})
    assert faults_light_and_dark(gallery) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(gallery: Page, width: int) -> None:
    gallery.set_viewport_size({"width": width, "height": 900})
    too_wide = """() => [...document.querySelectorAll('.page-content *')]
        .filter(one => !one.closest('.table-scroll, .tabs') && one.getBoundingClientRect().right > innerWidth + 1)
        .map(one => one.className)"""
    assert gallery.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert gallery.evaluate(too_wide) == []


def test_a_slash_opens_the_palette_and_escape_gives_the_focus_back(gallery: Page) -> None:
    button = gallery.get_by_role("button", name="Ouvrir une boîte").first
    button.focus()
    gallery.keyboard.press("/")
    search = gallery.get_by_role("combobox", name="Chercher ou aller à")
    expect(search).to_be_focused()
    assert faults(gallery) == []
    gallery.keyboard.type("reg")
    expect(gallery.get_by_role("listbox", name="Résultats").get_by_role("option")).to_have_text(["Réglages"])
    gallery.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_a_dialog_keeps_the_focus_and_gives_it_back(gallery: Page) -> None:
    button = gallery.get_by_role("button", name="Ouvrir une boîte").first
    button.click()
    box = gallery.get_by_role("dialog", name="Déplacer le rendez-vous")
    expect(box).to_be_visible()
    assert faults(gallery) == []
    for _ in range(6):
        gallery.keyboard.press("Tab")
        assert gallery.evaluate("document.activeElement === document.body || Boolean(document.activeElement.closest('dialog'))")
    gallery.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(button).to_be_focused()


def test_a_dialog_of_the_server_opens_closes_and_opens_again(gallery: Page) -> None:
    button = gallery.get_by_role("button", name="Confirmer par le serveur")
    box = gallery.get_by_role("alertdialog")
    for close in (lambda: gallery.keyboard.press("Escape"), lambda: box.get_by_role("button", name="Annuler le rendez-vous").click()):
        button.click()
        expect(box.get_by_role("button", name="Ne rien changer")).to_be_focused()
        close()
        expect(box).to_be_hidden()
        expect(button).to_be_focused()


def test_a_menu_is_walked_with_arrows(gallery: Page) -> None:
    button = gallery.get_by_role("button", name="Actions du rendez-vous").first
    button.click()
    expect(gallery.get_by_role("menuitem", name="Ouvrir le dossier")).to_be_focused()
    assert faults(gallery) == []
    gallery.keyboard.press("ArrowDown")
    expect(gallery.get_by_role("menuitem", name="Déplacer")).to_be_focused()
    gallery.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_arrows_choose_a_tab(gallery: Page) -> None:
    first = gallery.get_by_role("tablist").first
    first.get_by_role("tab", name="Jour").focus()
    gallery.keyboard.press("ArrowRight")
    expect(first.get_by_role("tab", name="Semaine")).to_have_attribute("aria-selected", "true")
    expect(gallery.get_by_role("tabpanel", name="Semaine").first).to_be_visible()
    gallery.get_by_role("tab", name="Jour").first.click()


def test_a_wait_of_more_than_ten_seconds_says_what_to_do(gallery: Page) -> None:
    gallery.clock.install()
    gallery.reload()
    waiting = gallery.get_by_role("status").filter(has_text="Chargement en cours").first
    expect(waiting).not_to_contain_text("plus long")
    gallery.clock.fast_forward("00:11")
    expect(waiting).to_contain_text("C’est plus long que d’habitude. Patientez, ou rechargez la page.")


def test_a_message_is_spoken_and_can_be_undone(gallery: Page) -> None:
    gallery.get_by_role("button", name="Fait", exact=True).first.click()
    expect(gallery.get_by_role("status").filter(has_text="Rendez-vous annulé.")).to_have_count(1)
    assert faults(gallery) == []
    gallery.get_by_role("button", name="Défaire").click()
    expect(gallery.get_by_role("status").filter(has_text="Sylvie Moreau vient de déplacer")).to_have_count(1)


def test_an_error_waits_until_it_is_dismissed(gallery: Page) -> None:
    gallery.clock.install()
    gallery.get_by_role("button", name="Erreur", exact=True).first.click()
    shown = gallery.get_by_role("region", name="Messages").get_by_text("Ce créneau vient d’être réservé.")
    expect(shown).to_be_visible()
    gallery.clock.fast_forward("10:00")
    expect(shown).to_be_visible()
    gallery.get_by_role("button", name="Fermer ce message").click()
    expect(shown).to_be_hidden()


def test_a_refused_form_sums_up_its_errors_in_the_order_of_its_fields_and_keeps_what_was_typed(gallery: Page) -> None:
    gallery.locator("#champ-essai-email").fill("claire@")
    gallery.get_by_role("button", name="Créer le compte").click()
    summary = gallery.get_by_role("group", name="À corriger avant de continuer")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(["Indiquez une adresse e-mail, comme nom@exemple.fr.", "Le 31 février n’existe pas."])
    expect(gallery.locator("#champ-essai-email")).to_have_value("claire@")
    gallery.get_by_role("link", name="Le 31 février n’existe pas.").click()
    expect(gallery.locator("#champ-essai-naissance")).to_be_focused()


def test_what_was_typed_survives_a_reload_until_it_is_saved(gallery: Page) -> None:
    field = gallery.locator("#champ-essai-email")
    field.fill("claire@exemple.fr")
    gallery.reload()
    expect(field).to_have_value("claire@exemple.fr")
    gallery.get_by_role("button", name="Comme si c’était enregistré").click()
    expect(field).to_have_value("")
    gallery.reload()
    gallery.get_by_role("heading", name="Boutons", exact=True).wait_for()
    expect(field).to_have_value("")


def test_passwords_are_kept_nowhere(gallery: Page) -> None:
    gallery.locator("#champ-essai-mdp").fill("une phrase secrète")
    gallery.locator("#champ-essai-email").fill("claire@exemple.fr")
    stored = gallery.evaluate("JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)])")
    assert "claire@exemple.fr" in stored
    assert "secrète" not in stored


def test_shortcuts_of_one_key_can_be_switched_off(gallery: Page) -> None:
    gallery.keyboard.press("?")
    known = gallery.get_by_role("dialog", name="Raccourcis clavier")
    expect(known.get_by_text("Basculer l’attente")).to_be_visible()
    known.get_by_role("checkbox", name="Raccourcis à une seule touche").uncheck()
    gallery.keyboard.press("Escape")
    gallery.keyboard.press("?")
    expect(known).to_be_hidden()
    gallery.keyboard.press("Control+k")
    expect(gallery.get_by_role("combobox", name="Chercher ou aller à")).to_be_focused()


def test_letters_typed_in_a_field_are_no_shortcuts(gallery: Page) -> None:
    field = gallery.locator("#champ-essai-email")
    field.press_sequentially("gw/?")
    expect(field).to_have_value("gw/?")
    expect(gallery.get_by_role("dialog")).to_have_count(0)


def test_the_theme_chosen_is_kept(gallery: Page) -> None:
    gallery.get_by_role("button", name="Dr Claire Vasseur").click()
    gallery.get_by_role("menuitemradio", name="Sombre").click()
    expect(gallery.locator("html.dark")).to_have_count(1)
    gallery.reload()
    expect(gallery.locator("html.dark")).to_have_count(1)


def test_the_skip_link_leads_to_the_content(gallery: Page) -> None:
    gallery.reload()
    gallery.keyboard.press("Tab")
    expect(gallery.get_by_role("link", name="Aller au contenu")).to_be_focused()
    gallery.keyboard.press("Enter")
    expect(gallery.get_by_role("main")).to_be_focused()


@pytest.mark.requirement(12)
def test_legal_links_are_one_click_away_on_a_professional_page(gallery: Page) -> None:
    gallery.get_by_role("contentinfo").get_by_role("link", name="Mentions légales").click()
    expect(gallery.get_by_role("heading", name="Mentions légales", level=1)).to_be_visible()


def test_no_page_calls_another_host(page: Page, workshop) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto("/developpement/composants")
    page.get_by_role("heading", name="Boutons", exact=True).wait_for()
    assert hosts == {workshop.address.removeprefix("http://")}
