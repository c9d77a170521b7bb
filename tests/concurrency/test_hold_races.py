"""Holds at the same moment: one visitor gets the slot, and a hold that is over stands in nobody's way; with what happens otherwise."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.holds import HELD_FOR, Visitor, break_hold, hold_slot, sweep_holds
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.rates import forget_requests
from tests.concurrency.racing import active_visits, overlaps, race
from tests.factories import clock_at, new_patient_account

pytestmark = [pytest.mark.integration, pytest.mark.concurrency]

ANYBODY = Actor.anonymous()


def visitor(number: int) -> Visitor:
    return Visitor.of(f"onglet {number}", f"192.0.2.{number}")


@pytest.fixture(autouse=True)
def nothing_asked_yet():
    forget_requests()


def holding(house, people: int):
    return [lambda one=number: hold_slot(ANYBODY, house.slot(9), visitor(one)) for number in range(people)]


def test_of_many_visitors_at_one_slot_one_holds_it(house):
    outcomes = race(holding(house, 8))
    assert outcomes["done"] == 1
    assert set(outcomes) <= {"done", "SlotHeld", "SlotTaken", "NotOffered"}
    assert active_visits(house.practitioners[0]) == 1


def test_without_walls_and_constraint_they_would_all_hold_it(house, without_walls, without_constraint):
    assert race(holding(house, 8))["done"] > 1
    assert overlaps() > 0


def test_of_a_hold_and_a_booking_at_once_one_gets_the_slot(house):
    patients = [new_patient_account() for _ in range(4)]
    book = [lambda one=one: book_slot(one, BookingRequest(house.slot(9))) for one in patients]
    outcomes = race([*holding(house, 4), *book])
    assert outcomes["done"] == 1
    assert active_visits(house.practitioners[0]) == 1


def test_without_walls_and_constraint_both_would_get_it(house, without_walls, without_constraint):
    patients = [new_patient_account() for _ in range(4)]
    book = [lambda one=one: book_slot(one, BookingRequest(house.slot(9))) for one in patients]
    assert race([*holding(house, 4), *book])["done"] > 1
    assert overlaps() > 0


def test_of_two_bookings_that_meet_a_hold_that_is_over_one_wins_while_the_worker_sweeps(house):
    hold_slot(ANYBODY, house.slot(9), visitor(1))
    patients = [new_patient_account() for _ in range(4)]
    with clock_at(clock.now() + HELD_FOR + timedelta(seconds=1)):
        outcomes = race([*(lambda one=one: book_slot(one, BookingRequest(house.slot(9))) for one in patients), lambda: sweep_holds(WORKER)])
    assert outcomes["done"] == 2  # one booking, and the worker's round
    assert set(outcomes) <= {"done", "SlotTaken", "NotOffered"}
    assert active_visits(house.practitioners[0]) == 1


def test_the_holder_wins_against_a_crowd(house):
    holder = new_patient_account()
    hold_slot(holder, house.slot(9), visitor(1))
    crowd = [new_patient_account() for _ in range(6)]
    acts = [lambda one=one: book_slot(one, BookingRequest(house.slot(9))) for one in crowd]
    outcomes = race([*acts, lambda: book_slot(holder, BookingRequest(house.slot(9), visitor=visitor(1).browser))])
    assert outcomes["done"] == 1
    with reading() as session:
        owner = session.connection().execute(
            text("select h.account_id from appointment a join patient p on p.id = a.patient_id join person h on h.id = p.person_id")
        )
        assert owner.scalar_one() == holder.account_id


def test_a_hold_that_is_broken_while_its_visitor_books_leaves_their_visit_and_no_hold(house):
    patient, secretary = new_patient_account(), house.secretary()
    for number in range(6):
        slot = house.slot(9 + number % 3, 20 * (number % 3), days=1 + number)
        held = hold_slot(patient, slot, visitor(1))
        request = BookingRequest(slot, visitor=visitor(1).browser)
        outcomes = race([partial(book_slot, patient, request), partial(break_hold, secretary, held.id)])
        assert set(outcomes) <= {"done", "NotFound"}, outcomes
        assert active_visits(house.practitioners[0]) == number + 1
        with reading() as session:
            assert session.connection().execute(text("select count(*) from appointment where held_until is not null")).scalar_one() == 0


def test_one_visitor_never_holds_more_than_two_however_fast(house):
    hours = [8, 9, 10, 11, 14, 15]
    race([lambda hour=hour: hold_slot(ANYBODY, house.slot(hour), visitor(1)) for hour in hours])
    assert active_visits(house.practitioners[0]) == 2
