"""A way to PostgreSQL that breaks at the worst moment: the order to commit goes through, the answer does not come back."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy.engine import make_url

from maiia_pro.kernel import db


@contextlib.contextmanager
def lost_answer_to_commit(url: str) -> Iterator[None]:
    """Let this process reach the database of an address by a way that loses the answer to each COMMIT."""
    place = make_url(url)
    server = f"{place.query['host']}/.s.PGSQL.{place.query['port']}"
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.MonkeyPatch.context() as patch:
        threading.Thread(target=_serve, args=(listener, server), daemon=True).start()
        here = {"host": "127.0.0.1", "port": str(listener.getsockname()[1]), "sslmode": "disable", "gssencmode": "disable"}
        patch.setattr(db, "database_url", lambda: place.set(query=here).render_as_string(hide_password=False))
        engine = db.engine.__wrapped__()
        patch.setattr(db, "engine", lambda: engine)
        try:
            yield
        finally:
            engine.dispose()
            listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, server: str) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        way = socket.socket(socket.AF_UNIX)
        way.connect(server)
        committing = threading.Event()
        threading.Thread(target=_carry, args=(client, way, committing), daemon=True).start()
        threading.Thread(target=_carry_back, args=(way, client, committing), daemon=True).start()


def _carry(client: socket.socket, way: socket.socket, committing: threading.Event) -> None:
    with client:
        while asked := _received(client):
            if b"COMMIT" in asked:
                committing.set()
            way.sendall(asked)
        _end(way)


def _carry_back(way: socket.socket, client: socket.socket, committing: threading.Event) -> None:
    with way:
        while (answered := _received(way)) and not committing.is_set():
            client.sendall(answered)
        _end(client)


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def _received(end: socket.socket) -> bytes:
    try:
        return end.recv(65536)
    except OSError:
        return b""
