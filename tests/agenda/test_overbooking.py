"""Deliberate overbookings: by staff only, marked by the server only, and ordinary again once the visit above them is gone."""

import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.errors import SlotTaken
from maiia_pro.agenda.status import restore_appointment
from maiia_pro.kernel.errors import NotAllowed
from tests.concurrency.racing import overlaps, race
from tests.factories import House

pytestmark = pytest.mark.integration


@pytest.fixture
def secretary(house):
    return house.secretary()


def book(house, actor, hour, minute=0, *, over=False, length=None, patient=0):
    request = BookingRequest(house.slot(hour, minute), patient_id=house.patients[patient], overbook=over, length_minutes=length)
    return book_slot(actor, request)


def marks(house: House) -> list[bool]:
    """Tell of each active visit, in order of time then of booking, whether it is marked."""
    return [row.deliberate_overbooking for row in sorted(house.appointments(), key=lambda row: (row.starts_at, row.id)) if row.active]


def test_staff_put_a_second_visit_on_a_taken_time_and_it_is_marked(house, secretary):
    book(house, secretary, 9)
    over = book(house, secretary, 9, over=True, patient=1)
    assert over.overbooked
    assert marks(house) == [False, True]


def test_an_overbooking_where_nothing_is_in_the_way_is_an_ordinary_visit(house, secretary):
    assert not book(house, secretary, 9, over=True).overbooked
    assert marks(house) == [False]


def test_neither_patients_nor_programs_overbook(house, secretary, patient):
    book(house, secretary, 9)
    for actor, named in ((patient, None), (house.api_client(), house.patients[1])):
        with pytest.raises(NotAllowed):
            book_slot(actor, BookingRequest(house.slot(9), patient_id=named, overbook=True))


def test_a_program_does_not_move_a_visit_over_another(house, secretary):
    book(house, secretary, 9)
    other = book(house, secretary, 10)
    with pytest.raises(NotAllowed):
        move_appointment(house.api_client(), other.id, MoveRequest(house.instant(9), overbook=True))


def test_an_ordinary_booking_refuses_a_time_that_only_an_overbooked_visit_takes(house, secretary):
    book(house, secretary, 9, length=20)
    book(house, secretary, 9, 10, over=True, length=40)
    with pytest.raises(SlotTaken):
        book(house, secretary, 9, 40)


def test_an_ordinary_visit_is_not_moved_onto_an_overbooked_one(house, secretary):
    book(house, secretary, 9, length=20)
    book(house, secretary, 9, 10, over=True, length=40)
    later = book(house, secretary, 11)
    with pytest.raises(SlotTaken):
        move_appointment(secretary, later.id, MoveRequest(house.instant(9, 40)))


def test_cancelling_the_ordinary_visit_promotes_the_earliest_overbooked_one(house, secretary):
    first = book(house, secretary, 9)
    book(house, secretary, 9, over=True, patient=1)
    book(house, secretary, 9, over=True)
    cancel_appointment(secretary, first.id)
    assert marks(house) == [False, True]
    assert overlaps() == 0


def test_moving_the_ordinary_visit_away_promotes_what_was_under_it(house, secretary):
    first = book(house, secretary, 9)
    over = book(house, secretary, 9, over=True, patient=1)
    move_appointment(secretary, first.id, MoveRequest(house.instant(11)))
    assert marks(house) == [False, False]
    assert read_appointment(secretary, over.id).history[-1].action == "appointment:promoted"


def test_what_is_still_under_another_ordinary_visit_is_not_promoted(house, secretary):
    first = book(house, secretary, 9, length=20)
    book(house, secretary, 9, 20, length=20)
    book(house, secretary, 9, over=True, length=40, patient=1)
    cancel_appointment(secretary, first.id)
    assert sorted(marks(house)) == [False, True]


def test_cancelling_an_overbooked_visit_promotes_nothing(house, secretary):
    book(house, secretary, 9)
    second = book(house, secretary, 9, over=True, patient=1)
    book(house, secretary, 9, over=True)
    cancel_appointment(secretary, second.id)
    assert marks(house) == [False, True]


def test_an_overbooked_visit_moved_to_free_time_is_ordinary(house, secretary):
    book(house, secretary, 9)
    over = book(house, secretary, 9, over=True, patient=1)
    move_appointment(secretary, over.id, MoveRequest(house.instant(11)))
    assert marks(house) == [False, False]


def test_an_overbooked_visit_may_change_its_length_where_it_is(house, secretary):
    book(house, secretary, 9)
    over = book(house, secretary, 9, over=True, patient=1)
    move_appointment(secretary, over.id, MoveRequest(house.instant(9), length_minutes=30))
    assert marks(house) == [False, True]


def test_staff_move_an_ordinary_visit_over_another_if_they_insist(house, secretary):
    book(house, secretary, 9)
    other = book(house, secretary, 10, patient=1)
    with pytest.raises(SlotTaken):
        move_appointment(secretary, other.id, MoveRequest(house.instant(9)))
    assert move_appointment(secretary, other.id, MoveRequest(house.instant(9), overbook=True)).overbooked
    assert overlaps() == 0


def test_a_cancelled_visit_is_not_restored_under_an_overbooked_one(house, secretary):
    first = book(house, secretary, 9)
    book(house, secretary, 9, over=True, patient=1)
    cancel_appointment(secretary, first.id)
    with pytest.raises(SlotTaken):
        restore_appointment(secretary, first.id)


@pytest.mark.concurrency
def test_many_overbookings_at_once_on_a_free_time_leave_one_ordinary_visit(house):
    people = [house.secretary() for _ in range(6)]
    acts = [lambda actor=actor: book(house, actor, 9, over=True) for actor in people]
    assert race(acts) == {"done": 6}
    assert sorted(marks(house)) == [False] + 5 * [True]
    assert overlaps() == 0
