"""Requests in Chromium: noted, taken, answered, by hand and by keyboard, on one screen and on two."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from maiia_pro.kernel.actor import ActorKind
from maiia_pro.requests.changing import comment_request, take_request
from maiia_pro.requests.listing import Which
from maiia_pro.requests.tables import Progress
from tests.desk.world import Person, World
from tests.factories import House, new_account, new_patient_account
from tests.requests.asking import asked, detail, lines
from tests.tools.clean import faults_light_and_dark

pytestmark = pytest.mark.e2e


def shown(page: Page, query: str = "") -> Page:
    """Open the page of requests and wait for its list; from then on it misses nothing, since it reads again once it listens."""
    page.goto(f"/demandes{query}")
    expect(page.locator(".requests")).to_be_visible()
    return page


def row(page: Page, subject: str) -> Locator:
    """Give the line of a request."""
    return page.locator(".request-row", has_text=subject)


def panel(page: Page) -> Locator:
    """Give the panel of the request that is open."""
    return page.get_by_role("complementary", name="Demande")


@pytest.fixture
def desk(browsers, world: World) -> Page:
    """The secretary's screen."""
    return browsers.open(world.secretary.actor, phone=False)


def note(world: World, person: Person | None = None, **more: str):
    """Note a request as somebody of the practice, the secretary unless another is named."""
    return asked(world.house, (person or world.secretary).actor, **more)


def test_what_one_notes_and_another_takes_is_seen_by_both_at_once(browsers, desk: Page, world: World):
    shown(desk)
    other = shown(browsers.open(world.practitioner.actor, phone=False))
    expect(other.get_by_role("heading", name="Aucune demande ouverte")).to_be_visible()
    other.evaluate("window.untouched = true")
    desk.keyboard.press("n")
    desk.get_by_label("Chercher un patient").fill("kel")
    desk.get_by_role("list", name="Patients trouvés").get_by_role("button").first.click()
    expect(desk.get_by_label("Objet")).to_be_focused()
    desk.get_by_label("Objet").fill("Rappeler ce soir")
    desk.get_by_label("Urgente").check()
    desk.get_by_role("button", name="Noter la demande").click()
    expect(desk.get_by_role("dialog", name="Nouvelle demande")).to_have_count(0)
    expect(row(other, "Rappeler ce soir")).to_contain_text("Josiane Keller")
    expect(other.get_by_role("note")).to_contain_text("Sylvie Moreau vient de noter «\u00a0Rappeler ce soir\u00a0»")
    row(other, "Rappeler ce soir").get_by_role("button", name="Prendre :").click()
    expect(row(desk, "Rappeler ce soir")).to_contain_text("Dr Claire Vasseur")
    expect(row(desk, "Rappeler ce soir")).to_contain_text("En cours")
    assert other.evaluate("window.untouched")


def test_who_comes_second_on_a_screen_that_heard_nothing_is_told_who_was_first(desk: Page, world: World):
    desk.route_web_socket(re.compile("/live$"), lambda _route: None)
    request = note(world, subject="Rappeler le laboratoire")
    shown(desk)
    take = row(desk, "Rappeler le laboratoire").get_by_role("button", name="Prendre :")
    expect(take).to_be_visible()
    take_request(world.practitioner.actor, request, 1)
    take.click()
    expect(desk.get_by_role("alert")).to_contain_text("Dr Claire Vasseur s’occupe déjà de cette demande.")
    expect(row(desk, "Rappeler le laboratoire")).to_contain_text("Dr Claire Vasseur")
    expect(take).to_have_count(0)


def test_the_open_panel_shows_what_another_adds_and_keeps_what_is_being_written(desk: Page, world: World):
    request = note(world, subject="Rappeler le laboratoire")
    shown(desk, f"?demande={request.hex}")
    written = panel(desk).get_by_label("Ajouter un commentaire")
    written.fill("Je voulais dire")
    comment_request(world.practitioner.actor, request, "Occupé, réessayer.")
    expect(panel(desk).locator(".request-comments")).to_contain_text("Occupé, réessayer.")
    expect(written).to_have_value("Je voulais dire")


def test_a_request_is_noted_found_and_answered_without_a_mouse(desk: Page, world: World):
    note(world, subject="La première", due="1/1/2020 9h")
    note(world, subject="La deuxième", due="2/1/2020 9h")
    desk.goto("/agenda")
    expect(desk.locator("#agenda")).to_be_visible()
    desk.keyboard.press("q")
    expect(row(desk, "La première")).to_be_visible()
    expect(desk.get_by_role("heading", name="Demandes", level=1)).to_be_focused()
    desk.keyboard.press("n")
    expect(desk.get_by_label("Chercher un patient")).to_be_focused()
    desk.keyboard.press("Tab")
    desk.keyboard.type("Mme Besnard")
    desk.get_by_label("Objet").focus()
    desk.keyboard.type("La troisième")
    desk.keyboard.press("Enter")
    expect(row(desk, "La troisième")).to_contain_text("Mme Besnard")
    desk.keyboard.press("l")
    expect(row(desk, "La première").locator(".request-open")).to_be_focused()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(panel(desk)).to_contain_text("La deuxième")
    expect(panel(desk)).to_contain_text("En retard")
    desk.keyboard.press("Escape")
    expect(panel(desk)).to_have_count(0)
    expect(row(desk, "La deuxième").locator(".request-open")).to_be_focused()


def test_enter_chooses_the_only_patient_that_was_found(desk: Page, world: World):
    world.house.patient("Besson", "Guy")
    shown(desk)
    desk.keyboard.press("n")
    expect(desk.get_by_label("Chercher un patient")).to_be_focused()
    desk.keyboard.type("besson")
    desk.keyboard.press("Enter")
    expect(desk.locator(".booking-patient")).to_contain_text("Guy Besson")
    expect(desk.get_by_label("Objet")).to_be_focused()
    desk.keyboard.type("Rappeler")
    desk.keyboard.press("Enter")
    expect(row(desk, "Rappeler")).to_contain_text("Guy Besson")


def test_the_search_of_the_agenda_leads_to_a_new_request(desk: Page, world: World):
    desk.goto("/agenda")
    expect(desk.locator("#agenda")).to_be_visible()
    desk.keyboard.press("/")
    desk.keyboard.type("noter")
    expect(desk.get_by_role("option", name="Noter une demande")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("dialog", name="Nouvelle demande")).to_be_visible()


def test_the_number_beside_the_agenda_follows_what_presses(desk: Page, world: World):
    desk.goto("/agenda")
    link = desk.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Demandes")
    expect(link).to_be_visible()
    request = note(world, world.practitioner, owner=world.secretary.actor.account_id.hex)
    expect(link).to_contain_text("1")
    note(world, world.practitioner, due="1/1/2020 9h")
    expect(link).to_contain_text("2")
    note(world, world.practitioner, due="demain")
    take_request(world.secretary.actor, request, 1)
    expect(link).to_contain_text("2")
    link.click()
    expect(row(desk, "En cours")).to_be_visible()


def test_a_request_about_an_appointment_begins_with_its_patient(desk: Page, world: World):
    booked = world.book(9)
    desk.goto(f"/agenda?jour={world.day().isoformat()}")
    desk.locator("[data-visit]", has_text="Josiane Keller").first.click()
    desk.get_by_role("complementary", name="Rendez-vous").get_by_role("button", name="Nouvelle demande").click()
    dialog = desk.get_by_role("dialog", name="Nouvelle demande")
    expect(dialog).to_contain_text("Au sujet du rendez-vous")
    expect(dialog.locator(".booking-patient")).to_contain_text("Josiane Keller")
    expect(dialog.get_by_label("Objet")).to_be_focused()
    expect(dialog.get_by_label("Praticien concerné")).to_have_value(world.first.hex)
    dialog.get_by_label("Objet").fill("Apporter les radios")
    dialog.get_by_role("button", name="Noter la demande").click()
    desk.get_by_role("region", name="Messages").get_by_role("button", name="Voir").click()
    expect(panel(desk)).to_contain_text("Apporter les radios")
    (line,) = lines(world.house, world.secretary.actor)
    found = detail(world.secretary.actor, line.id)
    assert (found.appointment_id, line.patient, line.practitioner) == (booked.id, "Josiane Keller", "Dr Claire Vasseur")


def test_a_request_for_somebody_else_is_not_about_the_appointment(desk: Page, world: World):
    world.book(9)
    desk.goto(f"/agenda?jour={world.day().isoformat()}")
    desk.locator("[data-visit]", has_text="Josiane Keller").first.click()
    desk.get_by_role("complementary", name="Rendez-vous").get_by_role("button", name="Nouvelle demande").click()
    dialog = desk.get_by_role("dialog", name="Nouvelle demande")
    dialog.get_by_role("button", name="Changer de patient").click()
    expect(dialog).not_to_contain_text("Au sujet du rendez-vous")
    dialog.get_by_label("Nom de l’appelant").fill("Mme Besnard")
    dialog.get_by_label("Objet").fill("Autre chose")
    dialog.get_by_role("button", name="Noter la demande").click()
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("Demande notée.")
    (line,) = lines(world.house, world.secretary.actor)
    assert (detail(world.secretary.actor, line.id).appointment_id, line.caller) == (None, "Mme Besnard")


@pytest.mark.parametrize("due", ["31 février", "demain 25h"])
def test_a_refused_request_keeps_every_word_and_leads_to_what_is_wrong(desk: Page, world: World, due: str):
    shown(desk)
    desk.keyboard.press("n")
    dialog = desk.get_by_role("dialog", name="Nouvelle demande")
    dialog.get_by_label("Objet").fill("Rappeler")
    dialog.get_by_label("Précisions").fill("Une longue explication.")
    dialog.get_by_label("À faire pour").fill(due)
    dialog.get_by_role("button", name="Noter la demande").click()
    summary = dialog.get_by_role("group", name="À corriger avant de continuer")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(1)
    expect(dialog.get_by_label("Nom de l’appelant")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Nom de l’appelant").fill("Mme Besnard")
    dialog.get_by_role("button", name="Noter la demande").click()
    expect(dialog.get_by_label("À faire pour")).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_label("Précisions")).to_have_value("Une longue explication.")
    dialog.get_by_label("À faire pour").fill("demain 9h30")
    dialog.get_by_role("button", name="Noter la demande").click()
    expect(row(desk, "Rappeler")).to_contain_text("Demain, 9\u00a0h\u00a030")
    (line,) = lines(world.house, world.secretary.actor)
    assert detail(world.secretary.actor, line.id).words == "Une longue explication."


def test_what_was_typed_waits_through_a_reload_and_is_gone_once_saved(desk: Page, world: World):
    shown(desk)
    desk.keyboard.press("n")
    desk.get_by_label("Objet").fill("Rappeler")
    desk.keyboard.press("Escape")
    shown(desk)
    desk.keyboard.press("n")
    expect(desk.get_by_label("Objet")).to_have_value("Rappeler")
    desk.get_by_label("Nom de l’appelant").fill("Mme Besnard")
    desk.get_by_role("button", name="Noter la demande").click()
    expect(row(desk, "Rappeler")).to_be_visible()
    desk.keyboard.press("n")
    expect(desk.get_by_label("Objet")).to_have_value("")


def test_a_request_is_taken_handed_over_put_off_commented_and_closed_and_the_closing_is_undone(desk: Page, world: World):
    request = note(world, subject="Rappeler le laboratoire", due="1/1/2020 9h")
    shown(desk)
    row(desk, "Rappeler le laboratoire").locator(".request-open").click()
    panel(desk).get_by_role("button", name="Je m’en occupe").click()
    expect(panel(desk).get_by_text("En cours")).to_be_visible()
    panel(desk).get_by_label("Confier à").select_option("Dr Claire Vasseur")
    expect(panel(desk).get_by_label("Historique").or_(panel(desk))).to_contain_text("Demande confiée")
    panel(desk).get_by_label("À faire pour").fill("31/02")
    panel(desk).get_by_role("button", name="Changer l’échéance").click()
    expect(panel(desk).get_by_label("À faire pour")).to_have_attribute("aria-invalid", "true")
    expect(panel(desk).get_by_label("À faire pour")).to_have_value("31/02")
    panel(desk).get_by_label("À faire pour").fill("demain 11h")
    panel(desk).get_by_label("Urgente").check()
    panel(desk).get_by_role("button", name="Changer l’échéance").click()
    expect(panel(desk)).to_contain_text("Échéance changée")
    panel(desk).get_by_label("Ajouter un commentaire").fill("Joint.")
    panel(desk).get_by_role("button", name="Ajouter le commentaire").click()
    expect(panel(desk).locator(".request-comments")).to_contain_text("Joint.")
    expect(panel(desk).get_by_label("Ajouter un commentaire")).to_have_value("")
    panel(desk).get_by_role("button", name="Marquer faite").click()
    expect(row(desk, "Rappeler le laboratoire")).to_have_count(0)
    assert detail(world.secretary.actor, request).line.progress is Progress.DONE
    desk.get_by_role("region", name="Messages").get_by_role("button", name="Défaire").click()
    expect(row(desk, "Rappeler le laboratoire")).to_contain_text("Dr Claire Vasseur")
    found = detail(world.secretary.actor, request)
    assert (found.line.due_at, found.line.owner, found.line.priority) == (world.at(11), "Dr Claire Vasseur", "urgent")


def test_filters_show_each_their_own_and_say_so_when_there_is_nothing(desk: Page, world: World):
    note(world, subject="La sienne", owner=world.practitioner.actor.account_id.hex)
    shown(desk)
    for name, title in (("À moi", "Rien ne vous attend"), ("À prendre", "Tout est pris"), ("Fermées", "Aucune demande fermée")):
        desk.get_by_role("group", name="Demandes affichées").get_by_role("button", name=name).click()
        expect(desk.get_by_role("heading", name=title)).to_be_visible()
    desk.get_by_role("button", name="Voir toutes les demandes ouvertes").click()
    expect(row(desk, "La sienne")).to_be_visible()
    desk.get_by_label("Praticien concerné").first.select_option("Dr Claire Zeller")
    expect(row(desk, "La sienne")).to_have_count(0)


def test_a_list_that_cannot_be_read_says_why(browsers, world: World):
    page = browsers.open(new_account(ActorKind.SECRETARY), phone=False)
    page.goto("/demandes")
    expect(page.get_by_role("heading", name="Les demandes ne s’affichent pas")).to_be_visible()
    expect(page.get_by_text("Aucun praticien ne vous a encore confié son agenda.")).to_be_visible()
    expect(page.get_by_role("button", name="Réessayer")).to_be_visible()


def test_requests_are_not_shown_to_patients_and_visitors_sign_in_first(browsers, world: World):
    patient = browsers.open(new_patient_account())
    patient.goto("/demandes")
    expect(patient.get_by_role("heading", name="Accès réservé")).to_be_visible()
    expect(patient.get_by_role("button", name="Demande")).to_have_count(0)
    visitor = browsers.open()
    visitor.goto("/demandes")
    expect(visitor).to_have_url(re.compile(r"/connexion\?suite=/demandes"))


def test_the_request_of_another_practice_is_not_shown(desk: Page, world: World):
    elsewhere = House.ready()
    request = asked(elsewhere, elsewhere.secretary(), subject="Secret")
    shown(desk, f"?demande={request.hex}")
    expect(panel(desk)).to_contain_text("Cette demande ne s’affiche pas")
    expect(panel(desk)).not_to_contain_text("Secret")


def test_on_a_phone_a_request_is_taken_and_answered_with_a_thumb(browsers, world: World):
    note(world, subject="Un objet très long qui ne tient pas sur une ligne, avec unmotextremementlongsansaucuneespacepourcouper")
    page = shown(browsers.open(world.secretary.actor))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Prendre : Un objet").tap()
    expect(page.locator(".request-row")).to_contain_text("En cours")
    page.locator(".request-open").tap()
    panel(page).get_by_label("Ajouter un commentaire").fill("Joint.")
    panel(page).get_by_role("button", name="Ajouter le commentaire").tap()
    expect(panel(page).locator(".request-comments")).to_contain_text("Joint.")
    panel(page).get_by_role("button", name="Marquer faite").tap()
    expect(page.locator(".request-row")).to_have_count(0)
    assert [line.progress for line in lines(world.house, world.secretary.actor, Which.CLOSED)] == [Progress.DONE]


def test_no_axe_violation_on_requests(browsers, world: World):
    booked = world.book(9)
    late = note(
        world, subject="En retard", due="1/1/2020", priority="urgent", patient=world.house.patients[0].hex, appointment=booked.id.hex
    )
    comment_request(world.secretary.actor, late, "Occupé.")
    note(world, subject="La sienne", owner=world.practitioner.actor.account_id.hex)
    page = browsers.open(world.practitioner.actor, phone=False)
    found: dict[str, list[str]] = {}

    def check(place: str) -> None:
        found[place] = faults_light_and_dark(page)

    shown(page)
    check("liste")
    row(page, "En retard").locator(".request-open").click()
    expect(panel(page)).to_contain_text("Historique")
    check("fiche")
    page.keyboard.press("n")
    page.get_by_role("button", name="Noter la demande").click()
    expect(page.get_by_role("group", name="À corriger avant de continuer")).to_be_visible()
    check("nouvelle")
    page.keyboard.press("Escape")
    page.get_by_role("group", name="Demandes affichées").get_by_role("button", name="Fermées").click()
    expect(page.get_by_role("heading", name="Aucune demande fermée")).to_be_visible()
    check("vide")
    page.set_viewport_size({"width": 360, "height": 740})
    check("téléphone")
    page.goto(f"/agenda?jour={world.day().isoformat()}")
    page.locator("[data-visit]").first.click()
    page.get_by_role("button", name="Nouvelle demande").click()
    expect(page.get_by_role("dialog", name="Nouvelle demande")).to_be_visible()
    check("depuis un rendez-vous")
    assert found == {place: [] for place in found}
