"""The public page in words, what robots are told, and who reads the directory too fast."""

import asyncio
import json
import re
from html.parser import HTMLParser
from urllib.parse import urlencode
from urllib.robotparser import RobotFileParser

import psycopg
import pytest
import reflex as rx
from psycopg.types.json import Jsonb
from reflex.istate.data import RouterData
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from components.layout.values import LEGAL_LINKS
from maiia_pro.api import crawlers, profile_page
from maiia_pro.api.asgi import all_routes
from maiia_pro.api.profile_words import LEGAL
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel.db import libpq_url, reading, transaction
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.practice.tables import Offer, Practitioner
from maiia_pro.settings import get_settings
from state import asking
from state import practitioner as screen
from state.booking import Booking
from tests.factories import House, new_patient_account, session_token

pytestmark = pytest.mark.integration

HOSTILE = "</script></title></section><img src=x onerror=alert(1)>\"'&amp; <!--"
SHELL = "<!DOCTYPE html><html><head><meta/></head><body><script>let a = 1</script></body></html>"


class Reader(HTMLParser):
    """Gathers the elements of a page and its texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        self.texts[self._open] = self.texts.get(self._open, "") + data

    def meta(self, name: str) -> str | None:
        return next(
            (made["content"] for tag, made in self.elements if tag == "meta" and name in (made.get("name"), made.get("property"))), None
        )


@pytest.fixture(autouse=True)
def counted_anew():
    """Begin and leave with nobody counted."""
    forget_requests()
    yield
    forget_requests()


@pytest.fixture
def house(clean_database) -> House:
    return House.ready()


@pytest.fixture
def client(clean_database, tmp_path, monkeypatch) -> TestClient:
    (tmp_path / "shell.html").write_text(SHELL)
    monkeypatch.setattr(profile_page, "SHELL", tmp_path / "shell.html")
    get_settings.cache_clear()
    return TestClient(Starlette(routes=all_routes()), follow_redirects=False)


def address(house: House) -> str:
    with reading() as session:
        return "/medecin/" + session.exec(select(Practitioner.slug).where(Practitioner.id == house.practitioners[0])).one()


def write(database, **said: object) -> None:
    """Publish these words on every page."""
    with psycopg.connect(libpq_url(database.admin)) as connection:
        connection.execute("update practitioner set given_name = 'Zoé', family_name = coalesce(%s, family_name)", (said.pop("name", None),))
        connection.execute(
            "insert into profile_page (practitioner_id, draft, shown, changed_at) select id, '{}', %s, now() from practitioner",
            (Jsonb(said),),
        )


def data_of(html: str) -> dict:
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])  # type: ignore[index]


def test_a_profile_is_read_without_scripts(client, house, clean_database):
    write(clean_database, presentation="Je reçois sur rendez-vous.", payments=["card", "cheque"], languages=["fr", "en"])
    path = address(house)
    answer = client.get(path)
    page = Reader(answer.text)
    assert answer.status_code == 200
    assert "Dr Zoé Vasseur" in page.texts["title"]
    assert page.texts["h1"] == "Dr Zoé Vasseur"
    assert "Je reçois sur rendez-vous." in answer.text
    assert "<h3>Langues parlées</h3><p>Français, anglais</p>" in answer.text
    assert "02 41 00 00 00" in answer.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert ("link", {"rel": "canonical", "href": get_settings().base_url + path}) in page.elements
    assert page.meta("og:url") == get_settings().base_url + path
    assert "Angers" in str(page.meta("description"))
    linked = {made.get("href") for tag, made in page.elements if tag == "a"}
    assert {"tel:15", "tel:112", "tel:+33241000000"} | {href for _, href in LEGAL} <= linked


def test_the_structured_data_say_who_and_where_and_no_free_time(client, house, clean_database):
    write(clean_database, presentation="Bonjour.", payments=["card", "cheque"], languages=["fr", "en"])
    html = client.get(address(house)).text
    said = data_of(html)
    assert (said["@type"], said["name"], said["telephone"]) == ("Physician", "Dr Zoé Vasseur", ["+33241000000"])
    assert said["address"][0]["postalCode"] == "49000"
    assert (said["medicalSpecialty"], said["paymentAccepted"]) == ("Médecine générale", "Carte bancaire, Chèque")
    assert said["availableLanguage"] == ["Français", "Anglais"]
    assert str(house.slot(9)) not in html


def test_hostile_words_stay_words(client, house, clean_database):
    write(clean_database, name=HOSTILE, presentation=HOSTILE)
    html = client.get(address(house)).text
    page = Reader(html)
    assert [made for tag, made in page.elements if tag == "img" or any(name.startswith("on") for name in made)] == []
    assert HOSTILE in page.texts["h1"]
    assert HOSTILE in page.texts["title"]
    assert HOSTILE in data_of(html)["name"]
    assert HOSTILE[:40] in str(page.meta("og:title"))
    assert html.count("</section>") == 0
    assert html.count("</script>") == 3


def test_the_page_needs_no_script_that_the_policy_would_have_to_know(client, house):
    page = Reader(client.get(address(house)).text)
    added = [made for tag, made in page.elements if tag == "script"][:-1]
    assert added == [{"type": "application/ld+json"}, {"src": "/first-read.js", "defer": ""}]


def test_the_links_of_the_foot_are_those_of_the_application():
    assert list(LEGAL) == [(name, href) for name, _, href in LEGAL_LINKS]


@pytest.mark.parametrize("path", ["/medecin/personne", "/medecin/personne/", "/medecin/%00", f"/medecin/{'a' * 300}"])
def test_an_address_that_names_nobody_says_so_to_robots_too(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Page introuvable" in Reader(answer.text).texts["h1"]
    assert Reader(answer.text).meta("robots") == "noindex"


def test_a_withdrawn_profile_is_gone(client, house):
    path = address(house)
    with transaction() as session:
        session.get_one(Practitioner, house.practitioners[0]).consent_id = None
    assert client.get(path).status_code == 404
    assert path not in client.get("/sitemap.xml").text


def test_a_browser_that_holds_the_page_is_not_sent_it_again(client, house):
    first = client.get(address(house))
    again = client.get(address(house), headers={"If-None-Match": f'W/{first.headers["etag"]}, "autre"'})
    assert (again.status_code, again.content) == (304, b"")


def test_head_says_the_length_and_sends_nothing(client, house):
    path = address(house)
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == client.get(path).headers["content-length"]


def test_with_a_slash_it_is_the_same_page_under_one_address(client, house):
    path = address(house)
    assert client.get(f"{path}/").text == client.get(path).text


def test_a_practice_that_does_not_book_online_is_not_said_to(client, clean_database):
    assert "en ligne" not in str(Reader(client.get(address(House.ready(offer=Offer.INITIAL))).text).meta("description"))


def test_the_map_names_the_home_and_every_published_profile(client, house):
    said = client.get("/sitemap.xml")
    assert said.headers["content-type"].startswith("application/xml")
    assert re.findall("<loc>(.*?)</loc>", said.text) == [f"{get_settings().base_url}/", get_settings().base_url + address(house)]


def test_an_address_in_other_letters_is_listed_as_one_asks_for_it(client, house):
    with transaction() as session:
        session.get_one(Practitioner, house.practitioners[0]).slug = "иван-петров"
    listed = re.findall("<loc>.*?(/medecin/.*?)</loc>", client.get("/sitemap.xml").text)
    assert [(one.isascii(), client.get(one).status_code) for one in listed] == [(True, 200)]


def test_a_map_too_long_is_cut_in_parts(client, clean_database, monkeypatch):
    House.ready(practitioners=5)
    monkeypatch.setattr(crawlers, "LARGEST_MAP", 2)
    parts = re.findall("<loc>.*?(/sitemap-.*?)</loc>", client.get("/sitemap.xml").text)
    listed = [re.findall("<loc>.*?(/medecin/.*?)</loc>", client.get(part).text) for part in parts]
    assert [len(part) for part in listed] == [2, 2, 1]
    assert len({one for part in listed for one in part}) == 5
    assert [client.get(f"/sitemap-{part}.xml").status_code for part in ("0", "4", "x")] == [404, 404, 404]


def robots(client: TestClient) -> RobotFileParser:
    read = RobotFileParser()
    read.parse(client.get("/robots.txt").text.splitlines())
    return read


def screen_at(ip: str, path: str, cookie: str = "", **asked: str) -> rx.State:
    """Give the root of the states of a browser tab."""
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    query = "?" + urlencode(asked) if asked else ""
    root.router_data = {"headers": {"cookie": cookie}, "ip": ip, "pathname": path, "asPath": path + query, "query": asked}
    root.router = RouterData.from_router_data(root.router_data)
    return root


def profile_at(ip: str, path: str, cookie: str = "") -> screen.PractitionerState:
    """Open a profile from a screen, as the browser's event does."""
    shown = screen_at(ip, path, cookie).get_substate(screen.PractitionerState.get_full_name().split("."))
    asyncio.run(screen.PractitionerState.arrive.fn(shown))
    return shown


@pytest.mark.requirement(216)
def test_robots_are_told_to_read_profiles_and_neither_times_nor_accounts(client, house):
    said = robots(client)
    base = get_settings().base_url
    assert said.site_maps() == [f"{base}/sitemap.xml"]
    assert [
        path for path in ("/", address(house), "/mentions-legales", "/styles/base.css") if not said.can_fetch("robot", base + path)
    ] == []
    closed = (
        "/rendez-vous/confirmer?creneau=1",
        "/agenda",
        "/api/openapi.json",
        "/fhir/Slot",
        "/compte/preferences",
        "/connexion/",
        "/ical/1",
    )
    assert [path for path in closed if said.can_fetch("robot", base + path)] == []
    assert "Disallow: /*?" in client.get("/robots.txt").text  # results and times by their words, which robotparser does not read (RFC 9309)


@pytest.mark.requirement(216)
def test_a_robot_that_walks_the_directory_is_stopped_and_a_person_is_not(client, house):
    path = address(house)
    person = [client.get(path).status_code for _ in range(30)]
    assert set(person) == {200}
    robot = [client.get(path) for _ in range(profile_page.PAGES_PER_MINUTE - 30 + 5)]
    assert {answer.status_code for answer in robot[:-5]} == {200}
    assert {answer.status_code for answer in robot[-5:]} == {429}
    assert 1 <= int(robot[-1].headers["retry-after"]) <= 60
    assert "Patientez" in robot[-1].text


@pytest.mark.requirement(216)
def test_a_robot_that_walks_the_profiles_of_the_application_is_stopped_and_others_are_not(house, monkeypatch):
    monkeypatch.setitem(asking.A_MINUTE, "profile", 3)
    path = address(house)
    assert [profile_at("192.0.2.7", path).status for _ in range(4)] == ["ready", "ready", "ready", "failed"]
    assert "Patientez une minute" in profile_at("192.0.2.7", path).message
    assert profile_at("192.0.2.8", path).status == "ready"
    cookie = f"maiia_session={token_hash(session_token(new_patient_account()))}"
    assert profile_at("192.0.2.7", path, cookie).status == "ready"


@pytest.mark.requirement(216)
def test_a_robot_that_walks_the_days_of_one_profile_is_stopped(house, monkeypatch):
    monkeypatch.setitem(asking.A_MINUTE, "days", 3)
    shown = profile_at("192.0.2.7", address(house))
    said = []
    for _ in range(3):
        asyncio.run(screen.PractitionerState.turn.fn(shown, True))
        said.append(shown.status)
    assert said == ["ready", "ready", "failed"]


@pytest.mark.requirement(216)
def test_a_robot_that_says_that_an_agenda_changed_is_read_nothing_anew_and_keeps_what_it_saw(house, monkeypatch):
    monkeypatch.setitem(asking.A_MINUTE, "echo", 2)
    shown = profile_at("192.0.2.7", address(house))
    read, offering_days = [], screen.offering_days
    monkeypatch.setattr(screen, "offering_days", lambda *asked: read.append(asked) or offering_days(*asked))
    days = list(shown.days)
    for _ in range(4):
        asyncio.run(screen.PractitionerState.refresh.fn(shown))
    assert (len(read), shown.status, list(shown.days)) == (2, "ready", days)


def test_a_page_without_a_free_day_is_read_anew_as_any_other_when_its_agenda_changes(house, monkeypatch):
    monkeypatch.setitem(asking.A_MINUTE, "days", 1)
    shown = profile_at("192.0.2.7", address(house))
    shown.day = ""
    asyncio.run(screen.PractitionerState.refresh.fn(shown))
    assert (shown.status, bool(shown.days)) == ("ready", True)


def test_a_page_without_booking_opened_after_another_one_is_read_anew_without_its_days(house):
    shown = profile_at("192.0.2.7", address(house))
    shown.parent_state.router = screen_at("192.0.2.7", address(House.ready(offer=Offer.INITIAL))).router
    asyncio.run(screen.PractitionerState.arrive.fn(shown))
    asyncio.run(screen.PractitionerState.refresh.fn(shown))
    assert (shown.status, shown.profile["online"], list(shown.days)) == ("ready", False, [])


@pytest.mark.requirement(216)
def test_a_robot_that_asks_for_one_time_after_the_other_is_stopped(house, monkeypatch):
    monkeypatch.setitem(asking.A_MINUTE, "days", 3)

    def asks(hour: int) -> str:
        root = screen_at("192.0.2.7", "/rendez-vous/confirmer", creneau=str(house.slot(hour)))
        asked = root.get_substate(Booking.get_full_name().split("."))
        asyncio.run(Booking.arrive.fn(asked))
        return asked.status

    assert [asks(hour) for hour in (9, 10, 11, 14)] == ["ready", "ready", "ready", "failed"]
