"""What does each job type: the one place where a feature's job meets the feature above that answers it."""

from uuid import UUID

from procrastinate import App, RetryStrategy
from sqlalchemy.exc import OperationalError

from maiia_pro.agenda.jobs import AppointmentTold, SeriesTold
from maiia_pro.integrations.smtp.client import MailRefused, MailServer
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import Unavailable
from maiia_pro.notifications.outbox import deliver, tell_appointment, tell_series

WORKER = Actor.system("Maiia Pro")
PATIENT_RETRY = RetryStrategy(max_attempts=14, exponential_wait=2, retry_exceptions=[MailRefused, Unavailable, OperationalError])
"""Waits double from four seconds: some nine hours in all."""


def bind(app: App, mail_server: MailServer | None = None) -> None:
    """Bind every job type to its handler; `mail_server` stands for the one of the settings."""

    def told(appointment_id: str, event: str, version: int) -> None:
        email_id = tell_appointment(WORKER, UUID(appointment_id), event, version)
        if email_id:
            deliver(WORKER, email_id, mail_server)

    app.task(name=AppointmentTold.name, retry=PATIENT_RETRY)(told)

    def told_series(series_id: str, event: str, version: int, visits: list[str]) -> None:
        email_id = tell_series(WORKER, SeriesTold(UUID(series_id), event, version, visits))
        if email_id:
            deliver(WORKER, email_id, mail_server)

    app.task(name=SeriesTold.name, retry=PATIENT_RETRY)(told_series)
