"""Tomorrow's list by e-mail: encrypted, once an evening, without a name outside the file, and off until it is asked for."""

import asyncio
import io
from collections.abc import Iterator
from datetime import UTC, datetime, time
from email import message_from_bytes
from email.policy import default
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.evening import sending
from maiia_pro.evening.choosing import choose_evening, evening_choice
from maiia_pro.evening.sending import TRIALS_A_MINUTE, NotSetUp, due_practices, send_evening_list, try_evening_list
from maiia_pro.evening.tables import EveningList, EveningSending
from maiia_pro.identity.tables import Account, AccountStatus
from maiia_pro.integrations.smtp.client import MailRefused, MailServer
from maiia_pro.integrations.smtp.sink import MailSink
from maiia_pro.jobs.chores import send_evening_lists
from maiia_pro.jobs.handlers import WORKER, bind
from maiia_pro.kernel.actor import Actor, Right
from maiia_pro.kernel.db import libpq_url, reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotDelegated, NotFound, TooMany, Unavailable
from maiia_pro.kernel.queue import queue
from maiia_pro.kernel.vault import seal, unseal
from maiia_pro.notifications.outbox import deliver
from maiia_pro.notifications.tables import OutgoingEmail
from tests.concurrency.racing import race
from tests.factories import House, clock_at

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("clean_database")]

PASSWORD = "une phrase de passe à nous"
FORM: dict[str, Any] = {"enabled": "oui", "recipient": "cabinet@exemple.fr", "at": "19h", "list_password": PASSWORD}
PARIS = ZoneInfo("Europe/Paris")


def at(hour: int, minute: int = 0, day: int = 8) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


@pytest.fixture
def doctor(house: House) -> Actor:
    return house.practitioner_actor()


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[tuple[MailServer, Path]]:
    sink = MailSink(tmp_path)
    yield MailServer.from_url(sink.start()), tmp_path
    sink.stop()


def booked(house: House) -> None:
    """Book the first patient on the ninth of December."""
    request = BookingRequest(house.slot(9, 20, day=datetime(2026, 12, 9, tzinfo=UTC).date()), patient_id=house.patients[0])
    book_slot(house.secretary(), request)


def evening() -> int:
    """Do what the worker does each minute; tells how many lists it made."""
    return sum(send_evening_list(WORKER, practice) is not None for practice in due_practices(WORKER))


def work_once(server: MailServer) -> None:
    async def run() -> None:
        queue.cache_clear()
        app = queue()
        bind(app, server)
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    asyncio.run(run())
    queue.cache_clear()  # a task is bound once to an application, and other tests bind their own


def rows(table: type) -> list[Any]:
    with reading() as session:
        return list(session.exec(select(table)))


def test_the_list_arrives_by_smtp_and_opens_with_the_password_alone(house, doctor, mailbox):
    server, folder = mailbox
    with clock_at(at(12)):
        booked(house)
        choose_evening(doctor, house.practice_id, FORM)
    with clock_at(at(19, 1)):
        assert evening() == 1
    work_once(server)
    found = [message_from_bytes(file.read_bytes(), policy=default) for file in folder.glob("*.eml")]
    [message] = [one for one in found if one["To"] == "cabinet@exemple.fr"]
    [file] = message.iter_attachments()
    assert file.get_filename() == "liste-2026-12-09.pdf"
    content = file.get_content()
    assert "Keller" not in str(message["Subject"]) + message.get_body().get_content()
    assert b"KELLER" not in content
    with pytest.raises(FileNotDecryptedError):
        PdfReader(io.BytesIO(content)).pages[0].extract_text()
    reader = PdfReader(io.BytesIO(content))
    assert reader.decrypt("un autre mot de passe") == 0
    assert reader.decrypt(PASSWORD) > 0
    text = reader.pages[0].extract_text()
    assert all(word in text for word in ("Dr Claire Vasseur", "mercredi 9 décembre 2026", "09:20", "KELLER Josiane", "17/04/1953"))
    assert [one.attachment for one in rows(OutgoingEmail) if one.attachment_name] == [None]


def test_it_leaves_once_an_evening_even_with_several_workers(house, doctor):
    with clock_at(at(12)):
        choose_evening(doctor, house.practice_id, FORM)
    with clock_at(at(19, 1)):
        assert race([partial(send_evening_list, WORKER, house.practice_id)] * 4) == {"done": 4}
        assert evening() == 0
    with clock_at(at(23, 30)):
        assert evening() == 0
    with clock_at(at(19, 1, day=9)):
        assert evening() == 1
    assert (len(rows(EveningSending)), len(rows(OutgoingEmail))) == (2, 2)


@pytest.fixture
def without_looking(monkeypatch) -> None:
    """Let every worker believe that the evening was not served yet."""
    monkeypatch.setattr(sending, "_is_due", lambda _session, _chosen: True)


def test_workers_that_do_not_look_are_stopped_by_the_keys(house, doctor, without_looking):
    choose_evening(doctor, house.practice_id, FORM)
    outcomes = race([partial(send_evening_list, WORKER, house.practice_id)] * 4)
    assert outcomes["done"] == 1
    assert len(rows(OutgoingEmail)) == 1


def test_without_looking_and_without_the_keys_it_leaves_several_times(house, doctor, without_looking, clean_database):
    choose_evening(doctor, house.practice_id, FORM)
    with psycopg.connect(libpq_url(clean_database.owner), autocommit=True) as owner:
        owner.execute("alter table evening_sending drop constraint pk_evening_sending")
        owner.execute("alter table outgoing_email drop constraint uq_outgoing_email_key")
        try:
            assert race([partial(send_evening_list, WORKER, house.practice_id)] * 4) == {"done": 4}
            assert len(rows(OutgoingEmail)) == 4
        finally:
            owner.execute("delete from evening_sending")
            owner.execute("delete from outgoing_email")
            owner.execute("alter table evening_sending add constraint pk_evening_sending primary key (practice_id, evening)")
            owner.execute("alter table outgoing_email add constraint uq_outgoing_email_key unique (key)")


def test_before_its_hour_and_without_being_asked_nothing_leaves(house, doctor):
    with clock_at(at(20)):
        assert evening() == 0
    with clock_at(at(12)):
        choose_evening(doctor, house.practice_id, FORM)
    with clock_at(at(18, 59)):
        assert evening() == 0
    with clock_at(at(12)):
        choose_evening(doctor, house.practice_id, FORM | {"enabled": ""})
    with clock_at(at(20)):
        assert evening() == 0


def test_a_practice_overseas_is_served_at_its_own_hour(clean_database):
    house = House.ready(zone="Indian/Reunion")
    with clock_at(at(12)):
        choose_evening(house.practitioner_actor(), house.practice_id, FORM)
    with clock_at(at(16, 1)):
        assert evening() == 1


def test_the_password_is_kept_encrypted_and_only_for_its_practice(house, doctor):
    choose_evening(doctor, house.practice_id, FORM)
    [kept] = rows(EveningList)
    assert PASSWORD not in kept.sealed_password
    assert unseal(kept.sealed_password, str(house.practice_id)) == PASSWORD
    with pytest.raises(Unavailable):
        unseal(kept.sealed_password, "another")
    assert seal("x", "y") != seal("x", "y")


def test_a_practice_whose_password_cannot_be_read_keeps_no_other_from_its_list(house, doctor, clean_database):
    other = House.ready()
    for one, actor in ((house, doctor), (other, other.practitioner_actor())):
        with clock_at(at(12)):
            choose_evening(actor, one.practice_id, FORM)
    with transaction() as session:
        session.get_one(EveningList, house.practice_id).sealed_password = seal(PASSWORD, "another row")
        session.commit()
    with clock_at(at(19)):
        asyncio.run(send_evening_lists())
    assert [sent.practice_id for sent in rows(EveningSending)] == [other.practice_id]


def test_saving_without_a_password_keeps_the_one_there_is(house, doctor):
    choose_evening(doctor, house.practice_id, FORM)
    choose_evening(doctor, house.practice_id, FORM | {"at": "18h30", "list_password": ""})
    [kept] = rows(EveningList)
    assert (kept.at, unseal(kept.sealed_password, str(house.practice_id))) == (time(18, 30), PASSWORD)


def test_every_field_that_is_wrong_is_named(house, doctor):
    with pytest.raises(Invalid) as refusal:
        choose_evening(doctor, house.practice_id, {"recipient": "x", "at": "25h", "list_password": "court"})
    assert refusal.value.fields.keys() == {"recipient", "at", "list_password"}


def test_a_trial_leaves_at_once_and_says_so(house, doctor, mailbox):
    with pytest.raises(NotSetUp):
        try_evening_list(doctor, house.practice_id)
    choose_evening(doctor, house.practice_id, FORM | {"enabled": ""})
    try_evening_list(doctor, house.practice_id)
    assert evening_choice(doctor, house.practice_id).sent_at is None
    work_once(mailbox[0])
    assert evening_choice(doctor, house.practice_id).sent_at is not None


def test_a_list_is_asked_for_by_eleven_so_that_it_leaves_before_midnight(house, doctor):
    choose_evening(doctor, house.practice_id, FORM | {"at": "23h"})
    with pytest.raises(Invalid) as refusal:
        choose_evening(doctor, house.practice_id, FORM | {"at": "23h01"})
    assert refusal.value.fields.keys() == {"at"}


def test_a_trial_is_made_three_times_a_minute_and_no_more(house, doctor):
    choose_evening(doctor, house.practice_id, FORM)
    for _ in range(TRIALS_A_MINUTE):
        try_evening_list(doctor, house.practice_id)
    with pytest.raises(TooMany):
        try_evening_list(doctor, house.practice_id)


def test_only_a_practitioner_of_the_practice_chooses(house, doctor):
    elsewhere = House.ready()
    for act in (lambda who, where: choose_evening(who, where, FORM), evening_choice, try_evening_list):
        with pytest.raises(NotAllowed):
            act(house.secretary(), house.practice_id)
        with pytest.raises(NotFound):
            act(doctor, elsewhere.practice_id)


@pytest.mark.requirement(59)
def test_nobody_has_the_agendas_of_colleagues_sent_who_do_not_let_them(house, doctor):
    colleague = house.practitioner("Zeller")
    choose_evening(doctor, house.practice_id, FORM)
    for held in (frozenset(), frozenset({Right.AGENDA}), frozenset({Right.BOOK})):
        house.let(doctor.account_id, colleague, held)
        for act in (lambda: choose_evening(doctor, house.practice_id, FORM), lambda: try_evening_list(doctor, house.practice_id)):
            with pytest.raises(NotDelegated, match="tous les praticiens"):
                act()


@pytest.mark.requirement(59)
def test_what_a_colleague_took_back_leaves_no_more_and_nothing_does_once_who_chose_is_shut_out(house, doctor):
    colleague = house.practitioner("Zeller")
    house.let(doctor.account_id, colleague, frozenset({Right.AGENDA, Right.BOOK}))
    with clock_at(at(12)):
        choose_evening(doctor, house.practice_id, FORM)
    with clock_at(at(19, 1)):
        assert evening() == 1
    house.let(doctor.account_id, colleague, frozenset({Right.AGENDA}))
    with clock_at(at(19, 1, day=9)):
        assert evening() == 1
    whole, part = sorted(rows(OutgoingEmail), key=lambda mail: mail.created_at)
    assert [("Zeller" in _words(mail), "n’est plus confié" in mail.body) for mail in (whole, part)] == [(True, False), (False, True)]
    with transaction() as session:
        session.get_one(Account, doctor.account_id).status = AccountStatus.SUSPENDED
    with clock_at(at(19, 1, day=10)):
        asyncio.run(send_evening_lists())
        assert "Plus aucun agenda" in evening_choice(doctor, house.practice_id).failure
    assert len(rows(OutgoingEmail)) == 2


def _words(mail: OutgoingEmail) -> str:
    reader = PdfReader(io.BytesIO(mail.attachment or b""))
    reader.decrypt(PASSWORD)
    return "".join(page.extract_text() for page in reader.pages)


def test_several_who_choose_for_the_first_time_at_once_are_all_answered(house, doctor):
    form = {"enabled": True, "recipient": "soir@cabinet.fr", "at": "19h00", "list_password": "mot-de-passe-du-soir"}
    assert race([lambda: choose_evening(doctor, house.practice_id, form)] * 4) == {"done": 4}
    assert evening_choice(doctor, house.practice_id).has_password


class NoServer:
    """A mail server that does not answer."""

    def send(self, _message: object) -> None:
        raise MailRefused("Le serveur d’e-mails ne répond pas.")


def test_why_the_latest_could_not_leave_is_kept_until_it_does(house, doctor, mailbox):
    choose_evening(doctor, house.practice_id, FORM)
    email_id = try_evening_list(doctor, house.practice_id)
    with pytest.raises(MailRefused):
        deliver(WORKER, email_id, NoServer())  # type: ignore[arg-type]
    told = evening_choice(doctor, house.practice_id)
    assert (told.failure, told.failed_at is not None, told.sent_at) == ("Le serveur d’e-mails ne répond pas.", True, None)
    deliver(WORKER, email_id, mailbox[0])
    told = evening_choice(doctor, house.practice_id)
    assert (told.failure, told.failed_at, told.sent_at is not None) == ("", None, True)


def test_why_the_list_could_not_be_made_is_told_until_the_password_is_chosen_again(house, doctor):
    with clock_at(at(12)):
        choose_evening(doctor, house.practice_id, FORM)
    with transaction() as session:
        session.get_one(EveningList, house.practice_id).sealed_password = seal(PASSWORD, "another row")
    with clock_at(at(19)):
        asyncio.run(send_evening_lists())
        assert "Choisissez à nouveau ce mot de passe." in evening_choice(doctor, house.practice_id).failure
        choose_evening(doctor, house.practice_id, FORM)
        assert evening_choice(doctor, house.practice_id).failure == ""
        asyncio.run(send_evening_lists())
    assert len(rows(EveningSending)) == 1
