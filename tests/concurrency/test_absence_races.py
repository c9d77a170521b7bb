"""An absence settled while somebody books the same places, or settles it too; without walls they would overlap."""

import pytest

from maiia_pro.agenda.absence import Choice, Upset, stranded_visits
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.settle import Settlement, Wish, settle
from maiia_pro.kernel.actor import Actor
from tests.agenda.test_absence import booked, day_off, wish
from tests.concurrency.racing import overlaps, race
from tests.factories import House

pytestmark = [pytest.mark.integration, pytest.mark.concurrency]


@pytest.fixture
def house(clean_database) -> House:
    """Two practitioners who offer the same reason at the same site."""
    return House.ready(practitioners=2)


@pytest.fixture
def secretary(house) -> Actor:
    return house.secretary()


def absence(house: House, actor: Actor, days: int = 1) -> tuple[Upset, list[Wish]]:
    """Choose the colleague for every visit of a day."""
    upset = Upset(house.practitioners[0], closing=day_off(house, days))
    return upset, [wish(line, Choice.COLLEAGUE) for line in stranded_visits(actor, upset)]


def settling(actor: Actor, asked: tuple[Upset, list[Wish]], came: list[Settlement]):
    return lambda: came.append(settle(actor, *asked))


def rival(house: House, actor: Actor, days: int = 1):
    request = BookingRequest(house.slot(10, days=days, offering=1), patient_id=house.patients[1])
    return lambda: book_slot(actor, request)


def test_of_a_settlement_and_a_booking_of_its_place_one_wins_and_nothing_overlaps(house, secretary):
    for days in range(1, 6):
        booked(house, secretary, (9, 0), (10, 0), days=days)
        came: list[Settlement] = []
        outcome = race([settling(secretary, absence(house, secretary, days), came), *3 * [rival(house, secretary, days)]])
        won = came[0].settled.get(Choice.COLLEAGUE, 0)
        assert won in {0, 2}
        assert outcome == ({"done": 1, "SlotTaken": 3} if won else {"done": 2, "SlotTaken": 2})
        assert overlaps() == 0


def test_without_walls_they_take_the_same_place(house, secretary, without_walls, without_constraint):
    booked(house, secretary, (10, 0))
    assert race([settling(secretary, absence(house, secretary), []), rival(house, secretary)]) == {"done": 2}
    assert overlaps() == 1


def test_two_who_settle_the_same_absence_move_each_visit_once(house, secretary):
    booked(house, secretary, (9, 0), (10, 0), (11, 0))
    asked, came = absence(house, secretary), []
    race([settling(actor, asked, came) for actor in (secretary, house.secretary("Marc Tanguy"))])
    assert sorted(one.settled.get(Choice.COLLEAGUE, 0) for one in came) == [0, 3]
    assert {row.version for row in house.appointments()} == {2}
    assert overlaps() == 0
