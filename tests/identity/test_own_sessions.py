"""The open sessions of an account, as its holder sees and closes them; how long they last."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from maiia_pro.identity.accounts import NewAccount, create_account
from maiia_pro.identity.browsers import Browser
from maiia_pro.identity.locking import lock
from maiia_pro.identity.own_sessions import close_other_sessions, close_own_session, own_sessions
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_ends import IDLE, LONGEST, OPERATOR_IDLE, OPERATOR_LONGEST
from maiia_pro.identity.session_opening import SignedIn, begin, open_session
from maiia_pro.identity.tables import Account, AccountSession
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotFound, NotSignedIn
from tests.identity.conftest import SYSTEM

pytestmark = pytest.mark.integration

AT_WORK = Browser("au-travail", "Mozilla/5.0 (Windows NT 10.0) Firefox/142.0", "192.0.2.14")
ON_A_PHONE = Browser("telephone", "Mozilla/5.0 (iPhone) Safari/604.1", "198.51.100.7")


def enter(email, browser=AT_WORK):
    with transaction() as session:
        token, device = begin(session, session.exec(select(Account).where(Account.email == email)).one(), browser)
    return SignedIn(token, actor_of_token(token), device)


def kind_of(signed: SignedIn) -> ActorKind:
    return actor_of_token(signed.token).kind


def test_they_are_listed_in_words_this_one_first(secretary):
    here = enter(secretary)
    with clock.shifted(timedelta(hours=1)):
        enter(secretary, ON_A_PHONE)
        listed = own_sessions(here.actor)
    assert [(one.agent, one.network, one.here) for one in listed] == [
        ("Firefox sur Windows", "192.0.2.x", True),
        ("Safari sur iPhone", "198.51.100.x", False),
    ]
    assert listed[1].opened_at > listed[0].opened_at


def test_what_is_over_or_half_open_is_not_listed(secretary):
    over = enter(secretary)
    with transaction() as session:
        account = session.exec(select(Account).where(Account.email == secretary)).one()
        open_session(session, account, half_open=True)
    with clock.shifted(IDLE + timedelta(minutes=1)):
        here = enter(secretary)
        assert [one.id for one in own_sessions(here.actor)] == [here.actor.session_id]
        with pytest.raises(NotFound):
            close_own_session(here.actor, over.actor.session_id)


def test_one_is_closed_and_the_others_go_on(secretary):
    here, there, elsewhere = enter(secretary), enter(secretary, ON_A_PHONE), enter(secretary)
    close_own_session(here.actor, there.actor.session_id)
    assert [kind_of(one) for one in (here, there, elsewhere)] == [ActorKind.SECRETARY, ActorKind.ANONYMOUS, ActorKind.SECRETARY]


@pytest.mark.requirement(47)
def test_all_but_this_one_are_closed_the_locked_ones_too(secretary):
    here, locked, elsewhere = enter(secretary), enter(secretary, ON_A_PHONE), enter(secretary)
    lock(locked.actor)
    assert [one.locked for one in own_sessions(here.actor) if one.id == locked.actor.session_id] == [True]
    assert close_other_sessions(here.actor) == 2
    assert [kind_of(one) for one in (here, locked, elsewhere)] == [ActorKind.SECRETARY, ActorKind.ANONYMOUS, ActorKind.ANONYMOUS]


def test_nobody_closes_the_session_of_another(secretary):
    create_account(SYSTEM, NewAccount("marc@exemple.fr", "Marc Tanguy", ActorKind.OPERATOR, None))
    with transaction() as session:
        marc = session.exec(select(Account).where(Account.email == "marc@exemple.fr")).one()
        marc.status, marc.password_hash = "active", "x"
    mine, theirs = enter(secretary), enter("marc@exemple.fr")
    for ident in (theirs.actor.session_id, UUID(int=0)):
        with pytest.raises(NotFound):
            close_own_session(mine.actor, ident)
    assert kind_of(theirs) is ActorKind.OPERATOR


def test_a_visitor_has_none():
    with pytest.raises(NotSignedIn):
        own_sessions(Actor.anonymous())


LIMITS = {ActorKind.SECRETARY: (IDLE, LONGEST), ActorKind.PATIENT: (IDLE, LONGEST), ActorKind.OPERATOR: (OPERATOR_IDLE, OPERATOR_LONGEST)}


@pytest.mark.requirement(47)
@pytest.mark.parametrize("kind", LIMITS)
def test_each_kind_of_account_has_its_limits(kind):
    idle, longest = LIMITS[kind]
    with transaction() as session:
        account = Account(email="a@exemple.fr", email_key="a@exemple.fr", name="Alix", role=kind, status="active", password_hash="x")
        session.add(account)
        session.flush()
        token = open_session(session, account)
        unused = open_session(session, account)
    step, elapsed = idle * 0.9, timedelta()
    while elapsed + step < longest:
        elapsed += step
        with clock.shifted(elapsed):
            assert actor_of_token(token).kind is kind
    with clock.shifted(longest):
        assert actor_of_token(token).kind is ActorKind.ANONYMOUS
    with clock.shifted(idle + timedelta(seconds=1)):
        assert actor_of_token(unused).kind is ActorKind.ANONYMOUS


def test_what_goes_on_by_itself_is_no_use_of_a_session(secretary):
    token = enter(secretary).token

    def last_seen() -> datetime:
        with reading() as session:
            return session.exec(select(AccountSession.last_seen_at)).one()

    begun = last_seen()
    with clock.shifted(timedelta(minutes=20)):
        actor_of_token(token, uses=False)
        assert last_seen() == begun
        actor_of_token(token)
        assert last_seen() > begun
