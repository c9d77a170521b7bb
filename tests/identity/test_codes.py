"""Signing in and up by a code: guessing is bounded, a code serves once, in its own browser, and asking tells nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from maiia_pro.identity import codes
from maiia_pro.identity.accounts import NewAccount, create_account
from maiia_pro.identity.codes import (
    AGAIN,
    LASTS,
    TO_SIGN_UP,
    TRIES,
    CodeOver,
    CodeSpent,
    DeskOpen,
    NotSixDigits,
    TooSoon,
    WrongCode,
    ask_code,
    code_of,
    try_code,
)
from maiia_pro.identity.restrictions import AccountSuspended
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.sign_in import WrongCredentials, sign_in
from maiia_pro.identity.tables import Account, AccountStatus, SignInCode
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import libpq_url, reading, transaction
from maiia_pro.kernel.errors import DomainError, Invalid
from maiia_pro.patients.sign_up import sign_up_patient
from maiia_pro.patients.tables import Person
from tests.factories import email_of, new_patient_account
from tests.identity.conftest import PASSWORD, SYSTEM

pytestmark = pytest.mark.integration

VISITOR = Actor.anonymous()
NETWORK = "192.0.2.1"
PHONE = "06 39 98 57 14"
PERSON = {"given_name": "Josiane", "family_name": "Keller", "birth_date": "02/06/55"}


def ask(identifier="josiane@exemple.fr", browser="", network=NETWORK):
    return ask_code(VISITOR, identifier, browser, network)


def code(browser):
    return code_of(codes.waiting_code(VISITOR, browser).id)


def enter(browser, digits=None):
    return try_code(VISITOR, digits or code(browser), browser, NETWORK)


def wrong(browser):
    return f"{(int(code(browser)) + 1) % 10**6:06d}"


def newcomer(identifier=PHONE, **more):
    browser = ask(identifier)
    assert enter(browser) is None
    return sign_up_patient(VISITOR, PERSON | more, browser, NETWORK)


def outcome(work):
    try:
        work()
    except DomainError as refusal:
        return refusal.code
    return "let in"


def test_a_patient_comes_in_by_the_code_and_the_code_serves_once():
    patient = new_patient_account()
    browser = ask(email_of(patient))
    digits = code(browser)
    assert actor_of_token(enter(browser).token).account_id == patient.account_id
    with pytest.raises(CodeOver):
        enter(browser, digits)


def test_spaces_in_the_code_do_not_matter():
    browser = ask(email_of(new_patient_account()))
    digits = code(browser)
    assert enter(browser, f" {digits[:3]} {digits[3:]} ").token


@pytest.mark.parametrize("written", ["06 39 98 57 14", "+33639985714", "0033 6 39 98 57 14"])
def test_a_number_is_one_account_however_it_is_written(written):
    signed = newcomer()
    assert enter(ask(written)).actor.account_id == signed.actor.account_id


def test_who_is_new_signs_up_with_the_number_that_was_proven_and_no_password():
    signed = newcomer(phone="0699999999")
    with reading() as session:
        account, person = session.exec(select(Account)).one(), session.exec(select(Person)).one()
    assert (account.phone_key, account.email, account.password_hash, account.status) == ("+33639985714", None, None, "active")
    assert (person.account_id, person.family_name, person.phone) == (signed.actor.account_id, "Keller", "+33639985714")


def test_an_account_of_a_number_opens_by_its_password_too():
    newcomer(password=PASSWORD)
    assert sign_in(VISITOR, PHONE, PASSWORD, NETWORK).actor.kind is ActorKind.PATIENT


def test_an_account_without_a_password_opens_by_none():
    newcomer()
    with pytest.raises(WrongCredentials):
        sign_in(VISITOR, PHONE, "", NETWORK)


def test_nobody_signs_up_who_has_proven_nothing():
    browser = ask()
    for unproven in (browser, "", "autre"):
        with pytest.raises(CodeOver):
            sign_up_patient(VISITOR, PERSON, unproven, NETWORK)


def test_two_who_prove_one_address_at_once_make_one_account():
    browsers = [ask(), ask()]
    assert [enter(browser) for browser in browsers] == [None, None]
    with ThreadPoolExecutor(2) as threads:
        found = sorted(threads.map(lambda one: outcome(lambda: sign_up_patient(VISITOR, PERSON, one, NETWORK)), browsers))
    assert found == ["email-taken", "let in"]


def test_a_proven_address_signs_up_once():
    browser = ask()
    enter(browser)
    with ThreadPoolExecutor(4) as threads:
        found = sorted(threads.map(lambda _: outcome(lambda: sign_up_patient(VISITOR, PERSON, browser, NETWORK)), range(4)))
    assert found == ["code-over", "code-over", "code-over", "let in"]


def test_what_was_proven_is_forgotten_after_a_while():
    browser = ask()
    enter(browser)
    with clock.shifted(TO_SIGN_UP), pytest.raises(CodeOver):
        sign_up_patient(VISITOR, PERSON, browser, NETWORK)


def test_another_browser_gains_nothing_from_the_code():
    browser, other = ask(), ask("autre@exemple.fr")
    for stranger in ("", "inconnu"):
        with pytest.raises(CodeOver):
            try_code(VISITOR, code(browser), stranger, NETWORK)
    with pytest.raises(WrongCode):
        try_code(VISITOR, code(browser), other, NETWORK)


def test_a_code_tried_at_an_open_desk_signs_nobody_in_nor_out(secretary):
    desk = sign_in(VISITOR, secretary, PASSWORD, NETWORK)
    browser = ask(email_of(new_patient_account()))
    with pytest.raises(DeskOpen):
        try_code(desk.actor, code(browser), browser, NETWORK)
    with pytest.raises(DeskOpen):
        ask_code(desk.actor, PHONE, browser, NETWORK)
    assert actor_of_token(desk.token).session_id == desk.actor.session_id
    assert enter(browser).token  # the code was not used up


def test_a_code_dies_of_age():
    browser = ask()
    digits = code(browser)
    with clock.shifted(LASTS), pytest.raises(CodeOver):
        enter(browser, digits)


def test_a_newer_code_replaces_the_one_before():
    browser = ask()
    before = code(browser)
    with clock.shifted(AGAIN):
        assert ask(browser=browser) == browser
        with pytest.raises(WrongCode):
            enter(browser, before)
        assert enter(browser) is None


def test_a_code_is_sent_again_after_half_a_minute_and_elsewhere_at_once():
    browser = ask()
    with pytest.raises(TooSoon) as refusal:
        ask(browser=browser)
    assert 0 < refusal.value.retry_after <= AGAIN.total_seconds()
    ask("josiane.keller@exemple.fr", browser=browser)


def test_five_wrong_tries_are_the_end_of_a_code():
    browser = ask()
    for left in range(TRIES - 1, 0, -1):
        with pytest.raises(WrongCode, match="un essai" if left == 1 else str(left)):
            enter(browser, wrong(browser))
    for digits in (wrong(browser), code(browser)):
        with pytest.raises(CodeSpent):
            enter(browser, digits)


def guesses_at_once(browser, count=16):
    ready, digits = threading.Barrier(count), wrong(browser)

    def guess(_):
        ready.wait(30)
        return outcome(lambda: enter(browser, digits))

    with ThreadPoolExecutor(count) as threads:
        found = list(threads.map(guess, range(count)))
    with reading() as session:
        return found, session.exec(select(SignInCode.tries)).one()


def test_guessing_all_at_once_gains_no_try():
    found, tries = guesses_at_once(ask())
    assert (found.count("wrong-code"), found.count("code-spent"), tries) == (TRIES - 1, 12, TRIES)


def test_without_the_check_of_the_table_every_guess_is_looked_at(clean_database):
    check = "alter table sign_in_code {} constraint ck_sign_in_code_tries {}"
    with psycopg.connect(libpq_url(clean_database.owner), autocommit=True) as owner:
        owner.execute(check.format("drop", ""))
        try:
            assert guesses_at_once(ask())[1] == 16
        finally:
            owner.execute("delete from sign_in_code")
            owner.execute(check.format("add", "check (tries between 0 and 5)"))


def test_asking_is_answered_alike_and_does_the_same_work_whether_an_account_exists(secretary, monkeypatch):
    looked = []
    monkeypatch.setattr(codes, "account_of", lambda *_: looked.append(1))
    rows = []
    for identifier in (secretary, email_of(new_patient_account()), "personne@exemple.fr"):
        browser = ask(identifier)
        rows.append((len(browser), codes.waiting_code(VISITOR, browser).proven))
    assert len(set(rows)) == 1
    assert looked == []


def test_no_code_opens_the_account_of_a_professional(secretary):
    browser = ask(secretary)
    with pytest.raises(WrongCode):
        enter(browser)


def test_no_code_opens_the_account_of_a_professional_made_while_it_is_tried(monkeypatch):
    browser, counted = ask("nora@exemple.fr"), codes._count_try

    def meanwhile(browser):
        found = counted(browser)
        create_account(SYSTEM, NewAccount("nora@exemple.fr", "Nora Petit", ActorKind.OPERATOR))
        return found

    monkeypatch.setattr(codes, "_count_try", meanwhile)
    with pytest.raises(CodeOver):
        enter(browser)


def test_a_suspended_patient_is_told_so_only_with_the_code():
    patient = new_patient_account()
    with transaction() as session:
        session.get_one(Account, patient.account_id).status = AccountStatus.SUSPENDED
    browser = ask(email_of(patient))
    with pytest.raises(WrongCode):
        enter(browser, wrong(browser))
    with pytest.raises(AccountSuspended):
        enter(browser)


@pytest.mark.parametrize("typed", [None, "", 12, "josiane", "0241000000", "+447911123456", "+33 8 99 00 00 00", "\x00", "\ud800"])
def test_what_is_neither_an_address_nor_a_mobile_in_france_is_said_beside_the_field(typed):
    with pytest.raises(Invalid) as refusal:
        ask(typed)
    assert set(refusal.value.fields) == {"identifier"}


@pytest.mark.parametrize("typed", [None, "", 123456, "12345", "abcdef", "١٢٣٤٥٦", "\ud800", "1" * 1000])
def test_what_is_no_code_is_said_and_costs_no_try(typed):
    browser = ask()
    for _ in range(TRIES + 1):
        with pytest.raises(NotSixDigits):
            try_code(VISITOR, typed, browser, NETWORK)
    enter(browser, code(browser))


def test_neither_code_nor_token_is_stored():
    browser = ask()
    digits = code(browser)
    with reading() as session:
        row = session.exec(select(SignInCode)).one()
    stored = str(row.model_dump(exclude={"id", "created_at", "expires_at"}))
    assert digits not in stored
    assert browser not in stored


@pytest.mark.parametrize(
    "columns",
    [
        {"role": "secretary", "phone_key": "+33639985714", "password_hash": "x"},
        {"role": "patient"},
        {"role": "patient", "email": "a@exemple.fr"},
        {"role": "patient", "phone_key": "0639985714"},
        {"role": "secretary", "email": "a@exemple.fr", "email_key": "a@exemple.fr", "status": "active"},
    ],
)
def test_the_table_refuses_accounts_that_nobody_could_use(columns):
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Account(name="A", **columns))


def test_old_codes_are_tidied_away():
    ask()
    with clock.shifted(LASTS + timedelta(seconds=1)):
        assert codes.delete_old_codes(SYSTEM) == 1
