"""Somebody with an account is asked in: until they accept, the practice learns nothing of them and can do nothing to them."""

import pytest
from sqlmodel import select

from maiia_pro.administration.errors import CannotAdminister, LastAdministrator
from maiia_pro.administration.leaving import bring_back, remove_member
from maiia_pro.administration.members import ask_member_in, choose_administrator, members, send_link_again
from maiia_pro.identity.hats import hats
from maiia_pro.identity.presence import Presence
from maiia_pro.identity.recovery import block_own
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.tables import Membership
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotFound
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.onboarding.answering import answer
from maiia_pro.onboarding.inviting import AlreadyActive, send_links_again
from maiia_pro.onboarding.progress import first_run
from maiia_pro.onboarding.team import Invitation
from maiia_pro.practice.delegating import delegates
from maiia_pro.requests.changing import assign_request
from maiia_pro.requests.listing import RequestQuery, request_board
from tests.factories import House, email_of, session_token
from tests.onboarding.test_first_run import COLLEAGUE, SECRETARY
from tests.requests.asking import asked

pytestmark = pytest.mark.integration


@pytest.fixture
def house(clean_database) -> House:
    return House.ready()


@pytest.fixture
def first(house) -> Actor:
    return house.practitioner_actor()


@pytest.fixture
def there(other_house) -> Actor:
    """Somebody who works in another practice."""
    return other_house.secretary("Odette Vraie")


def invitation(whom: Actor, form: dict[str, str] = SECRETARY) -> Invitation:
    return Invitation.read(form | {"email": email_of(whom)})


def mails_to(whom: Actor) -> int:
    address = email_of(whom)
    with reading() as session:
        return len(session.exec(select(OutgoingEmail).where(OutgoingEmail.recipient == address)).all())


def test_who_was_asked_in_looks_like_who_has_no_account_yet(house, first, there):
    session_token(there)
    ask_member_in(first, house.practice_id, invitation(there))
    ask_member_in(first, house.practice_id, Invitation.read(SECRETARY))
    known, new = (one for one in members(first, house.practice_id) if one.waiting)
    assert (
        (known.name, known.last_seen_at, known.presence) == (new.name, new.last_seen_at, new.presence) == ("Odile Faure", None, "invited")
    )
    assert "Odette Vraie" not in {one.name for one in request_board(first, RequestQuery(house.practice_id)).staff}
    staff = [(one.name, one.role) for one in first_run(first).staff if one.waiting]
    assert staff == [("Odile Faure", ActorKind.SECRETARY)] * 2


@pytest.mark.requirement(232)
def test_who_blocked_their_account_is_shown_as_that_and_nobody_else_sends_them_a_way_back_in(house, first):
    secretary = house.secretary()
    block_own(secretary)
    for shown in (members(first, house.practice_id), delegates(first), first_run(first).staff):
        assert {one.presence for one in shown if one.name == secretary.name} == {Presence.BLOCKED}
    with pytest.raises(AlreadyActive):
        send_link_again(first, house.practice_id, secretary.account_id)
    with pytest.raises(AlreadyActive):
        send_links_again(first, house.practice_id)


def test_a_link_goes_out_again_whether_they_have_an_account_or_not(house, first, there):
    account = ask_member_in(first, house.practice_id, invitation(there))
    assert send_link_again(first, house.practice_id, account) == email_of(there)
    assert send_links_again(first, house.practice_id) == 1
    assert mails_to(there) == 3


@pytest.mark.requirement(208)
def test_an_invitation_taken_back_touches_nothing_of_who_never_worked_there(house, first, there):
    token, account = session_token(there), ask_member_in(first, house.practice_id, invitation(there))
    remove_member(first, house.practice_id, account)
    assert actor_of_token(token).kind is ActorKind.SECRETARY
    assert (mails_to(there), hats(there)[1]) == (1, [])
    with pytest.raises(NotFound):
        bring_back(first, house.practice_id, account)
    assert [one for one in members(first, house.practice_id) if one.account_id == account] == []


def test_they_may_be_asked_again_after_they_declined_or_it_was_taken_back(house, first, there):
    for end in (remove_member, _decline):
        account = ask_member_in(first, house.practice_id, invitation(there, COLLEAGUE))
        end(first, house.practice_id, account) if end is remove_member else end(there)
    ask_member_in(first, house.practice_id, invitation(there, COLLEAGUE))
    assert len(hats(there)[1]) == 1


def _decline(whom: Actor) -> None:
    answer(whom, hats(whom)[1][0].membership_id, accepts=False)


def test_nobody_hands_a_request_to_who_has_not_accepted(house, first, there):
    account, request = ask_member_in(first, house.practice_id, invitation(there)), asked(house, first)
    with pytest.raises(NotFound):
        assign_request(first, request, 1, account)


def test_who_has_not_accepted_does_not_keep_the_practice_as_its_administrator(house, first, there):
    account = ask_member_in(first, house.practice_id, invitation(there))
    with pytest.raises(CannotAdminister):
        choose_administrator(first, house.practice_id, account, administers=True)
    with pytest.raises(LastAdministrator):
        choose_administrator(first, house.practice_id, first.account_id, administers=False)
    with reading() as session:
        mine = select(Membership.administers).where(Membership.account_id == first.account_id)
        assert session.exec(mine).one()
