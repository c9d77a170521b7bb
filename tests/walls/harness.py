"""A call whose transactions are undone, with what it answered and every row that it touched."""

import asyncio
import contextlib
import inspect
import io
import re
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import Any, Final

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, SQLModel

from maiia_pro.kernel import db, work
from maiia_pro.kernel.db import libpq_url
from maiia_pro.kernel.errors import DomainError, Invalid, NothingRecorded, Unavailable
from maiia_pro.kernel.rates import forget_requests

WATCH: Final = """
    create schema walls;
    create table walls.touched (tab text, act text, was text, now text);
    create function walls.note() returns trigger language plpgsql security definer as $$
    begin
        insert into walls.touched values (tg_table_name, tg_op,
            case when tg_op <> 'INSERT' then to_jsonb(old)::text end, case when tg_op <> 'DELETE' then to_jsonb(new)::text end);
        return null;
    end $$;
    grant usage on schema walls to public;
    grant select on walls.touched to public;
"""
_READ: Final = text("select tab, act, was, now from walls.touched")


@dataclass(frozen=True)
class Heard:
    """What came of a call: what it answered, as text, and the rows that it touched: table, act, as they were, as they are."""

    ok: bool
    answer: str
    kind: str
    """The name of the refusal, or of the error that nobody expected."""
    touched: tuple[tuple[str, str, str | None, str | None], ...] = ()


@contextlib.contextmanager
def watched(admin_url: str) -> Iterator[None]:
    """Have PostgreSQL note every row that is touched."""
    with psycopg.connect(libpq_url(admin_url), autocommit=True) as connection:
        connection.execute(WATCH)  # type: ignore[call-overload]
        for table in SQLModel.metadata.tables:
            connection.execute(
                f"create trigger walls after insert or update or delete on {table} for each row execute function walls.note()"
            )  # type: ignore[call-overload]
        try:
            yield
        finally:
            connection.execute("drop schema walls cascade")


class Undone:
    """The database of this process as one connection: each call sees the world as it was built, and leaves it so."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turn = threading.RLock()

    @contextlib.contextmanager
    def session(self, *, read_only: bool) -> Iterator[Session]:
        """Stand in for the session of a use case: a savepoint of the transaction that is undone."""
        if db._open.get():
            raise RuntimeError("a use case opens one transaction, and this one is inside another")
        token = db._open.set(True)
        try:
            with self._turn:
                if not self._connection.in_transaction():
                    self._connection.begin()
                    self._connection.begin_nested()
                with Session(self._connection, expire_on_commit=False) as session:
                    yield session
        except OperationalError as error:
            if db._is_conflict(error):
                raise
            raise (Unavailable if read_only else NothingRecorded) from error
        finally:
            db._open.reset(token)

    def call(self, act: Callable[[], Any]) -> Heard:
        """Do the work, say what came of it, and undo it."""
        forget_requests()
        heard = _heard(act)
        if self._connection.in_transaction():
            touched = tuple((row.tab, row.act, row.was, row.now) for row in self._connection.execute(_READ))
            heard = replace(heard, touched=touched)
            self._connection.rollback()
        return heard


class AtOnce(Executor):
    """Does what it is given before it answers: no other thread is waited for."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do the work."""
        done: Future[Any] = Future()
        try:
            done.set_result(work(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whoever asked hears of it
            done.set_exception(error)
        return done


@contextlib.contextmanager
def undone() -> Iterator[Undone]:
    """Put every transaction of this process on one connection, and undo each call."""
    with db.engine().connect() as connection, pytest.MonkeyPatch.context() as patch:
        harness = Undone(connection)
        patch.setattr(db, "_session", harness.session)
        patch.setattr(work, "_executor", AtOnce)
        yield harness


def _heard(act: Callable[[], Any]) -> Heard:
    try:
        found = act()
        if inspect.iscoroutine(found):
            found = asyncio.run(found)
        if inspect.isgenerator(found):
            found = list(found)
    except DomainError as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        return Heard(ok=False, answer=f"{type(error).__name__} {error.message} {fields}", kind=type(error).__name__)
    except Exception as error:  # noqa: BLE001 - whatever broke is what a cell is about
        return Heard(ok=False, answer=f"{type(error).__name__} {error}", kind=f"!{type(error).__name__}")
    return Heard(ok=True, answer=words(found), kind="")


def words(found: object) -> str:
    """Give what can be read in an answer, files opened."""
    return (
        _of_file(found) if isinstance(found, bytes) else re.sub(r"b'(PK|%PDF).*?'", "", repr(found)) + "".join(map(_of_file, _files(found)))
    )


def _files(found: object) -> list[bytes]:
    values = [getattr(found, name, None) for name in ("content", "body", "attachment")]
    return [value for value in values if isinstance(value, bytes)]


def _of_file(content: bytes) -> str:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    if content.startswith(b"%PDF"):
        for packed in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
            with contextlib.suppress(zlib.error):
                content += zlib.decompress(packed)
    return content.decode("utf-8", "replace")
