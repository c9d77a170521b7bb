"""The queue of outside effects: a job is enqueued in the transaction of its cause, and the worker does it afterwards."""

import dataclasses
import json
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar, Final
from uuid import UUID

from procrastinate import App, PsycopgConnector
from sqlmodel import Session

from maiia_pro.kernel.db import database_url
from maiia_pro.kernel.exchange import exchange

SCHEMA = "jobs"
DEFAULT: Final = "default"
OUTSIDE: Final = "outside"
"""Where jobs wait that go to machines of strangers' choice: however slow these are, a worker of their own is all that they hold up."""


@dataclasses.dataclass(frozen=True)
class Job:
    """A job type; a feature defines its own, and `maiia_pro.jobs` binds the handler."""

    name: ClassVar[str]
    queue: ClassVar[str] = DEFAULT

    def arguments(self) -> dict[str, Any]:
        """Give the fields as JSON values."""
        fields = ((field.name, getattr(self, field.name)) for field in dataclasses.fields(self))
        return {name: str(value) if isinstance(value, UUID) else value for name, value in fields}


@lru_cache(maxsize=1)
def queue() -> App:
    """Give the procrastinate application of this process; its tables live in schema `jobs`."""
    options = f"-c search_path={SCHEMA} -c statement_timeout=60s"
    return App(connector=PsycopgConnector(conninfo=database_url(), kwargs={"options": options}))


DEFER = """jobs.procrastinate_defer_jobs_v1(array[
    row(cast(%(job_queue)s as varchar), cast(%(job_name)s as varchar), 0, cast(%(job_lock)s as text), null,
        cast(%(job_arguments)s as jsonb), cast(%(job_at)s as timestamptz))
]::jobs.procrastinate_job_to_defer_v1[])"""
"""Enqueues a job given its `job_values`: the very function that procrastinate's own `defer` calls, without its way through Python."""
_DEFER = "select " + DEFER


def enqueue(session: Session, job: Job, *, lock: str | None = None, at: datetime | None = None) -> None:
    """Enqueue a job in the caller's transaction: it exists if and only if the transaction commits.

    `lock` names jobs that must run one after another; `at` is when to do it, at once unless said.
    """
    exchange(session, _DEFER, job_values(job, lock, at))


def job_values(job: Job, lock: str | None = None, at: datetime | None = None) -> dict[str, Any]:
    """Give the values that `DEFER` enqueues."""
    arguments = json.dumps(job.arguments())
    return {"job_queue": job.queue, "job_name": job.name, "job_lock": lock, "job_arguments": arguments, "job_at": at}
