"""A database for one command: the operator's, the running one, or one started for the occasion."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from maiia_pro.launcher.postgres import DatabaseFailure, EmbeddedPostgres
from maiia_pro.settings import get_settings


class AlreadyRunning(RuntimeError):
    """Another launcher holds the data folder; the message is for the console."""


@contextlib.contextmanager
def data_folder(folder: Path) -> Iterator[None]:
    """Hold the data folder: one launcher at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "launcher.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"Maiia Pro tourne déjà sur le dossier {folder}. Arrêtez-le d’abord, ou choisissez-en un autre par DATA_DIR."
            raise AlreadyRunning(message) from error
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def database_at_hand() -> Iterator[None]:
    """Make sure the settings name a database while the block runs."""
    settings = get_settings()
    if settings.database_url:
        yield
        return
    server = EmbeddedPostgres(settings.data_dir)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(data_folder(server.data_dir))
        except AlreadyRunning:
            urls = server.attach()
            if urls is None:
                message = "La base de données est en train de démarrer ou de s’arrêter. Réessayez dans un instant."
                raise DatabaseFailure(message) from None
        else:
            stack.callback(server.stop)
            urls = server.start()
        os.environ.update(urls.environment())
        get_settings.cache_clear()
        yield
