"""`make run`: starts everything in order, keeps it alive, and stops it in the opposite order."""

import contextlib
import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg

from maiia_pro.launcher import ports
from maiia_pro.launcher.at_hand import AlreadyRunning, data_folder
from maiia_pro.launcher.build import BuildFailure, ensure_built, is_current
from maiia_pro.launcher.console import log, say
from maiia_pro.launcher.postgres import DatabaseFailure, EmbeddedPostgres, folders_opened_for_root
from maiia_pro.launcher.processes import GATE_VARIABLE, PARENT_VARIABLE, PATIENCE, Child, Tools
from maiia_pro.settings import Settings

PROJECT = Path(__file__).parents[2]
START_SECONDS = 60.0


class StartFailure(RuntimeError):
    """Something could not be started; the message is for the console."""


class Stop:
    """A wish to stop that a signal handler may make at any instant: it takes no lock, which the thread it interrupts might be holding."""

    def __init__(self) -> None:
        self._wished = False

    def set(self) -> None:
        """Wish it."""
        self._wished = True

    def is_set(self) -> bool:
        """Tell whether it is wished."""
        return self._wished

    def wait(self, seconds: float) -> bool:
        """Sleep so long at most and tell whether it is wished."""
        if not self._wished:
            time.sleep(seconds)
        return self._wished


class Launcher:
    """One run of the software on one data folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.data_dir = settings.data_dir.expanduser().resolve()
        self.logs = self.data_dir / "logs"
        self.gate = self.data_dir / "prepared"
        self.stopping = Stop()
        self.tools = Tools()
        self._database: EmbeddedPostgres | None = None
        self._database_failures = 0
        self._database_wait = 0.0

    def run(self) -> int:
        """Start, watch until a signal comes, stop; returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            with contextlib.ExitStack() as stack:
                stack.enter_context(data_folder(self.data_dir))
                ports.check_free(self.settings.host, self.settings.port)
                self._run(stack)
        except (StartFailure, BuildFailure, DatabaseFailure, AlreadyRunning, ports.PortTaken) as failure:
            if not self.stopping.is_set() or isinstance(failure, DatabaseFailure):
                say(str(failure))  # what a signal interrupts fails by design; a database that will not stop does not
                return 1
        say("Tout est arrêté.")
        return 0

    def _run(self, stack: contextlib.ExitStack) -> None:
        """Everything between taking the data folder and giving it back; what starts first stops last."""
        self.gate.unlink(missing_ok=True)
        built = is_current(self.settings)
        with ThreadPoolExecutor(1) as builder:
            if not built:
                say("Construction des pages (la première fois, une minute environ)…")
            build = builder.submit(ensure_built, self.settings, self.logs / "build.log", self.tools)
            environment = self._environment(stack) | self._simulations(stack)
            children = server, worker = self._children(environment)
            for child in reversed(children):
                stack.callback(child.stop)
            stack.callback(say, "Arrêt en cours…")
            if built:
                server.start()  # it loads its code meanwhile, and waits at the gate
            told = self._prepare(environment)
            build.result()
        if self.stopping.is_set():
            return
        self.gate.touch()
        if not built:
            server.start()
        self._wait_for_health(server)
        worker.start()  # it measures whether the server answers: not before it could
        if not self.stopping.is_set():
            self._announce(told)
        while not self.stopping.wait(0.2):
            self._watch_database()
            for child in children:
                child.watch()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()
        self.tools.cancel()

    def _environment(self, stack: contextlib.ExitStack) -> dict[str, str]:
        """Start the database unless the operator has one, and return the environment of the processes."""
        environment = os.environ | {"DATA_DIR": str(self.data_dir), "PORT": str(self.settings.port), "PYTHONPATH": str(PROJECT)}
        if self.settings.database_url:
            return environment
        for folder in folders_opened_for_root(self.data_dir):
            say(f"Lancé par root : PostgreSQL tourne sous un autre compte, {folder} devient lisible par tous.")
        server = EmbeddedPostgres(self.data_dir)
        stack.callback(server.stop)
        urls = server.start()
        self._database = server
        if server.adopted:
            say("Base de données : reprise de celle qui tournait encore.")
        return environment | urls.environment()

    def _simulations(self, stack: contextlib.ExitStack) -> dict[str, str]:
        """Start what stands for the outside world in a demonstration, and return the settings that name it."""
        if not self.settings.psc_simulated:
            return {}
        from maiia_pro.demo.people import PRACTITIONERS
        from maiia_pro.integrations.psc.fake import PscSimulation
        from maiia_pro.integrations.psc.wallet import Holder

        cards = PscSimulation([Holder(one.rpps, one.given_name, one.family_name) for one in PRACTITIONERS])
        stack.callback(cards.stop)
        return cards.start()

    def _watch_database(self) -> None:
        """Start the embedded database again if it died; its address stays the same, so server and worker find it by themselves.

        A start that fails is tried again, a little later each time; after the last one everything stops, and the console says why.
        """
        if self._database is None or self._database.running_pid() is not None or time.monotonic() < self._database_wait:
            return
        log("La base de données s’est arrêtée, nouveau départ.")
        try:
            self._database.start()
        except (DatabaseFailure, psycopg.Error, OSError) as failure:
            if self._database_failures == len(PATIENCE):
                raise DatabaseFailure(f"La base de données ne repart pas, tout s’arrête. {failure}") from failure
            log(str(failure))
            self._database_wait = time.monotonic() + PATIENCE[self._database_failures]
            self._database_failures += 1
        else:
            self._database_failures = 0

    def _prepare(self, environment: dict[str, str]) -> dict[str, Any]:
        """Migrate and seed in a process of their own, which alone knows the owner's password."""
        command = [sys.executable, "-m", "maiia_pro.launcher.prepare"]
        code, said, complained = self.tools.run(command, folder=PROJECT, environment=environment | {PARENT_VARIABLE: str(os.getpid())})
        if code:
            message = f"La base de données n’a pas pu être préparée.\n{complained.strip()}"
            raise StartFailure(message)
        told: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
        return told

    def _children(self, environment: dict[str, str]) -> tuple[Child, Child]:
        """Server and worker; neither knows the address of the owner's role."""
        given = {name: value for name, value in environment.items() if name != "MIGRATION_DATABASE_URL"}
        given[GATE_VARIABLE] = str(self.gate)

        def child(name: str, command: str, seconds: float) -> Child:
            return Child(name, ["maiia_pro.cli", command], given, PROJECT, self.logs / f"{command}.log", seconds)

        return child("Le serveur", "serve", 8), child("Le traitement des tâches", "worker", 15)

    def _wait_for_health(self, server: Child) -> None:
        """Return once the server answers."""
        host = "127.0.0.1" if self.settings.host in ("0.0.0.0", "::") else self.settings.host  # noqa: S104 - compared, not bound
        address = f"http://{f'[{host}]' if ':' in host else host}:{self.settings.port}/_health"
        deadline = time.monotonic() + START_SECONDS
        while not self.stopping.wait(0.1):
            if server.process is not None and server.process.poll() is not None:
                tail = "\n".join(server.log_file.read_text(errors="replace").splitlines()[-25:])
                message = f"Le serveur n’a pas démarré (journal : {server.log_file}).\n{tail}"
                raise StartFailure(message)
            if time.monotonic() > deadline:
                message = f"Le serveur ne répond pas après {START_SECONDS:g} s (journal : {server.log_file})."
                raise StartFailure(message)
            with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return

    def _announce(self, told: dict[str, Any]) -> None:
        """Say where the software is and who may enter, and write it down for programs."""
        say(f"\nMaiia Pro est ouvert : {self.settings.base_url}\n")
        if "accounts" in told:
            write_privately(self.data_dir / "demo.json", {"base_url": self.settings.base_url, **told})
            for account in told["accounts"]:
                say(f"  {ROLES.get(account['role'], account['role']):<12} {account['email']:<40} {account['password']}")
            say(f"\nDémonstration : ces accès sont aussi dans {self.data_dir / 'demo.json'}")
            say(f"Ses e-mails et SMS se lisent, une fois connecté, sur {self.settings.base_url}/demonstration/courriels")
        elif not told["has_operator"]:
            say("Personne n’administre encore cette installation. Créez le premier compte :")
            say("  .venv/bin/maiia-pro create-operator <adresse e-mail>")
        say("Ctrl-C arrête tout.\n")
        log("Prêt.")


ROLES = {"operator": "exploitant", "practitioner": "praticien", "secretary": "secrétaire", "patient": "patient"}


def write_privately(file: Path, content: dict[str, Any]) -> None:
    """Write JSON that only its owner reads, all at once."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(content, out, ensure_ascii=False, indent=2)
    fresh.replace(file)
