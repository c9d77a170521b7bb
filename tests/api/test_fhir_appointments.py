"""Appointments: booked from a slot, found, read and cancelled by a program."""

from collections import Counter
from uuid import UUID

import pytest
from sqlmodel import func, select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.api.fhir import appointments
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.tables import AuditEntry
from tests.api.conftest import Program, call_all
from tests.api.test_fhir_directory import check
from tests.factories import House

pytestmark = pytest.mark.integration


def booked(program: Program, hour: int = 9, **more) -> dict:
    answer = program.post("Appointment", program.booking(hour, **more))
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.requirement(217)
def test_a_program_books_a_slot_that_it_found(house, program):
    slot = program.get("Slot?_count=1").json()["entry"][0]["resource"]
    body = program.booking() | {"slot": [{"reference": f"Slot/{slot['id']}"}], "start": slot["start"], "end": slot["end"]}
    answer = program.post("Appointment", body)
    assert answer.status_code == 201
    check(answer.json())
    assert (answer.json()["start"], answer.json()["slot"][0]["reference"]) == (slot["start"], f"Slot/{slot['id']}")
    assert program.request("GET", answer.headers["location"]).json() == answer.json()
    assert [row.id.hex for row in house.appointments()] == [answer.json()["id"]]


def test_a_taken_slot_is_a_conflict(program):
    booked(program)
    answer = program.post("Appointment", program.booking(9, patient=1))
    assert answer.status_code == 409
    check(answer.json())
    assert answer.json()["issue"][0]["code"] == "conflict"
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == "slot-taken"


@pytest.mark.concurrency
def test_of_many_programs_at_one_slot_one_books(house, program):
    headers = program.headers | {"content-type": "application/fhir+json"}
    answers = call_all([("POST", "/fhir/Appointment", {"headers": headers, "json": program.booking(9)})] * 20)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert len(house.appointments()) == 1


def test_what_is_not_offered_is_refused_by_a_rule(house, program):
    answer = program.post("Appointment", program.booking(9, 7))
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (409, "business-rule")
    assert house.appointments() == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"slot": [{"reference": "Slot/nothing"}]}, 404),
        ({"slot": [{"reference": f"Slot/{'0' * 32}.abc"}]}, 404),
        ({"slot": [{"reference": "Schedule/1"}]}, 404),
        ({"slot": [{"reference": "Slot/" + "x" * 9000}]}, 404),
        ({"slot": []}, 422),
        ({"slot": [{"reference": "Slot/a"}, {"reference": "Slot/b"}]}, 422),
        ({"status": "cancelled"}, 422),
        ({"status": "nonsense"}, 422),
        ({"start": "2020-01-01T08:00:00Z"}, 422),
        ({"start": "yesterday"}, 422),
        ({"participant": []}, 422),
        ({"participant": [{"status": "accepted", "actor": {"reference": "Patient/x"}}]}, 422),
        ({"participant": [{"status": "accepted", "actor": {"reference": f"Patient/{'0' * 32}"}}]}, 404),
        ({"participant": [{"status": "accepted", "actor": {"reference": "Device/1"}}]}, 422),
        ({"participant": [{"status": "accepted"}]}, 422),
        ({"resourceType": "Slot"}, 400),
        ({"shoeSize": 43}, 422),
        ({"comment": "\x00"}, 201),
    ],
)
def test_an_appointment_that_will_not_do_is_refused(house, program, change, status):
    answer = program.post("Appointment", program.booking() | change)
    assert answer.status_code == status, answer.text
    check(answer.json())
    assert len(house.appointments()) == (status == 201)


def test_a_slot_is_not_booked_for_another_practitioner_than_its_own(house, program):
    other = house.practitioner("Autre")
    body = program.booking()
    mine = [{"status": "accepted", "actor": {"reference": f"Practitioner/{house.practitioners[0].hex}"}}]
    theirs = [{"status": "accepted", "actor": {"reference": f"Practitioner/{other.hex}"}}]
    assert program.post("Appointment", body | {"participant": body["participant"] + theirs}).status_code == 422
    assert program.post("Appointment", body | {"participant": body["participant"] + mine}).status_code == 201


def test_the_slots_and_patients_of_another_practice_are_as_if_they_were_not_there(house, program, other_house):
    theirs = Program.of(other_house)
    assert program.post("Appointment", theirs.booking()).status_code == 404
    assert program.post("Appointment", program.booking() | {"participant": theirs.booking()["participant"]}).status_code == 404
    appointment = booked(theirs)
    assert program.get(f"Appointment/{appointment['id']}").status_code == 404
    assert program.request("PUT", f"/fhir/Appointment/{appointment['id']}", json=appointment | {"status": "cancelled"}).status_code == 404
    assert program.found("Appointment") == []


def test_a_practice_without_online_booking_is_a_rule(clean_database):
    initial = Program.of(House.ready(offer="initial"))
    answer = initial.post("Appointment", initial.booking())
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (409, "business-rule")


@pytest.mark.parametrize("scope", ["directory.read", "patients.write", "appointments.read"])
def test_a_program_without_the_scope_books_nothing(house, scope):
    program = Program.of(house, scope)
    assert program.post("Appointment", program.booking()).status_code == 403
    assert house.appointments() == []


def test_appointments_are_found_by_each_of_their_parts(house, program):
    first = booked(program, 9)
    second = booked(program, 10, patient=1, days=2)
    day = second["start"][:10]
    assert program.found("Appointment") == [first, second]
    for query in (
        f"patient=Patient/{house.patients[1].hex}",
        f"patient={house.patients[1].hex}",
        f"actor=Patient/{house.patients[1].hex}",
        f"date={day}",
        f"date=ge{day}&date=lt{day}T23:00",
        f"_id={second['id']}",
    ):
        assert program.found(f"Appointment?{query}") == [second], query
    assert program.found(f"Appointment?practitioner=Practitioner/{house.practitioners[0].hex}&status=booked") == [first, second]
    assert program.found("Appointment?status=cancelled") == []
    assert program.found("Appointment?patient=Patient/nobody") == []


def test_the_pages_hold_every_appointment_once(house, program):
    desk = house.secretary()
    for hour in (8, 9, 10, 11):
        for minute in (0, 20, 40):
            book_slot(desk, BookingRequest(house.slot(hour, minute), patient_id=house.patients[0]))
    found = program.found("Appointment?_count=5")
    assert [one["start"] for one in found] == sorted(one["start"] for one in found)
    assert len({one["id"] for one in found}) == 12


def test_a_cancelled_appointment_frees_its_slot(house, program):
    made = booked(program)
    answer = program.request("PUT", f"/fhir/Appointment/{made['id']}", json=made | {"status": "cancelled"})
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    check(answer.json())
    assert program.get(f"Slot/{house.slot(9)}").json()["status"] == "free"
    again = program.request("PUT", f"/fhir/Appointment/{made['id']}", json=made | {"status": "cancelled"})
    assert again.json() == answer.json()


def test_an_appointment_is_cancelled_by_a_patch_of_its_status(program):
    made = booked(program)
    headers = {"content-type": "application/json-patch+json"}
    step = {"op": "replace", "path": "/status", "value": "cancelled"}
    answer = program.request("PATCH", f"/fhir/Appointment/{made['id']}", json=[step], headers=headers)
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")


@pytest.mark.parametrize(
    ("patch", "status"),
    [
        ([], 400), ({}, 400), ([1], 400), ([{"op": 1}], 400), ([{"op": "remove", "path": "/status"}], 422),
        ([{"op": "replace", "path": "/start", "value": "x"}], 422), ([{"op": "replace", "path": "/status", "value": "fulfilled"}], 422),
    ],
)  # fmt: skip
def test_any_other_patch_is_refused(program, patch, status):
    made = booked(program)
    headers = {"content-type": "application/json-patch+json"}
    assert program.request("PATCH", f"/fhir/Appointment/{made['id']}", json=patch, headers=headers).status_code == status
    assert program.get(f"Appointment/{made['id']}").json() == made


@pytest.mark.parametrize(
    "change",
    [
        {"status": "fulfilled"},
        {"start": "2030-01-01T08:00:00Z"},
        {"slot": [{"reference": "Slot/x"}]},
        {"participant": [{"status": "accepted", "actor": {"reference": "Patient/x"}}]},
    ],
)
def test_any_other_change_is_refused_in_french(program, change):
    made = booked(program)
    answer = program.request("PUT", f"/fhir/Appointment/{made['id']}", json=made | change)
    assert answer.status_code == 422
    assert "annulez-le" in answer.json()["issue"][0]["details"]["text"]


def test_an_appointment_put_as_it_is_stays_as_it_is(program):
    made = booked(program)
    assert program.request("PUT", f"/fhir/Appointment/{made['id']}", json=made).json() == made


def test_an_old_version_changes_nothing(program):
    made = booked(program)
    body = made | {"status": "cancelled"}
    answer = program.request("PUT", f"/fhir/Appointment/{made['id']}", json=body, headers={"if-match": 'W/"7"'})
    assert answer.status_code == 412
    assert program.request("PUT", f"/fhir/Appointment/{made['id']}", json=body, headers={"if-match": 'W/"1"'}).status_code == 200


def cancelled_while_it_moves(monkeypatch, program: Program, forgotten: bool):
    """Cancel by `If-Match` what the desk moves after the version was looked at and before the lock."""
    made = booked(program)
    secretary = program.house.secretary()

    def move_then_cancel(actor, ident, reason, version):
        move_appointment(secretary, ident, MoveRequest(program.house.instant(15)))
        return cancel_appointment(actor, ident, reason, None if forgotten else version)

    monkeypatch.setattr(appointments, "cancel_appointment", move_then_cancel)
    body = made | {"status": "cancelled"}
    return program.request("PUT", f"/fhir/Appointment/{made['id']}", json=body, headers={"if-match": 'W/"1"'})


def test_an_appointment_moved_just_before_the_lock_is_not_cancelled_by_its_old_version(house, program, monkeypatch):
    assert cancelled_while_it_moves(monkeypatch, program, forgotten=False).status_code == 412
    (row,) = house.appointments()
    assert (row.status, row.starts_at) == ("planned", house.instant(15))


def test_without_the_version_under_the_lock_the_moved_appointment_is_lost(house, program, monkeypatch):
    assert cancelled_while_it_moves(monkeypatch, program, forgotten=True).status_code == 200
    assert house.appointments()[0].status == "cancelled"


def test_a_crowd_asks_the_database_about_a_taken_slot_a_few_times_only(program, monkeypatch):
    asked = []

    def counted(actor, request):
        asked.append(request)
        return book_slot(actor, request)

    booked(program)
    monkeypatch.setattr("maiia_pro.api.fhir.appointments.book_slot", counted)
    headers = program.headers | {"content-type": "application/fhir+json"}
    answers = call_all([("POST", "/fhir/Appointment", {"headers": headers, "json": program.booking(9)})] * 50)
    assert {answer.status_code for answer in answers} == {409}
    assert len(asked) <= 4


def test_who_comes_after_a_cancellation_is_not_answered_by_an_older_look(house, program):
    for _ in range(5):
        made = booked(program)
        assert program.post("Appointment", program.booking()).status_code == 409
        program.request("PUT", f"/fhir/Appointment/{made['id']}", json=made | {"status": "cancelled"})
    assert {row.status for row in house.appointments()} == {"cancelled"}


PATCH = {"json": [{"op": "replace", "path": "/status", "value": "cancelled"}], "headers": {"content-type": "application/json-patch+json"}}


def readings(appointment):
    """Tell how often the audit trail says that the appointment was read."""
    with reading() as session:
        asked = select(func.count()).where(AuditEntry.subject_id == UUID(appointment["id"]))
        return session.exec(asked.where(AuditEntry.action == AuditAction.APPOINTMENT_READ)).one()


@pytest.mark.parametrize("by", ["put", "patch"])
def test_an_answer_that_comes_without_a_change_is_audited_as_a_reading(program, by):
    made = booked(program)
    path = f"/fhir/Appointment/{made['id']}"
    if by == "patch":
        program.request("PATCH", path, **PATCH)
    before = readings(made)
    answer = program.request("PATCH", path, **PATCH) if by == "patch" else program.request("PUT", path, json=made)
    assert answer.status_code == 200
    assert (before, readings(made)) == (0, 1)


def test_a_program_that_may_not_read_cancels_once_and_is_told_no_more(house, program):
    made, writer = booked(program), Program.of(house, "appointments.write")
    path = f"/fhir/Appointment/{made['id']}"
    assert writer.request("PUT", path, json=made).status_code == 403
    assert writer.request("PATCH", path, **PATCH).status_code == 200
    assert writer.request("PATCH", path, **PATCH).status_code == 403


@pytest.mark.parametrize("keyed", [{}, {"idempotency_key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}])
@pytest.mark.parametrize(("element", "wrong"), [("end", "2199-01-01T10:00:00+01:00"), ("minutesDuration", 7)])
def test_an_appointment_that_says_it_lasts_otherwise_than_its_slot_is_refused(house, program, element, wrong, keyed):
    answer = program.post("Appointment", program.booking() | {element: wrong}, **keyed)
    assert (answer.status_code, answer.json()["issue"][0]["expression"]) == (422, [f"Appointment.{element}"])
    check(answer.json())
    assert house.appointments() == []


def test_an_appointment_may_say_that_it_lasts_as_its_slot(program):
    lasting = booked(program, 9)["minutesDuration"]
    assert program.post("Appointment", program.booking(10) | {"minutesDuration": lasting}).status_code == 201


def test_the_capabilities_say_which_elements_are_not_kept():
    resources = call_all([("GET", "/fhir/metadata", {})])[0].json()["rest"][0]["resource"]
    assert "comment, reasonCode" in next(one["documentation"] for one in resources if one["type"] == "Appointment")
