"""Delays: announced for today, suggested from what the day shows, told live and by mail once a change that counts."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.status import set_status
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.notifications.outbox import tell_delay
from maiia_pro.patients.preferences import Channel, Kind, save_preferences
from maiia_pro.reception.lateness import announce_delay, delay_board, my_delays, who_to_tell
from tests.factories import clock_at
from tests.patients.test_preferences import without_address

pytestmark = pytest.mark.integration


@pytest.fixture
def secretary(house):
    return house.secretary()


@pytest.fixture
def morning(house):
    """Tomorrow, half past eight."""
    with clock_at(house.instant(8, 30)):
        yield


def told(session_text: str = "reception.delay_told") -> int:
    with reading() as session:
        query = text("select count(*) from jobs.procrastinate_jobs where task_name = :name")
        return session.connection().execute(query, {"name": session_text}).scalar_one()


def test_a_delay_is_told_to_the_patients_of_today_and_to_no_other(house, patient, secretary, morning):
    book_slot(patient, BookingRequest(house.slot(9, days=0)))
    book_slot(patient, BookingRequest(house.slot(9, days=1)))
    announce_delay(secretary, house.practitioners[0], 20)
    assert [(one.starts_at, one.minutes) for one in my_delays(patient)] == [(house.instant(9, days=0), 20)]


def test_a_visit_is_still_to_come_as_long_as_the_delay_makes_it_wait(house, patient, secretary, morning):
    visit = book_slot(patient, BookingRequest(house.slot(9, days=0)))
    announce_delay(secretary, house.practitioners[0], 40)
    with clock_at(visit.ends_at + timedelta(minutes=39)):
        assert [one.appointment_id for one in my_delays(patient)] == [visit.id]
    with clock_at(visit.ends_at + timedelta(minutes=40)):
        assert my_delays(patient) == []


def test_it_ends_by_itself_with_the_day(house, patient, secretary):
    with clock_at(house.instant(17)):
        announce_delay(secretary, house.practitioners[0], 20)
    with clock_at(house.instant(23, 59)):
        assert delay_board(secretary)[0].minutes == 20
    with clock_at(house.instant(0, days=2)):
        assert delay_board(secretary)[0].minutes == 0
        assert who_to_tell(WORKER, house.practitioners[0]) == (0, [])


def test_the_delay_that_shows_is_that_of_the_last_seen_or_of_who_waits_longest(house, secretary, morning):
    visits = [book_slot(secretary, BookingRequest(house.slot(9, minute, days=0), patient_id=house.patients[0])) for minute in (0, 20)]
    with clock_at(visits[0].starts_at + timedelta(minutes=12)):
        set_status(secretary, visits[0].id, Status.IN_PROGRESS)
        assert delay_board(secretary)[0].suggested == 10
    with clock_at(visits[1].starts_at + timedelta(minutes=26)):
        set_status(secretary, visits[1].id, Status.ARRIVED)
        assert (delay_board(secretary)[0].suggested, delay_board(secretary)[0].minutes) == (25, 0)


def test_a_mail_leaves_once_for_each_change_of_more_than_ten_minutes(house, secretary, morning):
    for minutes, jobs in ((10, 0), (15, 1), (20, 1), (25, 1), (26, 2), (26, 2), (0, 3)):
        announce_delay(secretary, house.practitioners[0], minutes)
        assert told() == jobs, minutes


def test_the_mail_goes_to_those_who_come_soon_and_have_not_arrived(house, secretary, morning):
    known = house.patient(email="josiane@exemple.fr")
    soon, here, far = [book_slot(secretary, BookingRequest(house.slot(hour, days=0), patient_id=known)) for hour in (9, 10, 17)]
    book_slot(secretary, BookingRequest(house.slot(11, days=0), patient_id=house.patients[0]))
    set_status(secretary, here.id, Status.ARRIVED)
    announce_delay(secretary, house.practitioners[0], 20)
    assert who_to_tell(WORKER, house.practitioners[0]) == (20, [soon.id])
    assert far.id not in who_to_tell(WORKER, house.practitioners[0])[1]


def test_the_mail_says_how_late_and_is_written_once(house, secretary, morning):
    known = house.patient(email="josiane@exemple.fr")
    visit = book_slot(secretary, BookingRequest(house.slot(9, days=0), patient_id=known))
    first = tell_delay(WORKER, visit.id, 20, "a")
    assert tell_delay(WORKER, visit.id, 20, "a") == first
    with reading() as session:
        mails = session.connection().execute(text("select subject, body from outgoing_email")).all()
    assert len(mails) == 1
    assert mails[0].subject == "Retard à votre rendez-vous de 9\u00a0h\u00a000"
    assert "20\u00a0min de retard" in mails[0].body
    assert "Consultation" not in mails[0].body


def test_only_the_practices_staff_announce_and_no_more_than_four_hours(house, secretary, other_house, patient):
    for actor, minutes, refusal in (
        (other_house.secretary(), 10, NotFound),
        (patient, 10, NotAllowed),
        (house.api_client(), 10, NotAllowed),
        (secretary, 241, Invalid),
        (secretary, -5, Invalid),
    ):
        with pytest.raises(refusal):
            announce_delay(actor, house.practitioners[0], minutes)
    assert delay_board(secretary)[0].minutes == 0


def test_who_has_a_number_alone_is_told_by_sms_and_who_has_nothing_is_named_to_the_desk(house, patient, secretary, morning):
    reached = book_slot(without_address(patient), BookingRequest(house.slot(9, days=0)))
    lost = house.patient("Blanc", "Odette", phone="+33241000001")
    book_slot(secretary, BookingRequest(house.slot(10, days=0), patient_id=lost))
    [call] = announce_delay(secretary, house.practitioners[0], 20)
    assert (call.name, call.phone, call.starts_at) == ("Odette Blanc", "+33241000001", house.instant(10, days=0))
    assert who_to_tell(WORKER, house.practitioners[0]) == (20, [reached.id])
    assert announce_delay(secretary, house.practitioners[0], 25) == []  # a change that no message tells


def test_who_refuses_delays_by_sms_is_named_to_the_desk(house, patient, secretary, morning):
    book_slot(without_address(patient), BookingRequest(house.slot(9, days=0)))
    save_preferences(patient, {(Kind.DELAYS, Channel.SMS): False})
    assert [call.name for call in announce_delay(secretary, house.practitioners[0], 20)] == ["Josiane Keller"]
    assert who_to_tell(WORKER, house.practitioners[0]) == (20, [])
