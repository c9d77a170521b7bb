"""What leaves by both ways, to an address and to a number; and what a series says by each."""

import re
from datetime import timedelta

import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.series import SeriesBooking, book_series
from maiia_pro.agenda.tables import VisitReason
from maiia_pro.agenda.visit_link import actor_of_link
from maiia_pro.identity.tokens import token_hash
from maiia_pro.jobs.handlers import DELAY_RETRY, WORKER, bind
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.queue import queue
from maiia_pro.notifications.outbox import tell_appointment, tell_delay
from maiia_pro.notifications.reaching import text_of
from maiia_pro.notifications.series_mail import SUBJECTS
from maiia_pro.patients.preferences import Channel, Kind, save_preferences
from maiia_pro.settings import get_settings
from tests.agenda.test_own_visits import say_how_one_comes_in
from tests.agenda.test_series import places, weekly
from tests.factories import House, clock_at, email_of, new_patient_account
from tests.jobs.test_sms import messages
from tests.patients.test_preferences import NUMBER, with_number
from tests.tools.outbound import mails_in

__all__ = ["messages"]

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("clean_database")]


@pytest.fixture
def reader():
    """A patient who wants changes by both ways."""
    patient = with_number(new_patient_account())
    save_preferences(patient, {(Kind.CHANGES, Channel.SMS): True})
    return patient


def test_a_booking_is_told_once_by_each_way_with_one_link(messages, reader):
    house = House.ready(patients=0)
    booked = book_slot(reader, BookingRequest(house.slot(9)))
    [sms] = messages.texts(NUMBER.removeprefix("+"))
    mail = messages.mailed_to(email_of(reader))
    links = [re.findall(r"/rendez-vous/lien#([\w-]{22})", said) for said in (sms, mail)]
    assert links[0] == links[1]
    assert actor_of_link(token_hash(links[0][0])).visit_id == booked.id
    assert tell_appointment(WORKER, booked.id, "booked", 1)
    assert (messages.texts(NUMBER.removeprefix("+")), len(mails_in(messages.mails))) == ([], 1)


def test_a_delay_is_told_by_either_way_within_two_minutes_or_not_at_all(messages, reader):
    booked = book_slot(reader, BookingRequest(House.ready(patients=0).slot(9)))
    messages.sent()
    with clock_at(booked.starts_at - timedelta(minutes=30)):
        assert tell_delay(WORKER, booked.id, 20, "a")
    with reading() as session:
        [(waiting,)] = exchange(session, "select task_name from jobs.procrastinate_jobs where status = 'todo'", {}).fetchall()
    bind(queue())
    assert queue().tasks[waiting].retry_strategy is DELAY_RETRY
    queue.cache_clear()


def test_a_series_is_told_by_sms_with_a_link_to_its_first_visit_and_by_mail_with_how_one_comes_in(messages, reader):
    house = House.ready(patients=0)
    say_how_one_comes_in(house)
    with transaction() as session:
        session.get_one(VisitReason, house.reasons[0]).bring = ["Ordonnance"]
    record = book_slot(reader, BookingRequest(house.slot(15))).patient_id
    messages.sent()
    secretary, asked = house.secretary(), weekly(house)
    given = book_series(secretary, SeriesBooking(asked, places(secretary, asked), patient_id=record))
    [sms] = messages.texts(NUMBER.removeprefix("+"))
    found = re.search(r"vos 4 rendez-vous sont confirmés, dès le .*\. Le 1er : \S+/rendez-vous/lien#([\w-]{22})$", sms)
    assert found
    assert actor_of_link(token_hash(found[1])).visit_id == given.visits[0].id
    [mail] = [one for one in mails_in(messages.mails) if one["Subject"].startswith("Vos 4 rendez-vous")]
    text = mail.get_body().get_content()
    assert "Interphone 12B." in text
    assert "À apporter\u00a0: Ordonnance." in text


def test_the_sms_of_the_longest_series_is_one_message(monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://rdv.exemple.fr")
    get_settings.cache_clear()
    subject = SUBJECTS["booked"].format(count=24, when="mercredi 23 septembre, 14 h 30")
    said = text_of(subject, f"{get_settings().base_url}/rendez-vous/lien#{'x' * 22}", "Le 1er")
    monkeypatch.undo()
    get_settings.cache_clear()
    assert len(said) <= 160
