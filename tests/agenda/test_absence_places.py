"""Settling an absence where visits lie over one another, and where they need rooms."""

from datetime import time, timedelta

import pytest
from sqlalchemy import text

from maiia_pro.agenda.absence import Choice, Upset, stranded_visits
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.exceptions import NewException
from maiia_pro.agenda.settle import Wish, settle
from maiia_pro.kernel.db import transaction
from tests.factories import House

pytestmark = pytest.mark.integration


@pytest.fixture
def house(clean_database) -> House:
    """Two practitioners who offer the same reason at the same site."""
    return House.ready(practitioners=2)


@pytest.fixture
def secretary(house):
    return house.secretary()


def tomorrow_off(house: House) -> Upset:
    """The first practitioner receives nobody tomorrow."""
    day = house.instant(12).date()
    return Upset(house.practitioners[0], closing=NewException(ExceptionKind.CLOSED, day, day + timedelta(days=1), time(0), time(0)))


def test_cancelling_a_visit_and_the_one_over_it_lets_the_last_one_count(house, secretary):
    patient = house.patients[0]
    slots = [house.slot(9, minute) for minute in (0, 10, 25)]
    ordinary, over, last = (book_slot(secretary, BookingRequest(slot, patient_id=patient, overbook=True)) for slot in slots)
    assert (over.overbooked, last.overbooked) == (True, True)
    settle(secretary, tomorrow_off(house), [Wish(one.id, 1, Choice.CANCEL) for one in (ordinary, over)])
    (left,) = [row for row in house.appointments() if row.active]
    assert (left.id, left.deliberate_overbooking) == (last.id, False)


def test_a_place_without_a_free_room_is_not_suggested(house, secretary):
    patient = house.patients[0]
    book_slot(secretary, BookingRequest(house.slot(9), patient_id=patient))
    book_slot(secretary, BookingRequest(house.slot(8, days=2, offering=1), patient_id=patient))
    (room,) = house.rooms(*house.reasons)
    with transaction() as session:
        taken = text("""
            insert into resource_booking (id, resource_id, appointment_id, blocked)
            select gen_random_uuid(), :room, id, blocked from appointment where practitioner_id = :id
        """)
        session.connection().execute(taken, {"room": room, "id": house.practitioners[1]})
    (one,) = stranded_visits(secretary, tomorrow_off(house))
    assert one.later is not None
    assert one.later.starts_at == house.instant(8, 20, days=2)
