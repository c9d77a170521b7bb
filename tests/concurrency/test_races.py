"""Races on real commits: one winner, clean refusals, and proof that the race is real once the walls are gone."""

import multiprocessing
import random
from collections import Counter
from datetime import timedelta

import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.actor import Actor
from tests.concurrency.racing import active_visits, overlaps, race
from tests.factories import House, new_patient_account

pytestmark = [pytest.mark.integration, pytest.mark.concurrency]

MANY = 12
SEED = 20261123


@pytest.fixture
def people(house) -> list[tuple[Actor, bool]]:
    """Give a crowd of every kind; the flag tells who names the patient."""
    crowd: list[tuple[Actor, bool]] = [(new_patient_account(), False) for _ in range(MANY - 4)]
    return [*crowd, (house.secretary(), True), (house.secretary(), True), (house.api_client(), True), (house.practitioner_actor(), True)]


def asking(house: House, slot: SlotKey, people: list[tuple[Actor, bool]]) -> list:
    """Let each of the people book that slot."""

    def act(actor: Actor, names: bool):
        return lambda: book_slot(actor, BookingRequest(slot, patient_id=house.patients[0] if names else None))

    return [act(actor, names) for actor, names in people]


@pytest.mark.proof
def test_one_slot_has_one_winner_and_the_others_are_told(house, people, counting):
    rounds = counting.of(6, 1000)
    held = 0
    for number in range(rounds):
        slot = SlotKey(house.offerings[0], house.instant(8, 0, days=1 + number // 12) + timedelta(minutes=20) * (number % 12))
        outcomes = race(asking(house, slot, people))
        assert set(outcomes) <= {"done", "SlotTaken"}, outcomes
        held += outcomes == {"done": 1, "SlotTaken": MANY - 1}
    counting.found("une place, douze personnes de toute sorte : un gagnant", tried=rounds, held=held)
    assert overlaps() == 0


def test_without_any_wall_the_race_is_real(house, people, without_walls, without_constraint):
    outcomes = race(asking(house, house.slot(9), people))
    assert outcomes == {"done": MANY}
    assert overlaps() == MANY * (MANY - 1) // 2


def test_the_constraint_alone_lets_one_win(house, people, without_walls):
    assert race(asking(house, house.slot(9), people)) == {"done": 1, "SlotTaken": MANY - 1}
    assert overlaps() == 0


def test_lock_and_rule_alone_let_one_win(house, without_constraint):
    people = [(new_patient_account(), False) for _ in range(MANY)]
    assert race(asking(house, house.slot(9), people)) == {"done": 1, "SlotTaken": MANY - 1}
    assert overlaps() == 0


@pytest.mark.proof
def test_visits_that_overlap_in_part_exclude_each_other_and_neighbours_do_not(house, counting):
    seed, rounds = SEED, counting.of(4, 500)
    chance = random.Random(seed)
    secretary, patient = house.secretary(), house.patients[0]
    held = 0
    for number in range(rounds):
        day = house.instant(8, days=1 + number)
        wanted = [(day + timedelta(minutes=5 * chance.randrange(48)), 5 * chance.randrange(1, 13)) for _ in range(MANY)]

        def act(starts_at, length):
            return lambda: book_slot(
                secretary, BookingRequest(SlotKey(house.offerings[0], starts_at), patient_id=patient, length_minutes=length)
            )

        before = active_visits(house.practitioners[0])
        outcomes = race([act(*one) for one in wanted])
        assert set(outcomes) <= {"done", "SlotTaken"}, outcomes
        held += overlaps() == 0 and active_visits(house.practitioners[0]) - before == outcomes["done"] > 0
    counting.found("visites de longueurs diverses, douze à la fois : aucun chevauchement", tried=rounds, held=held, seed=seed)


@pytest.mark.proof
def test_moves_and_bookings_on_one_time_leave_one_visit_there(house, people, counting):
    rounds = counting.of(3, 300)
    secretary = house.secretary()
    held = 0
    for number in range(rounds):
        target = house.slot(9, days=1 + number)
        movers = [
            book_slot(
                secretary, BookingRequest(house.slot(14 + index // 3, 20 * (index % 3), days=1 + number), patient_id=house.patients[0])
            )
            for index in range(6)
        ]
        acts = asking(house, target, people[:6])
        acts += [lambda one=one, at=target.starts_at: move_appointment(secretary, one.id, MoveRequest(at)) for one in movers]
        outcomes = race(acts)
        held += outcomes == {"done": 1, "SlotTaken": 11} and overlaps() == 0
    counting.found("six déplacements et six réservations sur une heure : un gagnant", tried=rounds, held=held)


def test_without_any_wall_moves_overlap_too(house, without_walls, without_constraint):
    secretary = house.secretary()
    made = [book_slot(secretary, BookingRequest(house.slot(14, 20 * index), patient_id=house.patients[0])) for index in range(3)]
    outcomes = race([lambda one=one: move_appointment(secretary, one.id, MoveRequest(house.instant(9))) for one in made])
    assert outcomes == {"done": 3}
    assert overlaps() == 3


@pytest.mark.proof
def test_a_time_that_is_cancelled_while_others_want_it_ends_with_one_visit_or_none(house, counting):
    rounds = counting.of(4, 500)
    holder = new_patient_account()
    others = [(new_patient_account(), False) for _ in range(6)]
    held = 0
    for number in range(rounds):
        slot = house.slot(9 + number % 2, days=1 + number // 2)
        booked = book_slot(holder, BookingRequest(slot))
        outcomes = race([lambda booked=booked: cancel_appointment(holder, booked.id), *asking(house, slot, others)])
        assert set(outcomes) <= {"done", "SlotTaken"}, outcomes
        held += outcomes["done"] in {1, 2} and overlaps() == 0
    counting.found("annulation pendant que six autres réservent", tried=rounds, held=held)


def test_two_people_who_change_one_visit_change_it_one_after_the_other(house, patient):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    staff = [house.secretary() for _ in range(6)]
    hours = [14, 15, 16]
    acts = [
        lambda who=who, hour=hour: move_appointment(who, booked.id, MoveRequest(house.instant(hour)))
        for who, hour in zip(staff, hours * 2, strict=True)
    ]
    outcomes = race(acts)
    assert outcomes == {"done": 6}
    assert house.appointments()[0].version == 7


def test_one_visit_is_cancelled_once_however_many_press_the_button(house, patient):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    staff = [patient, *(house.secretary() for _ in range(7))]
    assert race([lambda who=who: cancel_appointment(who, booked.id) for who in staff]) == {"done": 1, "AlreadyCancelled": 7}


def test_visits_that_change_places_between_two_agendas_do_not_block_each_other(clean_database):
    house = House.ready(practitioners=2)
    secretary, patient = house.secretary(), house.patients[0]
    here = [book_slot(secretary, BookingRequest(house.slot(9, 20 * index, offering=0), patient_id=patient)) for index in range(3)]
    there = [book_slot(secretary, BookingRequest(house.slot(9, 20 * index, offering=1), patient_id=patient)) for index in range(3)]

    def act(one, practitioner_id, hour, minute):
        return lambda: move_appointment(secretary, one.id, MoveRequest(house.instant(hour, minute), practitioner_id=practitioner_id))

    acts = [act(one, house.practitioners[1], 15, 20 * index) for index, one in enumerate(here)]
    acts += [act(one, house.practitioners[0], 15, 20 * index) for index, one in enumerate(there)]
    assert race(acts) == {"done": 6}
    assert overlaps() == 0


def test_one_person_who_books_twice_at_once_has_one_record(house, patient):
    acts = [lambda hour=hour: book_slot(patient, BookingRequest(house.slot(hour))) for hour in (8, 9, 10, 11)]
    assert race(acts) == {"done": 4}
    assert len({row.patient_id for row in house.appointments()}) == 1


def _process(requests: list[tuple[Actor, BookingRequest]], answers) -> None:
    answers.put(dict(race([lambda one=one: book_slot(*one) for one in requests])))


def test_processes_that_know_nothing_of_each_other_let_one_win(house):
    slot = house.slot(9)
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    crowds = [[(new_patient_account(), BookingRequest(slot)) for _ in range(4)] for _ in range(3)]
    processes = [context.Process(target=_process, args=(crowd, answers)) for crowd in crowds]
    for process in processes:
        process.start()
    outcomes = sum((Counter(answers.get(timeout=60)) for _ in processes), Counter())
    for process in processes:
        process.join(30)
    assert outcomes == {"done": 1, "SlotTaken": 11}
    assert overlaps() == 0
