"""Links of messages: one visit, one act, the same answer to whoever may not."""

import asyncio
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
import reflex as rx
from reflex.istate.data import RouterData
from sqlmodel import delete, select

from maiia_pro.agenda import changing
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.errors import LinkOver, SlotHeld, SlotTaken, TooLateOnline
from maiia_pro.agenda.holds import Visitor, hold_slot, release_holds
from maiia_pro.agenda.link_tables import VisitLink
from maiia_pro.agenda.own import my_appointments
from maiia_pro.agenda.visit_link import actor_of_link, delete_old_links, issue_link, read_linked_visit
from maiia_pro.identity.tokens import token_hash
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotAllowed, NotFound, Unavailable
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.notifications.outbox import deliver, tell_appointment
from maiia_pro.notifications.tables import OutgoingEmail
from state import asking, linked_visit
from tests.concurrency.conftest import without_constraint, without_walls
from tests.concurrency.racing import race
from tests.factories import House, new_patient_account

__all__ = ["without_constraint", "without_walls"]

pytestmark = pytest.mark.integration


def booked_with_link(house: House, actor: Actor, hour: int = 9):
    """Book, tell it, and follow the link of the message."""
    booked = book_slot(actor, BookingRequest(house.slot(hour)))
    return booked, follow(secret_in(booked.id))


def secret_in(appointment_id, event: str = "booked", version: int = 1) -> str:
    """Give the secret of the link in a message."""
    email_id = tell_appointment(WORKER, appointment_id, event, version)
    with reading() as session:
        body = session.get_one(OutgoingEmail, email_id).body
    found = re.search(r"/rendez-vous/lien#(\S+)", body)
    assert found
    return found[1]


def follow(secret: str) -> Actor:
    return actor_of_link(token_hash(secret))


def test_the_database_keeps_no_secret_of_a_link_and_no_message_that_has_left_does(house, patient):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    secret = secret_in(booked.id)

    class Post:
        def send(self, message) -> None:
            assert secret in message.get_body().get_content()

    with reading() as session:
        assert session.exec(select(VisitLink.token_hash)).all() == [token_hash(secret)]
        email_id = session.exec(select(OutgoingEmail.id)).one()
    deliver(WORKER, email_id, Post())  # type: ignore[arg-type]
    with reading() as session:
        assert secret not in session.get_one(OutgoingEmail, email_id).body


def test_a_look_shows_no_more_than_a_first_name_and_uses_nothing_up(house, patient):
    house.rule(house.reasons[0], instructions="Venez à jeun.", bring=["Carte Vitale"])
    booked, actor = booked_with_link(house, patient)
    for _ in range(2):
        own = read_linked_visit(actor)
        assert (own.id, own.person, own.instructions, own.bring) == (booked.id, "Josiane", "", ("Carte Vitale",))


def test_an_act_by_link_is_told_of_in_the_history_and_ends_the_link(house, patient):
    booked, actor = booked_with_link(house, patient)
    move_appointment(actor, booked.id, MoveRequest(house.instant(10)))
    with pytest.raises(LinkOver):
        cancel_appointment(actor, booked.id)
    line = read_appointment(house.secretary(), booked.id).history[-1]
    assert (line.action, line.actor_name, line.actor_kind) == ("appointment:moved", "Patient, par lien", "link")
    cancel_appointment(follow(secret_in(booked.id, "moved", 2)), booked.id)
    assert [one.status for one in house.appointments()] == [Status.CANCELLED]


def test_a_refused_move_leaves_the_link_as_it_was(house, patient):
    booked, actor = booked_with_link(house, patient)
    book_slot(house.secretary(), BookingRequest(house.slot(10), patient_id=house.patients[0]))
    with pytest.raises(SlotTaken):
        move_appointment(actor, booked.id, MoveRequest(house.instant(10)))
    move_appointment(actor, booked.id, MoveRequest(house.instant(11)))


def test_after_the_cut_off_the_link_says_whom_to_phone(house, patient):
    booked, actor = booked_with_link(house, patient)
    house.rule(house.reasons[0], cancel_hours=72)
    assert not read_linked_visit(actor).can_change
    with pytest.raises(TooLateOnline, match="02\u00a041"):
        cancel_appointment(actor, booked.id)


def test_unknown_used_cancelled_and_ended_links_get_the_same_answer(house, patient):
    used, actor = booked_with_link(house, patient, 9)
    cancel_appointment(actor, used.id)
    left = secret_in(book_slot(patient, BookingRequest(house.slot(10))).id)
    gone = book_slot(patient, BookingRequest(house.slot(11)))
    desk = secret_in(gone.id)
    cancel_appointment(house.secretary(), gone.id)
    answers = set()
    for hashed, later in ((token_hash("rien"), 0), (actor.link, 0), (token_hash(desk), 0), (token_hash(left), 3)):
        with clock.shifted(timedelta(days=later)), pytest.raises(LinkOver) as refused:
            actor_of_link(hashed)
        answers.add(refused.value.message)
    assert len(answers) == 1
    with clock.shifted(timedelta(days=3)):
        assert delete_old_links(WORKER) == 1


def test_a_link_opens_its_own_visit_alone(house, patient):
    _, actor = booked_with_link(house, patient)
    other = book_slot(patient, BookingRequest(house.slot(14)))
    for act in (lambda: cancel_appointment(actor, other.id), lambda: move_appointment(actor, other.id, MoveRequest(house.instant(15)))):
        with pytest.raises(NotFound):
            act()
    for act in (lambda: my_appointments(actor), lambda: book_slot(actor, BookingRequest(house.slot(16)))):
        with pytest.raises(NotAllowed):
            act()


def test_of_two_devices_that_follow_one_link_at_once_one_acts(house, patient):
    booked, actor = booked_with_link(house, patient)
    outcomes = race([lambda hour=hour: move_appointment(actor, booked.id, MoveRequest(house.instant(hour))) for hour in (10, 11, 14, 15)])
    assert outcomes == {"done": 1, "LinkOver": 3}


def test_were_links_not_used_up_both_devices_would_act(house, patient, monkeypatch):
    booked, actor = booked_with_link(house, patient)
    monkeypatch.setattr("maiia_pro.agenda.changing.use_up", lambda *_asked: None)
    outcomes = race([lambda hour=hour: move_appointment(actor, booked.id, MoveRequest(house.instant(hour))) for hour in (10, 11, 14, 15)])
    assert outcomes == {"done": 4}


def test_a_move_says_the_date_that_its_patient_last_read_and_a_change_of_practitioner(clean_database, patient):
    house = House.ready(practitioners=2)
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    tell_appointment(WORKER, booked.id, "booked", 1)
    desk = house.secretary()
    move_appointment(desk, booked.id, MoveRequest(house.instant(10)))
    move_appointment(desk, booked.id, MoveRequest(house.instant(11), practitioner_id=house.practitioners[1]))
    assert tell_appointment(WORKER, booked.id, "moved", 2) is None
    email_id = tell_appointment(WORKER, booked.id, "moved", 3)
    with reading() as session:
        line = next(one for one in session.get_one(OutgoingEmail, email_id).body.splitlines() if one.startswith("Au lieu du"))
    assert "9\u00a0h\u00a000, avec Dr Claire Vasseur" in line


def test_a_hash_is_no_secret(house, patient):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    with transaction() as session:
        secret = issue_link(session, booked.id)
    with pytest.raises(LinkOver):
        follow(token_hash(secret))


def test_a_confirmation_while_the_service_is_out_of_reach_says_so(monkeypatch):
    def silent(_hashed):
        raise Unavailable

    monkeypatch.setattr(linked_visit, "actor_of_link", silent)
    screen = SimpleNamespace(status="ready", asking="cancel", choosing=True, _link="", visit=linked_visit.NO_VISIT)
    asyncio.run(linked_visit.LinkedVisit.confirm.fn(screen))
    assert (screen.status, screen.message) == ("failed", Unavailable.message)


def screen_of(actor):
    """Open the page of a link."""
    forget_requests()
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    root.router_data = {"headers": {}, "ip": "192.0.2.7"}
    root.router = RouterData.from_router_data(root.router_data)
    shown = root.get_substate(linked_visit.LinkedVisit.get_full_name().split("."))
    shown._link = actor.link
    asyncio.run(linked_visit._look(shown))
    return shown


def test_the_free_times_of_a_link_end_where_the_reason_is_booked_no_further_ahead_and_no_day_comes_twice(house, patient):
    house.rule(house.reasons[0], horizon_days=9)
    shown = screen_of(booked_with_link(house, patient)[1])
    asyncio.run(linked_visit.LinkedVisit.choose.fn(shown, True))
    for _ in range(4):
        asyncio.run(linked_visit.LinkedVisit.more.fn(shown))
    days = [one["day"] for one in shown.days]
    assert len(days) > linked_visit.AT_ONCE
    assert len(set(days)) == len(days)
    assert not shown.more_days


def test_who_leaves_the_choice_of_another_time_by_link_sees_no_times_any_more(house, patient):
    shown = screen_of(booked_with_link(house, patient)[1])
    asyncio.run(linked_visit.LinkedVisit.choose.fn(shown, True))
    assert shown.choosing
    assert shown.days
    asyncio.run(linked_visit.LinkedVisit.choose.fn(shown, False))
    assert (shown.choosing, shown.days, shown.status) == (False, [], "ready")


def test_who_goes_through_free_times_without_end_by_a_link_is_stopped(house, patient, monkeypatch):
    monkeypatch.setitem(asking.A_MINUTE, "days", 2)
    shown = screen_of(booked_with_link(house, patient)[1])
    asyncio.run(linked_visit.LinkedVisit.choose.fn(shown, True))
    said = [shown.status]
    for _ in range(2):
        asyncio.run(linked_visit.LinkedVisit.more.fn(shown))
        said.append(shown.status)
    assert said == ["ready", "ready", "failed"]


def visitor(number: int) -> Visitor:
    return Visitor.of(f"onglet {number}", f"192.0.2.{number}")


def test_a_time_held_by_link_waits_for_its_reader_and_is_refused_to_another_in_a_sentence(house, patient):
    booked, actor = booked_with_link(house, patient)
    _, rival = booked_with_link(house, new_patient_account("Maurice Roux"), 10)
    assert hold_slot(actor, house.slot(11), visitor(1), booked.id)
    with pytest.raises(SlotHeld, match="en cours de réservation"):
        hold_slot(rival, house.slot(11), visitor(2), rival.visit_id)
    with pytest.raises((SlotHeld, SlotTaken)):
        move_appointment(rival, rival.visit_id, MoveRequest(house.instant(11), visitor=visitor(2).browser))
    moved = move_appointment(actor, booked.id, MoveRequest(house.instant(11), visitor=visitor(1).browser))
    assert moved.starts_at == house.instant(11)


def test_a_time_is_held_for_as_long_as_the_visit_that_moves_there(house, patient):
    house.rule(house.reasons[0], new_patient_minutes=40)  # the patient is new: a visitor would hold the ordinary 20 minutes
    booked, actor = booked_with_link(house, patient)
    for who in (actor, patient):
        hold_slot(who, house.slot(11), visitor(1), booked.id)
        with pytest.raises(SlotHeld):
            hold_slot(Actor.anonymous(), house.slot(11, 20), visitor(2))
        release_holds(who, visitor(1))
    hold_slot(Actor.anonymous(), house.slot(11, 20), visitor(2))
    with pytest.raises(SlotHeld):
        hold_slot(actor, house.slot(11), visitor(1), booked.id)


def test_a_link_holds_nothing_for_another_visit_than_its_own(house, patient):
    _, actor = booked_with_link(house, patient)
    other = book_slot(patient, BookingRequest(house.slot(14)))
    for moving in (None, other.id):
        with pytest.raises(NotAllowed):
            hold_slot(actor, house.slot(11), visitor(1), moving)


def two_links_to_one_time(house: House):
    """Hold and move there, each by the link of a visit of its own."""

    def act(number: int):
        booked, actor = booked_with_link(house, new_patient_account(f"Maurice Roux{number}"), 9 + number)

        def move() -> None:
            hold_slot(actor, house.slot(15), visitor(number), booked.id)
            move_appointment(actor, booked.id, MoveRequest(house.instant(15), visitor=visitor(number).browser))

        return move

    return [act(number) for number in range(2)]


def test_of_two_who_move_by_link_to_one_time_at_once_one_gets_it_and_the_other_a_sentence(house):
    outcomes = race(two_links_to_one_time(house))
    assert outcomes["done"] == 1
    assert set(outcomes) <= {"done", "SlotHeld", "SlotTaken", "NotOffered"}


def test_without_walls_and_constraint_both_would_move_there(house, without_walls, without_constraint, monkeypatch):
    monkeypatch.setattr(changing, "check_rule", lambda *_asked, **_more: None)
    outcomes = race(two_links_to_one_time(house))
    with transaction() as session:
        session.exec(delete(VisitLink))
    assert outcomes == {"done": 2}
