"""Patients: found by each trait, read and created, always with a trace."""

import pytest
from sqlmodel import select

from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.tables import AuditEntry
from tests.api.conftest import Program
from tests.api.test_fhir_directory import check

pytestmark = pytest.mark.integration
JEANNE = {
    "resourceType": "Patient",
    "name": [{"use": "official", "family": "Dû Pré", "given": ["Jeanne", "Marie"]}],
    "birthDate": "1981-03-12",
    "telecom": [{"system": "phone", "value": "06 12 34 56 78"}, {"system": "email", "value": "jeanne@exemple.fr"}],
}


def acts(action: str) -> list[AuditEntry]:
    with reading() as session:
        return list(session.exec(select(AuditEntry).where(AuditEntry.action == action)))


def test_a_created_patient_is_valid_and_reads_as_it_was_answered(program):
    made = program.post("Patient", JEANNE)
    assert made.status_code == 201
    check(made.json())
    assert program.request("GET", made.headers["location"]).json() == made.json()
    assert made.json()["telecom"][0]["value"] == "+33612345678"


@pytest.mark.parametrize(
    "query",
    [
        "family=du", "family=Dû Pré", "given=jeanne", "given=mar", "name=pre", "name=jeanne", "birthdate=1981-03-12", "birthdate=1981",
        "birthdate=ge1981-03-01&birthdate=lt1981-04", "phone=0612345678", "phone=%2B33612345678", "phone=+33612345678",
        "email=jeanne@exemple.fr", "family=absent,du", "family=du&given=jeanne",
    ],
)  # fmt: skip
def test_a_patient_is_found_by_each_trait(program, query):
    program.post("Patient", JEANNE)
    assert [one["name"][0]["family"] for one in program.found(f"Patient?{query}")] == ["Dû Pré"]


@pytest.mark.parametrize("query", ["family=jeanne", "given=du", "birthdate=1981-03-13", "birthdate=gt1981-03-12&name=jeanne", "family=!!"])
def test_a_patient_is_not_found_by_what_does_not_fit(program, query):
    program.post("Patient", JEANNE)
    assert program.found(f"Patient?{query}") == []


def test_a_patient_is_found_by_identifier(program):
    made = program.post("Patient", JEANNE).json()
    identifier = made["identifier"][0]
    for query in (f"identifier={identifier['system']}|{identifier['value']}", f"identifier={identifier['value']}", f"_id={made['id']}"):
        assert program.found(f"Patient?{query}") == [made]
    assert program.found(f"Patient?identifier=urn:oid:1|{identifier['value']}") == []


def test_the_pages_hold_every_record_once(house, program):
    for number in range(7):
        house.patient(f"Nom{number}")
    found = program.found("Patient?_count=2")
    assert len(found) == len({one["id"] for one in found}) == 9


def test_reading_and_searching_leave_a_trace(house, program):
    program.get(f"Patient/{house.patients[0].hex}")
    program.found("Patient?family=keller")
    assert [entry.actor_id for entry in acts(AuditAction.PATIENT_READ)] == [program.actor.api_client_id]
    assert acts(AuditAction.PATIENT_SEARCHED)[0].details["found"] == [str(ident) for ident in house.patients]


def test_the_record_of_another_practice_is_as_if_it_were_not_there(program, other_house):
    theirs = other_house.patients[0].hex
    assert program.get(f"Patient/{theirs}").status_code == 404
    assert program.found(f"Patient?_id={theirs}") == []
    assert {one["id"] for one in program.found("Patient")} == {ident.hex for ident in program.house.patients}


@pytest.mark.parametrize(
    ("change", "element"),
    [
        ({"birthDate": None}, "Patient.birthDate"),
        ({"birthDate": "2099-01-01"}, "Patient.birthDate"),
        ({"birthDate": "1981-02-31"}, "Patient.birthDate"),
        ({"name": [{"given": ["Jeanne"]}]}, "Patient.name.family"),
        ({"name": None}, "Patient.name.given"),
        ({"telecom": [{"system": "phone", "value": "12"}]}, "Patient.telecom"),
        ({"name": [{"family": "a\x00b", "given": ["x"]}]}, "Patient.name.family"),
        ({"name": [{"family": "x" * 200, "given": ["x"]}]}, "Patient.name.family"),
        ({"shoeSize": 43}, "Patient.shoeSize"),
        ({"birthDate": 7}, "Patient.birthDate"),
        ({"birthDate": 0}, "Patient.birthDate"),
        ({"birthDate": 946_684_800}, "Patient.birthDate"),
        ({"active": "true"}, "Patient.active"),
        ({"contact": [{"period": {"start": 0}}]}, "Patient.contact[0].period.start"),
        ({"_birthDate": [1]}, "Patient._birthDate.root"),
    ],
)
def test_what_is_wrong_is_named_in_french(program, change, element):
    answer = program.post("Patient", {key: value for key, value in (JEANNE | change).items() if value is not None})
    assert answer.status_code == 422
    check(answer.json())
    assert element in {path for issue in answer.json()["issue"] for path in issue["expression"]}


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{", "application/fhir+json", 400),
        (b"[]", "application/fhir+json", 400),
        (b"null", "application/fhir+json", 400),
        (b'{"resourceType":"Patient","name":"\\ud800"}', "application/fhir+json", 400),
        (b'{"resourceType":"Patient","x":1e999}', "application/fhir+json", 400),
        (b'{"resourceType":"Patient","x":NaN}', "application/fhir+json", 400),
        (b'{"resourceType":"Patient","birthDate":"1981-03-12","_birthDate":"12"}', "application/fhir+json", 400),
        (b"[" * 100_000, "application/fhir+json", 400),
        (b'{"a":' * 50_000, "application/fhir+json", 400),
        (b"1" * 10_000, "application/fhir+json", 400),
        (b"\xff", "application/fhir+json", 400),
        (b'{"resourceType":"Practitioner"}', "application/fhir+json", 400),
        (b"<Patient/>", "application/fhir+xml", 415),
        (b"{}", "text/plain", 415),
        (b'"' + b"x" * 1_000_000 + b'"', "application/fhir+json", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(program, content, media_type, status):
    answer = program.request("POST", "/fhir/Patient", content=content, headers={"content-type": media_type})
    assert answer.status_code == status
    check(answer.json())


def test_a_program_that_only_reads_creates_nothing(house):
    answer = Program.of(house, "patients.read").post("Patient", JEANNE)
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert len(Program.of(house).found("Patient")) == 2


def test_a_conditional_creation_is_refused_and_not_done_twice(program):
    assert program.post("Patient", JEANNE, if_none_exist="family=x").status_code == 400
