"""Directory resources: valid FHIR, found by their parameters, and only the program's own practice."""

import importlib

import pytest

from maiia_pro.api.fhir.capability import PARAMETERS
from tests.api.conftest import Program, call
from tests.factories import House

pytestmark = pytest.mark.integration

KINDS = ["Practitioner", "PractitionerRole", "Location", "HealthcareService", "Schedule"]


def check(resource: dict) -> None:
    """Read a resource by the FHIR R4B models; an invalid one raises."""
    kind = resource["resourceType"]
    module = importlib.import_module(f"fhir.resources.R4B.{kind.lower()}")
    getattr(module, kind).model_validate(resource)


@pytest.mark.parametrize("kind", KINDS)
def test_every_resource_is_valid_and_reads_as_it_was_found(program, kind):
    found = program.found(kind)
    assert found
    for resource in found:
        check(resource)
        assert program.get(f"{kind}/{resource['id']}").json() == resource


@pytest.mark.parametrize("kind", KINDS)
def test_another_practice_is_as_if_it_were_not_there(program, other_house, kind):
    own = {resource["id"] for resource in program.found(kind)}
    theirs = {resource["id"] for resource in Program.of(other_house).found(kind)}
    assert own
    assert theirs
    assert not own & theirs
    assert {program.get(f"{kind}/{ident}").status_code for ident in theirs} == {404}


def test_the_statement_of_capabilities_is_valid_and_needs_no_token():
    answer = call("GET", "/fhir/metadata")
    check(answer.json())
    assert answer.headers["content-type"] == "application/fhir+json"


def test_the_statement_names_what_the_routes_can_do():
    from maiia_pro.api.fhir.routes import routes

    said = {
        (kind["type"], one["code"]) for kind in call("GET", "/fhir/metadata").json()["rest"][0]["resource"] for one in kind["interaction"]
    }
    codes = {"GET": "search-type", "POST": "create", "PUT": "update", "PATCH": "patch"}
    there = set()
    for declared in routes:
        kind, _, rest = declared.path.removeprefix("/fhir/").partition("/")
        for method in (declared.methods or set()) - {"HEAD"}:
            if kind in PARAMETERS and rest != "_search":
                there.add((kind, "read" if rest and method == "GET" else codes[method]))
    assert said == there


def test_a_practitioner_is_found_by_rpps_number(program):
    doctor = program.found("Practitioner")[0]
    rpps = doctor["identifier"][0]["value"]
    for value in (rpps, f"https://rpps.esante.gouv.fr|{rpps}", f"urn:oid:1.2.250.1.71.4.2.1|8{rpps}"):
        assert program.found(f"Practitioner?identifier={value}") == [doctor]
    assert program.found(f"Practitioner?identifier=urn:oid:1.2.3|{rpps}") == []


def test_a_name_is_found_without_accents_by_its_beginning(house, program):
    house.practitioner("Éluère")
    assert [one["name"][0]["family"] for one in program.found("Practitioner?name=elu")] == ["Éluère"]
    assert program.found("Practitioner?name=luere") == []


def test_a_role_and_a_schedule_point_to_their_practitioner(program):
    doctor = program.found("Practitioner")[0]["id"]
    assert len(program.found(f"PractitionerRole?practitioner=Practitioner/{doctor}")) == 1
    assert len(program.found(f"Schedule?actor=Practitioner/{doctor}")) == 1
    assert program.found("Schedule?actor=Practitioner/nobody") == []


def test_the_pages_of_a_search_hold_everything_once(house, program):
    for _ in range(6):
        house.practitioner()
    found = program.found("Practitioner?_count=2")
    assert len(found) == 7
    assert len({one["id"] for one in found}) == 7


def test_a_search_by_post_finds_the_same(program):
    answer = program.request("POST", "/fhir/Practitioner/_search", data={"name": "vass"})
    assert [entry["resource"] for entry in answer.json()["entry"]] == program.found("Practitioner?name=vass")


def test_an_unknown_parameter_is_refused_unless_the_caller_is_lenient(program):
    assert program.get("Practitioner?shoe-size=43").status_code == 400
    lenient = program.get("Practitioner?shoe-size=43", headers={"prefer": "handling=lenient"})
    assert lenient.status_code == 200
    assert "shoe-size" not in lenient.json()["link"][0]["url"]


@pytest.mark.parametrize(
    "query",
    ["_count=-1", "_count=x", "_count=1.5", "_cursor=%00", "_cursor=!!", "_cursor=é", "name=%00", "name=" + "x" * 3000, "name=%ff"],
)
def test_a_parameter_without_sense_is_refused(program, query):
    answer = program.get(f"Practitioner?{query}")
    assert answer.status_code == 400
    check(answer.json())


@pytest.mark.parametrize("accept", ["application/fhir+json", "application/json+fhir", "application/json", "*/*", "text/html, */*;q=0.1"])
def test_who_reads_json_is_answered(program, accept):
    assert program.get("Location", headers={"accept": accept}).headers["content-type"] == "application/fhir+json"


@pytest.mark.parametrize("query", ["_format=json", "_format=application/fhir%2Bjson", "_format=application/fhir+json"])
def test_the_format_may_be_named_in_the_address(program, query):
    assert program.get(f"Location?{query}", headers={"accept": "text/html"}).status_code == 200


@pytest.mark.parametrize(("query", "accept"), [("", "application/fhir+xml"), ("?_format=xml", "*/*")])
def test_who_reads_only_xml_is_told(program, query, accept):
    answer = program.get(f"Location{query}", headers={"accept": accept})
    assert answer.status_code == 406
    check(answer.json())


@pytest.mark.parametrize("path", ["Nothing", "Patient/x/y", "", "Practitioner/%00", f"Slot/{'x' * 500}", "Schedule/a-b", "Appointment/é"])
def test_an_address_of_nothing_is_an_outcome(program, path):
    answer = program.get(path)
    assert answer.status_code == 404
    check(answer.json())


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_base_address_is_no_resource(program, method):
    answer = program.request(method, "/fhir", json={"resourceType": "Bundle", "type": "batch"})
    assert answer.status_code == 404
    check(answer.json())


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH"])
def test_a_method_that_is_not_offered_names_those_that_are(program, method):
    answer = program.request(method, "/fhir/Practitioner")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    check(answer.json())


def test_a_program_that_asks_too_often_is_told_when_to_come_back(house):
    program = Program.of(house)
    from sqlmodel import select

    from maiia_pro.identity.tables import ApiClient
    from maiia_pro.kernel.db import transaction

    with transaction() as session:
        session.exec(select(ApiClient)).one().requests_per_minute = 3
    answers = [program.get("Location") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    check(answers[-1].json())


def test_one_program_does_not_use_up_what_another_may_ask(house):
    slow, other = Program.of(house), Program.of(house)
    from maiia_pro.kernel.rates import count_request

    for _ in range(6000):
        count_request(slow.actor.api_client_id, 6000)
    assert slow.get("Location").status_code == 429
    assert other.get("Location").status_code == 200


def test_a_practice_without_anything_is_an_empty_answer(clean_database):
    program = Program.of(House())
    for kind in PARAMETERS:
        assert program.found(kind) == []
