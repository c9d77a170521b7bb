"""What every page owes to everybody: the legal notice, cookies told, sessions that end everywhere, and a page that fits a phone."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlmodel import select

from components.layout.values import LEGAL_LINKS
from maiia_pro.identity.accounts import create_operator
from maiia_pro.identity.cookies import code_cookie_name, cookie_name, known_cookie_name
from maiia_pro.identity.session_actor import TOUCH
from maiia_pro.identity.session_ends import IDLE, sign_out_everywhere
from maiia_pro.identity.tables import AccountSession
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.launcher.waiting import wait_until
from maiia_pro.operations.uptime import note_heartbeat
from maiia_pro.practice.tables import Practitioner
from maiia_pro.routes import EVERYONE, ROUTES
from tests.conftest import emptied
from tests.factories import PASSWORD, House, email_of, new_operator, new_patient_account
from tests.patient.conftest import PHONE, Browsers
from tests.tools.clean import faults

pytestmark = pytest.mark.e2e

PAGES = [route.path for route in ROUTES if "[" not in route.path and not route.path.startswith(("404", "/developpement", "/deconnexion"))]
WIDTHS = (PHONE["width"], 768, 1280)
MISSING = "/nulle-part"
KINDS = ("nobody", "patient", "practitioner", "operator")


def somebody(kind: str, house: House) -> Actor | None:
    known = {"patient": new_patient_account, "practitioner": house.practitioner_actor, "operator": new_operator}
    return known[kind]() if kind in known else None


@dataclass(frozen=True)
class Seen:
    """What somebody met on a page."""

    widths: dict[int, int]
    """How wide the page is on a phone, a tablet and a computer."""
    notice: bool
    """Whether a link to the legal notice can be seen and chosen."""
    kept: frozenset[str]
    """Names of the cookies and of the values that the browser keeps then."""


def look(page: Page) -> Seen:
    page.wait_for_load_state("networkidle")  # a page for others leads away first
    page.get_by_role("link", name="Mentions légales").first.click(trial=True)
    widths = {}
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        widths[width] = page.evaluate("document.documentElement.scrollWidth")
    return Seen(
        widths,
        page.get_by_role("link", name="Mentions légales").first.get_attribute("href") == "/mentions-legales",
        frozenset(cookie["name"] for cookie in page.context.cookies())
        | frozenset(page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")),
    )


@pytest.fixture(scope="module")
def seen(database, browser: Browser, browser_context_args: dict[str, Any]) -> dict[tuple[str, str], Seen]:
    """Lead people of every kind through every page on a phone, side by side: what each met."""
    browsers = Browsers(browser, browser_context_args)
    with emptied(database):
        house = House.ready()
        opened = {kind: browsers.open(somebody(kind, house)) for kind in KINDS}
        met = {}
        for path in [*PAGES, MISSING]:
            for page in opened.values():
                page.goto(path, wait_until="commit")
            met |= {(kind, path): look(page) for kind, page in opened.items()}
        browsers.close()
    return met


@pytest.mark.requirement(12)
@pytest.mark.parametrize("path", [*PAGES, MISSING])
def test_the_legal_notice_is_one_click_away_from_every_page(seen, path):
    assert [kind for kind in KINDS if not seen[kind, path].notice] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_legal_notice_opens_at_one_click(house, browsers: Browsers, kind):
    page = browsers.open(somebody(kind, house))
    page.goto("/etat")
    page.get_by_role("link", name="Mentions légales").first.tap()
    expect(page.get_by_role("heading", name="Mentions légales", level=1)).to_be_visible()


@pytest.mark.requirement(54)
@pytest.mark.parametrize("path", [*PAGES, MISSING])
def test_no_page_is_wider_than_a_phone_a_tablet_or_a_computer(seen, path):
    seen_at = {(kind, at): width for kind in KINDS for at, width in seen[kind, path].widths.items()}
    assert {(kind, at): width for (kind, at), width in seen_at.items() if width > at} == {}


@pytest.mark.requirement(234)
def test_a_visitor_s_pages_are_clean_and_all_carry_the_legal_links_and_the_way_to_the_cookies(house, browsers: Browsers):
    with reading() as session:
        profile = "/medecin/" + session.exec(select(Practitioner.slug).where(Practitioner.id == house.practitioners[0])).one()
    page = browsers.open()
    for path in [route.path for route in ROUTES if route.who == EVERYONE and route.path in PAGES] + [profile, MISSING]:
        page.goto(path)
        foot = page.get_by_role("navigation", name="Informations légales")
        expect(foot.get_by_role("link")).to_have_count(len(LEGAL_LINKS))
        for place, (*_, href) in enumerate(LEGAL_LINKS):  # a page may lead on to another meanwhile
            expect(foot.get_by_role("link").nth(place)).to_have_attribute("href", href)
        page.wait_for_load_state("networkidle")
        assert (path, faults(page)) == (path, [])
    page.goto("/?quoi=xyzxyz")
    expect(page.get_by_role("heading", name="Personne ne correspond")).to_be_visible()
    assert faults(page) == []


@pytest.mark.requirement(234)
def test_what_a_visitor_s_browser_keeps_when_signing_in_and_out_is_what_the_cookie_page_lists(house, browsers: Browsers, base_url):
    account = email_of(new_patient_account())
    page = browsers.open()
    page.goto("/donnees-personnelles")
    expect(page.locator("tbody th").first).to_be_visible()
    told = set(page.locator("tbody th").all_inner_texts())
    expect(page.get_by_role("main")).to_contain_text("ne demande donc pas votre accord")
    kept = set(look(page).kept)
    assert page.context.cookies() == []  # whoever only looks is given none: there is nothing to refuse
    for path, sent in (("/code", {"identifier": account}), ("", {"email": account, "password": PASSWORD})):
        assert page.request.post(f"{base_url}/api/session{path}", data=sent, headers={"Origin": base_url}).ok
        page.goto("/rendez-vous")
        kept |= look(page).kept
    page.goto("/deconnexion")
    page.wait_for_url("**/connexion/**")
    kept |= look(page).kept
    assert kept - told == set()
    assert {cookie_name(), code_cookie_name(), known_cookie_name(), "token"} <= kept


def test_the_data_page_lists_every_cookie_and_stored_value_that_the_pages_set(seen, browsers: Browsers):
    page = browsers.open()
    page.goto("/donnees-personnelles")
    expect(page.locator("tbody th").first).to_be_visible()
    told = set(page.locator("tbody th").all_inner_texts())
    assert {name for one in seen.values() for name in one.kept} - told == set()


def test_signing_out_everywhere_empties_open_screens_at_once(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    page.goto("/rendez-vous")
    expect(page.get_by_role("heading", name="Aucun rendez-vous à venir")).to_be_visible()
    sign_out_everywhere(patient)
    expect(page.get_by_role("alertdialog", name="Votre session est terminée")).to_be_visible()
    expect(page.get_by_role("heading", name="Aucun rendez-vous à venir")).to_have_count(0)


def kept(patient: Actor, **times: datetime) -> datetime:
    """Rewrite times of the patient's session, and tell when it was last used."""
    with transaction() as session:
        one = session.exec(select(AccountSession).where(AccountSession.account_id == patient.account_id)).one()
        for name, moment in times.items():
            setattr(one, name, moment)
        return one.last_seen_at


def test_a_session_about_to_end_says_so_in_time_and_a_key_keeps_it_but_not_beyond_its_last_day(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    page.clock.install()
    page.goto("/rendez-vous")
    expect(page.get_by_role("heading", name="Aucun rendez-vous à venir")).to_be_visible()
    warning = page.get_by_role("alertdialog", name="Votre session finit bientôt")
    unused = kept(patient, last_seen_at=clock.now() - TOUCH * 2)
    page.clock.fast_forward((IDLE - TOUCH - timedelta(minutes=9)) // timedelta(milliseconds=1))
    expect(warning).to_contain_text("Vous n’avez rien fait depuis longtemps")
    expect(warning.get_by_role("button", name="Continuer")).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(warning).to_be_hidden()
    wait_until(lambda: kept(patient) > unused, 20)
    kept(patient, expires_at=clock.now() + IDLE - TOUCH)
    page.reload()
    expect(page.get_by_role("heading", name="Aucun rendez-vous à venir")).to_be_visible()
    page.clock.fast_forward(5000)
    expect(warning).to_contain_text("quoi que vous fassiez")


def test_the_account_menu_signs_out_everywhere_after_asking(house, patient, browsers: Browsers):
    here, there = browsers.open(patient), browsers.open(patient, phone=False)
    there.goto("/rendez-vous")
    expect(there.get_by_role("heading", name="Aucun rendez-vous à venir")).to_be_visible()
    here.goto("/rendez-vous")
    here.get_by_role("button", name="Josiane Keller").tap()
    here.get_by_role("menuitem", name="Se déconnecter partout").tap()
    here.get_by_role("button", name="Se déconnecter partout").tap()
    here.wait_for_url("**/connexion/**")
    expect(there.get_by_role("alertdialog", name="Votre session est terminée")).to_be_visible()
    assert here.context.cookies() == []


def test_signing_out_leaves_nothing_behind_for_the_next_person(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    page.goto("/rendez-vous")
    expect(page.get_by_role("heading", name="Aucun rendez-vous à venir")).to_be_visible()
    page.goto("/deconnexion")
    page.wait_for_url("**/connexion/**")
    expect(page.get_by_role("status").filter(has_text="Vous êtes déconnecté.")).to_be_visible()
    page.goto("/rendez-vous")
    page.wait_for_url(re.compile(r"/connexion/?\?suite="))
    expect(page.get_by_text("Josiane")).to_have_count(0)


def test_a_page_for_others_says_so(house, patient, browsers: Browsers):
    page = browsers.open(patient)
    page.goto("/operateur")
    expect(page.get_by_role("heading", name="Accès réservé")).to_be_visible()


def test_an_operator_starts_by_the_link_of_the_command(house, browsers: Browsers, base_url):
    link = create_operator(Actor.system("test"), "exploitant@exemple.fr")
    page = browsers.open()
    page.goto(f"/activation#{link.partition('#')[2]}")
    page.get_by_label("Mot de passe", exact=True).fill("court")
    page.get_by_role("button", name="Activer mon compte").tap()
    expect(page.get_by_label("Mot de passe", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Mot de passe", exact=True).fill("une phrase assez longue")
    page.get_by_role("button", name="Activer mon compte").tap()
    page.wait_for_url(re.compile(rf"^{re.escape(base_url)}/operateur/?$"))
    expect(page.get_by_role("rowheader", name=re.compile("Cabinet"))).to_be_visible()
    page.get_by_role("link", name="Ouvrir la boîte d’envoi").tap()
    expect(page.get_by_role("heading", name="Aucun message")).to_be_visible()


def test_a_link_that_has_served_says_so(house, browsers: Browsers):
    page = browsers.open()
    page.goto("/activation#un-lien-qui-n-existe-pas")
    page.get_by_label("Mot de passe", exact=True).fill("une phrase assez longue")
    page.get_by_role("button", name="Activer mon compte").tap()
    expect(page.get_by_role("form").get_by_role("alert")).to_contain_text("Ce lien a déjà servi")


def test_the_state_of_the_service_is_public(house, browsers: Browsers):
    note_heartbeat(Actor.system("test"))
    page = browsers.open()
    page.goto("/etat")
    expect(page.get_by_text("Le service fonctionne")).to_be_visible()
    expect(page.get_by_text("100,00".replace(" ", "\u00a0"))).to_be_visible()


def test_a_profile_is_readable_at_once_and_the_page_keeps_its_name_when_it_runs(house, browsers: Browsers):
    with reading() as session:
        path = "/medecin/" + session.exec(select(Practitioner.slug).where(Practitioner.id == house.practitioners[0])).one()
    title = "Dr Claire Vasseur, Médecine générale · Maiia Pro"
    page = browsers.open()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    waiting: list[Route] = []
    page.route("**/assets/*.js", lambda route, _request: waiting.append(route))
    page.goto(path, wait_until="commit")
    expect(page.get_by_role("heading", name="Dr Claire Vasseur", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Mentions légales")).to_be_visible()
    expect(page).to_have_title(title)
    assert faults(page) == []
    for route in waiting:
        route.continue_()
    page.unroute("**/assets/*.js")
    expect(page.get_by_role("radiogroup", name="Motif")).to_be_visible()
    expect(page).to_have_title(title)
    expect(page.locator("#premiere-lecture")).to_have_count(0)
    expect(page.locator("head > title")).to_have_count(1)
    assert complaints == []
    page.get_by_role("link", name="Mentions légales").first.click()
    expect(page).to_have_title("Mentions légales · Maiia Pro")
