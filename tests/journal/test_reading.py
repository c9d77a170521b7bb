"""Who reads which part of the trail, by what, and what stays hidden from whom."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.people import search_patients
from maiia_pro.api import journal_files
from maiia_pro.api.asgi import build_api
from maiia_pro.identity.api_grants import note_grant
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.identity.grant_tables import ApiGrant
from maiia_pro.identity.hats import hats
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_ends import sign_out
from maiia_pro.identity.session_opening import open_session
from maiia_pro.identity.tables import Account, ApiClient, Membership
from maiia_pro.journal import export
from maiia_pro.journal.labels import ACTION_LABELS, GROUP_LABELS, Group
from maiia_pro.journal.own import own_journal
from maiia_pro.journal.reading import JournalQuery, journal
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind, Right
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import DomainError, Invalid
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.onboarding.answering import answer
from maiia_pro.onboarding.team import Invitation, ask_in
from maiia_pro.patients.own import add_relative
from maiia_pro.patients.records import Identity, read_patient
from maiia_pro.patients.search_words import PatientSearch
from maiia_pro.practice.delegating import Terms, delegate
from maiia_pro.practice.programs import Draft, let_in
from tests.factories import House, email_of, new_operator, new_patient_account, session_token

pytestmark = pytest.mark.integration


def asked(**more) -> JournalQuery:
    return JournalQuery.parse(more)


def acts(lines) -> list[str]:
    return [line.action for line in lines]


@pytest.mark.unit
def test_every_act_has_a_word_and_a_group():
    assert ACTION_LABELS.keys() == {str(one) for one in AuditAction}
    assert GROUP_LABELS.keys() == set(Group)


@pytest.mark.requirement(60)
@pytest.mark.requirement(61)
def test_a_practitioner_reads_what_others_did_for_them_and_who_it_was(house):
    doctor, desk = house.practitioner_actor(), house.secretary()
    book_slot(desk, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    line = journal(doctor, asked(group="visits"))[0]
    assert (line.actor_name, line.behalf, line.subject) == ("Sylvie Moreau", "Dr Claire Vasseur", "Josiane Keller")
    book_slot(doctor, BookingRequest(house.slot(10), patient_id=house.patients[1]))
    for_them = asked(practitioner=house.practitioners[0].hex, for_them="1", group="visits")
    assert [one.actor_name for one in journal(doctor, for_them)] == ["Sylvie Moreau"]


@pytest.mark.requirement(46)
def test_the_trail_is_narrowed_by_period_person_act_patient_and_practitioner(house):
    doctor, desk = house.practitioner_actor(), house.secretary()
    other = house.patient("Ozanne", "Hélène")
    booked = book_slot(desk, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    book_slot(desk, BookingRequest(house.slot(10), patient_id=other))
    read_appointment(doctor, booked.id)
    read_patient(desk, other)
    search_patients(desk, house.practice_id, PatientSearch.parse("ozanne"))
    assert acts(journal(doctor, asked(group="reads"))) == ["patient:searched", "patient:read", "appointment:read"]
    assert acts(journal(doctor, asked(patient="ozanne helene"))) == ["patient:searched", "patient:read", "appointment:booked"]
    assert acts(journal(doctor, asked(person="vasseur", group="reads"))) == ["appointment:read"]
    assert len(journal(doctor, asked(practitioner=house.practitioners[0].hex, group="visits"))) == 2
    yesterday = (clock.now() - timedelta(days=2)).date().isoformat()
    assert journal(doctor, asked(first=yesterday, last=yesterday)) == []


@pytest.mark.requirement(59)
def test_whose_visit_it_was_is_said_of_the_agendas_alone_that_one_may_see(house, patient):
    colleague, doctor = house.practitioner("Zeller"), house.practitioner_actor()
    house.hours(colleague, house.sites[0])
    house.offering(house.reason(colleague))
    book_slot(house.secretary(), BookingRequest(house.slot(9, offering=1), patient_id=house.patients[0]))
    book_slot(patient, BookingRequest(house.slot(10, offering=1)))
    assert {line.subject for line in journal(doctor, asked(group="visits"))} == {"Josiane Keller"}
    house.let(doctor.account_id, colleague, frozenset())
    lines = journal(doctor, asked(group="visits"))
    assert [(line.action, line.subject) for line in lines] == [("appointment:booked", "")] * 2
    assert "Keller" not in repr(lines)
    assert journal(doctor, asked(group="visits", patient="keller")) == []
    assert journal(doctor, asked(group="visits", person="keller")) == []


@pytest.mark.requirement(46)
def test_rights_and_sheets_say_whose_they_are_and_of_who_has_not_answered_what_was_typed(house, patient):
    doctor, desk = house.practitioner_actor(), house.secretary()
    house.let(desk.account_id, house.practitioners[0], frozenset())
    delegate(doctor, desk.account_id, Terms({Right.AGENDA}))
    [line] = journal(doctor, asked(group="rights"))
    assert line.subject == "Sylvie Moreau, agenda de Dr Claire Vasseur"
    typed = {"role": "secretary", "given_name": "Odile", "family_name": "Faure", "email": email_of(patient), "agenda": "oui"}
    ask_in(doctor, Invitation.read(typed))
    assert {line.subject.partition(",")[0] for line in journal(doctor, asked(group="rights"))} == {"Sylvie Moreau", "Odile Faure"}
    answer(patient, hats(patient)[1][0].membership_id, accepts=False)
    subjects = {line.subject for line in journal(doctor, asked(group="rights")) if line.actor_name == doctor.name}
    assert "Keller" not in repr(subjects)


def test_an_act_on_a_program_names_it(house):
    doctor = house.practitioner_actor()
    let_in(doctor, Draft("Téléphonie", frozenset({"appointments.read"}), ("https://telephonie.example/retour",)))
    with transaction() as session:
        client = session.exec(select(ApiClient)).one()
        given = ApiGrant(
            api_client_id=client.id, account_id=doctor.account_id, role=doctor.kind, scopes="appointments.read",
            redirect_uri="https://telephonie.example/retour", challenge="c" * 43, code_hash="0" * 64, code_until=clock.now(),
            created_at=clock.now(),
        )  # fmt: skip
        session.add(given)
        note_grant(session, doctor, client, AuditAction.API_GRANT_GIVEN, given)
    assert {line.subject for line in journal(doctor, asked()) if "api_" in line.action} == {"Téléphonie"}


def test_another_practice_sees_none_of_it(house, other_house):
    book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    stranger = other_house.practitioner_actor()
    assert journal(stranger, asked()) == []
    assert journal(stranger, asked(patient="keller")) == []


@pytest.mark.requirement(52)
def test_only_practitioners_and_operators_read_a_journal_and_only_patients_their_own(house, patient):
    for actor in (patient, house.secretary(), house.api_client(), Actor.anonymous()):
        with pytest.raises(DomainError):
            journal(actor, asked())
    for actor in (house.practitioner_actor(), new_operator(), Actor.anonymous()):
        with pytest.raises(DomainError):
            own_journal(actor)


@pytest.mark.requirement(46)
def test_the_operator_reads_who_did_what_and_never_a_patients_name(house):
    patient = new_patient_account("Josiane Keller")
    book_slot(patient, BookingRequest(house.slot(9)))
    session_token(patient)
    lines = journal(new_operator(), asked())
    assert {"appointment:booked", "session:opened"} <= set(acts(lines))
    assert "Keller" not in repr(lines)
    assert acts(journal(new_operator(), asked(patient="keller"))) == acts(journal(new_operator(), asked()))
    assert journal(new_operator(), asked(person=email_of(patient))) == []


@pytest.mark.requirement(46)
def test_who_works_has_a_name_for_the_operator_and_who_is_a_patient_has_none_whichever_was_their_first_role(house):
    desk, patient = house.secretary(), new_patient_account("Odile Faure")
    with transaction() as session:
        session.add(Membership(account_id=patient.account_id, practice_id=house.practice_id, role=ActorKind.SECRETARY))
    for account_id in (desk.account_id, patient.account_id):
        for role in (ActorKind.SECRETARY, ActorKind.PATIENT):
            with transaction() as session:
                open_session(session, session.get_one(Account, account_id), role=role)
    opened = [(one.actor_name, one.subject) for one in reversed(journal(new_operator(), asked())) if one.action == "session:opened"]
    nobody = ("Un patient", "Un patient")
    assert opened == [("Sylvie Moreau", "Sylvie Moreau"), nobody, ("Odile Faure", "Odile Faure"), nobody]


def test_pages_follow_one_another_without_a_gap(house):
    doctor, desk = house.practitioner_actor(), house.secretary()
    for hour in (8, 9, 10, 11):
        book_slot(desk, BookingRequest(house.slot(hour), patient_id=house.patients[0]))
    whole, seen, before = journal(doctor, asked()), [], None
    while page := journal(doctor, asked(), before, 3):
        seen += page
        before = (page[-1].at, page[-1].sequence)
    assert seen == whole


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": "hier"},
        {"first": "2026-02-01", "last": "2026-01-01"},
        {"first": "2024-01-01", "last": "2026-01-01"},
        {"group": "autre"},
    ],
)
def test_what_cannot_be_asked_is_said(wrong):
    with pytest.raises(Invalid):
        asked(**wrong)


# --- the patient's own -----------------------------------------------------------------------------------------------------------


@pytest.mark.requirement(46)
def test_a_patient_reads_who_opened_their_file_for_whom_and_in_which_practice(house, patient):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    desk = house.secretary()
    read_appointment(desk, booked.id)
    search_patients(desk, house.practice_id, PatientSearch.parse("keller"))
    book_slot(desk, BookingRequest(house.slot(11), patient_id=house.patients[1]))
    lines = own_journal(patient)
    assert [(line.action, line.by) for line in lines] == [("patient:searched", "Sylvie Moreau"), ("appointment:read", "Sylvie Moreau")]
    assert (lines[1].whose, lines[1].behalf, lines[1].practice.startswith("Cabinet")) == ("", "Dr Claire Vasseur", True)
    assert "appointment:booked" in [line.action for line in own_journal(patient, with_own=True) if line.mine]


def test_a_patient_reads_nothing_of_anybody_elses_file(house, patient):
    book_slot(patient, BookingRequest(house.slot(9)))
    read_patient(house.secretary(), house.patients[0])
    assert own_journal(new_patient_account("Autre Personne")) == []
    assert not any(line.whose for line in own_journal(patient))


def test_whose_file_it_was_is_said_of_a_relative_s_alone(house, patient):
    born = {"birth_date": "12/03/2019", "phone": "", "email_address": ""}
    child = add_relative(patient, Identity.parse(given_name="Léo", family_name="Keller", **born))
    booked = book_slot(patient, BookingRequest(house.slot(9), person_id=child.id))
    read_appointment(house.secretary(), booked.id)
    assert [line.whose for line in own_journal(patient)] == ["Léo Keller"]


# --- the file --------------------------------------------------------------------------------------------------------------------


def fetched(actor: Actor, **asked_for: str):
    client = TestClient(build_api(), cookies={cookie_name(): session_token(actor)})
    return client.post("/api/journal", data=asked_for)


@pytest.mark.requirement(46)
def test_the_journal_leaves_as_a_table_and_that_it_left_is_in_it(house, monkeypatch):
    monkeypatch.setattr(export, "A_PIECE", 2)
    doctor, desk = house.practitioner_actor(), house.secretary("=Sylvie")
    for hour in (8, 9, 10):
        book_slot(desk, BookingRequest(house.slot(hour), patient_id=house.patients[0]))
    answer = fetched(doctor, genre="visits")
    rows = answer.text.strip().split("\r\n")
    assert (answer.status_code, len(rows)) == (200, 4)
    assert "journal_" in answer.headers["content-disposition"]
    assert '"\'=Sylvie"' in rows[1]
    with reading() as session:
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == AuditAction.JOURNAL_EXPORTED)).one()
    assert (noted.actor_id, noted.practice_id) == (doctor.account_id, house.practice_id)


def test_a_file_ends_at_its_bound_and_says_so(house, monkeypatch):
    monkeypatch.setattr(export, "A_PIECE", 2)
    monkeypatch.setattr(export, "MOST", 4)
    doctor, desk = house.practitioner_actor(), house.secretary()
    for hour in (8, 9, 10, 11, 14):
        book_slot(desk, BookingRequest(house.slot(hour), patient_id=house.patients[0]))
    rows = fetched(doctor, genre="visits").text.strip().split("\r\n")
    assert (len(rows), "limite de 4 lignes" in rows[-1]) == (6, True)


def test_a_secretary_takes_no_journal_out(house: House):
    assert fetched(house.secretary()).status_code == 403


def test_a_file_that_is_taken_slowly_ends_with_the_session(house, monkeypatch):
    monkeypatch.setattr(export, "A_PIECE", 1)
    doctor, desk = house.practitioner_actor(), house.secretary()
    for hour in (8, 9, 10):
        book_slot(desk, BookingRequest(house.slot(hour), patient_id=house.patients[0]))
    token = session_token(doctor)
    mine = actor_of_token(token)

    async def taken() -> list[str]:
        written = journal_files._sent(export.pieces(mine, asked(group="visits")), partial(actor_of_token, token), mine)
        begun = [await anext(written), await anext(written)]
        sign_out(mine)
        return [*begun, *[piece async for piece in written]]

    *_, last = pieces = asyncio.run(taken())
    assert (len(pieces), last) == (3, journal_files.CUT)
