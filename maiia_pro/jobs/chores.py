"""What the worker does by the clock: sealing the audit trail, taking up jobs of a killed worker, measuring, tidying."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import structlog
from procrastinate import App
from procrastinate.exceptions import ProcrastinateException
from sqlalchemy.exc import SQLAlchemyError

from maiia_pro.agenda.first_free import refresh_bounds
from maiia_pro.agenda.holds import sweep_holds
from maiia_pro.agenda.visit_link import delete_old_links
from maiia_pro.evening.sending import due_practices, note_failure, send_evening_list
from maiia_pro.hooks.sending import delete_old_deliveries
from maiia_pro.identity.api_clients import delete_old_tokens
from maiia_pro.identity.api_grants import delete_old_grants
from maiia_pro.identity.browsers import forget_old_browsers
from maiia_pro.identity.codes import delete_old_codes
from maiia_pro.identity.idempotency import delete_old_answers
from maiia_pro.identity.passkeys import forget_old_challenges
from maiia_pro.identity.psc import delete_old_requests
from maiia_pro.identity.recovery import delete_old_recoveries
from maiia_pro.identity.restrictions import lift_over
from maiia_pro.identity.session_ends import delete_old_sessions
from maiia_pro.identity.throttle import forget_old_attempts
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel.audit_watch import look, seal_new
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.work import run_blocking
from maiia_pro.notifications.code_message import forget_code_messages
from maiia_pro.operations.releases import note_release
from maiia_pro.operations.uptime import note_heartbeat
from maiia_pro.outside.syncing import enqueue_due
from maiia_pro.practice.proofs import forget_unused_proofs
from maiia_pro.settings import get_settings
from maiia_pro.waiting.offering import pass_on_due

log = structlog.get_logger(__name__)

WORKER_HEARTBEAT_SECONDS = 2.0
STALLED_AFTER_SECONDS = 10.0
SEAL_EVERY_SECONDS = 1.0
SWEEP_EVERY_SECONDS = 5.0
BOUND_EVERY_SECONDS = 2.0


def seal_audit() -> int:
    """Seal what was committed since the last time; tells how many entries."""
    return seal_new(WORKER)


async def look_at_audit() -> None:
    """Look at a piece of the audit chain."""
    await run_blocking(look, WORKER)


async def take_up_stalled(app: App) -> None:
    """Queue again the jobs of a worker that stopped giving signs of life."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await app.job_manager.retry_job(job)


async def measure_uptime() -> None:
    """Ask the server for a sign of life, as a visitor would, and write it down."""
    async with httpx.AsyncClient(timeout=5) as client:
        answer = await client.get(f"http://{get_settings().host}:{get_settings().port}/_health")
    if answer.is_success:
        await run_blocking(note_heartbeat, WORKER)


async def tidy() -> None:
    """Delete what has expired; write down which release runs."""
    await run_blocking(note_release, WORKER)
    await run_blocking(delete_old_tokens, WORKER)
    await run_blocking(delete_old_grants, WORKER)
    await run_blocking(delete_old_sessions, WORKER)
    await run_blocking(delete_old_codes, WORKER)
    await run_blocking(delete_old_recoveries, WORKER)
    await run_blocking(forget_old_challenges, WORKER)
    await run_blocking(forget_old_browsers, WORKER)
    await run_blocking(delete_old_requests, WORKER)
    await run_blocking(forget_code_messages, WORKER)
    await run_blocking(forget_old_attempts, WORKER)
    await run_blocking(delete_old_answers, WORKER)
    await run_blocking(delete_old_deliveries, WORKER)
    await run_blocking(delete_old_links, WORKER)
    await run_blocking(forget_unused_proofs, WORKER)


async def send_evening_lists() -> None:
    """Send tomorrow's list to the practices whose hour has come; one whose password cannot be read keeps none from theirs."""
    for practice_id in await run_blocking(due_practices, WORKER):
        try:
            await run_blocking(send_evening_list, WORKER, practice_id)
        except DomainError as error:
            await run_blocking(note_failure, WORKER, practice_id, error.message)
            log.warning("evening list failed", practice_id=str(practice_id), error=type(error).__name__)


async def lift_suspensions() -> None:
    """Open the accounts again whose suspension is over."""
    await run_blocking(lift_over, WORKER)


async def pass_on_places() -> None:
    """Let offers that nobody answered go to the next on the waiting list."""
    await run_blocking(pass_on_due, WORKER)


async def read_calendars() -> None:
    """Enqueue the reading of linked calendars whose time has come."""
    await run_blocking(enqueue_due, WORKER)


async def every(seconds: float, chore: Callable[[], Awaitable[object]]) -> None:
    """Do a chore again and again; a failure is logged and the next round comes all the same."""
    while True:
        try:
            await chore()
        except (DomainError, SQLAlchemyError, httpx.HTTPError, OSError, ProcrastinateException) as error:
            log.warning("chore failed", chore=getattr(chore, "__name__", str(chore)), error=type(error).__name__)
        await asyncio.sleep(seconds)


def chores(app: App) -> list[Awaitable[None]]:
    """List the chores with their pace."""

    async def seal() -> None:
        await run_blocking(seal_audit)

    async def free() -> None:
        await run_blocking(sweep_holds, WORKER)

    async def bound() -> None:
        await run_blocking(refresh_bounds, WORKER)

    async def stalled() -> None:
        await take_up_stalled(app)

    return [
        every(SEAL_EVERY_SECONDS, seal),
        every(SWEEP_EVERY_SECONDS, free),
        every(BOUND_EVERY_SECONDS, bound),
        every(STALLED_AFTER_SECONDS / 2, stalled),
        every(30, measure_uptime),
        every(30, read_calendars),
        every(60, look_at_audit),
        every(60, send_evening_lists),
        every(60, lift_suspensions),
        every(SWEEP_EVERY_SECONDS, pass_on_places),
        every(600, tidy),
    ]
