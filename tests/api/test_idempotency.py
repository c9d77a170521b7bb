"""A request that is repeated with its key gets the same answer, and its effect happens once."""

import contextlib
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import timedelta
from typing import Self

import httpx
import psycopg
import pytest

from maiia_pro.api.fhir import appointments
from maiia_pro.identity.api_clients import Client, issue_token
from maiia_pro.identity.idempotency import KEPT_FOR, delete_old_answers
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import libpq_url
from maiia_pro.kernel.errors import Unavailable
from maiia_pro.launcher.waiting import wait_until
from tests.api.conftest import Program, call_all
from tests.api.test_fhir_patients import JEANNE
from tests.tools.cut import lost_answer_to_commit
from tests.tools.site import PROJECT, free_port

pytestmark = pytest.mark.integration
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


def test_a_repeated_booking_is_answered_as_the_first_time(house, program):
    first = program.post("Appointment", program.booking(), idempotency_key=KEY)
    again = program.post("Appointment", program.booking(), idempotency_key=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again.headers["location"]) == (first.content, first.headers["location"])
    assert len(house.appointments()) == 1


def test_a_quoted_key_is_the_same_key(house, program):
    program.post("Appointment", program.booking(), idempotency_key=KEY)
    assert program.post("Appointment", program.booking(), idempotency_key=f'"{KEY}"').status_code == 201
    assert len(house.appointments()) == 1


def test_a_key_with_another_body_is_refused(house, program):
    program.post("Appointment", program.booking(), idempotency_key=KEY)
    answer = program.post("Appointment", program.booking(10), idempotency_key=KEY)
    assert (answer.status_code, answer.json()["issue"][0]["details"]["coding"][0]["code"]) == (422, "idempotency-key-reused")
    assert len(house.appointments()) == 1


def test_the_order_of_elements_makes_no_other_body(program):
    program.post("Appointment", program.booking(), idempotency_key=KEY)
    turned = dict(reversed(program.booking().items()))
    assert program.post("Appointment", turned, idempotency_key=KEY).status_code == 201


def test_a_refusal_is_repeated_too(house, program):
    taken = program.post("Appointment", program.booking()).json()
    refused = program.post("Appointment", program.booking(), idempotency_key=KEY)
    program.request("PUT", f"/fhir/Appointment/{taken['id']}", json=taken | {"status": "cancelled"})
    again = program.post("Appointment", program.booking(), idempotency_key=KEY)
    assert (refused.status_code, again.status_code, again.content) == (409, 409, refused.content)
    assert [row.status for row in house.appointments()] == ["cancelled"]


def test_the_key_of_one_program_or_route_is_nothing_to_another(house, program):
    other = Program.of(house)
    assert program.post("Appointment", program.booking(9), idempotency_key=KEY).status_code == 201
    assert other.post("Appointment", other.booking(10), idempotency_key=KEY).status_code == 201
    assert program.post("Patient", JEANNE, idempotency_key=KEY).status_code == 201


@pytest.mark.parametrize(
    ("headers", "issue", "advice"), [({"idempotency_key": KEY}, "transient", "même clé"), ({}, "exception", "avant de recommencer")]
)
def test_who_lost_the_answer_is_told_whether_repeating_is_safe(program, clean_database, headers, issue, advice):
    program.get("Slot?status=free")  # its first use is written down
    with lost_answer_to_commit(clean_database.app):
        lost = program.post("Appointment", program.booking(), **headers)
    said = lost.json()["issue"][0]
    assert (lost.status_code, said["code"], said["details"]["coding"][0]["code"]) == (503, issue, "outcome-unknown")
    assert advice in said["details"]["text"]
    again = program.post("Appointment", program.booking(), **headers)
    assert again.status_code == (201 if headers else 409)
    assert len(program.house.appointments()) == 1


@pytest.mark.parametrize(("headers", "code", "kept"), [({}, "done-unread", 1), ({"idempotency_key": KEY}, "unavailable", 0)])
def test_a_program_that_gets_no_look_at_its_booking_is_told_whether_it_is_kept(house, program, monkeypatch, headers, code, kept):  # noqa: PLR0917 - fixtures
    def unanswered(*_asked: object) -> None:
        raise Unavailable

    monkeypatch.setattr(appointments, "booked_entry", unanswered)
    answer = program.post("Appointment", program.booking(), **headers)
    assert (answer.status_code, answer.json()["issue"][0]["details"]["coding"][0]["code"]) == (503, code)
    assert len(house.appointments()) == kept


@pytest.mark.concurrency
def test_of_two_at_once_one_books_and_the_other_gets_its_answer(house, program):
    headers = program.headers | {"content-type": "application/fhir+json", "idempotency-key": KEY}
    answers = call_all([("POST", "/fhir/Appointment", {"headers": headers, "json": program.booking()})] * 12)
    assert Counter(answer.status_code for answer in answers) == {201: 12}
    assert len({answer.content for answer in answers}) == 1
    assert len(house.appointments()) == 1


@pytest.mark.concurrency
def test_patients_created_twice_at_once_are_one(program):
    headers = program.headers | {"content-type": "application/fhir+json", "idempotency-key": KEY}
    answers = call_all([("POST", "/fhir/Patient", {"headers": headers, "json": JEANNE})] * 12)
    assert {answer.json()["id"] for answer in answers} == {one["id"] for one in program.found("Patient?given=jeanne")}


def test_a_request_that_takes_too_long_asks_the_second_to_come_back(house, program, database):
    with psycopg.connect(libpq_url(database.app)) as first:
        first.execute(
            "insert into kept_answer (api_client_id, route, key, fingerprint, headers, body, created_at)"
            " values (%s, 'POST /fhir/Appointment', %s, 'x', '{}', '', now())",
            (program.actor.api_client_id, KEY),
        )
        answer = program.post("Appointment", program.booking(), idempotency_key=KEY)
        first.rollback()
    assert (answer.status_code, answer.headers["retry-after"]) == (409, "1")
    assert program.post("Appointment", program.booking(), idempotency_key=KEY).status_code == 201


def test_what_breaks_before_the_commit_leaves_neither_booking_nor_key(house, program, monkeypatch):
    from maiia_pro.identity import idempotency

    broken = idempotency._KEEP
    monkeypatch.setattr(idempotency, "_KEEP", psycopg)
    assert program.post("Appointment", program.booking(), idempotency_key=KEY).status_code == 500
    assert house.appointments() == []
    monkeypatch.setattr(idempotency, "_KEEP", broken)
    assert program.post("Appointment", program.booking(), idempotency_key=KEY).status_code == 201


@pytest.mark.parametrize("key", ["", '""', "a b", "é".encode().decode("latin-1"), "x" * 256, "a\tb"])
def test_a_key_that_is_no_key_is_refused(house, program, key):
    headers = {"content-type": "application/fhir+json", "idempotency-key": key.encode("latin-1")}
    answer = program.request("POST", "/fhir/Appointment", json=program.booking(), headers=headers)
    assert answer.status_code == 400
    assert house.appointments() == []


def test_a_search_by_post_knows_its_key(program):
    def search(name: str) -> int:
        headers = {"idempotency-key": KEY}
        return program.request("POST", "/fhir/Practitioner/_search", data={"name": name}, headers=headers).status_code

    assert [search("vass"), search("vass"), search("autre")] == [200, 200, 422]


def test_a_refused_scope_keeps_no_key(house):
    program = Program.of(house, "directory.read")
    assert program.post("Appointment", program.booking(), idempotency_key=KEY).status_code == 403
    allowed = Program(program.actor, house, Program.of(house).headers)
    assert allowed.post("Appointment", allowed.booking(), idempotency_key=KEY).status_code == 201


@pytest.mark.parametrize("kind", ["Patient", "Appointment"])
def test_a_kept_answer_is_not_shown_to_a_token_without_the_scope(house, program, kind):
    body = JEANNE if kind == "Patient" else program.booking()
    assert program.post(kind, body, idempotency_key=KEY).status_code == 201
    (practice_id,) = program.actor.practice_ids
    narrow = Client(program.actor.api_client_id, "", "Logiciel", practice_id, frozenset({"directory.read"}), 6000)
    reader = Program(program.actor, house, {"authorization": f"Bearer {issue_token(narrow)[0]}"})
    assert reader.post(kind, body, idempotency_key=KEY).status_code == 403


def test_an_answer_is_kept_for_a_day(house, program):
    program.post("Patient", JEANNE, idempotency_key=KEY)
    with clock.shifted(KEPT_FOR - timedelta(minutes=5)):
        assert delete_old_answers(Actor.system("test")) == 0
    with clock.shifted(KEPT_FOR + timedelta(minutes=5)):
        assert delete_old_answers(Actor.system("test")) == 1


def test_after_a_day_the_key_is_new_even_before_it_is_purged(program):
    from maiia_pro.identity.idempotency import Answer, Repeatable, answer_once

    asked = Repeatable.read("POST /test", KEY, b"one")
    assert answer_once(program.actor, asked, lambda: Answer(200, "first")).body == "first"
    assert answer_once(program.actor, asked, lambda: Answer(200, "second")).body == "first"
    with clock.shifted(KEPT_FOR + timedelta(seconds=1)):
        assert answer_once(program.actor, asked, lambda: Answer(200, "third")).body == "third"


@pytest.mark.proof
@pytest.mark.concurrency
def test_a_replay_after_a_kill_finds_the_same_booking(house, program, counting):
    """Kill the server while it books, start it again, send every request once more: one booking a slot, acknowledged ones unchanged."""
    kills, each = counting.of(2, 40), 16
    slots = [(hour, minute, days) for days in range(1, 90) for hour in (8, 9, 10, 11, 14, 15, 16, 17) for minute in (0, 20, 40)]
    seed = random.Random(20261001)
    tried = held = acknowledged = 0
    for _ in range(kills):
        mine, slots = slots[:each], slots[each:]
        calls = [(key, program.booking(hour, minute, days=days)) for hour, minute, days in mine for key in [seed.randbytes(12).hex()]]
        with Server() as server, ThreadPoolExecutor(8) as threads:
            first = [threads.submit(server.book, program, *one) for one in calls]
            threads.submit(server.kill_after, seed.randrange(each), first)
            answers = [future.result() for future in first]
        with Server() as server:
            again = [server.book(program, *one) for one in calls]
        for before, after in zip(answers, again, strict=True):
            assert after is not None
            tried += 1
            acknowledged += before is not None
            held += after.status_code == 201 and (before is None or (before.status_code, before.content) == (201, after.content))
    assert len(house.appointments()) == kills * each
    assert 0 < acknowledged < tried
    counting.found("réservations rejouées après kill -9 du serveur", tried=tried, held=held, kills=kills, acknowledged=acknowledged)


class Server:
    """The API in a process of its own, to be killed."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        environment = os.environ | {"PORT": str(self.port), "PYTHONPATH": str(PROJECT)}
        command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "maiia_pro.api.asgi:build_api"]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)], cwd=PROJECT, env=environment, stdout=quiet, stderr=quiet, start_new_session=True
        )
        wait_until(self.is_up, 60)
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()
        self.process.wait(20)

    def is_up(self) -> bool:
        """Whether it answers."""
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/_health", timeout=2).is_success
        return False

    def kill(self) -> None:
        """Kill it and its workers without a word."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def kill_after(self, answered: int, futures: list[Future]) -> None:
        """Kill it once so many requests were answered."""
        done = iter(as_completed(futures))
        for _ in range(answered + 1):
            next(done)
        self.kill()

    def book(self, program: Program, key: str, body: dict) -> httpx.Response | None:
        """Send a booking; None where no answer came."""
        headers = program.headers | {"content-type": "application/fhir+json", "idempotency-key": key}
        with contextlib.suppress(httpx.TransportError):
            return httpx.post(f"{self.url}/fhir/Appointment", json=body, headers=headers, timeout=30)
        return None
