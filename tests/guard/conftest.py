"""One account of each kind, and a server without pages, for the tests of the two walls."""

import asyncio
import functools
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlmodel import Session

from maiia_pro.api.asgi import build_api
from maiia_pro.identity import passwords
from maiia_pro.identity.accounts import insert_account
from maiia_pro.identity.api_clients import KNOWN_SCOPES, authenticate_client, issue_token, register_client
from maiia_pro.identity.cookies import cookie_name, token_in
from maiia_pro.identity.locking import lock
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_opening import open_session
from maiia_pro.identity.tables import ACCOUNT_KINDS, Membership
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import transaction
from maiia_pro.patients.tables import Person
from maiia_pro.practice.tables import Practice
from maiia_pro.settings import get_settings
from tests.tools.site import PROJECT, free_port

PASSWORD = "une phrase assez longue"
SYSTEM = Actor.system("test")
PATIENT_FORM = {"given_name": "Josiane", "family_name": "Keller", "birth_date": "02/06/1955", "password": PASSWORD}


@functools.cache
def password_hash() -> str:
    """Hash the password of every account of these tests, once."""
    return passwords.hash_password(PASSWORD)


def newcomer(session: Session, kind: ActorKind, practice_id: UUID, email: str = "", *, half_open: bool = False) -> dict[str, str]:
    """Create an account and sign it in; gives the header that proves it."""
    name = f"Camille {kind.title()}"
    account = insert_account(session, SYSTEM, email=email or f"{kind}@exemple.fr", name=name, role=kind, password_hash=password_hash())
    if kind is ActorKind.PATIENT:
        session.add(Person(account_id=account.id, given_name="Camille", family_name="Patient", birth_date=date(1955, 6, 2)))
    elif kind is not ActorKind.OPERATOR:
        session.add(Membership(account_id=account.id, practice_id=practice_id, role=kind, administers=kind is ActorKind.PRACTITIONER))
    return {"cookie": f"{cookie_name()}={open_session(session, account, half_open=half_open)}"}


@pytest.fixture
def people(clean_database) -> dict[ActorKind, dict[str, str]]:
    """What each kind of actor sends: the headers that prove who it is."""
    with transaction() as session:
        practice = Practice(name="Cabinet d’essai")
        session.add(practice)
        session.flush()
        headers = {kind: newcomer(session, kind, practice.id) for kind in ACCOUNT_KINDS}
        half_open = newcomer(session, ActorKind.SECRETARY, practice.id, email="en-cours@exemple.fr", half_open=True)
        practice_id = practice.id
        locked = newcomer(session, ActorKind.SECRETARY, practice.id, email="verrouillee@exemple.fr")
    lock(actor_of_token(token_in(locked["cookie"])))
    client = authenticate_client(*register_client(SYSTEM, "Logiciel", practice_id, KNOWN_SCOPES))
    program = {"authorization": f"Bearer {issue_token(client)[0]}"}
    return {ActorKind.ANONYMOUS: {}, ActorKind.API_CLIENT: program, ActorKind.LOCKED: locked, ActorKind.HALF_OPEN: half_open} | headers


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_health", timeout=1) as response:  # noqa: S310 - a server of this test
            return response.status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def server_log(tmp_path_factory) -> Path:
    """Where the server of these tests writes."""
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="session")
def server(database, server_log) -> Iterator[str]:
    """The software without its pages, in a process of its own; gives its address."""
    port, log = free_port(), server_log
    environment = os.environ | {
        "PORT": str(port), "PYTHONPATH": str(PROJECT), "__REFLEX_SKIP_COMPILE": "yes", "REFLEX_ENV_MODE": "prod",
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--factory",
        "maiia_pro.maiia_pro:app",
        "--workers-kill-timeout",
        "5",
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)], cwd=PROJECT, env=environment, stdout=output, stderr=output
        )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while not answers(url):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
    yield url
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()


class Api:
    """The HTTP routes in this process, without the pages behind them; each call is a browser of its own."""

    def request(self, method: str, path: str, **options) -> httpx.Response:
        """Call a route."""

        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(app=build_api(), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=get_settings().base_url) as client:
                return await client.request(method, path, **options)

        return asyncio.run(call())

    def post(self, path: str, **options) -> httpx.Response:
        """Call a route by POST."""
        return self.request("POST", path, **options)

    def delete(self, path: str, **options) -> httpx.Response:
        """Call a route by DELETE."""
        return self.request("DELETE", path, **options)


@pytest.fixture
def api(people) -> Api:
    get_settings.cache_clear()
    return Api()
