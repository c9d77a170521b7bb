"""Who calls: numbers as telephone systems write them, and what a program is told of their owners."""

import pytest
from sqlmodel import select

from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotAllowed
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.patients.calling import find_callers, read_caller
from tests.api.conftest import Program
from tests.factories import House, new_patient_account

pytestmark = pytest.mark.integration

NUMBER = "+33612345678"


@pytest.mark.parametrize(
    "written",
    [
        "0612345678", "06 12 34 56 78", "06.12.34.56.78", "+33612345678", "+33 (0)6 12 34 56 78", "0033612345678", "33612345678",
        " 33612345678", "tel:+33612345678", "sip:+33612345678@operateur.example;user=phone", "0612345678#204", "0612345678 x204",
        "0612345678,204", "0612345678;ext=204",
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(written):
    assert read_caller(written) == NUMBER


@pytest.mark.parametrize(
    "written", ["", "anonymous", "Anonymous@anonymous.invalid", "private", "204", None, 612345678, ["06"], "0" * 500, "\ud800"]
)
def test_a_hidden_or_unreadable_number_is_nobodys(written):
    assert read_caller(written) == ""


def calls(house: House) -> None:
    house.patient("Roux", "Aline", phone=NUMBER)
    house.patient("Roux", "Paul", phone=NUMBER)
    House.ready().patient("Ailleurs", "Zoé", phone=NUMBER)


def test_the_desk_finds_the_records_of_its_own_practice_with_the_number(house: House):
    calls(house)
    assert [one.display_name for one in find_callers(house.secretary(), "06 12 34 56 78")] == ["Aline Roux", "Paul Roux"]
    assert find_callers(house.secretary("Marc Tanguy"), "anonymous") == []


def test_a_patient_and_a_program_without_the_scope_find_nobody(house: House):
    for actor in (new_patient_account(), house.api_client("patients.read")):
        with pytest.raises(NotAllowed):
            find_callers(actor, NUMBER)


def test_a_telephone_system_is_told_the_names_only_and_each_is_written_down_as_read(house: House):
    forget_requests()
    calls(house)
    answer = Program.of(house, "callers.read").request("POST", "/api/caller", json={"number": "0033612345678"})
    assert (answer.status_code, answer.json()) == (200, {"patients": [{"name": "Aline Roux"}, {"name": "Paul Roux"}]})
    with reading() as session:
        acts = session.exec(
            select(AuditEntry.action).where(AuditEntry.practice_id == house.practice_id, AuditEntry.actor_name == "Logiciel Exemple")
        )
        assert sorted(act for act in acts if act.startswith("patient:")) == [
            AuditAction.PATIENT_READ,
            AuditAction.PATIENT_READ,
            AuditAction.PATIENT_SEARCHED,
        ]
