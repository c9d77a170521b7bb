"""The worker process: it takes jobs from the queues and does the chores."""

import asyncio
import contextlib
from collections.abc import Awaitable, Sequence
from typing import Final

from procrastinate import App

from maiia_pro.integrations.sms.client import TextService
from maiia_pro.integrations.sms.sink import TextSink
from maiia_pro.integrations.smtp.client import MailServer
from maiia_pro.integrations.smtp.sink import MailSink
from maiia_pro.jobs.chores import STALLED_AFTER_SECONDS, WORKER_HEARTBEAT_SECONDS, chores
from maiia_pro.jobs.handlers import bind
from maiia_pro.kernel.queue import DEFAULT, OUTSIDE, queue
from maiia_pro.settings import get_settings

CONCURRENCY: Final = {DEFAULT: 4, OUTSIDE: 2}
"""Jobs at once of each queue; all together no more than the threads of a loop on two processors."""
GRACE_SECONDS: Final = {DEFAULT: 10.0, OUTSIDE: 3.0}
"""For jobs under way at the end, one queue after the other: what strangers are slow to answer is tried again. The launcher waits for 15."""


async def work(mail_server: MailServer | None = None, texts: TextService | None = None) -> None:
    """Work until told to stop (SIGINT, SIGTERM); jobs under way may end within ten seconds."""
    app = queue()
    bind(app, mail_server, texts)
    async with app.open_async():
        await until_one_ends([*(_worker(app, name) for name in CONCURRENCY), *chores(app)])


def _worker(app: App, name: str) -> Awaitable[None]:
    return app.run_worker_async(
        queues=[name],
        concurrency=CONCURRENCY[name],
        fetch_job_polling_interval=5.0,
        delete_jobs="successful",
        shutdown_graceful_timeout=GRACE_SECONDS[name],
        update_heartbeat_interval=WORKER_HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_AFTER_SECONDS,
        install_signal_handlers=name == DEFAULT,  # where one ends, all do
    )


async def until_one_ends(parts: Sequence[Awaitable[None]]) -> None:
    """Run the worker and its chores; when one ends they all do, and its fault ends the process, which the launcher starts again."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def run_worker() -> None:
    """Run the worker; a demonstration without a mail server, or a service of SMS, gets one that keeps messages in the data folder."""
    settings, mail_server, texts = get_settings(), None, None
    with contextlib.ExitStack() as stack:
        if settings.demo and not settings.smtp_url:
            mails = MailSink(settings.data_dir / "courriels")
            mail_server = MailServer.from_url(mails.start())
            stack.callback(mails.stop)
        if settings.demo and not settings.sms_url:
            kept = TextSink(settings.data_dir / "sms")
            texts = TextService(kept.start(), kept.KEY, settings.sms_sender)
            stack.callback(kept.stop)
        asyncio.run(work(mail_server, texts))
