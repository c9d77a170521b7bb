"""What somebody learns who had to wait for the lock: the agenda as it is once the lock is theirs, not as it was before."""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from maiia_pro.agenda import booking, context
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.errors import NotOffered, SlotTaken
from maiia_pro.kernel.db import libpq_url
from tests.concurrency.racing import active_visits, overlaps, race, until_somebody_waits
from tests.factories import new_patient_account

pytestmark = [pytest.mark.integration, pytest.mark.concurrency]

LOCK = "select from practitioner where id = %s for no key update"


@pytest.fixture
def saw_nothing_there(monkeypatch) -> None:
    """Let those who book have looked before anybody else came."""
    load_slot = context.load_slot

    def blind(*asked, **more):
        offering, _taken, record_id = load_slot(*asked, **more)
        return offering, None, record_id

    monkeypatch.setattr(booking, "load_slot", blind)


def booked_while_waiting(house, database, change: str, value: object):
    """Let a patient book at nine while somebody holds the practitioner's row, changes something and commits; give the answer to come."""
    patient = new_patient_account()
    with ThreadPoolExecutor(1) as pool, psycopg.connect(libpq_url(database.owner)) as holder:
        holder.execute(LOCK, [house.practitioners[0]])
        answer = pool.submit(book_slot, patient, BookingRequest(house.slot(9)))
        until_somebody_waits()
        holder.execute(change, [value])
        holder.commit()
    return answer


def test_a_slot_freed_while_one_waits_is_booked(house, clean_database, saw_nothing_there):
    first = book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    answer = booked_while_waiting(
        house, clean_database, "update appointment set status = 'cancelled', cancelled_at = now() where id = %s", first.id
    )
    assert answer.result().starts_at == first.starts_at
    assert active_visits(house.practitioners[0]) == 1
    assert overlaps() == 0


def test_hours_closed_while_one_waits_are_not_booked(house, clean_database):
    close = """
        with closed as (delete from opening_rule where practitioner_id = %s returning practitioner_id)
        update practitioner set agenda_version = agenda_version + 1 where id in (select practitioner_id from closed)
    """
    with pytest.raises(NotOffered):
        booked_while_waiting(house, clean_database, close, house.practitioners[0]).result()
    assert active_visits(house.practitioners[0]) == 0


def test_of_a_crowd_of_patients_at_one_slot_few_ask_the_database(house, monkeypatch):
    asked, load_slot = [], context.load_slot

    def counted(*values, **more):
        asked.append(values)
        time.sleep(0.2)  # the crowd comes while the first one asks
        return load_slot(*values, **more)

    monkeypatch.setattr(booking, "load_slot", counted)
    crowd = [new_patient_account() for _ in range(12)]
    outcomes = race([lambda one=one: book_slot(one, BookingRequest(house.slot(9))) for one in crowd])
    assert outcomes == {"done": 1, "SlotTaken": 11}
    assert len(asked) < 12


def test_who_comes_to_a_slot_after_it_was_freed_is_not_told_of_the_crowd_before(house):
    first, second = new_patient_account(), new_patient_account()
    booked = book_slot(first, BookingRequest(house.slot(9)))
    with pytest.raises(SlotTaken):
        book_slot(second, BookingRequest(house.slot(9)))
    cancel_appointment(first, booked.id)
    assert book_slot(second, BookingRequest(house.slot(9)))


def test_a_crowd_at_a_slot_that_is_not_offered_is_told_so_one_by_one(house):
    crowd = [new_patient_account() for _ in range(6)]
    assert race([lambda one=one: book_slot(one, BookingRequest(house.slot(13))) for one in crowd]) == {"NotOffered": 6}
