"""What leaves by e-mail: a real queue, a real SMTP conversation with the sink, one message an event."""

from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.integrations.smtp.client import MailRefused, MailServer
from maiia_pro.integrations.smtp.sink import MailSink
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotAllowed, Unavailable
from maiia_pro.notifications.outbox import deliver, outbox, outgoing_email, tell_appointment
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.patients.own import add_relative
from maiia_pro.patients.records import Identity
from maiia_pro.practice.tables import Practice
from maiia_pro.settings import get_settings
from tests.factories import House, email_of, new_patient_account
from tests.tools.outbound import mails_in, work_once

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("clean_database")]


@pytest.fixture
def house(clean_database: object) -> House:
    house = House.ready(patients=0)
    house.patient("Keller", "Josiane", email="josiane@example.org")
    house.patient("Sans", "Adresse")
    return house


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[tuple[MailServer, Path]]:
    sink = MailSink(tmp_path)
    yield MailServer.from_url(sink.start()), tmp_path
    sink.stop()


def calendar_of(message: EmailMessage) -> Calendar:
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    return Calendar.from_ical(part.get_content())


def test_a_kept_message_is_for_its_owner_only(house: House, mailbox: tuple[MailServer, Path]) -> None:
    server, folder = mailbox
    book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    work_once(server)
    assert [file.stat().st_mode & 0o777 for file in folder.glob("*.eml")] == [0o600]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_booking_is_confirmed_by_one_message_with_its_calendar(house: House, mailbox: tuple[MailServer, Path]) -> None:
    server, folder = mailbox
    booked = book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    work_once(server)
    (message,) = mails_in(folder)
    (event,) = calendar_of(message).walk("VEVENT")
    assert message["To"] == "josiane@example.org"
    assert "est confirmé" in message["Subject"]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (booked.starts_at, booked.ends_at)


def test_the_message_names_no_reason_for_the_visit(house: House, mailbox: tuple[MailServer, Path]) -> None:
    server, folder = mailbox
    book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0], note="Fièvre"))
    work_once(server)
    (message,) = mails_in(folder)
    assert "Consultation" not in message.as_string()
    assert "Fièvre" not in message.as_string()


@pytest.mark.requirement(72)
def test_a_move_and_a_cancellation_are_told_each_once(house: House, mailbox: tuple[MailServer, Path]) -> None:
    server, folder = mailbox
    secretary = house.secretary()
    booked = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    work_once(server)
    move_appointment(secretary, booked.id, MoveRequest(house.instant(10)))
    work_once(server)
    cancel_appointment(secretary, booked.id)
    work_once(server)
    work_once(server)
    calendars = [calendar_of(message) for message in mails_in(folder)]
    assert sorted(str(calendar["METHOD"]) for calendar in calendars) == ["CANCEL", "PUBLISH", "PUBLISH"]
    assert sorted(int(event["SEQUENCE"]) for calendar in calendars for event in calendar.walk("VEVENT")) == [1, 2, 3]


def test_a_patient_without_address_gets_nothing(house: House, mailbox: tuple[MailServer, Path]) -> None:
    server, folder = mailbox
    book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[1]))
    work_once(server)
    assert mails_in(folder) == []


def test_an_event_told_twice_is_one_message(house: House, mailbox: tuple[MailServer, Path]) -> None:
    server, folder = mailbox
    booked = book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    first, second = (tell_appointment(WORKER, booked.id, "booked", 1) for _ in range(2))
    assert first is not None
    assert first == second
    assert [deliver(WORKER, first, server), deliver(WORKER, first, server)] == [True, False]
    assert len(mails_in(folder)) == 1


def test_a_server_that_does_not_answer_leaves_the_message_in_the_outbox(house: House) -> None:
    booked = book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    email_id = tell_appointment(WORKER, booked.id, "booked", 1)
    assert email_id is not None
    with pytest.raises(MailRefused):
        deliver(WORKER, email_id, MailServer("127.0.0.1", 1, "", "", tls=False))
    with reading() as session:
        assert session.exec(select(OutgoingEmail.sent_at)).one() is None


def test_without_a_mail_server_the_message_waits(house: House) -> None:
    booked = book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    email_id = tell_appointment(WORKER, booked.id, "booked", 1)
    assert email_id is not None
    with pytest.raises(Unavailable, match="SMTP_URL"):
        deliver(WORKER, email_id)


def test_the_outbox_opens_only_in_a_demonstration(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "0")
    get_settings.cache_clear()
    with pytest.raises(NotAllowed):
        outbox(house.secretary())
    monkeypatch.undo()
    get_settings.cache_clear()


def test_the_outbox_shows_no_message_of_a_real_practice(house: House) -> None:
    booked = book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    tell_appointment(WORKER, booked.id, "booked", 1)
    assert outbox(house.secretary()) == []


def test_the_outbox_shows_whole_addresses_only_where_they_are_invented_or_the_viewers_own(house: House) -> None:
    with transaction() as session:
        session.get_one(Practice, house.practice_id).is_demo = True
    viewer = new_patient_account()
    own = email_of(viewer)
    expected = {"claire@demonstration.example": "claire@demonstration.example", "josiane@exemple.fr": "j•••@exemple.fr", own: own}
    for minute, address in enumerate(expected):
        known = house.patient(email=address)
        booked = book_slot(house.secretary(), BookingRequest(house.slot(9, 20 * minute), patient_id=known))
        tell_appointment(WORKER, booked.id, "booked", 1)
    listed = outbox(viewer)
    assert {mail.recipient for mail in listed} == set(expected.values())
    assert {outgoing_email(viewer, mail.id).recipient for mail in listed} == set(expected.values())


def test_only_the_software_itself_sends(house: House) -> None:
    with pytest.raises(NotAllowed):
        tell_appointment(house.secretary(), house.practice_id, "booked", 1)


def test_the_word_given_with_a_cancellation_is_in_the_message(house: House, mailbox: tuple[MailServer, Path]) -> None:
    server, folder = mailbox
    secretary = house.secretary()
    booked = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    cancel_appointment(secretary, booked.id, "Le docteur est souffrant.")
    work_once(server)
    (message,) = mails_in(folder)
    body = message.get_body()
    assert body is not None
    assert "Le docteur est souffrant." in body.get_content()


def told_by_each_event(actor: Actor, request: BookingRequest, house: House) -> list[OutgoingEmail]:
    """Book, move and cancel, and give the three messages."""
    booked = book_slot(actor, request)
    tell_appointment(WORKER, booked.id, "booked", 1)
    move_appointment(actor, booked.id, MoveRequest(house.instant(10)))
    tell_appointment(WORKER, booked.id, "moved", 2)
    cancel_appointment(actor, booked.id)
    tell_appointment(WORKER, booked.id, "cancelled", 3)
    with reading() as session:
        return list(session.exec(select(OutgoingEmail).order_by(OutgoingEmail.created_at)))


def test_a_message_about_a_relative_greets_the_holder_and_names_who_comes(house: House) -> None:
    holder = new_patient_account("Josiane Keller")
    relative = add_relative(holder, Identity("Inès", "Keller", date(2020, 2, 28)))
    mails = told_by_each_event(holder, BookingRequest(house.slot(9), person_id=relative.id), house)
    assert [mail.recipient for mail in mails] == [email_of(holder)] * 3
    for mail, word in zip(mails, ("confirmé", "déplacé", "annulé"), strict=True):
        assert mail.body.startswith("Bonjour Josiane Keller,")
        assert "Pour\u00a0: Inès Keller" in mail.body
        assert word in mail.subject
        assert mail.subject.endswith("pour Inès Keller")
        assert "Votre rendez-vous" not in mail.subject + mail.body
        (event,) = Calendar.from_ical(mail.calendar).walk("VEVENT")
        assert str(event["SUMMARY"]).endswith("pour Inès Keller")


def test_a_relative_of_the_same_name_is_named_too(house: House) -> None:
    holder = new_patient_account("Josiane Keller")
    relative = add_relative(holder, Identity("Josiane", "Keller", date(2020, 2, 28)))
    mails = told_by_each_event(holder, BookingRequest(house.slot(9), person_id=relative.id), house)
    assert all("Pour\u00a0: Josiane Keller" in mail.body for mail in mails)


def test_a_message_about_the_holder_speaks_to_the_holder(house: House) -> None:
    mails = told_by_each_event(new_patient_account("Josiane Keller"), BookingRequest(house.slot(9)), house)
    for mail in mails:
        assert mail.body.startswith("Bonjour Josiane Keller,")
        assert "Pour\u00a0:" not in mail.body
        assert "Keller" not in mail.subject
