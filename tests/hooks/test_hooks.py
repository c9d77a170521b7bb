"""Telling programs what happens to appointments: a receiver on a real socket, signatures it can check, and nobody else reached."""

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg
import pytest
from procrastinate.jobs import Job
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.holds import Visitor, hold_slot
from maiia_pro.agenda.status import set_status
from maiia_pro.hooks.sending import KEPT, MOST_TRIES, STOPS_AFTER, delete_old_deliveries, deliver
from maiia_pro.hooks.subscribing import ASKED_A_MINUTE, MOST, end, resume, send_test, subscribe, subscriptions
from maiia_pro.hooks.tables import TEST, Delivery, EventKind, Webhook
from maiia_pro.integrations.webhooks import client
from maiia_pro.integrations.webhooks.client import NotReceived
from maiia_pro.jobs.handlers import HOOK_RETRY
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import enclosing_transaction, libpq_url, reading, transaction
from maiia_pro.kernel.errors import Invalid, TooMany
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.practice.tables import Practitioner
from maiia_pro.settings import get_settings
from tests.factories import House, email_of
from tests.tools.dribble import dribbling

pytestmark = pytest.mark.integration

WORKER = Actor.system("test")
ALL = [one.value for one in EventKind]


@dataclass
class Receiver:
    """A program that listens: what it got, and what it answers."""

    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""


@pytest.fixture
def receiver(monkeypatch) -> Iterator[Receiver]:
    """Listen on this machine, where the settings let events be sent."""
    listening = Receiver()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            listening.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(listening.answers)
            for name, value in listening.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    listening.url = f"http://127.0.0.1:{server.server_address[1]}/evenements"
    monkeypatch.setenv("WEBHOOK_PRIVATE_HOSTS", "1")
    get_settings.cache_clear()
    forget_requests()
    yield listening
    server.shutdown()
    server.server_close()
    thread.join()
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def house(clean_database) -> House:
    return House.ready()


@pytest.fixture
def doctor(house):
    return house.practitioner_actor()


def waiting() -> list[Delivery]:
    with reading() as session:
        return list(
            session.exec(select(Delivery).where(col(Delivery.received_at).is_(None)).order_by(col(Delivery.created_at), Delivery.event))
        )


def queued(urls) -> list[str]:
    """The deliveries that the worker will send."""
    with psycopg.connect(libpq_url(urls.admin)) as connection:
        found = connection.execute(
            "select args->>'delivery_id' from jobs.procrastinate_jobs where task_name = 'hooks.event_ready'"
        ).fetchall()
    return [ident for (ident,) in found]


def booked(house: House):
    return book_slot(house.secretary(), BookingRequest(house.slot(9), house.patients[0]))


def holds(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Check a signature as the receiver's own library would (Standard Webhooks)."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, "sha256").digest()).decode()
    return headers["webhook-signature"] == f"v1,{expected}"


def test_a_booking_a_move_and_a_cancellation_are_told(house, doctor, receiver, clean_database):
    secret = subscribe(doctor, receiver.url, ALL)
    secretary = house.secretary()
    visit = book_slot(secretary, BookingRequest(house.slot(9), house.patients[0]))
    move_appointment(secretary, visit.id, MoveRequest(house.instant(10)))
    cancel_appointment(secretary, visit.id)
    told = waiting()
    assert [one.event for one in told] == ["appointment.booked", "appointment.moved", "appointment.cancelled"]
    assert sorted(queued(clean_database)) == sorted(str(one.id) for one in told)
    for one in told:
        assert deliver(WORKER, one.id)
    assert [json.loads(body)["type"] for _, body in receiver.got] == [one.event for one in told]
    assert all(holds(secret, headers, body) for headers, body in receiver.got)
    assert json.loads(receiver.got[0][1])["data"] == {
        "appointment": str(visit.id), "practitioner": str(house.practitioners[0]), "version": told[0].version,
    }  # fmt: skip


def test_what_is_told_names_no_patient_and_no_reason(house, doctor, receiver):
    subscribe(doctor, receiver.url, ALL)
    booked(house)
    deliver(WORKER, waiting()[0].id)
    text = receiver.got[0][1].decode() + str(receiver.got[0][0])
    assert [word for word in ("Keller", "Josiane", "Consultation", "1953", str(house.patients[0])) if word in text] == []


def test_an_arrival_is_not_told(house, doctor, receiver):
    subscribe(doctor, receiver.url, ALL)
    visit = booked(house)
    before = len(waiting())
    set_status(house.secretary("Autre"), visit.id, Status.CONFIRMED)
    assert len(waiting()) == before


def test_a_time_that_a_visitor_only_holds_is_not_told(house, doctor, receiver):
    subscribe(doctor, receiver.url, ALL)
    assert hold_slot(Actor.anonymous(), house.slot(9), Visitor.of("onglet", "203.0.113.9"))
    assert waiting() == []


def test_only_what_was_asked_for_and_only_to_that_practice(house, doctor, receiver):
    subscribe(doctor, receiver.url, [EventKind.CANCELLED])
    other = House.ready()
    subscribe(other.practitioner_actor(), receiver.url, ALL)
    booked(house)
    assert waiting() == []


def test_what_is_undone_tells_nobody(house, doctor, receiver, clean_database):
    subscribe(doctor, receiver.url, ALL)
    with pytest.raises(RuntimeError), enclosing_transaction():
        booked(house)
        raise RuntimeError
    assert waiting() == []
    assert queued(clean_database) == []


def test_a_try_that_fails_is_noted_and_tried_again_under_the_same_id(doctor, receiver):
    subscribe(doctor, receiver.url, ALL)
    send_test(doctor, subscriptions(doctor)[0].id)
    (one,) = waiting()
    receiver.answers = 503
    with pytest.raises(NotReceived):
        deliver(WORKER, one.id)
    (shown,) = subscriptions(doctor)[0].last
    assert (shown.event, shown.tries, shown.status, shown.failure) == (TEST, 1, 503, "L’application a répondu 503.")
    receiver.answers = 204
    assert deliver(WORKER, one.id)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert not deliver(WORKER, one.id)
    assert len(receiver.got) == 2
    assert subscriptions(doctor)[0].failing_since is None


def test_the_last_try_gives_up(doctor, receiver):
    subscribe(doctor, receiver.url, ALL)
    send_test(doctor, subscriptions(doctor)[0].id)
    (one,) = waiting()
    receiver.answers = 500
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(NotReceived):
            deliver(WORKER, one.id)
    assert not deliver(WORKER, one.id)
    assert subscriptions(doctor)[0].last[0].given_up_at is not None


def test_what_is_no_try_of_an_event_takes_none_of_its_tries(doctor, receiver):
    subscribe(doctor, receiver.url, ALL)
    send_test(doctor, subscriptions(doctor)[0].id)
    receiver.answers = 500
    with pytest.raises(NotReceived) as refused:
        deliver(WORKER, waiting()[0].id)
    tired = Job(attempts=10 * MOST_TRIES, lock=None, queueing_lock=None, task_name="", task_kwargs={}, queue="")
    again = HOOK_RETRY.get_retry_decision(exception=refused.value, job=tired)
    assert again.retry_at - datetime.now(UTC) < timedelta(seconds=5)  # as after any first try
    away = OperationalError("", {}, Exception())
    assert HOOK_RETRY.get_retry_decision(exception=away, job=tired) is not None


def test_a_practice_whose_practitioners_are_all_suspended_has_nothing_sent(house, doctor, receiver):
    subscribe(doctor, receiver.url, ALL)
    booked(house)
    with transaction() as session:
        for one in session.exec(select(Practitioner).where(Practitioner.practice_id == house.practice_id)):
            one.barred = True
    assert not deliver(WORKER, waiting()[0].id)
    assert receiver.got == []
    assert waiting()[0].given_up_at is not None


def test_after_days_in_vain_sending_stops_and_the_practice_is_told(house, doctor, receiver):
    subscribe(doctor, receiver.url, ALL)
    hook = subscriptions(doctor)[0].id
    receiver.answers = 500
    for days in (timedelta(0), STOPS_AFTER):
        with clock.shifted(days):
            forget_requests()
            send_test(doctor, hook)
            newest = waiting()[-1].id
            if days:
                assert not deliver(WORKER, newest)
            else:
                with pytest.raises(NotReceived):
                    deliver(WORKER, newest)
    with reading() as session:
        mail = session.exec(select(OutgoingEmail)).one()
        assert AuditAction.WEBHOOK_STOPPED in session.exec(select(AuditEntry.action)).all()
    assert (mail.recipient, receiver.url in mail.body) == (email_of(doctor), True)
    booked(house)
    assert [one.event for one in waiting() if one.event != TEST] == []
    resume(doctor, hook)
    cancelled = booked_again(house)
    assert [one.subject_id for one in waiting() if one.event == EventKind.BOOKED] == [cancelled.id]


def booked_again(house: House):
    return book_slot(house.secretary("Autre"), BookingRequest(house.slot(11), house.patients[1]))


OURS = (
    "http://127.0.0.1:1/", "https://127.0.0.1/", "https://localhost/", "https://10.0.0.1/", "https://192.168.1.1/", "https://[::1]/",
    "https://169.254.169.254/latest", "https://0.0.0.0/", "https://[::ffff:127.0.0.1]/", "https://a@127.0.0.1/", "ftp://exemple.fr/",
    "https://", "javascript:1", "https://2130706433/", "",
)  # fmt: skip


@pytest.mark.requirement(209)
def test_an_address_of_our_own_network_is_refused(doctor):
    get_settings.cache_clear()
    for url in OURS:
        forget_requests()
        with pytest.raises(Invalid) as wrong:
            subscribe(doctor, url, ALL)
        assert wrong.value.fields.keys() == {"url"}, url


@pytest.mark.requirement(209)
def test_a_name_that_comes_to_mean_our_own_network_reaches_nobody(doctor, receiver, monkeypatch):
    subscribe(doctor, receiver.url, ALL)
    send_test(doctor, subscriptions(doctor)[0].id)
    monkeypatch.setenv("WEBHOOK_PRIVATE_HOSTS", "0")
    get_settings.cache_clear()
    with pytest.raises(NotReceived):
        deliver(WORKER, waiting()[0].id)
    assert receiver.got == []


@pytest.mark.requirement(209)
def test_a_redirect_is_not_followed(doctor, receiver):
    subscribe(doctor, receiver.url, ALL)
    send_test(doctor, subscriptions(doctor)[0].id)
    receiver.answers, receiver.headers = 302, {"location": receiver.url}
    with pytest.raises(NotReceived):
        deliver(WORKER, waiting()[0].id)
    assert len(receiver.got) == 1


@pytest.mark.usefixtures("receiver")
def test_a_program_that_is_too_slow_is_not_waited_for(doctor, monkeypatch):
    monkeypatch.setattr(client, "SECONDS", 0.3)
    with dribbling() as (url, taken):
        subscribe(doctor, url, ALL)
        send_test(doctor, subscriptions(doctor)[0].id)
        with pytest.raises(NotReceived, match="trop de temps"):
            deliver(WORKER, waiting()[0].id)
        assert not taken.is_set()


def test_the_secret_is_sealed_and_shown_once(doctor, receiver):
    secret = subscribe(doctor, receiver.url, ALL)
    with reading() as session:
        hook = session.exec(select(Webhook)).one()
    assert secret.removeprefix("whsec_") not in str(hook)
    assert secret not in str(subscriptions(doctor))


def test_what_is_wrong_is_said_beside_each_field(doctor, receiver):
    for url, events, fields in (("", [], {"url", "events"}), (receiver.url, ["tout"], {"events"})):
        with pytest.raises(Invalid) as wrong:
            subscribe(doctor, url, events)
        assert wrong.value.fields.keys() == fields
    subscribe(doctor, receiver.url, ALL)
    with pytest.raises(Invalid, match="déjà"):
        subscribe(doctor, receiver.url, ALL)
    for number in range(MOST - 1):
        forget_requests()
        subscribe(doctor, f"{receiver.url}/{number}", ALL)
    with pytest.raises(Invalid, match=str(MOST)):
        subscribe(doctor, f"{receiver.url}/trop", ALL)


def test_what_is_ended_sends_nothing_more(house, doctor, receiver):
    subscribe(doctor, receiver.url, ALL)
    hook = subscriptions(doctor)[0].id
    send_test(doctor, hook)
    end(doctor, hook)
    assert not deliver(WORKER, waiting()[0].id)
    booked(house)
    assert len(waiting()) == 1
    assert (receiver.got, subscriptions(doctor)) == ([], [])


@pytest.mark.requirement(207)
def test_tries_by_hand_are_few_in_a_minute(doctor, receiver):
    subscribe(doctor, receiver.url, ALL)
    hook = subscriptions(doctor)[0].id
    for _ in range(ASKED_A_MINUTE):
        send_test(doctor, hook)
    with pytest.raises(TooMany):
        send_test(doctor, hook)
    for number in range(ASKED_A_MINUTE - 1):
        subscribe(doctor, f"{receiver.url}/{number}", ALL)
    with pytest.raises(TooMany):
        subscribe(doctor, f"{receiver.url}/encore", ALL)


def test_what_was_sent_is_kept_a_month(doctor, receiver):
    subscribe(doctor, receiver.url, ALL)
    send_test(doctor, subscriptions(doctor)[0].id)
    with clock.shifted(KEPT + timedelta(days=1)):
        assert delete_old_deliveries(WORKER) == 1
