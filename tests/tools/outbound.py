"""What leaves by e-mail and SMS: a worker that takes what waits, real conversations with both sinks, and what they kept."""

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Self

from maiia_pro.integrations.sms.client import TextService
from maiia_pro.integrations.sms.sink import TextSink
from maiia_pro.integrations.smtp.client import MailServer
from maiia_pro.integrations.smtp.sink import MailSink
from maiia_pro.jobs.handlers import bind
from maiia_pro.kernel.queue import queue


def work_once(server: MailServer, texts: TextService | None = None) -> None:
    """Let a worker take every job that waits, then stop; in a thread of its own, for a browser's loop may run in this one."""

    async def run() -> None:
        queue.cache_clear()
        app = queue()
        bind(app, server, texts)
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()
    queue.cache_clear()  # whoever binds the jobs next begins anew


def mails_in(folder: Path) -> list[EmailMessage]:
    """Read the messages that a mail sink kept."""
    found = [message_from_bytes(file.read_bytes(), policy=default) for file in sorted(folder.glob("*.eml"))]
    return [message for message in found if isinstance(message, EmailMessage)]


class Messages:
    """Both sinks; each look lets the worker work first."""

    def __init__(self, folder: Path) -> None:
        self.mails, self.sms = folder / "mails", folder / "sms"
        self._mail_sink, self._text_sink = MailSink(self.mails), TextSink(self.sms)

    def __enter__(self) -> Self:
        self.server = MailServer.from_url(self._mail_sink.start())
        self.service = TextService(self._text_sink.start(), TextSink.KEY, "MaiiaPro")
        return self

    def __exit__(self, *_error: object) -> None:
        self._mail_sink.stop()
        self._text_sink.stop()

    def sent(self) -> list[dict[str, Any]]:
        """Give every SMS that left since the last look."""
        work_once(self.server, self.service)
        found = [json.loads(file.read_bytes()) for file in self.sms.glob("*.json")]
        for file in self.sms.glob("*.json"):
            file.unlink()
        return found

    def texts(self, number: str) -> list[str]:
        """Give what was sent to a number since the last look."""
        return [message["content"] for message in self.sent() if message["recipient"] == number]

    def mailed_to(self, address: str) -> str:
        """Give the text of the one message to an address."""
        work_once(self.server, self.service)
        [body] = [mail.get_body() for mail in mails_in(self.mails) if mail["To"] == address]
        assert body is not None
        return str(body.get_content())

    def code_mailed_to(self, address: str) -> str:
        """Give the code of the one message to an address."""
        [code] = re.findall(r"\b\d{6}\b", self.mailed_to(address))
        return code
