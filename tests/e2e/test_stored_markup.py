"""What one person writes is shown to the other as text: no script runs on any screen, no line of it bends a message or a calendar."""

import email
import email.policy
from dataclasses import dataclass
from datetime import date, time, timedelta

import psycopg
import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect
from psycopg.types.json import Jsonb

from maiia_pro.agenda.booking import BookedAppointment, BookingRequest, book_slot
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.codes import ExceptionKind, Mode
from maiia_pro.agenda.exceptions import NewException, add_exception
from maiia_pro.agenda.reasons import ReasonForm, save_reason
from maiia_pro.identity.api_clients import KNOWN_SCOPES, authenticate_client, register_client
from maiia_pro.integrations.smtp.client import Letter
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import libpq_url, transaction
from maiia_pro.notifications.outbox import tell_appointment
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.patients.own import add_relative
from maiia_pro.patients.records import Identity
from maiia_pro.practice.tables import Practitioner
from maiia_pro.routes import ROUTES
from tests.desk.conftest import base_url, browser_context_args, browsers, pages
from tests.factories import House, new_operator, new_patient_account
from tests.patient.conftest import Browsers
from tests.walls.world import fill_practice

__all__ = ["base_url", "browser_context_args", "browsers", "pages"]
pytestmark = pytest.mark.e2e

RUNS = ("<script>window.pwned=1</script>", "<img src=x onerror=window.pwned=1>", "<svg onload=window.pwned=1></svg>")
PAYLOADS = (
    *RUNS,
    '"><a href=javascript:window.pwned=1>ici</a>',
    "' onmouseover='window.pwned=1' autofocus onfocus='window.pwned=1",
    "javascript:window.pwned=1",
    "[ici](javascript:window.pwned=1) **gras** <b>gras</b>",
    "</title></textarea></script><iframe srcdoc='<script>parent.pwned=1</script>'>",
    "{{7*7}} ${7*7} <%=7*7%> #{7*7}",
    "Anticonstitutionnellement" * 3,
    "محمد בן-חיים",
    "👩‍⚕️🩺 Zoé",
)
MIX = "<img src=x onerror=window.pwned=1>\"'><svg onload=window.pwned=1>{{7*7}}"
"""For what there is one of on a screen."""
TURNED = "Kel\u202egpj.\u2066rel\u200fler"
"""A name that would be read from the wrong end."""
WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI));
"""


@dataclass
class Written:
    """A practice where every free text is a payload."""

    house: House
    secretary: Actor
    practitioner: Actor
    patient: Actor
    slug: str
    own: BookedAppointment
    mails: list


def one(name: str) -> Identity:
    return Identity.parse(given_name="Ida", family_name=name, birth_date=date(1953, 4, 17), email_address="ida@demonstration.example")


@pytest.fixture
def written(clean_database) -> Written:
    """Write every payload, by the use cases where there is one, else as an operator's import would."""
    house = House.ready()
    secretary, practitioner = house.secretary(MIX), house.practitioner_actor(name=MIX)
    patient = new_patient_account(f"Ida {MIX}")
    with psycopg.connect(libpq_url(clean_database.admin)) as connection:
        connection.execute("update practice set name = %s, is_demo = true", (MIX,))
        connection.execute("update site set name = %s, street = %s, city = %s", (MIX, MIX, MIX))
        connection.execute(
            "insert into profile_page (practitioner_id, draft, shown, changed_at) select id, '{}', %s, now() from practitioner",
            (Jsonb({"presentation": "\n\n".join(PAYLOADS)}),),
        )
        connection.execute("update practitioner set given_name = %s, family_name = %s", (MIX, MIX))
    form = ReasonForm(MIX, 20, Mode.IN_PERSON, "azure", online=True, site_ids=tuple(house.sites))
    for name in (MIX, *PAYLOADS):
        save_reason(practitioner, house.practitioners[0], ReasonForm(name, 20, form.mode, form.hue, online=True, site_ids=form.site_ids))
    day = house.instant(0).date() + timedelta(days=1)
    for hour, payload in enumerate(PAYLOADS[:2], 18):
        closed = NewException(ExceptionKind.CLOSED, day, day, time(hour), time(hour, 30), label=payload)
        add_exception(practitioner, house.practitioners[0], closed)
    mails = []
    for number, payload in enumerate(PAYLOADS):
        slot = house.slot(8 + number // 3, number % 3 * 20)
        booked = book_slot(secretary, BookingRequest(slot, new_patient=one(payload), note=f"{payload}\n{payload}"))
        mails.append(tell_appointment(Actor.system("test"), booked.id, "booked", booked.version))
    cancelled = book_slot(secretary, BookingRequest(house.slot(14), new_patient=one(MIX)))
    after = cancel_appointment(secretary, cancelled.id, "\n".join(PAYLOADS)[:480])
    mails.append(tell_appointment(Actor.system("test"), after.id, "cancelled", after.version))
    relatives = [add_relative(patient, one(name)) for name in PAYLOADS[:4]]
    own = book_slot(patient, BookingRequest(house.slot(15), person_id=relatives[0].id))
    with transaction() as session:
        slug = session.get_one(Practitioner, house.practitioners[0]).slug
    return Written(house, secretary, practitioner, patient, slug, own, mails)


def watched(page: Page) -> list[str]:
    """Note every dialog and every complaint of the page about its policy."""
    found: list[str] = []
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: (found.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda said: found.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def harmless(page: Page, found: list[str]) -> None:
    """Prove that nothing ran, nothing tried to, and no element was made of a text."""
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("window.violations") == []
    assert found == []
    made = "iframe, img[src='x'], svg[onload], [onmouseover], [onerror], [onfocus], a[href^='javascript' i], script:not([src]):not([type])"
    assert [text for text in page.locator(made).evaluate_all("all => all.map(one => one.outerHTML)") if "pwned" in text] == []


def shown(page: Page, *texts: str) -> None:
    """Prove that the texts stand there as they were written."""
    for text in texts:
        expect(page.get_by_text(text).filter(visible=True).first).to_be_visible()


@pytest.mark.parametrize("payload", RUNS)
def test_unescaped_and_without_a_policy_the_payloads_would_run(page: Page, payload):
    page.route("http://sans-defense.test/", lambda route: route.fulfill(content_type="text/html", body=f"<!doctype html><p>{payload}</p>"))
    page.goto("http://sans-defense.test/")
    page.wait_for_function("window.pwned === 1")


def test_the_desk_shows_what_patients_and_colleagues_wrote_as_text(written: Written, browsers: Browsers):
    page = browsers.open(written.secretary, phone=False)
    found = watched(page)
    day = written.house.slot().starts_at.date().isoformat()
    for query in ("", "&vue=semaine", "&vue=liste"):
        page.goto(f"/agenda?jour={day}{query}")
        for payload in PAYLOADS:
            expect(page.locator(".agenda, .day-list, main").get_by_text(payload).first).to_be_attached()
        shown(page, MIX)
        harmless(page, found)
    page.goto(f"/agenda?jour={day}")
    for number, payload in enumerate(PAYLOADS):
        page.locator("[data-visit]").filter(has_text=f"Ida {payload}").first.click()
        panel = page.get_by_role("complementary", name="Rendez-vous")
        expect(panel).to_contain_text(f"Ida {payload}")
        expect(panel.get_by_text(payload).first).to_be_visible()
        if number == 0:
            expect(panel).to_contain_text(f"Par {MIX}")
        harmless(page, found)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Chercher ou aller à").fill("Ida")
    results = page.get_by_role("listbox").get_by_role("option").filter(has_text="Ida ", has_not_text="Nouveau patient")
    expect(results.first).to_be_visible()
    assert [text for text in results.all_inner_texts() if not any(f"Ida {one}" in text for one in (*PAYLOADS, MIX))] == []
    harmless(page, found)


def test_public_pages_show_the_practice_s_words_as_text(written: Written, browsers: Browsers):
    for path in ("/", f"/medecin/{written.slug}"):
        page = browsers.open()
        found = watched(page)
        page.goto(path)
        shown(page, MIX)
        if "medecin" in path:
            shown(page, *PAYLOADS[:3])
        harmless(page, found)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_patient_s_pages_show_relatives_and_practice_as_text(written: Written, browsers: Browsers):
    page = browsers.open(written.patient)
    found = watched(page)
    page.goto(f"/rendez-vous/confirmer?creneau={written.house.slot(16)}")
    shown(page, MIX, *PAYLOADS[:4])
    harmless(page, found)
    page.goto("/rendez-vous")
    shown(page, MIX, PAYLOADS[0])
    harmless(page, found)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_settings_operations_and_the_demonstration_s_mails_show_it_as_text(written: Written, browsers: Browsers):
    for actor, path, texts in (
        (written.practitioner, "/reglages", (MIX, *PAYLOADS)),
        (written.practitioner, "/cabinet", (MIX,)),
        (new_operator(), "/operateur", (MIX,)),
        (written.secretary, "/demonstration/courriels", (MIX,)),
    ):
        page = browsers.open(actor, phone=False)
        found = watched(page)
        page.goto(path)
        for text in texts:
            expect(page.get_by_text(text).first).to_be_attached()
        if "courriels" in path:
            page.get_by_role("main").get_by_role("button").first.click()
            shown(page, PAYLOADS[1].split()[0])
        harmless(page, found)


EVERYWHERE = (
    (
        ActorKind.PRACTITIONER,
        ("/agenda", "/demandes", "/agenda/attente", "/reglages", "/reglages/profil", "/reglages/reprise", "/demarrage"),
    ),
    (ActorKind.PATIENT, ("/rendez-vous", "/compte", "/compte/proches")),
    (ActorKind.OPERATOR, ("/operateur",)),
)


def test_whatever_text_of_whatever_table_is_a_payload_no_screen_runs_it(clean_database, browsers: Browsers):
    """The rows are made from the models: a new column of text is a payload by itself."""
    rows = fill_practice("", text=MIX)
    owners = {
        ActorKind.PRACTITIONER: Actor(ActorKind.PRACTITIONER, MIX, account_id=rows.id("account")),
        ActorKind.PATIENT: Actor(ActorKind.PATIENT, MIX, account_id=rows.id("account:patient")),
        ActorKind.OPERATOR: new_operator(),
    }
    for kind, paths in EVERYWHERE:
        page = browsers.open(owners[kind], phone=False)
        found = watched(page)
        for path in paths:
            assert path in {route.path for route in ROUTES}
            page.goto(path)
            expect(page.locator("h1").first).to_be_attached()
            expect(page.get_by_text("Chargement")).to_have_count(0)
            expect(page.get_by_text("onerror=window.pwned").first).to_be_attached()
            harmless(page, found)


def test_a_name_bends_neither_the_message_nor_the_calendar(written: Written):
    for ident in written.mails:
        with transaction() as session:
            row = session.get_one(OutgoingEmail, ident)
            letter = Letter("1", "Maiia <a@exemple.fr>", row.recipient, row.subject, row.body, row.calendar)
        message = email.message_from_bytes(letter.as_message().as_bytes(), policy=email.policy.default)
        assert set(message.keys()) == {"Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type"}
        assert [part.get_content_type() for part in message.walk()] == ["multipart/mixed", "text/plain", "text/calendar"]
        event = Calendar.from_ical(row.calendar).events[0]
        assert set(event) <= {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS", "URL"}
        assert MIX in str(event["LOCATION"])


@pytest.mark.parametrize("between", ["\r\n", "\n", "\u2028", "\x85"])
def test_line_breaks_of_a_name_become_spaces(between):
    assert one(f"Keller{between}Bcc: a@exemple.fr").family_name == "Keller Bcc: a@exemple.fr"


def test_marks_that_turn_the_direction_of_a_text_are_dropped_and_right_to_left_names_stay():
    assert one(TURNED).family_name == "Kelgpj.reller"
    assert one("محمد בן-חיים").family_name == "محمد בן-חיים"


def test_a_program_s_name_is_one_line_of_text(written: Written):
    client = authenticate_client(*register_client(Actor.system("test"), MIX + TURNED, written.house.practice_id, KNOWN_SCOPES))
    assert client.actor(KNOWN_SCOPES).name == MIX + "Kelgpj.reller"
