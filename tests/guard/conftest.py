"""One account of each kind, and a server without pages, for the tests of the two walls."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from maiia_pro.identity.accounts import NewAccount, create_account
from maiia_pro.identity.api_clients import KNOWN_SCOPES, authenticate_client, issue_token, register_client
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.identity.sessions import sign_in
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import transaction
from maiia_pro.patients.sign_up import SignUp, sign_up_patient
from maiia_pro.practice.tables import Practice
from maiia_pro.settings import get_settings

PASSWORD = "une phrase assez longue"
SYSTEM = Actor.system("test")
VISITOR = Actor.anonymous()
PATIENT_FORM = {"given_name": "Josiane", "family_name": "Keller", "birth_date": "02/06/1955", "password": PASSWORD}


def cookie_of(email: str) -> str:
    """Sign in and give the Cookie header of the session."""
    return f"{cookie_name()}={sign_in(VISITOR, email, PASSWORD, '192.0.2.1').token}"


@pytest.fixture
def people(clean_database) -> dict[ActorKind, dict[str, str]]:
    """What each kind of actor sends: the headers that prove who it is."""
    with transaction() as session:
        practice = Practice(name="Cabinet d’essai")
        session.add(practice)
        session.flush()
        practice_id = practice.id
    for kind in (ActorKind.SECRETARY, ActorKind.PRACTITIONER, ActorKind.OPERATOR):
        create_account(SYSTEM, NewAccount(f"{kind}@exemple.fr", f"Camille {kind.title()}", kind, PASSWORD, (practice_id,)))
    sign_up_patient(VISITOR, SignUp.read(PATIENT_FORM | {"email": "patient@exemple.fr"}), "192.0.2.1")
    client = authenticate_client(*register_client(SYSTEM, "Logiciel", practice_id, KNOWN_SCOPES))
    accounts = (ActorKind.SECRETARY, ActorKind.PRACTITIONER, ActorKind.OPERATOR, ActorKind.PATIENT)
    return (
        {ActorKind.ANONYMOUS: {}}
        | {kind: {"cookie": cookie_of(f"{kind}@exemple.fr")} for kind in accounts}
        | {ActorKind.API_CLIENT: {"authorization": f"Bearer {issue_token(client)[0]}"}}
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_health", timeout=1) as response:  # noqa: S310 - a server of this test
            return response.status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def server(database, tmp_path_factory) -> Iterator[str]:
    """The software without its pages, in a process of its own; gives its address."""
    port = free_port()
    log = tmp_path_factory.mktemp("server") / "log"
    project = Path(__file__).parents[2]
    environment = os.environ | {
        "PORT": str(port), "PYTHONPATH": str(project), "__REFLEX_SKIP_COMPILE": "yes", "REFLEX_ENV_MODE": "prod",
    }  # fmt: skip
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "maiia_pro.maiia_pro:app"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)], cwd=project, env=environment, stdout=output, stderr=output
        )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while not answers(url):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
    yield url
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


@pytest.fixture
def api(people, monkeypatch):
    """The HTTP routes in this process, without the pages behind them."""
    from starlette.testclient import TestClient

    from maiia_pro.api.asgi import build_api

    get_settings.cache_clear()
    with TestClient(build_api(), base_url=get_settings().base_url, raise_server_exceptions=False) as client:
        yield client
