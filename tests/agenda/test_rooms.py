"""Rooms and equipment: one of each kind a reason needs, for the whole blocked time."""

import pytest
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.errors import ResourceTaken
from maiia_pro.agenda.free_time import VisitShape
from maiia_pro.agenda.limits import starts_with_room
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.resource_tables import Resource, ResourceBooking
from maiia_pro.agenda.slot_state import TAKEN, read_slot
from maiia_pro.agenda.status import restore_appointment
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from tests.factories import House, new_patient_account

pytestmark = pytest.mark.integration


@pytest.fixture
def pair(clean_database) -> House:
    """Two practitioners of one site."""
    return House.ready(practitioners=2)


def taken() -> dict:
    with reading() as session:
        return {
            row.appointment_id: (row.resource_id, row.blocked.lower, row.blocked.upper) for row in session.exec(select(ResourceBooking))
        }


def by(house: House, hour: int, minute: int = 0, *, offering: int = 0):
    return book_slot(new_patient_account(), BookingRequest(house.slot(hour, minute, offering=offering)))


def starts(house: House, offering: int = 0) -> list:
    query = FreeSlotQuery(house.instant(8), house.instant(12), (house.offerings[offering],))
    return [slot.starts_at for slot in free_slots(Actor.anonymous(), query)]


def test_a_visit_takes_the_lowest_free_room_from_buffer_to_buffer(pair):
    first, second = pair.rooms(*pair.reasons, count=2)
    pair.rule(pair.reasons[1], buffer_after_minutes=10)
    one, other = by(pair, 9), by(pair, 9, offering=1)
    assert taken() == {one.id: (first, pair.instant(9), pair.instant(9, 20)), other.id: (second, pair.instant(9), pair.instant(9, 30))}


def test_a_visit_without_a_free_room_is_refused_to_all(pair):
    pair.rooms(*pair.reasons)
    by(pair, 9)
    slot = pair.slot(9, offering=1)
    for actor, request in (
        (new_patient_account(), BookingRequest(slot)),
        (pair.secretary(), BookingRequest(slot, patient_id=pair.patients[0])),
    ):
        with pytest.raises(ResourceTaken):
            book_slot(actor, request)
    assert len(pair.appointments()) == 1


def test_a_start_is_offered_only_where_a_room_is_free(pair):
    pair.rooms(*pair.reasons)
    assert pair.instant(9) in starts(pair, 1)
    by(pair, 9)
    assert pair.instant(9) not in starts(pair, 1)
    assert pair.instant(9, 20) in starts(pair, 1)
    assert read_slot(pair.api_client(), pair.slot(9, offering=1)).status == TAKEN


def test_each_kind_is_needed_at_once(pair):
    pair.rooms(*pair.reasons, count=2)
    pair.rooms(*pair.reasons, name="Échographe")
    booked = by(pair, 9)
    with reading() as session:
        assert len(session.exec(select(ResourceBooking).where(ResourceBooking.appointment_id == booked.id)).all()) == 2
    assert pair.instant(9) not in starts(pair, 1)


def test_one_single_room_must_be_free_for_the_whole_visit():
    rooms = [[(0, 30)], [(40, 60)]]
    assert starts_with_room([0, 10, 20, 30, 40], VisitShape(20, 10), rooms) == [0, 10, 20, 30, 40]
    assert starts_with_room([10, 20, 30, 40], VisitShape(30, 10), rooms) == [10, 30, 40]


def test_rooms_of_another_site_or_retired_ones_serve_nobody(pair):
    (room,) = pair.rooms(pair.reasons[0], site_id=pair.site(city="Saumur"))
    assert not starts(pair)
    with pytest.raises(ResourceTaken):
        book_slot(pair.secretary(), BookingRequest(pair.slot(9), patient_id=pair.patients[0]))
    with transaction() as session:
        kept = session.get_one(Resource, room)
        kept.site_id, kept.retired = pair.sites[0], True
    assert not starts(pair)


def test_a_moved_visit_keeps_its_room_if_it_is_free_and_takes_another_otherwise(pair):
    first, second = pair.rooms(*pair.reasons, count=2)
    secretary = pair.secretary()
    one, other = by(pair, 9), by(pair, 9, offering=1)
    move_appointment(secretary, other.id, MoveRequest(pair.instant(10)))
    assert taken()[other.id] == (second, pair.instant(10), pair.instant(10, 20))
    move_appointment(secretary, one.id, MoveRequest(pair.instant(10)))
    assert taken()[one.id][0] == first
    late = by(pair, 11)
    move_appointment(secretary, other.id, MoveRequest(pair.instant(11)))
    assert (taken()[late.id][0], taken()[other.id][0]) == (first, second)


def test_a_move_to_where_no_room_is_free_changes_nothing(pair):
    pair.rooms(*pair.reasons)
    one, other = by(pair, 9), by(pair, 10, offering=1)
    before = taken()
    with pytest.raises(ResourceTaken):
        move_appointment(pair.secretary(), other.id, MoveRequest(pair.instant(9)))
    assert taken() == before
    assert one.id in before


def test_cancelling_frees_the_room_and_restoring_takes_one_again_or_is_refused(pair):
    pair.rooms(*pair.reasons)
    secretary, one = pair.secretary(), by(pair, 9)
    cancel_appointment(secretary, one.id)
    assert not taken()
    restore_appointment(secretary, one.id)
    assert list(taken()) == [one.id]
    cancel_appointment(secretary, one.id)
    by(pair, 9, offering=1)
    with pytest.raises(ResourceTaken):
        restore_appointment(secretary, one.id)


def test_the_panel_names_the_room(pair):
    pair.rooms(*pair.reasons)
    assert read_appointment(pair.secretary(), by(pair, 9).id).rooms == ("Salle 1",)
