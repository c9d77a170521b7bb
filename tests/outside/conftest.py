"""A CalDAV server of the tests: a real Radicale on this machine, with one user and one calendar."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar, Event

from maiia_pro.settings import get_settings
from tests.tools.site import free_port

USER, PASSWORD = "claire", "mot de passe du calendrier"
MAKE = """<?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>
<d:displayname>{name}</d:displayname></d:prop></d:set></c:mkcalendar>"""


@dataclass
class Radicale:
    """The server, as the practitioner's own telephone would use it."""

    folder: Path
    port: int
    process: subprocess.Popen | None = None
    auth: tuple[str, str] = field(default=(USER, PASSWORD))

    @property
    def url(self) -> str:
        """Tell where the user's calendars are."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start it and wait until it answers."""
        (self.folder / "users").write_text(f"{USER}:{PASSWORD}\n")
        command = [
            sys.executable, "-m", "radicale", "--config", "", "--server-hosts", f"127.0.0.1:{self.port}",
            "--storage-filesystem-folder", str(self.folder / "data"), "--auth-type", "htpasswd", "--auth-delay", "0",
            "--auth-htpasswd-filename", str(self.folder / "users"), "--auth-htpasswd-encryption", "plain",
        ]  # fmt: skip
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                assert self.process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline

    def stop(self) -> None:
        """Stop it."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def ask(self, method: str, path: str, content: str | bytes = b"") -> httpx.Response:
        """Ask it something as its user."""
        answer = httpx.request(method, f"{self.url}{USER}/{path}", content=content, auth=self.auth, trust_env=False)
        assert answer.status_code < 500
        return answer

    def calendar(self, name: str = "prive") -> str:
        """Make a calendar; gives its address."""
        assert self.ask("MKCALENDAR", f"{name}/", MAKE.format(name=name)).status_code == 201
        return f"{self.url}{USER}/{name}/"

    def put(self, uid: str, event: str, calendar: str = "prive") -> None:
        """Write a private event."""
        content = (
            f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//FR\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n{event}\r\n"
        )
        assert self.ask("PUT", f"{calendar}/{uid}.ics", f"{content}END:VEVENT\r\nEND:VCALENDAR\r\n").status_code == 201

    def drop(self, uid: str, calendar: str = "prive") -> None:
        """Take a private event away."""
        assert self.ask("DELETE", f"{calendar}/{uid}.ics").status_code == 200

    def events(self, calendar: str = "prive") -> list[Event]:
        """Read all that the calendar holds, in order of time."""
        found = Calendar.from_ical(self.ask("GET", f"{calendar}/").content).walk("VEVENT")
        return sorted(found, key=lambda event: event.start)

    def ours(self, calendar: str = "prive") -> list[Event]:
        """Read what the software wrote there."""
        return [event for event in self.events(calendar) if str(event["UID"]).endswith("@maiia-pro")]


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Radicale]:
    """Give a server with one empty calendar, `prive`."""
    server = Radicale(tmp_path, free_port())
    server.start()
    server.calendar()
    yield server
    server.stop()


@pytest.fixture
def private_hosts(database) -> Iterator[None]:
    """Let calendars of this machine be linked, as the operator may."""
    os.environ["CALENDAR_PRIVATE_HOSTS"] = "1"
    get_settings.cache_clear()
    yield
    del os.environ["CALENDAR_PRIVATE_HOSTS"]
    get_settings.cache_clear()
