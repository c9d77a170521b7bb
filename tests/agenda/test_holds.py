"""A slot that a visitor chose is theirs for ten minutes: nobody else takes it, they book it, and nothing is left of it afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from maiia_pro.agenda import holds
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.day import agenda_window
from maiia_pro.agenda.errors import InThePast, NoOnlineBooking, NotOffered, ResourceTaken, SlotHeld, SlotTaken
from maiia_pro.agenda.holds import HELD_FOR, Visitor, break_hold, hold_slot, release_holds, sweep_holds
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotAllowed, NotFound, TooMany
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.practice.tables import Offer
from tests.factories import House, clock_at, new_patient_account

pytestmark = pytest.mark.integration

ANYBODY = Actor.anonymous()
HERE, THERE = Visitor.of("un onglet", "192.0.2.1"), Visitor.of("un autre onglet", "192.0.2.2")


@pytest.fixture(autouse=True)
def nothing_asked_yet():
    forget_requests()


def held(house: House) -> int:
    """Count the rows of holds, over or not."""
    with reading() as session:
        return int(session.connection().execute(text("select count(*) from appointment where held_until is not null")).scalar_one())


def offered(house: House) -> set[str]:
    found = free_slots(ANYBODY, FreeSlotQuery(house.instant(8), house.instant(18), (house.offerings[0],)))
    return {slot.key for slot in found}


def later(house: House):
    """Let ten minutes pass, and a second."""
    return clock_at(clock.now() + HELD_FOR + timedelta(seconds=1))


def test_a_held_slot_is_offered_to_nobody_else(house):
    slot = house.slot(9)
    hold_slot(ANYBODY, slot, HERE)
    assert str(slot) not in offered(house)


def test_a_held_slot_is_refused_to_others_with_the_word_that_it_may_come_back(house, patient):
    hold_slot(ANYBODY, house.slot(9), HERE)
    with pytest.raises(SlotHeld):
        book_slot(patient, BookingRequest(house.slot(9)))
    with pytest.raises(SlotHeld):
        hold_slot(ANYBODY, house.slot(9), THERE)


def test_who_holds_a_slot_books_it_and_no_hold_is_left(house, patient):
    hold_slot(ANYBODY, house.slot(9), HERE)
    booked = book_slot(patient, BookingRequest(house.slot(9), visitor=HERE.browser))
    assert booked.starts_at == house.instant(9)
    assert held(house) == 0


def test_a_hold_outlives_signing_in_and_then_serves_the_account_on_another_device(house, patient):
    hold_slot(ANYBODY, house.slot(9), HERE)
    hold_slot(patient, house.slot(9), HERE)
    assert book_slot(patient, BookingRequest(house.slot(9), visitor=THERE.browser))


def test_holding_again_neither_lengthens_nor_doubles_a_hold(house):
    first = hold_slot(ANYBODY, house.slot(9), HERE)
    assert hold_slot(ANYBODY, house.slot(9), HERE) == first
    assert held(house) == 1


def test_a_third_hold_lets_the_oldest_go(house):
    for hour in (9, 10, 11):
        hold_slot(ANYBODY, house.slot(hour), HERE)
    assert held(house) == 2
    assert str(house.slot(9)) in offered(house)


def test_a_network_holds_no_more_than_its_share(house, monkeypatch):
    monkeypatch.setattr(holds, "MOST_A_NETWORK", 2)
    for number, hour in enumerate((9, 10)):
        hold_slot(ANYBODY, house.slot(hour), Visitor.of(f"onglet {number}", "192.0.2.1"))
    with pytest.raises(TooMany):
        hold_slot(ANYBODY, house.slot(11), Visitor.of("onglet 3", "192.0.2.1"))
    assert hold_slot(ANYBODY, house.slot(11), Visitor.of("onglet 3", "192.0.2.9"))


def test_a_network_begins_only_so_many_holds_a_minute(house, monkeypatch):
    monkeypatch.setattr(holds, "NEW_A_MINUTE", 1)
    hold_slot(ANYBODY, house.slot(9), HERE)
    with pytest.raises(TooMany):
        hold_slot(ANYBODY, house.slot(10), HERE)


def test_a_hold_that_is_over_is_offered_and_booked_over(house, patient):
    hold_slot(ANYBODY, house.slot(9), HERE)
    with later(house):
        assert str(house.slot(9)) in offered(house)
        assert book_slot(patient, BookingRequest(house.slot(9)))
    assert held(house) == 0


def test_the_desk_books_over_a_hold_that_is_over(house):
    hold_slot(ANYBODY, house.slot(9), HERE)
    with later(house):
        booked = book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    assert not booked.overbooked


def test_a_visit_moves_over_a_hold_that_is_over(house):
    desk = house.secretary()
    booked = book_slot(desk, BookingRequest(house.slot(8), patient_id=house.patients[0]))
    hold_slot(ANYBODY, house.slot(9), HERE)
    with later(house):
        assert move_appointment(desk, booked.id, MoveRequest(house.instant(9))).starts_at == house.instant(9)


def test_who_held_too_long_and_comes_first_all_the_same_books(house, patient):
    hold_slot(ANYBODY, house.slot(9), HERE)
    with later(house):
        assert book_slot(patient, BookingRequest(house.slot(9), visitor=HERE.browser))


def test_the_worker_removes_what_is_over_and_nothing_else(house):
    hold_slot(ANYBODY, house.slot(9), HERE)
    assert sweep_holds(WORKER) == 0
    with later(house):
        hold_slot(ANYBODY, house.slot(10), THERE)
        assert sweep_holds(WORKER) in {0, 1}
    assert held(house) == 1


def test_leaving_gives_back_all_that_the_browser_holds(house):
    hold_slot(ANYBODY, house.slot(9), HERE)
    hold_slot(ANYBODY, house.slot(10), HERE)
    hold_slot(ANYBODY, house.slot(11), THERE)
    release_holds(ANYBODY, HERE)
    assert held(house) == 1


def test_the_desk_is_refused_a_held_slot_until_it_insists_and_then_it_is_no_overbooking(house):
    desk = house.secretary()
    hold_slot(ANYBODY, house.slot(9), HERE)
    with pytest.raises(SlotHeld):
        book_slot(desk, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    booked = book_slot(desk, BookingRequest(house.slot(9), patient_id=house.patients[0], overbook=True))
    assert not booked.overbooked
    assert held(house) == 0


def test_a_hold_that_staff_broke_is_told_to_its_visitor(house, patient):
    kept = hold_slot(ANYBODY, house.slot(9), HERE)
    break_hold(house.secretary(), kept.id)
    book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    with pytest.raises(SlotTaken):
        book_slot(patient, BookingRequest(house.slot(9), visitor=HERE.browser))


def test_breaking_a_hold_is_written_in_the_history(house):
    kept = hold_slot(ANYBODY, house.slot(9), HERE)
    break_hold(house.secretary(), kept.id)
    with reading() as session:
        found = session.connection().execute(text("select actor_name from audit_entry where action = 'hold:broken'")).all()
    assert [name for (name,) in found] == ["Sylvie Moreau"]


def test_another_practice_cannot_break_a_hold_nor_a_patient(house, other_house, patient):
    kept = hold_slot(ANYBODY, house.slot(9), HERE)
    with pytest.raises(NotFound) as theirs:
        break_hold(other_house.secretary(), kept.id)
    with pytest.raises(NotFound) as nobodys:
        break_hold(other_house.secretary(), uuid7())
    assert theirs.value.message == nobodys.value.message
    with pytest.raises(NotAllowed):
        break_hold(patient, kept.id)


def test_breaking_names_a_hold_and_never_a_visit(house):
    desk = house.secretary()
    booked = book_slot(desk, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    with pytest.raises(NotFound):
        break_hold(desk, booked.id)


def test_a_hold_is_no_appointment_that_anybody_could_cancel(house):
    kept = hold_slot(ANYBODY, house.slot(9), HERE)
    with pytest.raises(NotFound):
        cancel_appointment(house.secretary(), kept.id)


def test_staff_see_holds_beside_the_visits(house):
    kept = hold_slot(ANYBODY, house.slot(9), HERE)
    found = agenda_window(house.secretary(), house.practitioners, house.instant(9).date())
    assert found.blocks == ()
    assert [(hold.id, hold.starts_at, hold.held_until) for hold in found.holds] == [(kept.id, house.instant(9), kept.held_until)]


def test_holds_that_are_over_are_not_shown(house):
    hold_slot(ANYBODY, house.slot(9), HERE)
    with later(house):
        assert agenda_window(house.secretary(), house.practitioners, house.instant(9).date()).holds == ()


def one_room_for_two() -> House:
    """Two practitioners whose visits need the one room of the place."""
    house = House.ready(practitioners=2)
    house.rooms(*house.reasons)
    return house


def test_a_hold_keeps_the_room_that_its_visit_needs(clean_database, patient):
    house = one_room_for_two()
    hold_slot(ANYBODY, house.slot(9), HERE)
    with pytest.raises(ResourceTaken):
        book_slot(house.secretary(), BookingRequest(house.slot(9, offering=1), patient_id=house.patients[0]))
    assert book_slot(patient, BookingRequest(house.slot(9), visitor=HERE.browser))


def test_a_hold_that_is_over_gives_its_room_to_a_colleagues_visit(clean_database, patient):
    house = one_room_for_two()
    hold_slot(ANYBODY, house.slot(9), HERE)
    with later(house):
        assert book_slot(patient, BookingRequest(house.slot(9, offering=1)))


def test_where_no_room_is_free_nothing_can_be_held(clean_database, patient):
    house = one_room_for_two()
    book_slot(patient, BookingRequest(house.slot(9, offering=1)))
    with pytest.raises(ResourceTaken):
        hold_slot(ANYBODY, house.slot(9), HERE)


def test_only_what_is_offered_can_be_held(house, patient):
    with pytest.raises(NotOffered):
        hold_slot(ANYBODY, house.slot(9, 7), HERE)
    with pytest.raises(InThePast):
        hold_slot(ANYBODY, house.slot(9, days=-1), HERE)
    with pytest.raises(NotAllowed):
        hold_slot(house.secretary(), house.slot(9), HERE)


def test_a_practice_on_the_initial_offer_has_nothing_to_hold(clean_database):
    house = House.ready(offer=Offer.INITIAL)
    with pytest.raises(NoOnlineBooking):
        hold_slot(ANYBODY, house.slot(9), HERE)


def test_a_visit_moves_to_the_slot_that_its_patient_holds(house, patient):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    hold_slot(patient, house.slot(11), HERE, moving=booked.id)
    moved = move_appointment(patient, booked.id, MoveRequest(house.instant(11), visitor=HERE.browser))
    assert moved.starts_at == house.instant(11)
    assert held(house) == 0


def test_where_the_visit_itself_lies_in_the_way_nothing_needs_holding(clean_database, patient):
    house = House()
    site, practitioner = house.site(), house.practitioner()
    house.hours(practitioner, site)
    house.offering(house.reason(practitioner, minutes=30, step=10))
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    assert hold_slot(patient, house.slot(9, 10), HERE, moving=booked.id) is None
    assert move_appointment(patient, booked.id, MoveRequest(house.instant(9, 10), visitor=HERE.browser))


def test_somebody_elses_visit_named_as_moving_changes_nothing(house, patient):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    with pytest.raises(NotFound):
        hold_slot(new_patient_account(), house.slot(9), THERE, moving=booked.id)
    assert held(house) == 0


def test_neither_the_tab_nor_the_network_can_be_read_in_the_row(house):
    hold_slot(ANYBODY, house.slot(9), HERE)
    with reading() as session:
        row = str(session.connection().execute(text("select held_by, held_from from appointment")).one())
    assert "onglet" not in row
    assert "192.0.2" not in row
