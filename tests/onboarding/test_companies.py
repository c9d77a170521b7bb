"""Who may be a client: a professional with an RPPS or ADELI number, or a company whose partners all have one."""

from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import delete

from maiia_pro.agenda.catalogue import practice_catalogue
from maiia_pro.api.fhir.directory import practitioner
from maiia_pro.kernel.db import constraint_of, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.text import FieldErrors
from maiia_pro.onboarding.practices import NewPractice, open_practice
from maiia_pro.practice.administering import administered
from maiia_pro.practice.company import CompanyChanged, CompanyDetails, practice_company, set_company
from maiia_pro.practice.company_tables import Company, Partner
from maiia_pro.practice.tables import Practitioner
from tests.concurrency.racing import race
from tests.factories import House, new_operator
from tests.onboarding.conftest import PRACTICE, account_of, activated

pytestmark = pytest.mark.integration

PARTNERS = (("Aline Perrot", "10000005479"), ("Nour Benali", "491012345"))
COMPANY = {
    "company_name": "SCP Perrot et Benali",
    "siren": "732 829 320",
    "partners": "Aline Perrot, 10000005479\n\nNour Benali ; 49 10 1234 5",
}


def company(**changes: str) -> CompanyDetails | None:
    errors = FieldErrors()
    read = CompanyDetails.read(COMPANY | changes, errors)
    errors.check()
    return read


@pytest.mark.requirement(3)
@pytest.mark.parametrize("number", ["", "1000000547", "100000054790", "1000000547A", "49101234", "4A1012345", "9Z1012345", "ADELI"])
def test_nobody_is_given_an_account_to_activate_without_a_number_that_is_rpps_or_adeli(clean_database, number):
    with pytest.raises(Invalid) as refused:
        open_practice(new_operator(), NewPractice.read(PRACTICE | {"rpps": number}))
    assert set(refused.value.fields) == {"rpps"}
    assert account_of(PRACTICE["email"]) is None


@pytest.mark.requirement(3)
@pytest.mark.parametrize("number", ["", "1000000547", "4A1012345"])
def test_the_database_knows_no_practitioner_without_such_a_number(house: House, number):
    who = {"given_name": "Nour", "family_name": "Benali", "sort_key": "benali nour", "slug": "nour-benali"}
    with pytest.raises(IntegrityError) as refused, transaction() as session:
        session.add(Practitioner(practice_id=house.practice_id, specialty="general_medicine", rpps=number, **who))
    assert constraint_of(refused.value) == "ck_practitioner_national_number"


@pytest.mark.requirement(3)
@pytest.mark.parametrize("number", ["49 10 1234 5", "2a 101234 5", "9B1012345"])
def test_a_professional_with_an_adeli_number_comes_in_and_programs_read_which_it_is(clean_database, number):
    open_practice(new_operator(), NewPractice.read(PRACTICE | {"rpps": number}))
    actor = activated(PRACTICE["email"])
    [entry] = practice_catalogue(actor).practitioners.values()
    written = number.replace(" ", "").upper()
    assert [one["value"] for one in practitioner(entry)["identifier"]] == [f"0{written}"]


@pytest.mark.requirement(3)
@pytest.mark.parametrize(
    ("partners", "why"),
    [
        ("", "au moins un associé"),
        ("Aline Perrot", "il manque le nom ou le numéro"),
        ("Aline Perrot, 10000005479\nNour Benali, 4910", "Nour Benali\u00a0: écrivez les onze chiffres"),
        ("Aline Perrot, 10000005479\nNour Benali,", "Nour Benali\u00a0: écrivez les onze chiffres"),
        ("Aline Perrot, 10000005479\nNour Benali, 10000005479", "le même numéro"),
        ("\n".join(f"Associé A, {10000000000 + number}" for number in range(51)), "au plus 50"),
    ],
)
def test_no_company_is_opened_unless_it_has_partners_who_all_have_a_number_of_their_own(clean_database, partners, why):
    with pytest.raises(Invalid) as refused:
        open_practice(new_operator(), NewPractice.read(PRACTICE | COMPANY | {"partners": partners}))
    assert set(refused.value.fields) == {"partners"}
    assert why in refused.value.fields["partners"]
    assert account_of(PRACTICE["email"]) is None


@pytest.mark.parametrize(
    ("field", "typed"), [("company_name", "…"), *(("siren", typed) for typed in ("", "732 829 321", "73282932", "000 000 000"))]
)
def test_a_company_has_a_name_and_a_siren_whose_key_holds(field, typed):
    with pytest.raises(Invalid) as refused:
        company(**{field: typed})
    assert set(refused.value.fields) == {field}


@pytest.mark.requirement(3)
def test_a_company_is_opened_with_its_partners_whom_its_administrators_read(clean_database):
    practice_id = open_practice(new_operator(), NewPractice.read(PRACTICE | COMPANY))
    told = CompanyDetails("SCP Perrot et Benali", "732829320", PARTNERS)
    assert administered(activated(PRACTICE["email"])).company == told
    assert practice_company(new_operator(), practice_id) == told


@pytest.mark.requirement(3)
def test_the_database_knows_no_company_without_a_partner_and_no_partner_without_a_number(house: House):
    with pytest.raises(IntegrityError) as alone, transaction() as session:
        session.add(Company(practice_id=house.practice_id, name="SCP", siren="732829320"))
    assert constraint_of(alone.value) == "company_has_partner"
    set_company(new_operator(), house.practice_id, company(), None)
    for number in ("", "12345", "10000005479"):
        with pytest.raises(IntegrityError), transaction() as session:
            session.add(Partner(practice_id=house.practice_id, place=2, name="Nour Benali", number=number))
    with pytest.raises(IntegrityError) as emptied, transaction() as session:
        session.exec(delete(Partner))
    assert constraint_of(emptied.value) == "company_has_partner"


def test_the_operator_alone_changes_a_company_or_writes_that_there_is_none(house: House):
    with pytest.raises(NotAllowed):
        set_company(house.practitioner_actor(), house.practice_id, company(), None)
    with pytest.raises(NotAllowed):
        practice_company(house.practitioner_actor(), house.practice_id)
    operator = new_operator()
    set_company(operator, house.practice_id, company(), None)
    set_company(operator, house.practice_id, company(partners="Nour Benali, 491012345"), company())
    assert practice_company(operator, house.practice_id).partners == PARTNERS[1:]
    set_company(
        operator, house.practice_id, company(company_name="", siren="", partners=" "), practice_company(operator, house.practice_id)
    )
    assert practice_company(operator, house.practice_id) is None
    with pytest.raises(NotFound):
        set_company(operator, uuid7(), company(), None)


def test_of_two_operators_who_write_a_company_at_once_the_second_is_told_what_stands_and_writes_after_it(house: House):
    written = [company(company_name=name) for name in ("SCP Perrot", "SCP Benali")]
    acts = [partial(set_company, new_operator(), house.practice_id, one, None) for one in written]
    assert race(acts) == {"done": 1, "CompanyChanged": 1}
    stands = practice_company(new_operator(), house.practice_id)
    [second] = [act for act in acts if act.args[2] != stands]
    with pytest.raises(CompanyChanged) as refused:
        second()
    assert refused.value.now == stands
    set_company(*second.args[:3], seen=refused.value.now)
    assert practice_company(new_operator(), house.practice_id) == second.args[2]
