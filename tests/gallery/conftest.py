"""The built pages served with the developers' pages open, and a browser that speaks French."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from maiia_pro.launcher.build import PROJECT, ensure_built
from maiia_pro.launcher.postgres import DatabaseUrls
from maiia_pro.launcher.waiting import wait_until
from maiia_pro.settings import get_settings

expect.set_options(timeout=15_000)
"""Tests share two cores with builds and databases: what takes long is not what they are about."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    """Whether the server answers."""
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 -- our own address
        return bool(answer.status == 200)
    return False


class Site:
    """The server of the built pages; can be killed and started again on its port."""

    def __init__(self, log: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        environment = os.environ | {"PORT": str(self.port), "HOST": "127.0.0.1", "DEVELOPER": "1", "PYTHONPATH": str(PROJECT)}
        with self.log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "maiia_pro.cli", "serve"], cwd=PROJECT, env=environment, stdout=file, stderr=file
            )
        wait_until(lambda: answers(f"{self.address}/offline.html"), 60)

    def stop(self) -> None:
        """Stop and wait for the end."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)
            self.process = None


@pytest.fixture(scope="session")
def site(database: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, built if its sources changed."""
    folder = tmp_path_factory.mktemp("site")
    ensure_built(get_settings(), folder / "build.log")
    served = Site(folder / "server.log")
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    own = {"executable_path": found} if found else {}
    return browser_type_launch_args | own | {"args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    """Where pages of these tests are found."""
    return site.address


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A browser that speaks French."""
    return browser_context_args | {"locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture
def gallery(page: Page) -> Iterator[Page]:
    """The gallery, ready; at the end the browser must have had nothing to refuse."""
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto("/developpement/composants")
    page.get_by_role("heading", name="Boutons", exact=True).wait_for()
    yield page
    assert refused == []
