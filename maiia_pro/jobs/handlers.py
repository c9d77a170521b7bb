"""What does each job type: the one place where a feature's job meets the feature above that answers it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from procrastinate import App, RetryDecision, RetryStrategy
from procrastinate.jobs import Job
from sqlalchemy.exc import OperationalError

from maiia_pro.agenda.jobs import AppointmentTold, SeriesTold, SlotFreed
from maiia_pro.hooks.jobs import EventReady
from maiia_pro.hooks.sending import deliver as deliver_event
from maiia_pro.identity.jobs import (
    AccountRenamed,
    AccountRestored,
    AccountRestricted,
    AccountTold,
    CodeAsked,
    ContactChanged,
    FactorsReset,
    LeftoversTold,
    RecoveryAsked,
    SecurityTold,
)
from maiia_pro.integrations.sms.client import TextService
from maiia_pro.integrations.smtp.client import MailRefused, MailServer
from maiia_pro.integrations.webhooks.client import NotReceived
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, Unavailable
from maiia_pro.notifications.account_mail import tell_account, tell_recovery, tell_renamed
from maiia_pro.notifications.code_message import tell_change, tell_code
from maiia_pro.notifications.declaration_mail import tell_decision
from maiia_pro.notifications.jobs import DelayReady, MailReady
from maiia_pro.notifications.leftover_mail import tell_leftovers
from maiia_pro.notifications.outbox import deliver, tell_appointment, tell_delay, tell_series
from maiia_pro.notifications.restriction_mail import reassure_patients, tell_practice, tell_restored, tell_restricted, warn_patients
from maiia_pro.notifications.security_mail import tell_reset, tell_security
from maiia_pro.notifications.text_budget import TextsSpent
from maiia_pro.outside.jobs import CalendarSync
from maiia_pro.outside.syncing import sync_link
from maiia_pro.practice.jobs import DeclarationDecided
from maiia_pro.reception.jobs import DelayTold
from maiia_pro.reception.lateness import who_to_tell
from maiia_pro.waiting.answering import note_booked
from maiia_pro.waiting.jobs import PlaceOffered
from maiia_pro.waiting.mail import tell_place
from maiia_pro.waiting.offering import offer_freed

WORKER = Actor.system("Maiia Pro")


class UntilTomorrow(RetryStrategy):
    """Waits for the SMS of the next day where those of this one are spent: doubled waits end before they do."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Decide as any strategy whether to try again, and when the day's SMS begin anew."""
        decision = super().get_retry_decision(exception=exception, job=job)
        if decision and isinstance(exception, TextsSpent):
            return RetryDecision(retry_in={"seconds": exception.retry_after})
        return decision


PATIENT_RETRY = UntilTomorrow(max_attempts=14, exponential_wait=2, retry_exceptions=[MailRefused, Unavailable, OperationalError])
"""Waits double from four seconds: some nine hours in all."""

DELAY_RETRY = RetryStrategy(max_attempts=6, exponential_wait=2, retry_exceptions=[MailRefused, Unavailable, OperationalError])
"""A delay is told within two minutes or not at all."""


CODE_RETRY = RetryStrategy(max_attempts=7, exponential_wait=2, retry_exceptions=[MailRefused, Unavailable, OperationalError])
"""A code is of use for ten minutes: the last try comes after four."""


class UntilGivenUp(RetryStrategy):
    """Tries again as long as the delivery says so: a worker that was killed and a database that was away are no tries of it."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Decide as any strategy whether to try again, and wait as the delivery says."""
        if isinstance(exception, NotReceived):
            return RetryDecision(retry_in={"seconds": exception.retry_after})
        return super().get_retry_decision(exception=exception, job=job)


HOOK_RETRY = UntilGivenUp(wait=60, retry_exceptions=[OperationalError])


Send = Callable[[UUID], bool]


def bind(app: App, mail_server: MailServer | None = None, texts: TextService | None = None) -> None:
    """Bind every job type to its handler; `mail_server` and `texts` stand for those of the settings."""
    send = partial(deliver, WORKER, server=mail_server, texts=texts)

    def told(appointment_id: str, event: str, version: int) -> None:
        if event == "booked":
            note_booked(WORKER, UUID(appointment_id))
        email_id = tell_appointment(WORKER, UUID(appointment_id), event, version)
        if email_id:
            send(email_id)

    def ready(email_id: str) -> None:
        send(UUID(email_id))

    app.task(name=AppointmentTold.name, retry=PATIENT_RETRY)(told)

    def delayed(practitioner_id: str, announced_at: str) -> None:
        minutes, visits = who_to_tell(WORKER, UUID(practitioner_id))
        written = [tell_delay(WORKER, appointment_id, minutes, announced_at) for appointment_id in visits]
        _deliver_each([email_id for email_id in written if email_id], send)

    app.task(name=DelayTold.name, retry=DELAY_RETRY)(delayed)
    app.task(name=DelayReady.name, retry=DELAY_RETRY)(ready)
    app.task(name=MailReady.name, retry=PATIENT_RETRY)(ready)
    _bind_codes(app, send)
    _bind_accounts(app, send)
    _bind_restrictions(app, send)
    _bind_series(app, send)
    _bind_calendars(app)
    _bind_waiting(app, send)
    _bind_hooks(app)


def _bind_accounts(app: App, send: Send) -> None:
    """Bind what the holders of accounts, and practitioners, are written."""

    def asked(recovery_id: str) -> None:
        email_id = tell_recovery(WORKER, UUID(recovery_id))
        if email_id:
            send(email_id)

    def told(account_id: str, event: str, mark: str) -> None:
        email_id = tell_account(WORKER, UUID(account_id), event, UUID(mark))
        if email_id:
            send(email_id)

    def decided(declaration_id: str) -> None:
        email_id = tell_decision(WORKER, UUID(declaration_id))
        if email_id:
            send(email_id)

    def renamed(change_id: str) -> None:
        _deliver_each(tell_renamed(WORKER, UUID(change_id)), send)

    app.task(name=AccountRenamed.name, retry=PATIENT_RETRY)(renamed)

    def left(account_id: str, mark: str) -> None:
        _deliver_each(tell_leftovers(WORKER, UUID(account_id), UUID(mark)), send)

    app.task(name=LeftoversTold.name, retry=PATIENT_RETRY)(left)
    app.task(name=DeclarationDecided.name, retry=PATIENT_RETRY)(decided)
    app.task(name=RecoveryAsked.name, retry=PATIENT_RETRY)(asked)
    app.task(name=AccountTold.name, retry=PATIENT_RETRY)(told)


def _deliver_each(email_ids: list[UUID], send: Send) -> None:
    """Send several messages; one that is refused keeps nobody else from theirs, and is raised after all of them."""
    refused: list[DomainError] = []
    for email_id in email_ids:
        try:
            send(email_id)
        except DomainError as refusal:
            refused.append(refusal)
    if refused:
        raise next((one for one in refused if isinstance(one, Unavailable)), refused[0])  # what may be tried again comes first


def _bind_restrictions(app: App, send: Send) -> None:
    """Bind what follows when the operator shuts or opens an account; patients and practice come first, whatever becomes of the other."""

    def restricted(restriction_id: str) -> None:
        warn_patients(WORKER, UUID(restriction_id))
        tell_practice(WORKER, UUID(restriction_id))
        email_id = tell_restricted(WORKER, UUID(restriction_id))
        if email_id:
            send(email_id)

    def restored(restriction_id: str) -> None:
        reassure_patients(WORKER, UUID(restriction_id))
        tell_practice(WORKER, UUID(restriction_id))
        email_id = tell_restored(WORKER, UUID(restriction_id))
        if email_id:
            send(email_id)

    app.task(name=AccountRestricted.name, retry=PATIENT_RETRY)(restricted)
    app.task(name=AccountRestored.name, retry=PATIENT_RETRY)(restored)


def _bind_codes(app: App, send: Send) -> None:
    """Bind what accounts send to their holders: codes, and word of what was done in them."""

    def asked(code_id: str) -> None:
        email_id = tell_code(WORKER, UUID(code_id))
        if email_id:
            send(email_id)

    def changed(code_id: str) -> None:
        email_id = tell_change(WORKER, UUID(code_id))
        if email_id:
            send(email_id)

    def security(account_id: str, event: str, at: str, browser: str, place: str) -> None:
        email_id = tell_security(WORKER, UUID(account_id), event, at, browser=browser, place=place)
        if email_id:
            send(email_id)

    def reset(reset_id: str) -> None:
        _deliver_each(tell_reset(WORKER, UUID(reset_id)), send)

    app.task(name=CodeAsked.name, retry=CODE_RETRY)(asked)
    app.task(name=FactorsReset.name, retry=PATIENT_RETRY)(reset)
    app.task(name=ContactChanged.name, retry=PATIENT_RETRY)(changed)
    app.task(name=SecurityTold.name, retry=PATIENT_RETRY)(security)


def _bind_series(app: App, send: Send) -> None:
    """Bind what follows a series that is given or changed: the wishes that it meets, one message."""

    def told_series(series_id: str, event: str, version: int, visits: list[str]) -> None:
        for appointment_id in visits if event == "booked" else ():
            note_booked(WORKER, UUID(appointment_id))
        email_id = tell_series(WORKER, SeriesTold(UUID(series_id), event, version, visits))
        if email_id:
            send(email_id)

    app.task(name=SeriesTold.name, retry=PATIENT_RETRY)(told_series)


def _bind_calendars(app: App) -> None:
    """Bind the jobs of linked calendars."""

    def synced(link_id: str) -> None:
        sync_link(WORKER, UUID(link_id))

    app.task(name=CalendarSync.name, retry=PATIENT_RETRY)(synced)


def _bind_hooks(app: App) -> None:
    """Bind the job that tells programs."""

    def ready(delivery_id: str) -> None:
        deliver_event(WORKER, UUID(delivery_id))

    app.task(name=EventReady.name, retry=HOOK_RETRY)(ready)


def _bind_waiting(app: App, send: Send) -> None:
    """Bind the jobs of the waiting list."""

    def freed(practitioner_id: str, begins: str, ends: str) -> None:
        offer_freed(WORKER, UUID(practitioner_id), datetime.fromisoformat(begins), datetime.fromisoformat(ends))

    app.task(name=SlotFreed.name, retry=PATIENT_RETRY)(freed)

    def offered(offer_id: str) -> None:
        email_id = tell_place(WORKER, UUID(offer_id))
        if email_id:
            send(email_id)

    app.task(name=PlaceOffered.name, retry=PATIENT_RETRY)(offered)
