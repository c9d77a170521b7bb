"""A calendar brought in as appointments: whom each event is about and how sure that is, all or nothing, twice like once."""

import json
import re
import warnings
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.intake.calendar import CalendarReport, check_calendar, refused_events, run_calendar
from maiia_pro.intake.decisions import CalendarFile, Decision, Fate
from maiia_pro.intake.importing import LinesRefused
from maiia_pro.intake.suggest import Certainty
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.outside import ics_child
from maiia_pro.outside import reading as outside_reading
from maiia_pro.outside.importing import Period, import_busy_time
from maiia_pro.outside.tables import OutsideTime
from maiia_pro.patients.tables import Patient
from tests.factories import House, clock_at, new_operator, new_patient_account
from tests.outside.test_reading import FILES, calendar

pytestmark = pytest.mark.integration


@pytest.fixture
def doctor(house: House) -> Actor:
    return house.practitioner_actor()


def event(house: House, hour: int, summary: str, *, minutes: int = 20, more: str = "") -> str:
    return f"DTSTART:{house.instant(hour):%Y%m%dT%H%M%SZ}\r\nDURATION:PT{minutes}M\r\nSUMMARY:{summary}{more}"


def file_of(house: House, *events: str, **more: object) -> CalendarFile:
    return CalendarFile(calendar(*events), house.practitioners[0], **more)  # type: ignore[arg-type]


def check(house: House, doctor: Actor, *events: str, **more: object) -> CalendarReport:
    return check_calendar(doctor, house.practice_id, file_of(house, *events, **more))


def run(house: House, doctor: Actor, *events: str, **more: object) -> CalendarReport:
    return run_calendar(doctor, house.practice_id, file_of(house, *events, **more))


def born(house: House, place: int = 0) -> date:
    with reading() as session:
        return session.get_one(Patient, house.patients[place]).birth_date


def records(house: House) -> list[tuple[str, str, date]]:
    with reading() as session:
        found = session.exec(select(Patient).where(Patient.practice_id == house.practice_id)).all()
    return sorted((one.family_name, one.given_name, one.birth_date) for one in found if one.id not in house.patients)


def busy() -> list[OutsideTime]:
    with reading() as session:
        return list(session.exec(select(OutsideTime)))


def test_an_event_with_name_and_birth_date_becomes_a_visit_and_the_second_time_adds_nothing(house, doctor):
    events = [event(house, 9, "DUPONT Marie 12/03/1981 – Consultation"), event(house, 10, "Consultation - Marie DUPONT 12/03/1981")]
    seen = check(house, doctor, *events)
    assert [(line.fate, line.suggestion.certainty) for line in seen.lines] == [(Fate.VISIT, Certainty.NEW)] * 2
    done = run(house, doctor, *events)
    assert (done.imported, done.ready, done.new_patients, done.known) == (True, 2, 1, 0)
    assert [one.starts_at for one in house.appointments()] == [house.instant(9), house.instant(10)]
    assert records(house) == [("DUPONT", "Marie", date(1981, 3, 12))]
    again = run(house, doctor, *events)
    assert (again.ready, again.known, again.new_patients, len(house.appointments())) == (0, 2, 0, 2)


def test_whom_an_event_is_about_is_told_with_how_sure_that_is(clean_database):
    house = House.ready(patients=0)
    first = house.patient("Keller", "Josiane", phone="+33612345678")
    house.patient("Martin", "Paul")
    house.patient("Martin", "Paul")
    alone = house.patient("Noël", "Zoé", email="zoe@exemple.fr")
    doctor = house.practitioner_actor()
    seen = check(
        house, doctor,
        event(house, 8, f"Keller Josiane {born(house):%d/%m/%Y}"), event(house, 9, "Josiane KELLER 06 12 34 56 78"),
        event(house, 10, "noel zoe"), event(house, 11, "MARTIN Paul"), event(house, 12, "Anne Autre zoe@exemple.fr"),
        event(house, 13, "Réunion d’équipe"),
        event(house, 14, "Rendez-vous", more="\r\nATTENDEE;CN=Zoé Noël:mailto:zoe@exemple.fr"),
    )  # fmt: skip
    assert [line.suggestion.certainty for line in seen.lines] == [
        Certainty.BIRTH, Certainty.CONTACT, Certainty.NAME, Certainty.SEVERAL, Certainty.CLOSE, Certainty.NOBODY, Certainty.CONTACT,
    ]  # fmt: skip
    assert [len(line.suggestion.records) for line in seen.lines] == [1, 1, 1, 2, 1, 0, 1]
    assert [line.suggestion.records[0].id for line in seen.lines[:3]] == [first, first, alone]
    assert [line.fate for line in seen.lines] == [Fate.VISIT, Fate.VISIT, Fate.VISIT, None, None, None, Fate.VISIT]


def test_one_event_of_fifty_that_nobody_settled_stops_all_and_is_told(house, doctor):
    events = [
        f"DTSTART:{house.instant(8) + timedelta(minutes=10 * number):%Y%m%dT%H%M%SZ}\r\nDURATION:PT10M\r\n"
        f"SUMMARY:Nom{chr(65 + number // 10)}{chr(65 + number % 10)} Léa 12/03/1981"
        for number in range(49)
    ]
    events.append(event(house, 18, "Réunion d’équipe"))
    with pytest.raises(LinesRefused) as refusal:
        run(house, doctor, *events)
    assert "1 ligne est refusée" in refusal.value.message
    assert (house.appointments(), records(house), busy()) == ([], [], [])
    table = refused_events(doctor, house.practice_id, file_of(house, *events)).decode("utf-8-sig").splitlines()
    assert len(table) == 2
    assert "Réunion d’équipe" in table[1]
    done = run(house, doctor, *events, rest=Fate.BUSY)
    assert (done.ready, done.busy, len(house.appointments()), len(busy())) == (49, 1, 49, 1)
    again = run(house, doctor, *events, rest=Fate.BUSY)
    assert (again.known, again.busy, len(house.appointments()), len(busy())) == (49, 1, 49, 1)


def test_somebody_decides_event_by_event(clean_database):
    house = House.ready()
    other = house.offering(house.reason(house.practitioners[0], name="Suivi"))
    doctor = house.practitioner_actor()
    events = [event(house, hour, "Libre") for hour in (8, 9, 10, 11, 12)]
    keys = [line.key for line in check(house, doctor, *events).lines]
    decisions = {
        keys[0]: Decision(patient_id=house.patients[1], offering_id=other),
        keys[1]: Decision(named={"family_name": "Dupont", "given_name": "Marie", "birth_date": "12/03/1981"}, offering_id=other),
        keys[2]: Decision(Fate.BUSY),
        keys[3]: Decision(Fate.LEAVE),
        keys[4]: Decision(named={"family_name": "Inconnue", "given_name": "Marie"}, offering_id=other),
    }
    seen = check(house, doctor, *events, decisions=decisions)
    assert [line.fate for line in seen.lines] == [Fate.VISIT, Fate.VISIT, Fate.BUSY, Fate.LEAVE, None]
    done = run(house, doctor, *events, decisions=decisions, rest=Fate.LEAVE)
    assert (done.ready, done.new_patients, done.busy, done.left) == (2, 1, 1, 2)
    assert house.appointments()[0].patient_id == house.patients[1]
    assert {one.reason_id for one in house.appointments()} == {house.reasons[1]}
    assert [one.title for one in busy()] == [""]


def test_the_reason_is_the_one_that_the_event_names_else_the_one_of_the_file(clean_database):
    house = House.ready()
    other = house.offering(house.reason(house.practitioners[0], name="Suivi de grossesse"))
    doctor = house.practitioner_actor()
    events = [
        event(house, 8, "DUPONT Marie 12/03/1981 - Suivi de grossesse"),
        event(house, 9, "DUPONT Marie 12/03/1981", more="\r\nCATEGORIES:SUIVI DE GROSSESSE"),
        event(house, 10, "DUPONT Marie 12/03/1981"),
    ]
    first = house.offerings[0]
    seen = check(house, doctor, *events, offering_id=first)
    assert [line.offering and line.offering.offering_id for line in seen.lines] == [other, other, first]
    assert [fault.message for fault in check(house, doctor, *events).lines[2].cells.faults] == ["Choisissez le motif."]


def test_what_stands_in_the_way_is_told(house, doctor):
    book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    who = "DUPONT Marie 12/03/1981"
    day = f"{house.instant(9):%Y%m%d}"
    seen = check(
        house, doctor,
        f"DTSTART;VALUE=DATE:{day}\r\nSUMMARY:{who}", event(house, 9, who), event(house, 10, who), event(house, 10, who),
        event(house, 11, who, minutes=600), event(house, 23, who),
    )  # fmt: skip
    told = {line.cells.line: [fault.message.split(".")[0] for fault in line.cells.faults] for line in seen.lines if line.cells.faults}
    assert told == {
        1: ["Un événement d’une journée entière n’est pas un rendez-vous"],
        2: ["Ce praticien a déjà un rendez-vous à cette heure"],
        4: ["Ce rendez-vous en chevauche un autre du fichier, ligne 3"],
        5: ["Une visite dure de 5 minutes à 8 heures"],
    }
    assert [line.outside_hours for line in seen.lines] == [False] * 5 + [True]


def test_the_past_stays_out_and_what_repeats_comes_occurrence_by_occurrence_as_far_as_two_years(house, doctor):
    weekly = event(house, 9, "DUPONT Marie 12/03/1981", more="\r\nRRULE:FREQ=WEEKLY;COUNT=200")
    weekly = weekly.replace(f"{house.instant(9):%Y%m%d}", f"{house.instant(9) - timedelta(days=14):%Y%m%d}")
    seen = check(house, doctor, weekly)
    assert 100 <= len(seen.lines) <= 106
    assert all(line.event.starts_at > clock.now() and line.event.about.repeats for line in seen.lines)
    assert (run(house, doctor, weekly).ready, run(house, doctor, weekly).known) == (len(seen.lines), len(seen.lines))


def test_busy_time_that_turns_out_to_be_a_visit_is_busy_no_longer(house, doctor):
    events = [event(house, 9, "DUPONT Marie 12/03/1981"), event(house, 12, "Déjeuner")]
    day = house.instant(9).date()
    import_busy_time(doctor, house.practitioners[0], calendar(*events), Period(day, day))
    assert [line.fate for line in check(house, doctor, *events).lines] == [Fate.VISIT, Fate.BUSY]
    run(house, doctor, *events)
    assert (len(house.appointments()), len(busy())) == (1, 1)


@pytest.mark.parametrize(("keep", "note"), [(False, ""), (True, "Apporte ses analyses")])
def test_a_description_is_written_only_if_one_says_so(house, doctor, keep, note):
    run(house, doctor, event(house, 9, "DUPONT Marie 12/03/1981", more="\r\nDESCRIPTION:Apporte ses analyses"), keep_notes=keep)
    assert [visit.note for visit in house.appointments()] == [note]


@pytest.fixture
def read_here(monkeypatch) -> None:
    """Read calendars in this process; `tests/outside/test_reading.py` tries the same files in a process of their own."""

    def ask(content: bytes, asked: dict[str, str]) -> dict[str, Any]:
        window = (datetime.fromisoformat(asked["begins"]), datetime.fromisoformat(asked["ends"]))
        try:
            with warnings.catch_warnings(action="ignore"):
                return json.loads(json.dumps(ics_child.read(content, ZoneInfo(asked["zone"]), window, about=True)))
        except Exception:  # noqa: BLE001 - as the process itself does
            return {"refused": "broken"}

    monkeypatch.setattr(outside_reading, "_ask", ask)


@pytest.mark.usefixtures("read_here")
def test_each_calendar_gives_a_preview_of_its_visits_or_a_refusal_that_says_what_to_do(house, doctor):
    refusals: dict[str, str] = {}
    for file in FILES:
        content = file.read_bytes()
        events = b"".join(re.findall(rb"BEGIN:VEVENT.*?END:VEVENT", content, re.DOTALL))
        years = [int(year) for year in re.findall(rb"DTSTART[^:\r\n]*:(\d{4})", events)]
        with clock_at(datetime(min(years, default=2026), 1, 1, tzinfo=UTC) - timedelta(days=1)):
            try:
                seen = check_calendar(doctor, house.practice_id, CalendarFile(content, house.practitioners[0]))
            except Invalid as refused:
                refusals[file.stem] = refused.message
                continue
        assert all(line.fate is Fate.VISIT or line.cells.faults for line in seen.lines), file.stem
    assert all(message.startswith(("Ce fichier", "Ce calendrier")) for message in refusals.values())
    assert len(FILES) - len(refusals) >= 20


def test_a_check_leaves_an_entry_with_how_many_records_it_showed_and_no_name(house, doctor):
    check(house, doctor, event(house, 9, f"Keller Josiane {born(house):%d/%m/%Y}"))
    with reading() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.action == AuditAction.INTAKE_CHECKED)).one()
    assert found.details == {"kind": "calendar", "lines": 1, "known": 0, "records": found.details["records"]}
    assert found.details["records"] >= 1


def test_only_a_practitioner_of_the_practice_brings_a_calendar_in_and_only_into_its_agendas(house, doctor):
    elsewhere = House.ready()
    asked = file_of(house, event(house, 9, "DUPONT Marie 12/03/1981"))
    for act in (check_calendar, refused_events, run_calendar):
        for actor in (house.secretary(), new_operator(), new_patient_account()):
            with pytest.raises(NotAllowed):
                act(actor, house.practice_id, asked)
        with pytest.raises(NotFound):
            act(elsewhere.practitioner_actor(), house.practice_id, asked)
        with pytest.raises(NotFound):
            act(elsewhere.practitioner_actor(), elsewhere.practice_id, asked)
    assert house.appointments() == []


def test_neither_records_nor_reasons_of_another_practice_are_found_or_taken(house, doctor):
    elsewhere = House.ready(patients=0)
    stranger = elsewhere.patient("Dupont", "Marie")
    events = [event(house, 9, "DUPONT Marie")]
    [line] = check(house, doctor, *events).lines
    assert line.suggestion.certainty is Certainty.NOBODY
    for decision in (Decision(patient_id=stranger), Decision(patient_id=house.patients[0], offering_id=elsewhere.offerings[0])):
        [line] = check(house, doctor, *events, decisions={line.key: decision}).lines
        assert line.fate is None
