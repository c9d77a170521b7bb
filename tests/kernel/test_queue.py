"""The queue: a job exists if and only if the transaction of its cause commits."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from maiia_pro.kernel.db import libpq_url, reading, transaction
from maiia_pro.kernel.errors import Conflict
from maiia_pro.kernel.queue import Job, enqueue

pytestmark = pytest.mark.integration


@dataclass(frozen=True)
class Told(Job):
    name: ClassVar[str] = "test.told"
    subject: UUID
    word: str


JOB = Told(UUID(int=7), "é’")


def queued() -> list[tuple[str, dict, str | None]]:
    with reading() as session:
        rows = session.connection().execute(text("select task_name, args, lock from jobs.procrastinate_jobs order by id"))
        return [(row.task_name, row.args, row.lock) for row in rows]


def test_a_committed_transaction_keeps_its_job(clean_database):
    with transaction() as session:
        enqueue(session, JOB, lock="one")
    assert queued() == [("test.told", {"subject": str(JOB.subject), "word": "é’"}, "one")]


def test_a_job_for_later_waits_until_its_instant(clean_database):
    instant = datetime(2030, 1, 2, 3, 4, tzinfo=UTC)
    with transaction() as session:
        enqueue(session, JOB, at=instant)
    with reading() as session:
        assert session.connection().execute(text("select scheduled_at from jobs.procrastinate_jobs")).scalar_one() == instant


def test_a_transaction_undone_takes_its_job_with_it(clean_database):
    with pytest.raises(Conflict), transaction() as session:
        enqueue(session, JOB)
        raise Conflict
    assert queued() == []


def test_a_job_is_not_seen_before_its_cause_is_committed(clean_database):
    with transaction() as session:
        enqueue(session, JOB)
        with psycopg.connect(libpq_url(clean_database.admin)) as elsewhere:
            assert elsewhere.execute("select count(*) from jobs.procrastinate_jobs").fetchone() == (0,)
    assert len(queued()) == 1
