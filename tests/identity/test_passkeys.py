"""Passkeys: added, used as the first factor and as the second, and refused whatever is not quite right about them."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import cbor2
import pytest
from sqlmodel import col, delete, select
from webauthn.helpers.base64url_to_bytes import base64url_to_bytes

from maiia_pro.identity.accounts import NewAccount, create_account
from maiia_pro.identity.browsers import Browser
from maiia_pro.identity.factor_tables import Passkey, PasskeyChallenge, Purpose
from maiia_pro.identity.own_factors import own_factors
from maiia_pro.identity.passkeys import (
    LASTS,
    MOST,
    PasskeyRefused,
    TooManyPasskeys,
    add_passkey,
    ask_passkey,
    forget_old_challenges,
    remove_passkey,
    rename_passkey,
    rp_id,
)
from maiia_pro.identity.recovery_codes import MANY
from maiia_pro.identity.restrictions import AccountSuspended, hold_account
from maiia_pro.identity.second_factors import FRESH, LastFactor, ProofWanted
from maiia_pro.identity.second_step import prove_by_passkey, sign_in_by_passkey, step_by_passkey
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_opening import SignedIn, begin
from maiia_pro.identity.tables import Account, AccountStatus
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotFound, SecondStepNeeded
from maiia_pro.settings import get_settings
from tests.concurrency.racing import until_somebody_waits
from tests.identity.conftest import PASSWORD, SYSTEM
from tests.tools.soft_passkey import SoftPasskey, coded

pytestmark = pytest.mark.integration

VISITOR = Actor.anonymous()
HOME = Browser("un-navigateur", "Mozilla/5.0 (iPhone) Safari/605", "192.0.2.1")
ELSEWHERE = Browser("un-autre-navigateur", "", "198.51.100.7")


def enter(email):
    """Come in as with the right password, without the time that argon2 takes."""
    with transaction() as session:
        token, device = begin(session, session.exec(select(Account).where(Account.email == email)).one(), HOME)
    return SignedIn(token, actor_of_token(token), device)


def asked(actor, purpose, browser=HOME):
    return json.loads(ask_passkey(actor, purpose, browser))


def soft(**more) -> SoftPasskey:
    return SoftPasskey(get_settings().allowed_origins[0], rp_id=rp_id(), **more)


def added(actor, key, name="Mon téléphone"):
    return add_passkey(actor, key.make(asked(actor, Purpose.ADD)), name, HOME)


@pytest.fixture
def key(secretary) -> SoftPasskey:
    """A passkey of the secretary."""
    made = soft()
    assert len(added(enter(secretary).actor, made).codes) == MANY
    return made


def sign_in(key, browser=HOME, **changes):
    """Sign in by a passkey; `changes` are to what it signs."""
    return sign_in_by_passkey(VISITOR, key.sign(asked(VISITOR, Purpose.SIGN_IN, browser) | changes), browser)


@pytest.mark.requirement(42)
def test_a_passkey_alone_signs_in_in_full(secretary, key):
    signed = sign_in(key)
    assert (signed.actor.kind, signed.actor.name, bool(signed.device)) == (ActorKind.SECRETARY, "Sylvie Moreau", True)
    assert own_factors(signed.actor).fresh


def test_to_sign_in_nobody_is_named_and_the_user_must_be_verified():
    options = asked(VISITOR, Purpose.SIGN_IN)
    assert (options["allowCredentials"], options["userVerification"], options["rpId"]) == ([], "required", "localhost")


def test_a_passkey_can_be_found_without_a_name_and_is_made_once_an_authenticator(secretary, key):
    options = asked(sign_in(key).actor, Purpose.ADD)
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert len(options["excludeCredentials"]) == 1


def test_it_does_the_second_step_too(secretary, key):
    half = enter(secretary)
    assert half.actor.kind is ActorKind.HALF_OPEN
    signed = step_by_passkey(half.actor, key.sign(asked(half.actor, Purpose.STEP)), HOME)
    assert signed.actor.kind is ActorKind.SECRETARY
    assert actor_of_token(half.token).kind is ActorKind.ANONYMOUS


def test_it_proves_again_who_one_is(key):
    signed = sign_in(key).actor
    with clock.shifted(FRESH):
        with pytest.raises(ProofWanted):
            asked(signed, Purpose.ADD)
        prove_by_passkey(signed, key.sign(asked(signed, Purpose.PROOF)), HOME)
        assert asked(signed, Purpose.ADD)


def test_what_was_signed_once_serves_no_more(key):
    answer = key.sign(asked(VISITOR, Purpose.SIGN_IN))
    sign_in_by_passkey(VISITOR, answer, HOME)
    with pytest.raises(PasskeyRefused):
        sign_in_by_passkey(VISITOR, answer, HOME)


def test_what_was_refused_once_serves_no_more_either(key):
    options = asked(VISITOR, Purpose.SIGN_IN)
    with pytest.raises(PasskeyRefused):
        sign_in_by_passkey(VISITOR, replace(key, verifies=False).sign(options), HOME)
    with pytest.raises(PasskeyRefused):
        sign_in_by_passkey(VISITOR, key.sign(options), HOME)


def test_what_was_asked_for_five_minutes_ago_serves_no_more(key):
    answer = key.sign(asked(VISITOR, Purpose.SIGN_IN))
    with clock.shifted(LASTS), pytest.raises(PasskeyRefused):
        sign_in_by_passkey(VISITOR, answer, HOME)


def test_what_one_browser_was_asked_another_does_not_answer(key):
    answer = key.sign(asked(VISITOR, Purpose.SIGN_IN))
    with pytest.raises(PasskeyRefused):
        sign_in_by_passkey(VISITOR, answer, ELSEWHERE)


def test_what_was_signed_for_one_purpose_serves_no_other(secretary, key):
    half = enter(secretary).actor
    with pytest.raises(PasskeyRefused):
        step_by_passkey(half, key.sign(asked(VISITOR, Purpose.SIGN_IN)), HOME)
    with pytest.raises(PasskeyRefused):
        sign_in_by_passkey(VISITOR, key.sign(asked(half, Purpose.STEP)), HOME)


WRONG = {
    "another site's page": {"origin": "https://ailleurs.exemple"},
    "another site's passkey": {"rp_id": "ailleurs.exemple"},
    "nobody verified": {"verifies": False},
    "another key": {"key": soft().key},
    "unknown": {"ident": b"inconnue"},
    "somebody else's": {"user": bytes(16)},
    "counted back: a copy": {"count": -1},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_passkey_that_is_not_quite_right_opens_nothing(key, change):
    sign_in(key)
    with pytest.raises(PasskeyRefused):
        sign_in(replace(key, **change))


def test_its_signature_is_checked_against_what_was_asked(key):
    with pytest.raises(PasskeyRefused):
        sign_in(key, challenge="AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")


NO_ANSWERS = [None, "", 3, [], {}, {"response": 1}, {"response": {"clientDataJSON": "x"}}, {"id": "\ud800", "response": {}}]


@pytest.mark.parametrize("credential", NO_ANSWERS)
def test_an_answer_that_is_none_is_refused(credential):
    with pytest.raises(PasskeyRefused):
        sign_in_by_passkey(VISITOR, credential, HOME)


def test_the_passkey_of_another_does_not_do_my_second_step(secretary, key, practice_id):
    create_account(SYSTEM, NewAccount("marc@exemple.fr", "Marc Tanguy", ActorKind.SECRETARY, PASSWORD, (practice_id,)))
    marc = soft()
    added(enter("marc@exemple.fr").actor, marc)
    half = enter(secretary).actor
    with pytest.raises(PasskeyRefused):
        step_by_passkey(half, marc.sign(asked(half, Purpose.STEP)), HOME)


def test_a_suspended_account_opens_by_no_passkey(secretary, key):
    with transaction() as session:
        session.exec(select(Account).where(Account.email == secretary)).one().status = AccountStatus.SUSPENDED
    with pytest.raises(AccountSuspended):
        sign_in(key)


def test_who_must_have_a_second_factor_may_begin_with_a_passkey(required, secretary):
    half, made = enter(secretary), soft()
    came = added(half.actor, made)
    assert (came.signed.actor.kind, len(came.codes)) == (ActorKind.SECRETARY, MANY)
    with pytest.raises(LastFactor):
        remove_passkey(came.signed.actor, own_factors(came.signed.actor).passkeys[0].id, HOME)


def test_the_password_alone_adds_no_passkey_beside_another(secretary, key):
    half = enter(secretary).actor
    with pytest.raises(SecondStepNeeded):
        asked(half, Purpose.ADD)


@pytest.mark.parametrize("change", [{"verifies": False}, {"origin": "https://ailleurs.exemple"}, {"rp_id": "ailleurs.exemple"}])
def test_a_passkey_that_is_made_wrongly_is_not_added(secretary, change):
    signed = enter(secretary).actor
    with pytest.raises(PasskeyRefused):
        added(signed, replace(soft(), **change))
    assert own_factors(signed).passkeys == []


def test_a_passkey_belongs_to_one_account(secretary, key, practice_id):
    create_account(SYSTEM, NewAccount("marc@exemple.fr", "Marc Tanguy", ActorKind.SECRETARY, PASSWORD, (practice_id,)))
    with pytest.raises(PasskeyRefused):
        added(enter("marc@exemple.fr").actor, replace(key))


def test_several_passkeys_have_names_that_change_and_go_one_by_one(key):
    signed = sign_in(key).actor
    added(signed, soft(), "  ")
    first, second = own_factors(signed).passkeys
    assert (first.name, second.name) == ("Mon téléphone", "Safari sur iPhone")
    rename_passkey(signed, second.id, "Ordinateur du cabinet")
    remove_passkey(signed, first.id, HOME)
    assert [one.name for one in own_factors(signed).passkeys] == ["Ordinateur du cabinet"]
    with pytest.raises(PasskeyRefused):
        sign_in(key)


def test_a_name_is_short_and_not_empty(key):
    signed = sign_in(key).actor
    ident = own_factors(signed).passkeys[0].id
    for name in ("", "x" * 61, None, 3):
        with pytest.raises(Invalid):
            rename_passkey(signed, ident, name)


def test_the_passkeys_of_another_are_not_found(key, practice_id):
    create_account(SYSTEM, NewAccount("marc@exemple.fr", "Marc Tanguy", ActorKind.SECRETARY, PASSWORD, (practice_id,)))
    marc, ident = enter("marc@exemple.fr").actor, own_factors(sign_in(key).actor).passkeys[0].id
    with pytest.raises(NotFound):
        rename_passkey(marc, ident, "À moi")
    for unknown in (ident, UUID(int=0)):
        with pytest.raises(NotFound):
            remove_passkey(marc, unknown, HOME)


def test_removing_one_asks_for_a_fresh_proof(key):
    signed = sign_in(key).actor
    ident = own_factors(signed).passkeys[0].id
    with clock.shifted(FRESH), pytest.raises(ProofWanted):
        remove_passkey(signed, ident, HOME)


def test_there_is_a_bound_to_how_many(key):
    signed = sign_in(key).actor
    with transaction() as session:
        known = session.exec(select(Passkey)).one()
        more = [known.model_dump(exclude={"id", "credential_id"}) | {"credential_id": bytes([number])} for number in range(MOST - 1)]
        session.add_all(Passkey(**one) for one in more)
    with pytest.raises(TooManyPasskeys):
        asked(signed, Purpose.ADD)


def test_what_nobody_signed_is_tidied_away():
    asked(VISITOR, Purpose.SIGN_IN)
    with clock.shifted(LASTS):
        assert forget_old_challenges(SYSTEM) == 1
    with reading() as session:
        assert session.exec(select(PasskeyChallenge)).all() == []


def test_a_passkey_belongs_to_the_domain_of_the_public_address(monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://rendez-vous.exemple.fr:8443")
    get_settings.cache_clear()
    found = rp_id()
    monkeypatch.undo()
    get_settings.cache_clear()
    assert found == "rendez-vous.exemple.fr"


@pytest.mark.parametrize("public", [{}, {1: 2}, {1: 2, 3: -7, -1: 1, -2: bytes(32)}, [], b""])
def test_a_key_that_is_no_key_is_refused(secretary, public):
    actor, made = enter(secretary).actor, soft()
    credential = made.make(asked(actor, Purpose.ADD))
    whole = cbor2.loads(base64url_to_bytes(credential["response"]["attestationObject"]))
    whole["authData"] = whole["authData"][: 37 + 16 + 2 + len(made.ident)] + cbor2.dumps(public)
    credential["response"]["attestationObject"] = coded(cbor2.dumps(whole))
    with pytest.raises(PasskeyRefused):
        add_passkey(actor, credential, "Clé", HOME)


def test_words_that_are_nested_without_end_are_no_passkey():
    nested = {"response": {"clientDataJSON": coded(b"[" * 5000)}}
    with pytest.raises(PasskeyRefused):
        sign_in_by_passkey(VISITOR, nested, HOME)


def test_a_passkey_that_is_taken_away_while_it_signs_in_is_refused(key):
    """The rows are taken in one order: neither is undone for a deadlock."""
    held, go_on = threading.Event(), threading.Event()

    def take_away() -> None:
        with transaction() as session:
            ident = session.exec(select(Passkey.account_id)).one()
            hold_account(session, ident)
            held.set()
            go_on.wait(20)
            session.exec(delete(Passkey).where(col(Passkey.account_id) == ident))

    with ThreadPoolExecutor(2) as people:
        taking = people.submit(take_away)
        assert held.wait(20)
        coming = people.submit(sign_in, key)
        until_somebody_waits()
        go_on.set()
        taking.result(20)
        with pytest.raises(PasskeyRefused):
            coming.result(20)
