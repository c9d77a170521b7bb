"""What a practitioner lets others do for them: given, dated, taken back, effective at the next act, traced."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.day import agenda_window
from maiia_pro.agenda.desk import desk
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.tables import Delegation, Membership
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, Right
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotDelegated, NotFound
from maiia_pro.kernel.french import PARIS
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.practice.delegating import Terms, delegate, delegates, end_delegation
from tests.concurrency.racing import until_somebody_waits
from tests.factories import House, clock_at, session_token


def days(count: int):
    return clock.now().astimezone(PARIS).date() + timedelta(days=count)


def acting(actor: Actor) -> Actor:
    """The actor as the next act finds them."""
    return actor_of_token(session_token(actor))


@pytest.fixture
def group(clean_database) -> tuple[House, Actor, Actor, Actor]:
    """Two practitioners and a secretary; nobody lets anybody do anything."""
    house = House.ready(practitioners=2)
    first = house.practitioner_actor()
    second = house.practitioner_actor(house.practitioners[1], "Dr Marc Zeller")
    secretary = house.secretary()
    for who, whom in ((secretary, 0), (secretary, 1), (second, 0), (first, 1)):
        house.let(who.account_id, house.practitioners[whom], frozenset())
    return house, first, second, secretary


@pytest.mark.requirement(59)
def test_nobody_may_do_anything_for_a_practitioner_who_let_them_nothing(group):
    house, _, _, secretary = group
    with pytest.raises(NotDelegated):
        agenda_window(acting(secretary), house.practitioners[:1], days(1))
    with pytest.raises(NotDelegated):
        book_slot(acting(secretary), BookingRequest(house.slot(9), house.patients[0]))


@pytest.mark.requirement(63)
def test_a_secretary_of_two_practitioners_has_the_rights_that_each_gave(group):
    house, first, second, secretary = group
    delegate(first, secretary.account_id, Terms({Right.AGENDA, Right.BOOK}))
    delegate(second, secretary.account_id, Terms({Right.AGENDA}))
    now = acting(secretary)
    assert {one.id for one in desk(now).practitioners} == set(house.practitioners)
    assert {one.practitioner_id for one in desk(now).reasons} == {house.practitioners[0]}
    visit = book_slot(now, BookingRequest(house.slot(9), house.patients[0]))
    with pytest.raises(NotDelegated):
        book_slot(now, BookingRequest(house.slot(9, offering=1), house.patients[1]))
    with pytest.raises(NotDelegated):
        cancel_appointment(now, visit.id)


@pytest.mark.requirement(60)
def test_what_is_taken_back_holds_at_the_next_act_and_both_are_logged(group):
    house, first, _, secretary = group
    given = delegate(first, secretary.account_id, Terms({Right.AGENDA, Right.BOOK}))
    token = session_token(secretary)
    visit = book_slot(actor_of_token(token), BookingRequest(house.slot(9), house.patients[0]))
    (line,) = [one for one in delegates(first) if one.delegation_id == given]
    with reading() as session:
        at = session.exec(select(AuditEntry.at).where(AuditEntry.subject_id == visit.id)).one()
        assert line.last_used_at == at
    end_delegation(first, given)
    with pytest.raises(NotDelegated):
        book_slot(actor_of_token(token), BookingRequest(house.slot(10), house.patients[0]))
    with reading() as session:
        noted = session.exec(
            select(AuditEntry.action, AuditEntry.actor_id).where(AuditEntry.subject_id == given).order_by(AuditEntry.sequence)
        )
        assert noted.all() == [("delegation:granted", first.account_id), ("delegation:ended", first.account_id)]


@pytest.mark.requirement(61)
def test_who_acts_for_a_practitioner_is_named_with_whom_it_is_for(group):
    house, first, second, _ = group
    delegate(first, second.account_id, Terms({Right.BOOK}, substitute=True, last=days(7)))
    visit = book_slot(acting(second), BookingRequest(house.slot(9), house.patients[0]))
    own = book_slot(acting(second), BookingRequest(house.slot(9, offering=1), house.patients[1]))
    with reading() as session:
        lines = {
            line.subject_id: (line.actor_id, line.on_behalf_of)
            for line in session.exec(select(AuditEntry).where(AuditEntry.action == "appointment:booked"))
        }
    assert lines == {visit.id: (second.account_id, house.practitioners[0]), own.id: (second.account_id, None)}


@pytest.mark.requirement(62)
def test_a_substitute_acts_from_their_first_day_to_their_last_and_not_a_moment_longer(group):
    house, first, second, _ = group
    delegate(first, second.account_id, Terms({Right.AGENDA}, substitute=True, first=days(2), last=days(3)))
    seen = []
    for instant in (house.instant(23, 59, days=1), house.instant(0, 1, days=2), house.instant(23, 59, days=3), house.instant(0, 1, days=4)):
        with clock_at(instant):
            seen.append(house.practitioners[0] in {one.id for one in desk(acting(second)).practitioners})
    assert seen == [False, True, True, False]


@pytest.mark.requirement(57)
@pytest.mark.requirement(58)
def test_only_the_practitioner_lets_somebody_act_for_them(group):
    _, first, second, secretary = group
    given = delegate(first, secretary.account_id, Terms(frozenset(Right)))
    with pytest.raises(NotAllowed):
        delegate(acting(secretary), second.account_id, Terms({Right.AGENDA}))
    with pytest.raises(NotAllowed):
        end_delegation(acting(secretary), given)
    with pytest.raises(NotFound):
        end_delegation(second, given)
    with pytest.raises(NotFound):
        delegate(House.ready().practitioner_actor(), secretary.account_id, Terms({Right.AGENDA}))


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(()), "rights"),
        (Terms({Right.AGENDA}, substitute=True), "last"),
        (Terms({Right.AGENDA}, first=days(5), last=days(4)), "last"),
        (Terms({Right.AGENDA}, last=days(-3)), "last"),
        (Terms({Right.AGENDA}, last=days(400)), "last"),
    ],
)
def test_terms_that_cannot_be_are_refused_beside_their_field(group, terms, field):
    _, first, _, secretary = group
    with pytest.raises(Invalid) as refused:
        delegate(first, secretary.account_id, terms)
    assert list(refused.value.fields) == [field]


def test_other_rights_take_the_place_of_those_of_before_and_leave_their_line(group):
    _, first, _, secretary = group
    before = delegate(first, secretary.account_id, Terms({Right.AGENDA, Right.BOOK}))
    after = delegate(first, secretary.account_id, Terms({Right.AGENDA}))
    assert [(one.delegation_id, one.rights) for one in delegates(first) if one.account_id == secretary.account_id] == [
        (after, {Right.AGENDA})
    ]
    with reading() as session:
        assert session.get_one(Delegation, before).ended_at is not None


def test_dates_that_overlap_what_is_let_already_are_refused(group):
    _, first, second, _ = group
    delegate(first, second.account_id, Terms({Right.AGENDA}, substitute=True, last=days(5)))
    with pytest.raises(Invalid) as refused:
        delegate(first, second.account_id, Terms({Right.AGENDA}, substitute=True, first=days(4), last=days(9)))
    assert list(refused.value.fields) == ["first"]


def test_a_colleague_keeps_what_they_may_always_do_beside_a_week_in_one_s_place(group):
    house, first, second, _ = group
    delegate(first, second.account_id, Terms({Right.AGENDA}))
    delegate(first, second.account_id, Terms({Right.BOOK}, substitute=True, last=days(5)))
    assert acting(second).rights[house.practitioners[0]] == {Right.AGENDA, Right.BOOK}


def test_the_database_refuses_two_rights_at_once_for_one_person(group):
    house, _, _, secretary = group
    one = {
        "practice_id": house.practice_id,
        "practitioner_id": house.practitioners[0],
        "account_id": secretary.account_id,
        "kind": "secretary",
        "rights": ["agenda"],
    }
    with pytest.raises(IntegrityError, match="delegation_one_at_a_time"), transaction() as session:
        session.add_all([Delegation(**one), Delegation(**one)])


@pytest.mark.requirement(57)
def test_who_is_being_removed_is_let_nothing_more(group):
    _, first, _, secretary = group
    held, go_on = threading.Event(), threading.Event()

    def remove() -> None:
        with transaction() as session:
            member = select(Membership).where(Membership.account_id == secretary.account_id).with_for_update()
            found = session.exec(member).one()
            held.set()
            go_on.wait(20)
            session.delete(found)

    with ThreadPoolExecutor(2) as people:
        removal = people.submit(remove)
        assert held.wait(20)
        letting = people.submit(delegate, first, secretary.account_id, Terms([Right.FILE]))
        until_somebody_waits()
        go_on.set()
        removal.result(20)
        with pytest.raises(NotFound):
            letting.result(20)
