"""Races over what a reason asks for: one room between two practitioners, buffers that touch, places for new patients."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text

from maiia_pro.agenda import booking, quotas, rooms
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.kernel.db import libpq_url, reading
from tests.concurrency.racing import overlaps, race
from tests.factories import House, new_patient_account

pytestmark = [pytest.mark.integration, pytest.mark.concurrency]

MANY = 8
ROOM_OVERLAPS = text("""
    select count(*) from resource_booking a join resource_booking b
      on a.resource_id = b.resource_id and a.id < b.id and a.blocked && b.blocked
""")


@pytest.fixture
def pair(clean_database) -> House:
    """Two practitioners who share one room."""
    house = House.ready(practitioners=2)
    house.rooms(*house.reasons)
    return house


@pytest.fixture
def without_look(monkeypatch) -> None:
    """Take a room without a look at who has it, and without its lock; the constraint stays."""
    monkeypatch.setattr(rooms, "IS_FREE", "")
    monkeypatch.setattr(rooms, "lock_rooms", lambda _session, _offering: None)


@pytest.fixture
def without_room_constraint(clean_database) -> Iterator[None]:
    """Let a constraint of that name forbid nothing, and put the real one back."""
    with psycopg.connect(libpq_url(clean_database.owner), autocommit=True) as owner:
        owner.execute("alter table resource_booking drop constraint resource_booking_no_overlap")
        owner.execute("alter table resource_booking add constraint resource_booking_no_overlap unique (id)")
        yield
        owner.execute("alter table resource_booking drop constraint resource_booking_no_overlap")
        owner.execute("delete from resource_booking")
        owner.execute(
            "alter table resource_booking add constraint resource_booking_no_overlap"
            " exclude using gist (resource_id with =, blocked with &&)"
        )


def both(house: House, hour: int) -> list:
    """Let a patient of each practitioner book the same hour."""
    asked = [(new_patient_account(), BookingRequest(house.slot(hour, offering=number))) for number in (0, 1)]
    return [lambda actor=actor, request=request: book_slot(actor, request) for actor, request in asked]


def room_overlaps() -> int:
    with reading() as session:
        return session.connection().execute(ROOM_OVERLAPS).scalar_one()


def test_two_practitioners_and_one_room_make_one_visit(pair):
    for hour in (8, 9, 10, 14, 15, 16):
        assert race(both(pair, hour)) == {"done": 1, "ResourceTaken": 1}
    assert room_overlaps() == 0


def test_the_rooms_constraint_alone_lets_one_have_it(pair, without_look):
    assert race(both(pair, 9)) == {"done": 1, "ResourceTaken": 1}
    assert room_overlaps() == 0


def test_lock_and_look_alone_let_one_have_the_room(pair, without_room_constraint):
    assert race(both(pair, 9)) == {"done": 1, "ResourceTaken": 1}
    assert room_overlaps() == 0


def test_without_look_and_constraint_both_have_the_room(pair, without_look, without_room_constraint):
    assert race(both(pair, 9)) == {"done": 2}
    assert room_overlaps() == 1


def touching(house: House) -> list:
    """Ask for two visits that follow each other, where the first one's buffer reaches into the second."""
    house.rule(house.reasons[0], buffer_after_minutes=10)
    asked = [BookingRequest(house.slot(9, minute), patient_id=house.patients[0]) for minute in (0, 20)]
    return [lambda request=request: book_slot(house.secretary(), request) for request in asked]


def test_of_two_visits_whose_buffers_touch_one_is_booked(house):
    assert race(touching(house)) == {"done": 1, "SlotTaken": 1}


def test_the_constraint_alone_keeps_buffers_apart(house, without_walls):
    assert race(touching(house)) == {"done": 1, "SlotTaken": 1}


def test_without_any_wall_buffers_overlap(house, without_walls, without_constraint):
    assert race(touching(house)) == {"done": 2}
    assert overlaps() == 1


def first_visits(house: House) -> list:
    """Let many people whom nobody knows ask for as many times of one day."""
    asked = [(new_patient_account(), BookingRequest(house.slot(9 + number // 3, 20 * (number % 3)))) for number in range(MANY)]
    return [lambda actor=actor, request=request: book_slot(actor, request) for actor, request in asked]


def test_a_day_takes_two_new_patients_however_many_ask_at_once(house):
    house.rule(house.reasons[0], new_patients_a_day=2)
    assert race(first_visits(house)) == {"done": 2, "NoNewPatients": MANY - 2}


def test_without_the_lock_a_day_takes_them_all(house, monkeypatch):
    house.rule(house.reasons[0], new_patients_a_day=2)
    counted = threading.Barrier(MANY)

    def count_together(*asked, **more) -> None:
        quotas.check_quotas(*asked, **more)
        counted.wait(30)

    monkeypatch.setattr(booking, "check_quotas", count_together)
    monkeypatch.setattr(booking, "lock_and_check", lambda _session, _actor, offering, *_when: offering)
    assert race(first_visits(house)) == {"done": MANY}


def test_a_patient_who_asks_from_many_tabs_has_the_visits_that_the_reason_allows(house):
    patient = new_patient_account()
    house.rule(house.reasons[0], open_bookings=1)
    slots = [house.slot(9 + number // 3, 20 * (number % 3)) for number in range(MANY)]
    outcomes = race([lambda slot=slot: book_slot(patient, BookingRequest(slot)) for slot in slots])
    assert outcomes == {"done": 1, "TooManyOpen": MANY - 1}
