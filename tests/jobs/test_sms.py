"""What leaves by SMS: Brevo's protocol over a real socket, who gets one, and what is never in it, in the outbox or in a log."""

import json
import logging
import re
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.errors import LinkOver
from maiia_pro.agenda.visit_link import actor_of_link
from maiia_pro.identity import throttle
from maiia_pro.identity.codes import HIDDEN, LASTS, ask_code, code_of, try_code, waiting_code
from maiia_pro.identity.tokens import token_hash
from maiia_pro.integrations.sms.client import NumberRefused, TextRefused, TextService
from maiia_pro.integrations.sms.sink import REFUSED, TextSink
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Unavailable
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import enqueue
from maiia_pro.notifications import text_budget
from maiia_pro.notifications.code_message import code_sending, forget_code_messages, simulated_message, tell_code
from maiia_pro.notifications.jobs import MailReady
from maiia_pro.notifications.outbox import deliver, outbox, outgoing_email, put
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.notifications.text_budget import TextsSpent
from maiia_pro.patients.sign_up import sign_up_patient
from maiia_pro.settings import get_settings
from tests.factories import House, email_of, new_patient_account
from tests.tools.outbound import Messages

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("clean_database")]

VISITOR = Actor.anonymous()
NUMBER = "33639985714"


@pytest.fixture
def messages(tmp_path):
    with Messages(tmp_path) as opened:
        yield opened


def asked(identifier):
    """Ask for a code; gives the browser's token and the code's id."""
    browser = ask_code(VISITOR, identifier, "", "192.0.2.1")
    return browser, waiting_code(VISITOR, browser).id


def account_by_phone():
    browser, ident = asked("06 39 98 57 14")
    try_code(VISITOR, code_of(ident), browser, "192.0.2.1")
    return sign_up_patient(
        VISITOR, {"given_name": "Josiane", "family_name": "Keller", "birth_date": "02/06/55"}, browser, "192.0.2.1"
    ).actor


def test_an_account_without_an_address_is_told_by_sms_and_neither_reason_nor_doctor_is_named(messages):
    house, patient = House.ready(patients=0), account_by_phone()
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    told = messages.sent()
    move_appointment(patient, booked.id, MoveRequest(house.instant(10)))
    told += messages.sent()
    cancel_appointment(patient, booked.id)
    told += messages.sent()
    about = [one for one in told if "rendez-vous" in one["content"]]
    assert {one["recipient"] for one in about} == {NUMBER}
    for one, word in zip(about, ("confirmé", "déplacé", "annulé"), strict=True):
        assert word in one["content"]
        assert f"{get_settings().base_url}/rendez-vous" in one["content"]
        assert not re.search("Consultation|Vasseur|médecin|Cabinet", one["content"], re.IGNORECASE)
        assert not one["unicodeEnabled"]


def test_the_sms_of_a_booking_is_one_message_with_a_link_that_cancels_the_visit_once(messages, monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://rdv.exemple.fr")
    get_settings.cache_clear()
    house, patient = House.ready(patients=0), account_by_phone()
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    [content] = [one["content"] for one in messages.sent() if "confirmé" in one["content"]]
    monkeypatch.undo()
    get_settings.cache_clear()
    assert len(content) <= 160
    secret = re.search(r"https://rdv.exemple.fr/rendez-vous/lien#([\w-]{22})$", content)
    assert secret
    cancel_appointment(actor_of_link(token_hash(secret[1])), booked.id)
    with pytest.raises(LinkOver):
        actor_of_link(token_hash(secret[1]))
    with reading() as session:
        assert secret[1] not in "".join(session.exec(select(OutgoingEmail.body)))


def test_a_record_with_an_address_or_without_an_account_gets_no_sms(messages):
    house = House.ready(patients=0)
    for hour, contact in ((9, {"phone": "+33639985714"}), (10, {"phone": "+33639985714", "email": "josiane@exemple.fr"})):
        book_slot(house.secretary(), BookingRequest(house.slot(hour), patient_id=house.patient(**contact)))
    assert messages.sent() == []


def test_a_code_goes_to_the_number_once_and_opens_only_on_our_pages(messages):
    _, ident = asked("06 39 98 57 14")
    [sms] = messages.sent()
    assert sms["content"].startswith(f"{code_of(ident)} est votre code")
    assert sms["content"].endswith(f"@127.0.0.1 #{code_of(ident)}")
    assert (code_sending(VISITOR, ident), messages.sent()) == ("sent", [])


def test_the_mail_says_whether_the_code_signs_in_or_up_and_tells_professionals_to_use_their_password(messages):
    known, secretary = email_of(new_patient_account()), email_of(House.ready().secretary())
    for address in (known, "personne@exemple.fr", secretary):
        asked(address)
    assert "Votre code de connexion" in messages.mailed_to(known)
    assert "pas encore de compte" in messages.mailed_to("personne@exemple.fr")
    assert "avec son mot de passe" in messages.mailed_to(secretary)
    assert not re.search(r"\b\d{6}\b", messages.mailed_to(secretary))


def test_the_outbox_and_the_logs_hold_no_code(messages, caplog):
    with caplog.at_level(logging.INFO):
        idents = [asked(identifier)[1] for identifier in ("06 39 98 57 14", "josiane@exemple.fr")]
        messages.sent()
    with reading() as session:
        kept = "".join(f"{row.subject} {row.body}" for row in session.exec(select(OutgoingEmail)))
    assert HIDDEN in kept
    for ident in idents:
        assert code_of(ident) not in kept
        assert code_of(ident) not in caplog.text


@pytest.mark.parametrize(
    ("identifier", "shown", "code_too"),
    [
        ("0639980001", "06 39 98 00 01", True), ("0612345678", "•• 78", False),
        ("x@demonstration.example", "x@demonstration.example", True), ("josiane@exemple.fr", "j•••@exemple.fr", False),
    ],
)  # fmt: skip
def test_where_messages_leave_a_code_is_shown_only_if_the_number_or_the_address_is_invented(identifier, shown, code_too, monkeypatch):
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:1")
    monkeypatch.setenv("SMS_URL", "http://127.0.0.1:1/v3")
    get_settings.cache_clear()
    _, ident = asked(identifier)
    viewer, email_id = new_patient_account(), tell_code(WORKER, ident)
    assert [one.recipient.replace("\u00a0", " ") for one in outbox(viewer)] == [shown]
    assert (code_of(ident) in outgoing_email(viewer, email_id).body) == code_too
    assert (code_of(ident) in simulated_message(VISITOR, ident)) == code_too
    monkeypatch.setenv("DEMO", "0")
    get_settings.cache_clear()
    assert simulated_message(VISITOR, ident) == ""
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.mark.parametrize("identifier", ["0612345678", "josiane@exemple.fr"])
def test_a_demonstration_that_sends_nothing_shows_the_code_to_whoever_tries_it(identifier):
    _, ident = asked(identifier)
    email_id = tell_code(WORKER, ident)
    assert code_of(ident) in simulated_message(VISITOR, ident)
    assert code_of(ident) in outgoing_email(new_patient_account(), email_id).body


@pytest.mark.parametrize("identifier", ["0612345678", "josiane@exemple.fr"])
def test_where_there_is_a_real_practice_no_code_of_anybody_real_is_shown_whatever_the_settings_say(identifier):
    House.ready()
    _, ident = asked(identifier)
    email_id = tell_code(WORKER, ident)
    assert simulated_message(VISITOR, ident) == ""
    assert code_of(ident) not in outgoing_email(new_patient_account(), email_id).body


def test_a_service_that_does_not_answer_is_said_to_who_waits_and_an_old_code_never_leaves(messages):
    _, ident = asked("06 39 98 57 14")
    email_id = tell_code(WORKER, ident)
    assert code_sending(VISITOR, ident) == "waiting"
    with pytest.raises(TextRefused):
        deliver(WORKER, email_id, texts=TextService("http://127.0.0.1:1/v3", "x", "MaiiaPro"))
    assert code_sending(VISITOR, ident) == "failed"
    with clock.shifted(LASTS):
        assert not deliver(WORKER, email_id, texts=messages.service)
    assert deliver(WORKER, email_id, texts=messages.service)


def test_without_a_service_the_message_waits(messages):
    _, ident = asked("06 39 98 57 14")
    with pytest.raises(Unavailable, match="SMS_URL"):
        deliver(WORKER, tell_code(WORKER, ident))


def test_without_a_service_and_outside_the_demonstration_there_is_no_door_for_numbers(monkeypatch):
    monkeypatch.setenv("DEMO", "0")
    get_settings.cache_clear()
    assert not get_settings().phone_door
    monkeypatch.setenv("SMS_URL", "http://127.0.0.1:1/v3")
    get_settings.cache_clear()
    assert get_settings().phone_door
    monkeypatch.undo()
    get_settings.cache_clear()


def test_the_service_is_spoken_to_as_brevo_wants(messages):
    messages.service.send("+33639985714", "L’été «\u00a0à Noël\u00a0»\u00a0: 3 €", "marque")
    [sms] = messages.sent()
    assert sms == {
        "sender": "MaiiaPro", "recipient": NUMBER, "content": 'L\'été " à Noel " : 3 €', "type": "transactional", "tag": "marque",
        "unicodeEnabled": False,
    }  # fmt: skip
    messages.service.send("+33639985714", "Zoë 🎉", "marque")
    assert [one["unicodeEnabled"] for one in messages.sent()] == [True]


@pytest.mark.parametrize(
    ("number", "key", "refusal", "said"),
    [(f"+{REFUSED}", TextSink.KEY, NumberRefused, "numéro"), ("+33639985714", "fausse", TextRefused, "clé")],
)
def test_a_refusal_says_what_to_mend_and_quotes_nothing(messages, number, key, refusal, said):
    with pytest.raises(refusal, match=said) as refused:
        TextService(messages.service.url, key, "MaiiaPro").send(number, "Texte", "marque")
    assert number[1:] not in refused.value.message


@pytest.mark.parametrize(("status", "said"), [(402, "crédit"), (429, "repartira"), (500, "repartira")])
def test_a_service_in_trouble_leaves_the_message_to_be_tried_again(monkeypatch, status, said):
    monkeypatch.setattr(httpx.Client, "post", lambda *_args, **_options: httpx.Response(status, content=json.dumps({"code": "x"})))
    with pytest.raises(TextRefused, match=said):
        TextService("http://127.0.0.1:1/v3", "x", "MaiiaPro").send("+33639985714", "Texte", "marque")


def test_what_the_simulation_keeps_is_for_its_owner_only(messages):
    messages.service.send("+33639985714", "Texte", "marque")
    assert [file.stat().st_mode & 0o777 for file in messages.sms.glob("*.json")] == [0o600]
    assert messages.sms.stat().st_mode & 0o777 == 0o700


def test_a_code_is_told_to_nobody_once_it_is_over():
    _, ident = asked("06 39 98 57 14")
    with clock.shifted(LASTS + timedelta(seconds=1)):
        assert tell_code(WORKER, ident) is None


def test_where_codes_were_asked_for_is_forgotten_after_a_day_and_no_other_message():
    tell_code(WORKER, asked("06 39 98 57 14")[1])
    other = told_by_hand("+33639980000")
    assert forget_code_messages(WORKER) == 0
    with clock.shifted(timedelta(days=1, seconds=1)):
        assert forget_code_messages(WORKER) == 1
    with reading() as session:
        assert session.exec(select(OutgoingEmail.id)).all() == [other]


def delivered(email_id, messages):
    try:
        return deliver(WORKER, email_id, texts=messages.service)
    except TextsSpent:
        return "spent"


@pytest.mark.parametrize(("most", "per_number", "left"), [(2, 9, [True, True, "spent"]), (9, 2, [True, True, True])])
def test_beyond_the_sms_of_a_day_a_message_waits_until_the_next(messages, monkeypatch, most, per_number, left):
    monkeypatch.setenv("SMS_PER_DAY", str(most))
    get_settings.cache_clear()
    monkeypatch.setattr(text_budget, "PER_NUMBER", per_number)
    waiting = [told_by_hand(f"+3363998000{number}") for number in range(3)]
    assert [delivered(one, messages) for one in waiting] == left
    again = told_by_hand("+33639980000"), told_by_hand("+33639980000")
    assert [delivered(one, messages) for one in again] == (["spent", "spent"] if most == 2 else [True, "spent"])
    with clock.shifted(throttle.DAY):
        assert delivered(again[1], messages) is True
    monkeypatch.undo()
    get_settings.cache_clear()


def test_an_sms_that_the_day_has_no_room_for_is_tried_again_when_the_next_begins(messages, monkeypatch):
    monkeypatch.setattr(text_budget, "PER_NUMBER", 0)
    email_id = told_by_hand("+33639980000")
    with transaction() as session:
        enqueue(session, MailReady(email_id))
    assert messages.sent() == []
    with reading() as session:
        again_at = exchange(session, "select scheduled_at from jobs.procrastinate_jobs where status = 'todo'", {}).fetchall()[0][0]
    assert timedelta(hours=23) < again_at - clock.now() <= throttle.DAY


def told_by_hand(number):
    with transaction() as session:
        return put(session, f"essai:{uuid7()}", recipient=number, subject="Essai", body="Essai")


def test_what_the_service_refuses_does_not_count(messages, monkeypatch):
    monkeypatch.setattr(text_budget, "PER_NUMBER", 1)
    email_id = told_by_hand("+33639980001")
    for _ in range(3):
        with pytest.raises(TextRefused):
            deliver(WORKER, email_id, texts=TextService("http://127.0.0.1:1/v3", "x", "MaiiaPro"))
    assert deliver(WORKER, email_id, texts=messages.service)
