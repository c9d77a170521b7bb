"""Locking a shared screen, coming back to it by a PIN, and what ends that."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest
from sqlmodel import col, select

from maiia_pro.identity import locking, pins
from maiia_pro.identity.accounts import NewAccount, create_account
from maiia_pro.identity.locking import MOST_A_DAY, MOST_WRONG, NotEnrolled, WrongPin, enrolled, lock, unlock
from maiia_pro.identity.pins import check_pin, choose_pin
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_ends import IDLE, LONGEST, sign_out, sign_out_everywhere
from maiia_pro.identity.session_opening import SignedIn
from maiia_pro.identity.sign_in import sign_in
from maiia_pro.identity.tables import Account, AccountSession, AccountStatus, Device
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import libpq_url, reading, transaction
from maiia_pro.kernel.errors import DomainError, Invalid, NotAllowed, ScreenLocked
from maiia_pro.kernel.tables import AuditEntry
from tests.identity.conftest import PASSWORD, SYSTEM

pytestmark = pytest.mark.integration

VISITOR = Actor.anonymous()
PIN, OTHER_PIN, WRONG = "4071", "830617", "9999"


def enter(email, device="", password=PASSWORD):
    return sign_in(VISITOR, email, password, "192.0.2.1", device)


def person_of(signed: SignedIn) -> str:
    return signed.actor.account_id.hex


@pytest.fixture
def sylvie(secretary) -> SignedIn:
    """Somebody at her screen, with a PIN."""
    signed = enter(secretary)
    choose_pin(signed.actor, PASSWORD, PIN)
    return signed


@pytest.fixture
def marc(sylvie, practice_id) -> SignedIn:
    """A colleague who signed in on the same device after her, with a PIN of his own."""
    create_account(SYSTEM, NewAccount("marc@exemple.fr", "Marc Tanguy", ActorKind.SECRETARY, PASSWORD, (practice_id,)))
    signed = enter("marc@exemple.fr", sylvie.device)
    choose_pin(signed.actor, PASSWORD, OTHER_PIN)
    return signed


def kind_of(signed: SignedIn) -> ActorKind:
    return actor_of_token(signed.token).kind


def test_a_locked_screen_may_nothing_but_be_unlocked(sylvie):
    lock(sylvie.actor)
    actor = actor_of_token(sylvie.token)
    assert (actor.kind, actor.account_id, actor.practice_ids) == (ActorKind.LOCKED, None, frozenset())
    with pytest.raises(ScreenLocked):
        choose_pin(actor, PASSWORD, PIN)


def test_the_pin_opens_it_again_and_the_cookie_of_before_opens_nothing(sylvie):
    lock(sylvie.actor)
    again = unlock(actor_of_token(sylvie.token), sylvie.device, person_of(sylvie), PIN)
    assert (again.actor.name, again.actor.session_id) == ("Sylvie Moreau", sylvie.actor.session_id)
    assert kind_of(sylvie) is ActorKind.ANONYMOUS


def test_who_unlocks_takes_the_screen_and_locks_who_was_there(sylvie, marc):
    assert kind_of(sylvie) is ActorKind.LOCKED
    back = unlock(marc.actor, marc.device, person_of(sylvie), PIN)
    assert back.actor.name == "Sylvie Moreau"
    assert kind_of(marc) is ActorKind.LOCKED
    with reading() as session:
        acts = session.exec(select(AuditEntry).where(AuditEntry.action == AuditAction.SESSION_UNLOCKED)).all()
    assert [entry.actor_name for entry in acts] == ["Sylvie Moreau"]


def test_the_lock_screen_lists_those_who_signed_in_on_this_device_and_no_other(sylvie, marc):
    assert [(one.name, one.has_pin) for one in enrolled(VISITOR, marc.device)] == [("Marc Tanguy", True), ("Sylvie Moreau", True)]
    assert enrolled(VISITOR, "") == enrolled(VISITOR, "un-autre-poste") == []


def test_the_pin_is_good_for_nothing_on_another_device(sylvie, marc):
    elsewhere = enter("marc@exemple.fr")
    for device in ("", "un-autre-poste", elsewhere.device):
        with pytest.raises(NotEnrolled):
            unlock(VISITOR, device, person_of(sylvie), PIN)


def test_the_pin_of_another_opens_nothing_of_mine(sylvie, marc):
    with pytest.raises(WrongPin):
        unlock(VISITOR, marc.device, person_of(sylvie), OTHER_PIN)


def guess(signed: SignedIn, times: int) -> list[str]:
    said = []
    for _ in range(times):
        with pytest.raises(DomainError) as refusal:
            unlock(VISITOR, signed.device, person_of(signed), WRONG)
        said.append(refusal.value.code)
    return said


def test_five_wrong_pins_in_a_row_end_the_enrolment_of_that_person_alone(sylvie, marc):
    assert guess(sylvie, MOST_WRONG) == ["wrong-pin"] * 4 + ["not-enrolled"]
    with pytest.raises(NotEnrolled):
        unlock(VISITOR, marc.device, person_of(sylvie), PIN)
    assert unlock(VISITOR, marc.device, person_of(marc), OTHER_PIN).actor.name == "Marc Tanguy"


def test_the_right_pin_starts_the_count_again_and_the_password_enrols_again(sylvie):
    guess(sylvie, MOST_WRONG - 1)
    again = unlock(VISITOR, sylvie.device, person_of(sylvie), PIN)
    assert guess(again, MOST_WRONG)[-1] == "not-enrolled"
    enter("sylvie@exemple.fr", sylvie.device)
    assert unlock(VISITOR, sylvie.device, person_of(sylvie), PIN).actor.name == "Sylvie Moreau"


def test_who_guesses_between_the_owners_own_unlockings_is_stopped_on_the_same_day(sylvie):
    said = []
    while len(said) < MOST_A_DAY:
        unlock(VISITOR, sylvie.device, person_of(sylvie), PIN)
        said += guess(sylvie, min(MOST_WRONG - 1, MOST_A_DAY - len(said)))
    assert said == ["wrong-pin"] * (MOST_A_DAY - 1) + ["not-enrolled"]


@pytest.mark.parametrize("pin", [None, 4071, "", "40710", ["4071"], "４０７１", "\ud800"])
def test_a_pin_that_is_no_pin_is_just_wrong(sylvie, pin):
    with pytest.raises(WrongPin):
        unlock(VISITOR, sylvie.device, person_of(sylvie), pin)


def suspend(_signed):
    with transaction() as session:
        session.exec(select(Account).where(Account.email == "sylvie@exemple.fr")).one().status = AccountStatus.SUSPENDED


@pytest.mark.parametrize("end", [lambda signed: sign_out(signed.actor), lambda signed: sign_out_everywhere(signed.actor), suspend])
def test_signing_out_here_or_everywhere_and_a_suspension_end_the_enrolment_at_once(sylvie, end):
    end(sylvie)
    assert enrolled(VISITOR, sylvie.device) == []
    with pytest.raises(NotEnrolled):
        unlock(VISITOR, sylvie.device, person_of(sylvie), PIN)


@pytest.mark.parametrize(("rests", "uses"), [(IDLE, 1), (IDLE / 2, 28)])
def test_an_enrolment_ends_after_twelve_hours_without_use_and_seven_days_at_most(sylvie, rests, uses):
    assert rests * uses in {IDLE, LONGEST}
    for turn in range(1, uses):
        with clock.shifted(rests * turn):
            unlock(VISITOR, sylvie.device, person_of(sylvie), PIN)
    with clock.shifted(rests * uses + timedelta(seconds=1)), pytest.raises(NotEnrolled):
        unlock(VISITOR, sylvie.device, person_of(sylvie), PIN)


def test_a_patient_who_signs_in_at_the_screen_locks_it_and_is_not_enrolled(sylvie):
    create_account(SYSTEM, NewAccount("patiente@exemple.fr", "Josiane Keller", ActorKind.PATIENT, PASSWORD))
    patient = enter("patiente@exemple.fr", sylvie.device)
    assert (patient.device, kind_of(sylvie)) == ("", ActorKind.LOCKED)
    with pytest.raises(NotAllowed):
        choose_pin(patient.actor, PASSWORD, PIN)


@pytest.mark.parametrize("pin", ["0000", "1234", "4321", "890123", "1212", "123123", "1987", "2014", "2512", "251281", "2580"])
def test_a_pin_that_everybody_tries_first_is_refused(pin):
    with pytest.raises(Invalid):
        check_pin(pin)


@pytest.mark.parametrize("pin", [None, 4071, "407", "4071938", "40 71", "abcd", "４０７１"])
def test_a_pin_is_four_to_six_digits(pin):
    with pytest.raises(Invalid):
        check_pin(pin)


@pytest.mark.parametrize("pin", [PIN, "83061", OTHER_PIN])
def test_other_digits_are_accepted(pin):
    assert check_pin(pin) == pin


def test_a_pin_is_chosen_with_the_password_only(sylvie):
    with pytest.raises(Invalid) as refusal:
        choose_pin(sylvie.actor, "un autre mot de passe", "5193")
    assert set(refusal.value.fields) == {"password"}
    assert unlock(VISITOR, sylvie.device, person_of(sylvie), PIN)


def test_all_that_is_left_empty_is_said_when_a_pin_is_chosen(sylvie):
    with pytest.raises(Invalid) as refusal:
        choose_pin(sylvie.actor, "", "")
    assert set(refusal.value.fields) == {"password", "pin"}


def test_the_digits_are_written_nowhere(sylvie):
    with reading() as session:
        kept = session.exec(select(Account.pin_imprint).where(Account.email == "sylvie@exemple.fr")).one()
    assert PIN not in kept
    assert len(kept) == 64


def codes_of_a_crowd(people, acts) -> list[str]:
    meeting = Barrier(people)

    def one(act) -> str:
        meeting.wait(30)
        try:
            act()
        except DomainError as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(people) as pool:
        return sorted(pool.map(one, acts))


def unheld(monkeypatch, people: int) -> None:
    """Take the device's row away, and let everybody look before anybody counts, and lock who is there before anybody takes the screen."""
    meeting = Barrier(people)
    matches, lock_device = pins.matches, locking.lock_device

    def look_together(*asked):
        meeting.wait(30)
        return matches(*asked)

    def lock_together(*asked):
        lock_device(*asked)
        meeting.wait(30)

    def unlocked_row(session, token):
        return session.exec(select(Device).where(Device.token_hash == token_hash(token))).first()

    monkeypatch.setattr(locking, "hold_device", unlocked_row)
    monkeypatch.setattr(pins, "matches", look_together)
    monkeypatch.setattr(locking, "lock_device", lock_together)


def test_guesses_at_the_same_moment_are_five_at_most(sylvie):
    acts = [lambda: unlock(VISITOR, sylvie.device, person_of(sylvie), WRONG)] * 8
    assert codes_of_a_crowd(8, acts) == ["not-enrolled"] * 4 + ["wrong-pin"] * 4


def test_without_the_held_row_the_guesses_of_a_crowd_are_not_bounded(sylvie, monkeypatch):
    unheld(monkeypatch, 8)
    acts = [lambda: unlock(VISITOR, sylvie.device, person_of(sylvie), WRONG)] * 8
    assert codes_of_a_crowd(8, acts) == ["wrong-pin"] * 8


def at_the_screen(device: str) -> int:
    with reading() as session:
        found = select(AccountSession.id).join(Device, col(Device.id) == AccountSession.device_id)
        return len(session.exec(found.where(Device.token_hash == token_hash(device), col(AccountSession.locked_at).is_(None))).all())


def two_unlock(sylvie, marc) -> list[str]:
    lock(marc.actor)
    acts = [
        lambda: unlock(VISITOR, marc.device, person_of(sylvie), PIN),
        lambda: unlock(VISITOR, marc.device, person_of(marc), OTHER_PIN),
    ]
    return codes_of_a_crowd(2, acts)


def test_of_two_who_unlock_at_the_same_moment_one_is_at_the_screen(sylvie, marc):
    assert two_unlock(sylvie, marc) == ["done", "done"]
    assert at_the_screen(marc.device) == 1


def test_without_the_held_row_and_the_constraint_both_are(sylvie, marc, monkeypatch, database):
    unheld(monkeypatch, 2)
    with psycopg.connect(libpq_url(database.owner), autocommit=True) as owner:
        owner.execute("drop index account_session_one_at_the_screen")
        try:
            assert two_unlock(sylvie, marc) == ["done", "done"]
            assert at_the_screen(marc.device) == 2
        finally:
            owner.execute("update account_session set locked_at = now()")
            owner.execute(
                "create unique index account_session_one_at_the_screen on account_session (device_id) "
                "where ended_at is null and locked_at is null"
            )
