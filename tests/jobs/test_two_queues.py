"""What goes to strangers' machines waits beside what goes to people."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.hooks.jobs import EventReady
from maiia_pro.hooks.subscribing import subscribe
from maiia_pro.hooks.tables import EventKind
from maiia_pro.jobs import handlers, worker
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import OUTSIDE, enqueue, queue
from maiia_pro.notifications.jobs import MailReady
from maiia_pro.outside.linking import connect
from maiia_pro.settings import get_settings
from tests.factories import House

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("clean_database")]


def test_programs_that_never_answer_hold_up_no_message(monkeypatch):
    over, sent = threading.Event(), threading.Event()
    monkeypatch.setattr(handlers, "deliver_event", lambda *_job: over.wait(30))
    monkeypatch.setattr(handlers, "deliver", lambda *_job, **_ways: sent.set())
    monkeypatch.setattr(worker, "chores", lambda _app: [])
    with transaction() as session:
        for _ in range(8):
            enqueue(session, EventReady(uuid7()))
        enqueue(session, MailReady(uuid7()))

    async def run() -> bool:
        working = asyncio.create_task(worker.work())
        told = await asyncio.to_thread(sent.wait, 15)
        over.set()
        working.cancel()
        await asyncio.wait([working])
        return told

    queue.cache_clear()
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, run()).result()
    queue.cache_clear()


def test_what_an_appointment_tells_strangers_machines_waits_in_their_queue(monkeypatch):
    monkeypatch.setenv("WEBHOOK_PRIVATE_HOSTS", "1")
    get_settings.cache_clear()
    house = House.ready()
    doctor = house.practitioner_actor()
    subscribe(doctor, "http://127.0.0.1:1/", [EventKind.BOOKED])
    connect(doctor, house.practitioners[0], "https://agenda.exemple.fr/", "claire", "secret")
    with transaction() as session:
        session.connection().execute(text("update calendar_link set state = 'active', calendar_url = address"))
    book_slot(house.secretary(), BookingRequest(house.slot(9), house.patients[0]))
    asked = text("select task_name, count(*) from jobs.procrastinate_jobs where queue_name = :name group by 1 order by 1")
    with reading() as session:
        found = session.connection().execute(asked, {"name": OUTSIDE}).all()
    assert [tuple(row) for row in found] == [("hooks.event_ready", 1), ("outside.calendar_sync", 2)]
    monkeypatch.undo()
    get_settings.cache_clear()
