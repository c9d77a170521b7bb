"""Signing in and out, on the real database."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import extract_parameters
from sqlmodel import select

from maiia_pro.identity import passwords, throttle
from maiia_pro.identity.restrictions import AccountSuspended
from maiia_pro.identity.session_actor import actor_of_token, session_end
from maiia_pro.identity.session_ends import IDLE, KEPT, LONGEST, delete_old_sessions, sign_out, sign_out_everywhere
from maiia_pro.identity.sign_in import WrongCredentials, sign_in
from maiia_pro.identity.tables import Account, AccountSession, AccountStatus, SignInAttempt
from maiia_pro.identity.throttle import PER_ACCOUNT, PER_NETWORK, WINDOW, TooManyAttempts
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotSignedIn, TooMany
from maiia_pro.kernel.tables import AuditEntry
from tests.identity.conftest import PASSWORD, SYSTEM

pytestmark = pytest.mark.integration

VISITOR = Actor.anonymous()


def enter(email, password=PASSWORD, network="192.0.2.1"):
    return sign_in(VISITOR, email, password, network)


def refuse(email, times, network="192.0.2.1"):
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            enter(email, "un autre mot de passe", network)


def set_status(email, status):
    with transaction() as session:
        session.exec(select(Account).where(Account.email == email)).one().status = status


@pytest.mark.requirement(42)
def test_the_right_password_opens_a_session_of_the_account_with_its_practices(secretary, practice_id):
    actor = actor_of_token(enter(secretary).token)
    assert (actor.kind, actor.name, actor.practice_ids) == (ActorKind.SECRETARY, "Sylvie Moreau", frozenset({practice_id}))


def test_case_and_spaces_of_the_address_do_not_matter(secretary):
    assert enter(" SYLVIE@Exemple.FR ").actor.name == "Sylvie Moreau"


@pytest.mark.requirement(42)
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(secretary):
    answers = []
    for email in (secretary, "personne@exemple.fr"):
        with pytest.raises(WrongCredentials) as refusal:
            enter(email, "un autre mot de passe")
        answers.append((refusal.value.code, refusal.value.message, refusal.value.status))
    assert answers[0] == answers[1]


@pytest.mark.usefixtures("hashing_as_shipped")
def test_the_work_behind_the_answer_is_the_same_whether_the_account_exists(secretary, monkeypatch):
    costs = []
    verify = passwords.HASHER.verify

    class Watched:
        def verify(self, password_hash, password):
            costs.append(extract_parameters(password_hash))
            return verify(password_hash, password)

    monkeypatch.setattr(passwords, "HASHER", Watched())
    refuse(secretary, 1)
    refuse("personne@exemple.fr", 1)
    assert len(costs) == 2
    assert costs[0] == costs[1]


@pytest.mark.usefixtures("hashing_as_shipped")
def test_the_hash_that_nobody_has_costs_what_real_ones_cost():
    assert not passwords.needs_rehash(passwords.NOBODY)


@pytest.mark.parametrize("password", [None, "", 12, {"a": 1}, "\x00", "\ud800", "x" * 1_000_000])
def test_a_password_that_is_no_password_is_just_wrong(secretary, password):
    with pytest.raises(WrongCredentials):
        enter(secretary, password)


@pytest.mark.parametrize("email", [None, "", 12, ["a"], "\x00", "é" * 100_000, "sylvie@exemple.fr' or 1=1 --"])
def test_an_address_that_is_no_address_is_just_wrong(email):
    with pytest.raises(WrongCredentials):
        enter(email)


def test_an_account_that_waits_for_activation_cannot_sign_in(secretary):
    set_status(secretary, AccountStatus.PENDING)
    with pytest.raises(WrongCredentials):
        enter(secretary)


@pytest.mark.requirement(48)
@pytest.mark.parametrize("meanwhile", ["replaced", "blocked"])
def test_a_password_that_is_replaced_or_blocked_while_it_is_verified_opens_nothing(secretary, monkeypatch, meanwhile):
    verify = passwords.matches
    another = passwords.hash_password("une tout autre phrase de passe")

    def slow(password_hash, password):
        right = verify(password_hash, password)
        with transaction() as session:
            account = session.exec(select(Account).where(Account.email == secretary)).one()
            account.password_hash = another if meanwhile == "replaced" else None
            account.status = AccountStatus.ACTIVE if meanwhile == "replaced" else AccountStatus.PENDING
        return right

    monkeypatch.setattr(passwords, "matches", slow)
    with pytest.raises(WrongCredentials):
        enter(secretary)
    with reading() as session:
        assert session.exec(select(AccountSession)).first() is None
        kept = session.exec(select(Account).where(Account.email == secretary)).one().password_hash
    assert kept == (another if meanwhile == "replaced" else None)


def test_a_suspended_account_is_told_so_only_with_the_right_password(secretary):
    set_status(secretary, AccountStatus.SUSPENDED)
    refuse(secretary, 1)
    with pytest.raises(AccountSuspended):
        enter(secretary)


def test_a_suspension_ends_what_is_open(secretary):
    token = enter(secretary).token
    set_status(secretary, AccountStatus.SUSPENDED)
    assert actor_of_token(token).kind is ActorKind.ANONYMOUS


@pytest.mark.requirement(42)
def test_an_account_is_closed_to_guessing_until_the_window_is_over(secretary):
    refuse(secretary, PER_ACCOUNT)
    with pytest.raises(TooManyAttempts) as refusal:
        enter(secretary)
    assert 0 < refusal.value.retry_after <= WINDOW.total_seconds()
    with clock.shifted(WINDOW):
        assert enter(secretary).actor.kind is ActorKind.SECRETARY


def test_an_address_without_an_account_is_throttled_like_one_with(secretary):
    refuse("personne@exemple.fr", PER_ACCOUNT)
    with pytest.raises(TooManyAttempts):
        enter("personne@exemple.fr")


def test_another_account_is_not_closed_with_it(secretary):
    refuse("personne@exemple.fr", PER_ACCOUNT)
    assert enter(secretary).actor.kind is ActorKind.SECRETARY


def test_a_network_that_tries_many_accounts_is_closed(secretary):
    for number in range(PER_NETWORK):
        with transaction() as session:
            throttle.count(session, throttle.network_key("192.0.2.9"), PER_NETWORK + number)
    with pytest.raises(TooManyAttempts):
        enter(secretary, network="192.0.2.9")
    assert enter(secretary, network="192.0.2.10").actor.kind is ActorKind.SECRETARY


def test_signing_in_well_is_never_throttled(secretary):
    for _ in range(PER_ACCOUNT + 2):
        enter(secretary)


def test_whom_the_server_asks_to_come_back_has_not_tried(secretary, monkeypatch):
    def full(*_asked):
        raise TooMany(retry_after=2)

    with monkeypatch.context() as busy:
        busy.setattr(passwords, "matches", full)
        for _ in range(PER_ACCOUNT + 2):
            with pytest.raises(TooMany) as refusal:
                enter(secretary)
            assert not isinstance(refusal.value, TooManyAttempts)
    assert enter(secretary).actor.kind is ActorKind.SECRETARY


def test_the_counters_hold_no_address(secretary):
    refuse(secretary, 1)
    with reading() as session:
        keys = [attempt.key for attempt in session.exec(select(SignInAttempt)).all()]
    assert keys
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)


def test_only_the_hash_of_the_token_is_stored(secretary):
    token = enter(secretary).token
    with reading() as session:
        stored = session.exec(select(AccountSession)).one()
    assert token not in str(stored.model_dump())


@pytest.mark.requirement(47)
def test_a_session_without_use_ends(secretary):
    token = enter(secretary).token
    with clock.shifted(IDLE + timedelta(minutes=1)):
        assert actor_of_token(token).kind is ActorKind.ANONYMOUS


def test_use_puts_off_the_end_but_not_beyond_the_longest(secretary):
    token = enter(secretary).token
    step = IDLE - timedelta(hours=1)
    elapsed = timedelta()
    while elapsed + step < LONGEST:
        elapsed += step
        with clock.shifted(elapsed):
            assert actor_of_token(token).kind is ActorKind.SECRETARY
    with clock.shifted(LONGEST):
        assert actor_of_token(token).kind is ActorKind.ANONYMOUS


def test_a_session_tells_its_last_moment_to_its_owner_alone(secretary):
    signed = enter(secretary)
    opened = clock.now()
    end = session_end(signed.actor)
    assert end is not None
    assert abs(end - opened - LONGEST) < timedelta(minutes=1)
    with pytest.raises(NotSignedIn):
        session_end(VISITOR)


@pytest.mark.parametrize("token", [None, "", "x", "\x00", "é" * 1000, "\ud800"])
def test_a_token_that_is_none_is_a_visitor(token):
    assert actor_of_token(token).kind is ActorKind.ANONYMOUS


@pytest.mark.requirement(47)
def test_signing_out_ends_this_session_only(secretary):
    here, there = enter(secretary), enter(secretary)
    sign_out(here.actor)
    assert actor_of_token(here.token).kind is ActorKind.ANONYMOUS
    assert actor_of_token(there.token).kind is ActorKind.SECRETARY


def test_signing_out_everywhere_ends_all_of_the_account(secretary):
    tokens = [enter(secretary) for _ in range(3)]
    assert sign_out_everywhere(tokens[0].actor) == 3
    assert {actor_of_token(signed.token).kind for signed in tokens} == {ActorKind.ANONYMOUS}


def test_a_visitor_has_nothing_to_sign_out_of():
    with pytest.raises(NotSignedIn):
        sign_out_everywhere(VISITOR)


def test_entries_refusals_and_ends_are_in_the_history(secretary):
    refuse(secretary, 1)
    sign_out(enter(secretary).actor)
    with reading() as session:
        actions = [entry.action for entry in session.exec(select(AuditEntry).order_by(AuditEntry.sequence)).all()]
    assert actions[-3:] == [AuditAction.SESSION_REFUSED, AuditAction.SESSION_OPENED, AuditAction.SESSION_ENDED]


def test_the_history_holds_neither_password_nor_token(secretary):
    signed = enter(secretary)
    with reading() as session:
        rows = str([entry.model_dump() for entry in session.exec(select(AuditEntry)).all()])
    assert PASSWORD not in rows
    assert signed.token not in rows


def test_what_is_over_is_tidied_away_and_what_is_not_stays(secretary):
    over, still = enter(secretary), enter(secretary)
    refuse(secretary, 1)
    sign_out(over.actor)
    with clock.shifted(KEPT + timedelta(minutes=1)):
        assert delete_old_sessions(SYSTEM) == 1
        assert throttle.forget_old_attempts(SYSTEM) == 2
    assert throttle.forget_old_attempts(SYSTEM) == 0
    assert actor_of_token(still.token).kind is ActorKind.SECRETARY


def test_two_who_sign_in_to_one_account_never_wait_for_each_other_crosswise(secretary, monkeypatch):
    half, counted = threading.Event(), threading.Event()
    count, forget, release = throttle.count, throttle.forget, throttle.release

    def pausing(work):
        def run(session, key):
            work(session, key)
            if not half.is_set():
                half.set()
                counted.wait(0.5)  # the other one counts its network now, if nothing holds it back

        return run

    def noted(session, key, limit):
        wait = count(session, key, limit)
        if half.is_set():
            counted.set()
        return wait

    monkeypatch.setattr(throttle, "count", noted)
    monkeypatch.setattr(throttle, "forget", pausing(forget))
    monkeypatch.setattr(throttle, "release", pausing(release))
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(enter, secretary)
        assert half.wait(10)
        second = threads.submit(enter, secretary)
        assert {first.result(30).actor.name, second.result(30).actor.name} == {"Sylvie Moreau"}


@pytest.mark.parametrize("typed", ["\ud800", "josiane\ud83d@exemple.fr"])
def test_half_a_character_in_an_address_is_a_wrong_address(clean_database, typed):
    with pytest.raises(WrongCredentials):
        enter(typed)
