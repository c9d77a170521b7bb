"""The address and number of an account: changed by a code sent to the new one, told to the old one, and never sent to unproven."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.identity.accounts import EmailTaken
from maiia_pro.identity.codes import TRIES, CodeOver, CodeSpent, WrongCode, ask_code, code_of, delete_old_codes, try_code, waiting_code
from maiia_pro.identity.contact_codes import ask_new_contact, drop_contact_code
from maiia_pro.identity.sign_in import ProofNeeded, sign_in
from maiia_pro.identity.tables import Account, SignInCode
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed
from maiia_pro.notifications.outbox import outbox, tell_appointment
from maiia_pro.patients.own_contact import confirm_contact, my_contact
from maiia_pro.patients.preferences import Kind
from maiia_pro.patients.reaching import reach
from maiia_pro.patients.tables import Patient, Person
from tests.factories import PASSWORD, House, email_of, new_patient_account
from tests.patients.test_preferences import without_address
from tests.tools.outbound import Messages, mails_in

pytestmark = pytest.mark.integration

VISITOR = Actor.anonymous()
NETWORK = "192.0.2.1"
NEW = "nouvelle@exemple.fr"


@pytest.fixture
def messages(tmp_path):
    with Messages(tmp_path) as opened:
        yield opened


def code_for(actor: Actor) -> str:
    with reading() as session:
        return code_of(session.exec(select(SignInCode.id).where(SignInCode.account_id == actor.account_id)).one())


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def told_at(patient_id) -> str:
    with reading() as session:
        return ", ".join(reach(session, patient_id, Kind.CHANGES))


def test_an_address_changes_once_its_code_is_entered_the_old_one_is_told_and_messages_go_to_the_new(house, patient, messages):
    visit, old = book_slot(patient, BookingRequest(house.slot(9))), email_of(patient)
    ask_new_contact(patient, NEW.upper(), NETWORK)
    assert (my_contact(patient).awaited, email_of(patient), told_at(visit.patient_id)) == (NEW, old, old)
    [code] = re.findall(r"\b\d{6}\b", messages.mailed_to(NEW))
    confirm_contact(patient, f" {code[:3]} {code[3:]}")
    assert (email_of(patient), told_at(visit.patient_id), my_contact(patient).awaited) == (NEW, NEW, "")
    messages.sent()
    assert [mail["To"] for mail in mails_in(messages.mails) if mail["Subject"] == "L’adresse e-mail de votre compte a changé"] == [old]
    assert "L’adresse e-mail de votre compte a changé" in [shown.subject for shown in outbox(patient)]


def test_the_old_address_is_told_though_the_worker_was_down_for_weeks(patient, messages):
    old = email_of(patient)
    ask_new_contact(patient, NEW, NETWORK)
    confirm_contact(patient, code_for(patient))
    with clock.shifted(timedelta(days=20)):
        delete_old_codes(WORKER)
        messages.sent()
    assert [mail["To"] for mail in mails_in(messages.mails)] == [old]
    with clock.shifted(timedelta(days=31)):
        assert delete_old_codes(WORKER) == 1


def test_a_number_is_changed_the_same_way_and_the_old_number_is_told(house, patient, messages):
    visit = book_slot(without_address(patient), BookingRequest(house.slot(9)))
    messages.sent()
    ask_new_contact(patient, "06 39 98 57 15", NETWORK)
    confirm_contact(patient, code_for(patient))
    assert told_at(visit.patient_id) == "+33639985715"
    assert ["vient de changer" in one["content"] for one in messages.sent() if one["recipient"] == "33639980001"] == [True]


def test_a_number_that_was_only_written_down_is_said_to_be_unproven_until_its_code_is_entered(patient):
    with transaction() as session:
        session.exec(select(Person).where(Person.account_id == patient.account_id, Person.is_self)).one().phone = "+33639985715"
    assert (my_contact(patient).phone, my_contact(patient).proven) == ("+33639985715", False)
    ask_new_contact(patient, "06 39 98 57 15", NETWORK)
    confirm_contact(patient, code_for(patient))
    assert (my_contact(patient).phone, my_contact(patient).proven) == ("+33639985715", True)


def test_who_has_a_number_alone_gains_an_address_and_is_told_there(house, patient):
    visit = book_slot(without_address(patient), BookingRequest(house.slot(9)))
    ask_new_contact(patient, NEW, NETWORK)
    confirm_contact(patient, code_for(patient))
    assert told_at(visit.patient_id) == NEW


def test_an_address_that_the_practice_wrote_down_itself_stays(house, patient):
    visit = book_slot(patient, BookingRequest(house.slot(9)))
    with transaction() as session:
        session.get_one(Patient, visit.patient_id).email = "cabinet@exemple.fr"
    ask_new_contact(patient, NEW, NETWORK)
    confirm_contact(patient, code_for(patient))
    assert told_at(visit.patient_id) == "cabinet@exemple.fr"


def test_wrong_codes_change_nothing_and_after_five_the_code_is_spent(patient):
    old = email_of(patient)
    ask_new_contact(patient, NEW, NETWORK)
    code = code_for(patient)
    for _ in range(TRIES - 1):
        with pytest.raises(WrongCode):
            confirm_contact(patient, wrong(code))
    for typed in (wrong(code), code):
        with pytest.raises(CodeSpent):
            confirm_contact(patient, typed)
    assert email_of(patient) == old


def test_a_code_serves_its_own_account_alone_once_and_no_sign_in(patient):
    stranger = new_patient_account("Maurice Roux")
    ask_new_contact(patient, NEW, NETWORK)
    code = code_for(patient)
    with pytest.raises(CodeOver):
        confirm_contact(stranger, code)
    with pytest.raises(CodeOver):
        try_code(VISITOR, code, str(patient.account_id), NETWORK)
    confirm_contact(patient, code)
    with pytest.raises(CodeOver):
        confirm_contact(patient, code)
    ask_new_contact(patient, "autre@exemple.fr", NETWORK)
    given_up = code_for_waiting(patient)
    drop_contact_code(patient)
    with pytest.raises(CodeOver):
        confirm_contact(patient, given_up)


def code_for_waiting(actor: Actor) -> str:
    sought = my_contact(actor).awaited
    with reading() as session:
        waiting = select(SignInCode.id).where(SignInCode.account_id == actor.account_id, SignInCode.sought == sought)
        return code_of(session.exec(waiting).one())


def test_asking_tells_nothing_of_another_account_and_its_address_is_refused_at_the_end(patient):
    taken, old = email_of(new_patient_account("Maurice Roux")), email_of(patient)
    ask_new_contact(patient, taken, NETWORK)
    with pytest.raises(EmailTaken):
        confirm_contact(patient, code_for(patient))
    assert email_of(patient) == old


@pytest.mark.parametrize("typed", ["", "pas une adresse", "01 23 45 67 89", None, ["x"]])
def test_what_is_no_address_is_refused_beside_its_field(patient, typed):
    with pytest.raises(Invalid) as refused:
        ask_new_contact(patient, typed, NETWORK)
    assert "identifier" in refused.value.fields


def test_only_patients_have_this_page(house: House):
    for act in (lambda actor: confirm_contact(actor, "1"), my_contact):
        with pytest.raises(NotAllowed):
            act(house.secretary())


def unproven(patient: Actor) -> str:
    """Make the account one of those that a password alone once opened; gives its address."""
    with transaction() as session:
        session.get_one(Account, patient.account_id).proven_at = None
    return email_of(patient)


def test_an_address_that_was_never_proven_is_sent_nothing_and_no_password_opens_its_account(house, patient):
    visit = book_slot(patient, BookingRequest(house.slot(9)))
    address = unproven(patient)
    assert tell_appointment(WORKER, visit.id, "booked", 1) is None
    with pytest.raises(ProofNeeded):
        sign_in(VISITOR, address, PASSWORD, NETWORK)
    browser = ask_code(VISITOR, address, "", NETWORK)
    waiting = waiting_code(VISITOR, browser)
    assert waiting
    try_code(VISITOR, code_of(waiting.id), browser, NETWORK)
    assert told_at(visit.patient_id) == address
    assert sign_in(VISITOR, address, PASSWORD, NETWORK).actor.account_id == patient.account_id
