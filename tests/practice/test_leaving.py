"""Somebody is removed from a practice and comes back: what ends, what stays, what is refused."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from maiia_pro.administration.errors import CannotAdminister, LastAdministrator, PractitionersOnly, StillBooked
from maiia_pro.administration.leaving import bring_back, remove_member
from maiia_pro.administration.members import ask_member_in, choose_administrator, members, send_link_again
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.desk import desk
from maiia_pro.agenda.directory import practitioner_page
from maiia_pro.agenda.errors import NotOffered
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.identity.grant_tables import ApiGrant
from maiia_pro.identity.hats import hats
from maiia_pro.identity.recovery import block_own
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_opening import open_session
from maiia_pro.identity.tables import Account, Membership, Profession
from maiia_pro.kernel.actor import Actor, ActorKind, Right
from maiia_pro.kernel.clock import now
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotAdministrator, NotFound
from maiia_pro.kernel.french import PARIS
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.onboarding.answering import answer
from maiia_pro.onboarding.inviting import AlreadyHere
from maiia_pro.onboarding.team import Invitation, ask_in
from maiia_pro.practice.delegating import Terms, delegate
from maiia_pro.practice.tables import Practitioner
from maiia_pro.requests.changing import close_request, reopen_request, take_request
from maiia_pro.requests.tables import PracticeRequest
from maiia_pro.waiting.tables import Standing, Wish
from maiia_pro.waiting.wishing import NewWish, When, add_wish
from tests.concurrency.racing import race, until_somebody_waits
from tests.factories import House, email_of, session_token
from tests.requests.asking import asked, lines


def acting(actor: Actor) -> Actor:
    """The actor as the next act finds them."""
    return actor_of_token(session_token(actor))


@pytest.fixture
def group(clean_database) -> tuple[House, Actor, Actor, Actor]:
    """An administrator, a colleague who is none, a secretary who is none; everybody lets everybody do the desk's work."""
    house = House.ready(practitioners=2)
    first = house.practitioner_actor()
    second = house.practitioner_actor(house.practitioners[1], "Dr Marc Zeller", administers=False)
    return house, first, second, house.secretary()


def test_who_is_removed_is_out_at_once_and_what_they_did_keeps_their_name(group):
    house, first, _, secretary = group
    token = session_token(secretary)
    with transaction() as session:
        own = open_session(session, session.get_one(Account, secretary.account_id), role=ActorKind.PATIENT)
    visit = book_slot(actor_of_token(token), BookingRequest(house.slot(9), house.patients[0]))
    remove_member(first, house.practice_id, secretary.account_id)
    assert actor_of_token(token).kind is ActorKind.ANONYMOUS
    assert actor_of_token(own).kind is ActorKind.PATIENT
    again = acting(secretary)
    assert (again.practice_ids, dict(again.rights)) == (frozenset(), {})
    (line,) = [one for one in members(first, house.practice_id) if one.left_at]
    assert (line.name, line.role) == ("Sylvie Moreau", ActorKind.SECRETARY)
    address = email_of(secretary)
    with reading() as session:
        assert session.exec(select(AuditEntry.actor_name).where(AuditEntry.subject_id == visit.id)).first() == "Sylvie Moreau"
        (mail,) = session.exec(select(OutgoingEmail).where(OutgoingEmail.recipient == address))
        assert mail.subject.startswith("Vous ne faites plus partie de Cabinet")


def test_who_blocked_their_account_is_removed_like_anybody_who_worked_there(group):
    house, first, _, secretary = group
    block_own(acting(secretary))
    remove_member(first, house.practice_id, secretary.account_id)
    assert [one.name for one in members(first, house.practice_id) if one.left_at] == ["Sylvie Moreau"]


def test_what_who_leaves_let_programs_do_there_ends_and_nothing_else(group, other_house):
    house, first, _, secretary = group
    terms = {"role": "secretary", "scopes": "appointments.read", "redirect_uri": "https://exemple.fr/", "challenge": "c" * 43}
    given = [
        ApiGrant(
            api_client_id=program.api_client_id, account_id=secretary.account_id, code_hash=f"code {number}", code_until=now(), **terms
        )
        for number, program in enumerate((house.api_client(), other_house.api_client()))
    ]
    with transaction() as session:
        session.add_all(given)
    remove_member(first, house.practice_id, secretary.account_id)
    with reading() as session:
        assert [session.get_one(ApiGrant, one.id).ended_at is None for one in given] == [False, True]


def test_open_requests_of_who_leaves_are_everybody_s_again_and_closed_ones_keep_their_name(group):
    house, first, _, secretary = group
    still, done = asked(house, secretary), asked(house, secretary)
    for request in (still, done):
        take_request(secretary, request, 1)
    close_request(secretary, done, 2)
    remove_member(first, house.practice_id, secretary.account_id)
    with reading() as session:
        rows = {one.id: (one.owner_id, one.progress) for one in session.exec(select(PracticeRequest))}
    assert rows == {still: (None, "todo"), done: (secretary.account_id, "done")}
    reopen_request(first, done, 3)
    with reading() as session:
        assert session.get_one(PracticeRequest, done).owner_id is None


def test_a_practitioner_leaves_once_no_patient_is_to_come_and_their_agenda_offers_nothing_more(group, patient):
    house, first, second, secretary = group
    visit = book_slot(first, BookingRequest(house.slot(9, offering=1), house.patients[0]))
    with pytest.raises(StillBooked, match="1\u00a0rendez-vous à venir"):
        remove_member(first, house.practice_id, second.account_id)
    cancel_appointment(first, visit.id)
    with reading() as session:
        slug = session.get_one(Practitioner, house.practitioners[1]).slug
    remove_member(first, house.practice_id, second.account_id)
    with pytest.raises(NotFound):
        practitioner_page(patient, slug)
    offered = free_slots(patient, FreeSlotQuery(now(), now() + timedelta(days=7)))
    assert {SlotKey.parse(slot.key).offering_id for slot in offered} == {house.offerings[0]}
    assert {one.id for one in desk(acting(secretary)).practitioners} == {house.practitioners[0]}
    bring_back(first, house.practice_id, second.account_id)
    with pytest.raises(NotOffered):
        book_slot(acting(second), BookingRequest(house.slot(10, offering=1), house.patients[0]))


def test_a_booking_and_a_removal_at_once_leave_no_visit_with_who_left(group):
    house, first, second, secretary = group
    outcomes = race([
        lambda: book_slot(secretary, BookingRequest(house.slot(9, offering=1), house.patients[0])),
        lambda: remove_member(first, house.practice_id, second.account_id),
    ])  # fmt: skip
    assert outcomes["done"] == 1
    assert sum(outcomes.values()) == 2
    gone = [one.left_at is not None for one in members(first, house.practice_id) if one.account_id == second.account_id]
    assert [bool(house.appointments())] == [not left for left in gone]


def test_who_comes_back_has_their_account_and_agenda_and_what_others_let_them_anew(group):
    house, first, second, secretary = group
    remove_member(first, house.practice_id, second.account_id)
    remove_member(first, house.practice_id, secretary.account_id)
    bring_back(first, house.practice_id, second.account_id)
    returned = acting(second)
    assert (returned.practice_ids, returned.practitioner_id) == ({house.practice_id}, house.practitioners[1])
    assert set(returned.rights) == {house.practitioners[1]}
    forget_requests()
    typed = {"role": "secretary", "given_name": "Sylvie", "family_name": "Moreau", "email": email_of(secretary)}
    assert ask_member_in(first, house.practice_id, Invitation.read(typed)) == secretary.account_id
    assert (acting(secretary).practice_ids, dict(acting(secretary).rights)) == ({house.practice_id}, {})
    assert not any(one.left_at for one in members(first, house.practice_id))
    with pytest.raises(NotFound):
        bring_back(first, house.practice_id, second.account_id)


def test_what_waits_for_who_leaves_waits_no_more_and_what_is_asked_about_their_agenda_is_the_practice_s(group):
    house, first, second, secretary = group
    request = asked(house, secretary, practitioner=house.practitioners[1].hex)
    when = When(until=now().astimezone(PARIS).date() + timedelta(days=30))
    wish = add_wish(secretary, house.practice_id, NewWish(when, "Consultation", house.practitioners[1], patient_id=house.patients[0]))
    remove_member(first, house.practice_id, second.account_id)
    with reading() as session:
        assert session.get_one(PracticeRequest, request).practitioner_id is None
        assert session.get_one(Wish, wish).standing == Standing.WITHDRAWN
    assert request in {line.id for line in lines(house, acting(secretary))}


def test_an_invitation_that_waits_tells_nothing_of_who_has_the_address_and_is_only_taken_back(group):
    house, first, _, _ = group
    elsewhere = House.ready().secretary("Odile Ailleurs")
    forget_requests()
    typed = {"role": "secretary", "given_name": "Odile", "family_name": "Faure", "email": email_of(elsewhere)}
    account = ask_member_in(first, house.practice_id, Invitation.read(typed))
    token = session_token(elsewhere)
    (line,) = [one for one in members(first, house.practice_id) if one.account_id == account]
    assert (line.name, line.waiting, line.last_seen_at) == ("Odile Faure", True, None)
    with pytest.raises(CannotAdminister):
        choose_administrator(first, house.practice_id, account, administers=True)
    assert send_link_again(first, house.practice_id, account) == typed["email"]
    remove_member(first, house.practice_id, account)
    assert actor_of_token(token).account_id == elsewhere.account_id
    assert account not in {one.account_id for one in members(first, house.practice_id)}
    with pytest.raises(NotFound):
        bring_back(first, house.practice_id, account)


@pytest.mark.requirement(57)
def test_a_secretary_who_administers_removes_no_secretary_and_nobody_removes_the_last_administrator(group):
    house, first, second, secretary = group
    manager = house.secretary("Paul Gérant", administers=True)
    with pytest.raises(PractitionersOnly):
        remove_member(manager, house.practice_id, secretary.account_id)
    remove_member(first, house.practice_id, manager.account_id)
    with pytest.raises(LastAdministrator):
        remove_member(first, house.practice_id, first.account_id)
    with pytest.raises(NotAdministrator):
        remove_member(manager, house.practice_id, second.account_id)


def test_what_is_let_from_a_later_day_ends_too(group):
    house, first, _, secretary = group
    house.let(secretary.account_id, house.practitioners[0], frozenset())
    later = now().astimezone(PARIS).date() + timedelta(days=5)
    delegate(first, secretary.account_id, Terms({Right.AGENDA}, first=later))
    remove_member(first, house.practice_id, secretary.account_id)
    with reading() as session:
        ended = session.exec(select(AuditEntry.id).where(AuditEntry.action == "delegation:ended")).all()
    assert len(ended) == 2


@pytest.mark.requirement(57)
def test_who_came_back_as_something_else_is_not_brought_back_besides_and_leaves_again(group):
    house, first, _, secretary = group
    remove_member(first, house.practice_id, secretary.account_id)
    days = {"profession": Profession.PHYSICIAN, "rpps": "10101010101", "last": now().date() + timedelta(days=5)}
    ask_in(first, Invitation(email_of(secretary), "Sylvie Moreau", ActorKind.SUBSTITUTE, **days))
    with pytest.raises(AlreadyHere):
        bring_back(first, house.practice_id, secretary.account_id)
    with pytest.raises(AlreadyHere):
        ask_in(first, Invitation(email_of(secretary), "Sylvie Moreau", ActorKind.SECRETARY))
    [asked_in] = hats(secretary)[1]
    answer(secretary, asked_in.membership_id, accepts=True)
    remove_member(first, house.practice_id, secretary.account_id)
    assert [one.role for one in members(first, house.practice_id) if one.left_at] == [ActorKind.SUBSTITUTE]


@pytest.mark.requirement(57)
def test_who_accepts_while_they_are_removed_leaves_like_anybody_who_worked_there(group, patient):
    house, first, _, _ = group
    ident = ask_in(first, Invitation(email_of(patient), "Josiane Keller", ActorKind.SECRETARY))
    token, held, go_on = session_token(patient), threading.Event(), threading.Event()

    def accept() -> None:
        with transaction() as session:
            member = session.exec(select(Membership).where(Membership.account_id == ident).with_for_update()).one()
            held.set()
            go_on.wait(20)
            member.asked_at = None

    with ThreadPoolExecutor(2) as people:
        accepting = people.submit(accept)
        assert held.wait(20)
        removal = people.submit(remove_member, first, house.practice_id, ident)
        until_somebody_waits()
        go_on.set()
        accepting.result(20)
        removal.result(20)
    assert [one.account_id for one in members(first, house.practice_id) if one.left_at] == [ident]
    assert [one.role for one in hats(actor_of_token(token))[0]] == [ActorKind.PATIENT]
