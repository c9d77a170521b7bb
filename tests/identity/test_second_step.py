"""The second step of signing in: by an application, by recovery codes; who must have one; fresh proofs; browsers that are trusted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from maiia_pro.identity import authenticator
from maiia_pro.identity.accounts import NewAccount, create_account
from maiia_pro.identity.authenticator import PERIOD, NothingToProve, WrongAppCode, begin_app, prove_app, remove_app
from maiia_pro.identity.browsers import TRUSTED, Browser
from maiia_pro.identity.codes import ask_code, code_of, try_code, waiting_code
from maiia_pro.identity.factor_tables import AuthenticatorApp, RecoveryCode
from maiia_pro.identity.hats import wear
from maiia_pro.identity.own_factors import ProofBy, own_factors
from maiia_pro.identity.recovery_codes import MANY, NoFactorYet, renew_codes
from maiia_pro.identity.second_factors import FRESH, LastFactor, ProofWanted, Step
from maiia_pro.identity.second_step import (
    TRIES,
    TRIES_A_DAY,
    FactorWanted,
    StepOver,
    WrongFactor,
    awaited_step,
    prove_by_code,
    prove_by_password,
    try_step,
)
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_ends import STEP_LASTS, sign_out, sign_out_everywhere
from maiia_pro.identity.session_opening import SignedIn, begin
from maiia_pro.identity.sign_in import sign_in
from maiia_pro.identity.tables import Account, AccountSession, AccountStatus, Membership
from maiia_pro.identity.throttle import WINDOW, TooManyAttempts
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import DomainError, Invalid, SecondStepNeeded
from maiia_pro.kernel.tables import AuditEntry
from tests.identity.conftest import PASSWORD, SYSTEM, app_code

pytestmark = pytest.mark.integration

VISITOR = Actor.anonymous()
HOME = Browser("un-navigateur", "Mozilla/5.0 (Windows NT 10.0) Firefox/142.0", "192.0.2.1")
ELSEWHERE = Browser("un-autre-navigateur", "", "198.51.100.7")
STEP = timedelta(seconds=PERIOD)


def enter(email, browser=HOME, device=""):
    """Come in as with the right password, without the time that argon2 takes."""
    with transaction() as session:
        token, device = begin(session, session.exec(select(Account).where(Account.email == email)).one(), browser, device)
    return SignedIn(token, actor_of_token(token), device)


def with_app(actor, browser=HOME):
    """Set an application up; gives its secret and the recovery codes. The code that proved it is used up."""
    secret = begin_app(actor).words
    return secret, prove_app(actor, app_code(secret, -1), browser).codes


@pytest.fixture
def sylvie(secretary):
    """A secretary with an application, and the address, secret and recovery codes of hers."""
    secret, codes = with_app(enter(secretary).actor)
    return secretary, secret, codes


@pytest.fixture
def patient():
    create_account(SYSTEM, NewAccount("josiane@exemple.fr", "Josiane Keller", ActorKind.PATIENT, PASSWORD))
    return "josiane@exemple.fr"


def test_after_the_password_alone_the_browser_is_nobodys_yet(sylvie):
    half = sign_in(VISITOR, sylvie[0], PASSWORD, "198.51.100.7", browser=ELSEWHERE)
    assert (half.actor.kind, half.actor.account_id, half.actor.practice_ids, half.device) == (ActorKind.HALF_OPEN, None, frozenset(), "")
    assert awaited_step(half.actor).step is Step.PROVE
    with pytest.raises(SecondStepNeeded):
        own_factors(half.actor)


@pytest.mark.requirement(42)
def test_the_code_of_the_application_opens_the_session_under_another_token(sylvie):
    half = enter(sylvie[0])
    signed = try_step(half.actor, app_code(sylvie[1]), HOME)
    assert (signed.actor.kind, signed.actor.name) == (ActorKind.SECRETARY, "Sylvie Moreau")
    assert actor_of_token(half.token).kind is ActorKind.ANONYMOUS
    assert signed.device


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_clock_that_is_half_a_minute_off_is_forgiven(sylvie, drift):
    with clock.shifted(3 * STEP):
        assert try_step(enter(sylvie[0]).actor, app_code(sylvie[1], drift), HOME).actor.kind is ActorKind.SECRETARY


@pytest.mark.parametrize("drift", [-2, 2])
def test_a_clock_that_is_a_minute_off_is_not(sylvie, drift):
    with clock.shifted(4 * STEP), pytest.raises(WrongFactor):
        try_step(enter(sylvie[0]).actor, app_code(sylvie[1], drift), HOME)


def test_a_code_serves_once_and_none_of_before_it_afterwards(sylvie):
    with clock.shifted(3 * STEP):
        code, before = app_code(sylvie[1]), app_code(sylvie[1], -1)
        try_step(enter(sylvie[0]).actor, code, HOME)
        for used in (code, before):
            with pytest.raises(WrongFactor):
                try_step(enter(sylvie[0]).actor, used, HOME)


def outcomes_of_a_code_used_twice_at_once(sylvie):
    halves, code = [enter(sylvie[0]).actor for _ in range(4)], app_code(sylvie[1])

    def one(actor):
        try:
            return try_step(actor, code, HOME).actor.name
        except DomainError as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as threads:
        return sorted(threads.map(one, halves))


def test_of_several_who_use_one_code_at_the_same_moment_one_comes_in(sylvie):
    assert outcomes_of_a_code_used_twice_at_once(sylvie) == ["Sylvie Moreau", "wrong-factor", "wrong-factor", "wrong-factor"]


def test_if_codes_were_not_remembered_all_of_them_would(sylvie, monkeypatch):
    monkeypatch.setattr(authenticator, "max", lambda numbers: 0, raising=False)
    assert outcomes_of_a_code_used_twice_at_once(sylvie) == ["Sylvie Moreau"] * 4


def test_guessing_is_stopped_after_five_tries_and_begins_anew_after_a_quarter_of_an_hour(sylvie):
    half = enter(sylvie[0]).actor
    for _ in range(TRIES):
        with pytest.raises(WrongFactor):
            try_step(half, "000000", HOME)
    with pytest.raises(TooManyAttempts):
        try_step(half, app_code(sylvie[1]), HOME)
    with clock.shifted(WINDOW):
        assert try_step(half, app_code(sylvie[1]), HOME).actor.kind is ActorKind.SECRETARY


def test_thirty_guesses_a_day_are_the_end_of_it_however_they_are_spread(sylvie):
    turns = TRIES_A_DAY // TRIES
    for turn in range(turns):
        with clock.shifted(turn * WINDOW):
            half = enter(sylvie[0]).actor
            for _ in range(TRIES):
                with pytest.raises(WrongFactor):
                    try_step(half, "000000", HOME)
    with clock.shifted(turns * WINDOW), pytest.raises(TooManyAttempts):
        try_step(enter(sylvie[0]).actor, app_code(sylvie[1]), HOME)


@pytest.mark.parametrize("code", [None, "", 123456, ["1"], "12345", "１２３４５６", "\x00", "\ud800", "x" * 100_000])
def test_a_code_that_is_no_code_is_just_wrong(sylvie, code):
    with pytest.raises(WrongFactor):
        try_step(enter(sylvie[0]).actor, code, HOME)


def test_a_half_open_session_lasts_half_an_hour(sylvie):
    half = enter(sylvie[0])
    with clock.shifted(STEP_LASTS):
        assert actor_of_token(half.token).kind is ActorKind.ANONYMOUS
        with pytest.raises(DomainError):
            try_step(half.actor, app_code(sylvie[1]), HOME)


def test_a_half_open_session_can_be_left(sylvie):
    half = enter(sylvie[0])
    sign_out(half.actor)
    assert actor_of_token(half.token).kind is ActorKind.ANONYMOUS


def test_nobody_does_a_second_step_without_the_first(sylvie):
    full = try_step(enter(sylvie[0]).actor, app_code(sylvie[1]), HOME).actor
    for actor in (VISITOR, full):
        with pytest.raises(StepOver):
            try_step(actor, app_code(sylvie[1], 1), HOME)


def test_a_suspension_between_the_steps_ends_it(sylvie):
    half = enter(sylvie[0])
    with transaction() as session:
        session.exec(select(Account).where(Account.email == sylvie[0])).one().status = AccountStatus.SUSPENDED
    assert actor_of_token(half.token).kind is ActorKind.ANONYMOUS
    with pytest.raises(DomainError):
        try_step(half.actor, app_code(sylvie[1]), HOME)


def test_each_recovery_code_stands_once_for_the_application(sylvie):
    codes = sylvie[2]
    assert (len(codes), len(set(codes))) == (MANY, MANY)
    spaced = codes[0].upper().replace("-", " ")
    assert try_step(enter(sylvie[0]).actor, spaced, HOME).actor.kind is ActorKind.SECRETARY
    with pytest.raises(WrongFactor) as refused:
        try_step(enter(sylvie[0]).actor, codes[0], HOME)
    assert "prenez-en un autre" in refused.value.fields["code"]  # no « code suivant » comes to paper
    assert own_factors(try_step(enter(sylvie[0]).actor, codes[1], HOME).actor).codes == MANY - 2


def test_new_recovery_codes_take_the_place_of_those_of_before(sylvie):
    signed = try_step(enter(sylvie[0]).actor, app_code(sylvie[1]), HOME)
    new = renew_codes(signed.actor)
    with pytest.raises(WrongFactor):
        try_step(enter(sylvie[0]).actor, sylvie[2][3], HOME)
    assert try_step(enter(sylvie[0]).actor, new[3], HOME).actor.kind is ActorKind.SECRETARY


def test_the_recovery_code_of_another_opens_nothing(sylvie, patient):
    with_app(enter(patient).actor)
    with pytest.raises(WrongFactor):
        try_step(enter(patient).actor, sylvie[2][0], HOME)


def test_neither_secret_nor_code_is_written_as_it_is(sylvie):
    _, secret, codes = sylvie
    with reading() as session:
        kept = [one for table in (AuthenticatorApp, RecoveryCode, AuditEntry) for one in session.exec(select(table)).all()]
        rows = str([one.model_dump() for one in kept])
    assert secret.replace(" ", "") not in rows
    assert not any(code in rows or code.replace("-", "") in rows for code in codes)


def test_an_application_counts_only_once_a_code_of_it_was_typed(secretary):
    actor = enter(secretary).actor
    secret = begin_app(actor).words
    assert enter(secretary).actor.kind is ActorKind.SECRETARY
    with pytest.raises(WrongAppCode):
        prove_app(actor, "000000")
    prove_app(actor, app_code(secret))
    assert enter(secretary).actor.kind is ActorKind.HALF_OPEN


def test_another_application_takes_the_place_of_the_first_only_once_it_is_proven(sylvie):
    signed = try_step(enter(sylvie[0]).actor, app_code(sylvie[1]), HOME).actor
    new = begin_app(signed).words
    assert try_step(enter(sylvie[0]).actor, app_code(sylvie[1], 1), HOME)
    assert prove_app(signed, app_code(new)).codes == []
    with clock.shifted(3 * STEP):
        with pytest.raises(WrongFactor):
            try_step(enter(sylvie[0]).actor, app_code(sylvie[1]), HOME)
        assert try_step(enter(sylvie[0]).actor, app_code(new), HOME)


def test_what_was_not_begun_cannot_be_proven(secretary):
    with pytest.raises(NothingToProve):
        prove_app(enter(secretary).actor, "123456")


def test_the_password_alone_adds_nothing_to_an_account_that_has_a_second_factor(sylvie):
    half = enter(sylvie[0]).actor
    for act in (begin_app, lambda actor: prove_app(actor, "123456")):
        with pytest.raises(SecondStepNeeded):
            act(half)


@pytest.mark.parametrize("kind", [ActorKind.SECRETARY, ActorKind.PRACTITIONER, ActorKind.OPERATOR])
def test_who_works_here_sets_one_up_before_anything_else(required, practice_id, kind):
    create_account(SYSTEM, NewAccount("pro@exemple.fr", "Alix Martin", kind, PASSWORD, (practice_id,)))
    half = enter("pro@exemple.fr")
    assert (half.actor.kind, awaited_step(half.actor).step) == (ActorKind.HALF_OPEN, Step.SET_UP)
    secret = begin_app(half.actor).words
    added = prove_app(half.actor, app_code(secret), HOME)
    assert (added.signed.actor.kind, len(added.codes)) == (kind, MANY)
    assert actor_of_token(half.token).kind is ActorKind.ANONYMOUS
    assert awaited_step(enter("pro@exemple.fr").actor).step is Step.PROVE


def test_a_patient_need_not_have_one(required, patient):
    assert enter(patient).actor.kind is ActorKind.PATIENT


def test_a_patient_who_wants_one_is_asked_for_it_after_the_password_and_after_the_code(patient):
    with_app(enter(patient).actor)
    assert enter(patient).actor.kind is ActorKind.HALF_OPEN
    browser = ask_code(VISITOR, patient, "", "192.0.2.1")
    came = try_code(VISITOR, code_of(waiting_code(VISITOR, browser).id), browser, "192.0.2.1", HOME)
    assert came.actor.kind is ActorKind.HALF_OPEN


def test_where_the_settings_relax_it_nobody_must(secretary):
    assert enter(secretary).actor.kind is ActorKind.SECRETARY


def test_what_proves_somebody_changes_only_within_ten_minutes_of_a_proof(sylvie):
    signed = try_step(enter(sylvie[0]).actor, app_code(sylvie[1]), HOME).actor
    with clock.shifted(FRESH):
        for act in (begin_app, remove_app, renew_codes):
            with pytest.raises(ProofWanted):
                act(signed)
        with pytest.raises(FactorWanted):
            prove_by_password(signed, PASSWORD)
        with pytest.raises(WrongFactor):
            prove_by_code(signed, "000000", HOME)
        prove_by_code(signed, app_code(sylvie[1]), HOME)
        remove_app(signed)
    assert enter(sylvie[0]).actor.kind is ActorKind.SECRETARY


def test_without_a_second_factor_the_password_is_the_proof(secretary):
    signed = enter(secretary).actor
    with clock.shifted(FRESH):
        assert own_factors(signed).proof is ProofBy.PASSWORD
        with pytest.raises(Invalid):
            prove_by_password(signed, "un autre mot de passe")
        prove_by_password(signed, PASSWORD)
        begin_app(signed)


def test_recovery_codes_are_for_who_has_something_to_recover(secretary):
    with pytest.raises(NoFactorYet):
        renew_codes(enter(secretary).actor)


def test_who_must_have_one_keeps_the_last(required, secretary):
    half = enter(secretary).actor
    signed = prove_app(half, app_code(begin_app(half).words), HOME).signed
    with pytest.raises(LastFactor):
        remove_app(signed.actor)
    assert own_factors(signed.actor).app_since


def test_a_browser_that_its_owner_trusts_is_not_asked_again_for_thirty_days(sylvie):
    trusted = Browser(HOME.token, HOME.agent, HOME.network, trusts=True)
    try_step(enter(sylvie[0]).actor, app_code(sylvie[1]), trusted)
    again = enter(sylvie[0])
    assert (again.actor.kind, own_factors(again.actor).fresh) == (ActorKind.SECRETARY, False)
    assert enter(sylvie[0], ELSEWHERE).actor.kind is ActorKind.HALF_OPEN
    with clock.shifted(TRUSTED):
        assert enter(sylvie[0]).actor.kind is ActorKind.HALF_OPEN


def test_a_browser_is_trusted_for_who_trusted_it_alone(sylvie, patient):
    with_app(enter(patient, ELSEWHERE).actor, ELSEWHERE)
    try_step(enter(sylvie[0]).actor, app_code(sylvie[1]), Browser(HOME.token, trusts=True))
    assert enter(patient).actor.kind is ActorKind.HALF_OPEN


def test_signing_out_everywhere_trusts_no_browser_any_more(sylvie):
    trusted = Browser(HOME.token, HOME.agent, HOME.network, trusts=True)
    signed = try_step(enter(sylvie[0]).actor, app_code(sylvie[1]), trusted)
    sign_out_everywhere(signed.actor)
    assert enter(sylvie[0]).actor.kind is ActorKind.HALF_OPEN


def test_at_a_shared_screen_the_password_alone_takes_nobodys_place(sylvie):
    there = try_step(enter(sylvie[0]).actor, app_code(sylvie[1]), HOME)
    enter(sylvie[0], device=there.device)
    assert actor_of_token(there.token).kind is ActorKind.SECRETARY


def test_every_step_is_in_the_history(sylvie):
    half = enter(sylvie[0]).actor
    with pytest.raises(WrongFactor):
        try_step(half, "000000", HOME)
    try_step(half, app_code(sylvie[1]), HOME)
    with reading() as session:
        actions = [entry.action for entry in session.exec(select(AuditEntry).order_by(AuditEntry.sequence)).all()]
    assert actions[-3:] == [AuditAction.SESSION_HALF_OPENED, AuditAction.STEP_REFUSED, AuditAction.SESSION_OPENED]
    assert AuditAction.FACTOR_ADDED in actions


def test_the_database_refuses_a_half_open_session_at_a_shared_screen(sylvie):
    there = try_step(enter(sylvie[0]).actor, app_code(sylvie[1]), HOME)
    with pytest.raises(Exception, match="ck_account_session_half_open"), transaction() as session:
        session.get_one(AccountSession, there.actor.session_id).half_open = True


def test_the_first_second_factor_ends_the_sessions_that_the_password_alone_opened(required, patient, practice_id):
    """One that was opened as a patient would go on to work by the password, and never do the second step."""
    with transaction() as session:
        ident = session.exec(select(Account.id).where(Account.email == patient)).one()
        session.add(Membership(account_id=ident, practice_id=practice_id, role=ActorKind.SECRETARY))
    stranger, holder = enter(patient, ELSEWHERE), enter(patient)
    half = wear(holder.actor, "secretary", PASSWORD, HOME).actor
    secret = begin_app(half).words
    signed = prove_app(half, app_code(secret, -1), HOME).signed
    assert actor_of_token(signed.token).kind is ActorKind.SECRETARY
    assert actor_of_token(stranger.token).kind is ActorKind.ANONYMOUS
    with_app(signed.actor)  # another application in its place ends nothing more
    assert actor_of_token(signed.token).kind is ActorKind.SECRETARY
