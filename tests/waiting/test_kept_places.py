"""Which of the time that becomes free is offered, and what is kept with it."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import text

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.errors import ResourceTaken
from maiia_pro.kernel.db import reading
from maiia_pro.waiting.answering import accept_offer
from maiia_pro.waiting.listing import my_wishes
from maiia_pro.waiting.offering import offer_freed
from tests.factories import House, clock_at
from tests.waiting.wishes import WORKER, at_noon, freed, holds, offers, visits, wished

pytestmark = pytest.mark.integration


def test_a_place_is_kept_with_the_room_that_its_visit_needs(clean_database, patient):
    house = House.ready(practitioners=2)
    (room,) = house.rooms(*house.reasons)
    secretary = house.secretary()
    with clock_at(at_noon()):
        wished(house, patient)
        freed(house)
        with reading() as session:
            assert session.connection().execute(text("select resource_id from resource_booking")).scalars().all() == [room]
        with pytest.raises(ResourceTaken):
            book_slot(secretary, BookingRequest(house.slot(9, offering=1), patient_id=house.patients[0]))
        accept_offer(patient, offers(house)[0].id)
        assert [visit.starts_at for visit in visits(house)] == [house.instant(9)]


def test_a_start_that_an_odd_visit_kept_others_from_is_offered_when_it_goes(house, patient):
    with clock_at(at_noon()):
        wished(house, patient)
        begins = house.instant(9, 5)
        offer_freed(WORKER, house.practitioners[0], begins, begins + timedelta(minutes=10))
        assert [hold.starts_at for hold in holds(house)] == [house.instant(9)]


def test_where_the_first_free_start_leaves_no_time_to_answer_a_later_one_is_offered(house, patient):
    with clock_at(house.instant(8, 5)):
        wished(house, patient)
        offer_freed(WORKER, house.practitioners[0], house.instant(9, days=0), house.instant(10, days=0))
        assert [hold.starts_at for hold in holds(house)] == [house.instant(9, 20, days=0)]


def test_in_papeete_a_wish_holds_until_the_evening_of_its_last_day(clean_database, patient):
    house = House.ready(zone="Pacific/Tahiti")
    day = date(2027, 6, 30)
    with clock_at(house.instant(14, 30, day=day)):
        wished(house, patient, until=day, ends=time(23))
        assert [wish.over for wish in my_wishes(patient)] == [False]
        freed(house, 17, day=day)
    assert [hold.starts_at for hold in holds(house)] == [house.instant(17, day=day)]
