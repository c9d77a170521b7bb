"""The whole way through a real queue and a real SMTP conversation: cancelled, offered, told, answered."""

import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.waiting.answering import accept_offer, decline_offer
from maiia_pro.waiting.wishing import NewWish, add_wish
from tests.agenda.test_series import give
from tests.factories import clock_at, email_of, new_patient_account
from tests.jobs.test_mail import mailbox
from tests.tools.outbound import mails_in, work_once
from tests.waiting.wishes import at_noon, booked, offers, visits, when, wish_of, wished

__all__ = ["mailbox"]

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def by_day(clean_database):
    """Offers are made by day."""
    with clock_at(at_noon()):
        yield


def test_a_cancelled_place_is_told_to_the_first_then_the_next_and_booked_by_who_accepts(house, patient, mailbox):
    server, folder = mailbox
    other, secretary = new_patient_account("Paul Roy"), house.secretary()
    visit = booked(house, secretary, house.slot(9, days=3))
    wished(house, patient)
    wish = wished(house, other)
    cancel_appointment(secretary, visit.id)
    work_once(server)
    (told,) = [one for one in mails_in(folder) if one["To"] == email_of(patient)]
    assert told["Subject"].startswith("Une place se libère le ")
    assert "/rendez-vous#places" in told.get_body().get_content()
    assert "Consultation" not in told.as_string()
    decline_offer(patient, offers(house)[0].id)
    work_once(server)
    accept_offer(other, offers(house)[1].id)
    work_once(server)
    offered, confirmed = [one["Subject"] for one in mails_in(folder) if one["To"] == email_of(other)]
    assert offered.startswith("Une place se libère le ")
    assert "est confirmé" in confirmed
    assert ([one.starts_at for one in visits(house)], wish_of(wish).standing) == ([house.instant(9, days=3)], "booked")


def test_a_visit_booked_otherwise_takes_the_wish_off_the_list(house, patient, mailbox):
    server, _ = mailbox
    wish = wished(house, patient)
    book_slot(patient, BookingRequest(house.slot(11, days=3)))
    work_once(server)
    assert wish_of(wish).standing == "booked"


def test_a_series_takes_the_wish_of_its_patient_off_the_list(house, mailbox):
    server, _ = mailbox
    secretary = house.secretary()
    new = NewWish(when(), "Consultation", house.practitioners[0], patient_id=house.patients[0])
    wish = add_wish(secretary, house.practice_id, new)
    give(house, secretary)
    work_once(server)
    assert wish_of(wish).standing == "booked"
