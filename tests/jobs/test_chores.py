"""What the worker does by the clock."""

import asyncio
from datetime import timedelta

import pytest
from procrastinate.exceptions import ConnectorException

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.jobs import worker
from maiia_pro.jobs.chores import every, seal_audit, take_up_stalled
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit_anchor import read_anchor
from maiia_pro.kernel.audit_chain import verify
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Unavailable
from maiia_pro.kernel.queue import queue
from maiia_pro.operations.uptime import note_heartbeat, uptime
from tests.factories import House

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("clean_database")]


def test_committed_entries_are_sealed_once_and_verify(clean_database: object) -> None:
    house = House.ready()
    book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    assert seal_audit() > 0
    assert seal_audit() == 0
    with reading() as session:
        assert verify(session, read_anchor()) == []


def test_jobs_of_a_worker_that_died_are_queued_again(clean_database: object) -> None:
    house = House.ready()
    book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))

    async def die_then_recover() -> str:
        app = queue()
        async with app.open_async():
            connector = app.connector
            row = await connector.execute_query_one_async("insert into procrastinate_workers default values returning id")
            worker_id = row["id"]
            await connector.execute_query_async(
                "update procrastinate_workers set last_heartbeat = now() - interval '1 minute' where id = %(id)s", id=worker_id
            )
            await connector.execute_query_async(
                "update procrastinate_jobs set status = 'doing', worker_id = %(id)s, attempts = 1", id=worker_id
            )
            await take_up_stalled(app)
            return str((await connector.execute_query_one_async("select status from procrastinate_jobs"))["status"])

    assert asyncio.run(die_then_recover()) == "todo"


@pytest.mark.parametrize("fault", [Unavailable, ConnectorException])
def test_a_chore_that_fails_is_done_again(fault: type[Exception]) -> None:
    rounds = []

    async def chore() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise fault
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(every(0, chore))
    assert rounds == [0, 1]


def test_a_worker_whose_chore_broke_ends_so_that_it_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks() -> None:
        raise LookupError

    monkeypatch.setattr(worker, "chores", lambda _app: [breaks()])
    with pytest.raises(LookupError):
        asyncio.run(asyncio.wait_for(worker.work(), 20))


@pytest.mark.requirement(225)
def test_the_public_uptime_is_the_share_of_minutes_that_answered() -> None:
    with clock.shifted(timedelta(minutes=-3)):
        note_heartbeat(WORKER)
        note_heartbeat(WORKER)
    note_heartbeat(WORKER)
    measured = uptime(Actor.anonymous())
    assert (measured.answered, measured.measured) == (2, 4)
    assert measured.share == 0.5


def test_the_minute_that_is_not_over_is_not_held_against_the_service() -> None:
    with clock.shifted(timedelta(minutes=-1)):
        note_heartbeat(WORKER)
    measured = uptime(Actor.anonymous())
    assert (measured.answered, measured.measured) == (1, 1)


def test_before_the_first_measure_there_is_no_uptime() -> None:
    assert uptime(Actor.anonymous()).share is None


def test_entries_written_meanwhile_wait_for_the_next_seal(clean_database: object) -> None:
    house = House.ready()
    secretary = house.secretary()
    with transaction() as session:
        audit.record(session, secretary, audit.AuditAction.PATIENT_READ, subject_type="patient", subject_id=None)
        session.flush()
    before = seal_audit()
    book_slot(secretary, BookingRequest(house.slot(10), patient_id=house.patients[0]))
    assert before >= 1
    assert seal_audit() >= 1
