"""What leaves the software, in files and on paper: by whom, what of, and that it stays in the history."""

import csv
import io
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from icalendar import Calendar
from sqlmodel import select
from starlette.testclient import TestClient

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.export import ExportRequest, FileKind, export_appointments
from maiia_pro.agenda.paper import paper_sheets
from maiia_pro.api.asgi import build_api
from maiia_pro.api.hardening import Hardening
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotAllowed, NotFound, NotSignedIn
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.patients.tables import Patient
from tests.factories import House, new_operator, session_token

pytestmark = pytest.mark.integration


def day(house: House, days: int = 1) -> date:
    return clock.now().astimezone(ZoneInfo(house.zone)).date() + timedelta(days=days)


def book(house: House, hour: int = 9, *, days: int = 1, offering: int = 0, patient: int = 0, note: str = "") -> Any:
    request = BookingRequest(house.slot(hour, days=days, offering=offering), patient_id=house.patients[patient], note=note)
    return book_slot(house.secretary(), request)


def download(actor: Actor | None, house: House, **asked: str) -> httpx.Response:
    """Ask for the file as a browser does, headers of the whole site included."""
    period = {"du": day(house).isoformat(), "au": day(house).isoformat()}
    cookies = {cookie_name(): session_token(actor)} if actor else {}
    with TestClient(Hardening(build_api()), cookies=cookies) as client:
        return client.get("/api/agenda/export", params=period | asked)


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def audited(action: AuditAction) -> list[AuditEntry]:
    with reading() as session:
        return list(session.exec(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.sequence)))  # type: ignore[arg-type]


def test_a_table_says_each_visit_in_french(house: House):
    house.patient("Nguyễn", "Zoë", phone="+33612345678")
    book(house, 9, patient=2)
    cancel_appointment(house.secretary(), book(house, 10).id)
    answer = download(house.secretary(), house, praticien=house.practitioners[0].hex)
    first, second = rows(answer)
    when = day(house)
    assert first == {
        "Date": f"{when:%d/%m/%Y}", "Heure": "09:00", "Durée (min)": "20", "Praticien": "Dr Claire Vasseur", "Lieu": "Cabinet de Angers",
        "Motif": "Consultation", "Mode": "Au cabinet", "Statut": "Prévu", "Pris": "Par le cabinet", "Nom": "Nguyễn", "Prénom": "Zoë",
        "Date de naissance": "17/04/1953", "Téléphone": "06\u00a012\u00a034\u00a056\u00a078",
    }  # fmt: skip
    assert (second["Heure"], second["Statut"]) == ("10:00", "Annulé")


def test_the_file_is_an_attachment_that_nothing_guesses_at_or_keeps(house: House):
    headers = download(house.secretary(), house, praticien=house.practitioners[0].hex).headers
    name = f"rendez-vous_vasseur_{day(house)}_{day(house)}.csv"
    assert headers["content-disposition"] == f'attachment; filename="{name}"'
    assert (headers["content-type"], headers["x-content-type-options"], headers["cache-control"]) == (
        "text/csv; charset=utf-8", "nosniff", "no-store",
    )  # fmt: skip


def test_a_patient_whose_name_is_a_formula_runs_nothing(house: House):
    with transaction() as session:
        patient = session.get_one(Patient, house.patients[0])
        patient.family_name, patient.given_name, patient.phone = '=HYPERLINK("x")', "@SUM(1)", "+41223456789"
    book(house)
    (row,) = rows(download(house.secretary(), house))
    assert (row["Nom"], row["Prénom"], row["Téléphone"]) == ('\'=HYPERLINK("x")', "'@SUM(1)", "'+41223456789")


def test_a_calendar_holds_the_same_visits_without_name_or_reason(house: House):
    book(house, 9)
    cancel_appointment(house.secretary(), book(house, 10).id)
    answer = download(house.secretary(), house, format="ics")
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(event.start, str(event["STATUS"])) for event in found] == [
        (house.instant(9), "CONFIRMED"), (house.instant(10), "CANCELLED"),
    ]  # fmt: skip
    assert "Keller" not in answer.text
    assert "Consultation" not in answer.text


def test_the_days_asked_for_are_those_of_the_site(clean_database):
    house = House.ready(zone="Indian/Reunion")
    house.hours(house.practitioners[0], house.sites[0])
    house.exception(house.practitioners[0], house.instant(0), house.instant(8), kind="open", site_id=house.sites[0])
    early = house.instant(0)
    book_slot(house.secretary(), BookingRequest(house.slot(0), patient_id=house.patients[0]))
    assert early.date() < day(house)
    actor = house.secretary()
    counts = [export_appointments(actor, ExportRequest(None, day(house, days), day(house, days), FileKind.CSV)).count for days in (0, 1, 2)]
    assert counts == [0, 1, 0]


@pytest.mark.requirement(212)
def test_only_staff_of_the_practice_take_appointments_out_and_each_time_is_in_the_history(house: House, other_house: House, patient: Actor):
    book(house)
    practitioner = house.practitioners[0].hex
    others = {
        "visitor": None,
        "patient": patient,
        "operator": new_operator(),
        "elsewhere": other_house.practitioner_actor(),
        "secretary elsewhere": other_house.secretary(),
    }
    refused = {who: download(actor, house, praticien=practitioner).status_code for who, actor in others.items()}
    assert refused == {"visitor": 401, "patient": 403, "operator": 403, "elsewhere": 404, "secretary elsewhere": 404}
    assert rows(download(others["secretary elsewhere"], house)) == []
    secretary, doctor = house.secretary(), house.practitioner_actor()
    for actor in (secretary, doctor):
        assert len(rows(download(actor, house, praticien=practitioner))) == 1
    period = {"first": day(house).isoformat(), "last": day(house).isoformat(), "kind": "csv"}
    mine = [entry for entry in audited(AuditAction.AGENDA_EXPORTED) if entry.practice_id == house.practice_id]
    assert [(entry.actor_id, entry.subject_id, entry.details) for entry in mine] == [
        (actor.account_id, house.practitioners[0], period | {"count": 1}) for actor in (secretary, doctor)
    ]


def test_no_program_takes_a_file_or_a_sheet_out_whatever_its_scopes(house: House):
    program = house.api_client()
    with pytest.raises(NotAllowed):
        export_appointments(program, ExportRequest(None, day(house), day(house), FileKind.CSV))
    with pytest.raises(NotAllowed):
        paper_sheets(program, [], day(house))


@pytest.mark.parametrize("asked", [{"du": "demain"}, {"au": "2020-01-01"}, {"format": "exe"}])
def test_a_wrong_request_is_refused_with_a_sentence(house: House, asked: dict[str, str]):
    answer = download(house.secretary(), house, **asked)
    assert (answer.status_code, answer.json()["message"][-1]) == (422, ".")


@pytest.mark.parametrize("ident", ["x", "00000000-0000-0000-0000-000000000000"])
def test_a_practitioner_who_does_not_exist_is_not_found(house: House, ident: str):
    assert download(house.secretary(), house, praticien=ident).status_code == 404


# --- paper -------------------------------------------------------------------------------------------------------


def test_a_sheet_holds_the_day_of_a_practitioner_at_a_site_without_what_is_cancelled(house: House):
    second = house.site(city="Saumur")
    house.hours(house.practitioners[0], second, weekdays=())
    video = house.offering(house.reason(house.practitioners[0], name="Suivi"), second)
    house.exception(house.practitioners[0], house.instant(19), house.instant(20), kind="open", site_id=second)
    book(house, 9, note="À jeun")
    cancel_appointment(house.secretary(), book(house, 10).id)
    book(house, 19, offering=house.offerings.index(video))
    book(house, 9, days=2)
    sheets = paper_sheets(house.secretary(), [house.practitioners[0]], day(house))
    assert [(sheet.site, [(line.begins.hour, line.has_note) for line in sheet.lines]) for sheet in sheets] == [
        ("Cabinet de Angers", [(9, True)]), ("Cabinet de Saumur", [(19, False)]),
    ]  # fmt: skip


def test_what_is_printed_is_in_the_history_as_a_reading_of_that_day(house: House):
    book(house)
    secretary = house.secretary()
    paper_sheets(secretary, [house.practitioners[0]], day(house), 7)
    (entry,) = audited(AuditAction.AGENDA_PRINTED)
    assert (entry.actor_id, entry.subject_id) == (secretary.account_id, house.practitioners[0])
    assert entry.details == {"first": day(house).isoformat(), "days": 7, "count": 1}


def test_nobody_else_prints_the_agenda(house: House, other_house: House, patient: Actor):
    book(house)
    for actor, refusal in ((patient, NotAllowed), (Actor.anonymous(), NotSignedIn), (other_house.practitioner_actor(), NotFound)):
        with pytest.raises(refusal):
            paper_sheets(actor, [house.practitioners[0]], day(house))
    assert paper_sheets(other_house.secretary(), [], day(house)) == []
