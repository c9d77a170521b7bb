"""Practice administrators: who is one, what it opens, and that there is always one."""

import threading

import pytest
from sqlmodel import select

from maiia_pro.administration import members
from maiia_pro.administration.errors import LastAdministrator, PractitionersOnly
from maiia_pro.administration.members import ask_member_in, choose_administrator, send_link_again
from maiia_pro.agenda.desk import desk
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.tables import Account, AccountStatus, Membership
from maiia_pro.kernel.access import Permission, allowed
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotAdministrator, NotDelegated
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.onboarding.team import Invitation
from maiia_pro.practice.administering import administered, rename_practice
from maiia_pro.practice.lock_delay import choose_lock_minutes
from maiia_pro.practice.naming import practice_name
from tests.concurrency.racing import race
from tests.factories import House, email_of, session_token
from tests.onboarding.test_first_run import COLLEAGUE, SECRETARY


def acting(actor: Actor) -> Actor:
    """The actor as the next act finds them."""
    return actor_of_token(session_token(actor))


def administrators(house: House) -> set[object]:
    with reading() as session:
        here = select(Membership.account_id).where(Membership.practice_id == house.practice_id, Membership.administers)
        return set(session.exec(here))


@pytest.fixture
def group(clean_database) -> tuple[House, Actor, Actor, Actor]:
    """An administrator, a colleague who is none, a secretary who is none."""
    house = House.ready(practitioners=2)
    first = house.practitioner_actor()
    second = house.practitioner_actor(house.practitioners[1], "Dr Marc Zeller", administers=False)
    return house, first, second, house.secretary()


def test_the_session_says_which_practices_one_administers(group):
    house, first, second, secretary = group
    assert [acting(one).administers for one in (first, second, secretary)] == [{house.practice_id}, frozenset(), frozenset()]


def test_an_administrator_is_named_told_and_traced_and_it_holds_at_their_next_act(group):
    house, first, second, _ = group
    with pytest.raises(NotAdministrator):
        rename_practice(acting(second), house.practice_id, "Cabinet des Lilas")
    choose_administrator(first, house.practice_id, second.account_id, administers=True)
    assert rename_practice(acting(second), house.practice_id, "  Cabinet  des Lilas ") == "Cabinet des Lilas"
    assert (practice_name(first), administered(first).name) == ("Cabinet des Lilas", "Cabinet des Lilas")
    address = email_of(second)
    with reading() as session:
        (mail,) = session.exec(select(OutgoingEmail).where(OutgoingEmail.recipient == address))
        assert "Dr Claire Vasseur vous a nommé administrateur" in mail.body
        noted = session.exec(select(AuditEntry.actor_id).where(AuditEntry.action == "administrator:named")).all()
    assert noted == [first.account_id]


@pytest.mark.requirement(57)
@pytest.mark.requirement(59)
def test_a_secretary_who_administers_opens_no_agenda_by_it_and_keeps_to_what_practitioners_let_her(group):
    house, first, _, secretary = group
    for practitioner in house.practitioners:
        house.let(secretary.account_id, practitioner, frozenset())
    choose_administrator(first, house.practice_id, secretary.account_id, administers=True)
    manager = acting(secretary)
    choose_lock_minutes(manager, house.practice_id, 5)
    assert administered(manager).lock_minutes == 5
    with pytest.raises(NotDelegated):
        desk(manager)
    assert not any(allowed(manager, one) for one in (Permission.DELEGATE, Permission.PRACTICE_INTAKE, Permission.AGENDA_VIEW))


@pytest.mark.requirement(57)
def test_secretaries_accounts_are_made_and_changed_by_practitioners_alone(group):
    house, first, _, secretary = group
    manager = house.secretary("Paul Gérant", administers=True)
    forget_requests()
    for act in (
        lambda: ask_member_in(manager, house.practice_id, Invitation.read(SECRETARY)),
        lambda: choose_administrator(manager, house.practice_id, secretary.account_id, administers=True),
        lambda: members.send_link_again(manager, house.practice_id, secretary.account_id),
    ):
        with pytest.raises(PractitionersOnly):
            act()
    made = ask_member_in(manager, house.practice_id, Invitation.read(COLLEAGUE))
    assert ask_member_in(first, house.practice_id, Invitation.read(SECRETARY)) != made
    assert send_link_again(manager, house.practice_id, made) == COLLEAGUE["email"]
    choose_administrator(manager, house.practice_id, manager.account_id, administers=False)
    assert acting(manager).administers == frozenset()


def test_a_link_is_not_sent_again_to_who_came(group):
    house, first, second, _ = group
    with pytest.raises(Conflict, match="déjà activé"):
        send_link_again(first, house.practice_id, second.account_id)


def test_a_name_that_is_none_is_refused_beside_its_field(group):
    house, first, _, _ = group
    for typed in ("", "   ", "—", "x" * 200):
        with pytest.raises(Invalid) as refused:
            rename_practice(first, house.practice_id, typed)
        assert list(refused.value.fields) == ["practice_name"], typed


def test_a_practice_keeps_an_administrator_who_can_sign_in(group):
    house, first, second, secretary = group
    with pytest.raises(LastAdministrator):
        choose_administrator(first, house.practice_id, first.account_id, administers=False)
    choose_administrator(first, house.practice_id, second.account_id, administers=True)
    with transaction() as session:
        session.get_one(Account, second.account_id).status = AccountStatus.SUSPENDED
    with pytest.raises(LastAdministrator):
        choose_administrator(first, house.practice_id, first.account_id, administers=False)
    choose_administrator(first, house.practice_id, secretary.account_id, administers=True)
    choose_administrator(first, house.practice_id, first.account_id, administers=False)
    assert administrators(house) == {second.account_id, secretary.account_id}


def both_step_down(house: House, first: Actor, second: Actor):
    choose_administrator(first, house.practice_id, second.account_id, administers=True)
    second = acting(second)
    return race(
        [lambda who=who: choose_administrator(who, house.practice_id, who.account_id, administers=False) for who in (first, second)]
    )


def test_of_two_administrators_who_step_down_at_once_one_stays(group):
    house, first, second, _ = group
    assert both_step_down(house, first, second) == {"done": 1, "LastAdministrator": 1}
    assert len(administrators(house)) == 1


def test_without_the_practice_s_lock_both_would_go(group, monkeypatch):
    house, first, second, _ = group
    count, meeting = members.check_not_last, threading.Barrier(2)

    def counted(session, member):
        count(session, member)
        meeting.wait(20)

    monkeypatch.setattr(members, "hold_practice", lambda *_asked: None)
    monkeypatch.setattr(members, "check_not_last", counted)
    assert both_step_down(house, first, second) == {"done": 2}
    assert administrators(house) == set()
