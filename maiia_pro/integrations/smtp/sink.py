"""An SMTP server that keeps each message in a folder and sends nothing on: for the demonstration and the tests."""

import re
import socket
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from maiia_pro.kernel.private import open_private, private_folder


class _Keep:
    """Writes messages to the folder, one file a Message-ID: a repeat replaces the first, as mail servers tell repeats."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        message = message_from_bytes(content, policy=default)
        name = re.sub(r"[^A-Za-z0-9.-]", "_", str(message["Message-ID"] or "without-id").strip("<>"))
        partial = self.folder / f"{name}.part"
        with open_private(partial, "wb") as file:
            file.write(content)
        partial.replace(self.folder / f"{name}.eml")
        return "250 OK"


def _free_port() -> int:
    """Ask the system for a free loopback port: the library cannot listen on port 0."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class MailSink:
    """Listens on loopback, on a free port unless one is named."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        private_folder(folder)
        self._port = port or _free_port()
        self._controller = Controller(_Keep(folder), hostname="127.0.0.1", port=self._port, ready_timeout=10)

    def start(self) -> str:
        """Start listening and give the address to send to, `smtp://127.0.0.1:port`."""
        self._controller.start()
        return f"smtp://127.0.0.1:{self._port}"

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()
