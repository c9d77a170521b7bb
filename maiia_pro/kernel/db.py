"""The database: one engine a process, one transaction a use case."""

import functools
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import lru_cache
from typing import ParamSpec, TypeVar

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure
from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, SQLModel

from maiia_pro.kernel.errors import DoneUnread, NothingRecorded, OutcomeUnknown, Unavailable
from maiia_pro.settings import get_settings

P = ParamSpec("P")
R = TypeVar("R")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata
metadata.naming_convention = NAMING

RESTED_SECONDS = 1.0
PLANNING = "-c random_page_cost=1.1 -c max_parallel_workers_per_gather=0"
"""Questions are short and tables are long: read the few rows asked for by their index, never all the patients by several processes."""
_open: ContextVar[bool] = ContextVar("transaction_open", default=False)
_enclosing: ContextVar[Session | None] = ContextVar("enclosing_transaction", default=None)


def sqlalchemy_url(url: str) -> str:
    """Give an address in the form SQLAlchemy wants for psycopg 3."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url)


def libpq_url(url: str) -> str:
    """Give an address in the form libpq wants (psycopg alone, procrastinate)."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", url)


def database_url() -> str:
    """Tell where the database is, in libpq's form; raises `Unavailable` where nobody said."""
    url = get_settings().database_url
    if not url:
        raise Unavailable("Aucune base de données n’est indiquée : démarrez par « make run » ou définissez DATABASE_URL.")
    return libpq_url(url)


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Open the pool of this process, once."""
    size = get_settings().database_pool
    made = create_engine(
        sqlalchemy_url(database_url()),
        pool_size=size,
        max_overflow=0,
        pool_timeout=5,
        pool_recycle=1800,
        hide_parameters=True,  # an error quotes the statement, never what it holds
        connect_args={"application_name": "maiia-pro", "options": f"-c timezone=UTC -c search_path=public,jobs {PLANNING}"},
    )
    event.listen(made, "checkin", _note_return)
    event.listen(made, "checkout", _try_rested)
    return made


def _note_return(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["returned"] = time.monotonic()


def _try_rested(connection: psycopg.Connection, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Try a connection that rested more than a second before it is used: the server may have been restarted meanwhile.

    Under load no connection rests, and no booking pays for a question more.
    """
    if time.monotonic() - record.info.get("returned", time.monotonic()) < RESTED_SECONDS:
        return
    try:
        connection.execute("select 1")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error


def constraint_of(error: IntegrityError) -> str:
    """Name the constraint that refused, or an empty string."""
    diagnostics = getattr(error.orig, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the one transaction of a use case; leaving by an error undoes it all, opening a second one raises.

    Raises `NothingRecorded` where the database does not answer, `OutcomeUnknown` where it stopped answering at the very end.
    """
    if (enclosing := _enclosing.get()) is not None:
        with _part_of(enclosing) as session:
            yield session
        return
    with _session(read_only=False) as session:
        yield session
        _commit(session)


def _commit(session: Session) -> None:
    session.flush()  # first, so that what fails from here on is the commit itself
    try:
        session.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise OutcomeUnknown from error
        raise


@contextmanager
def reading() -> Iterator[Session]:
    """Open a transaction that PostgreSQL itself keeps from writing; raises `Unavailable`, which says nothing of what was written before."""
    if (enclosing := _enclosing.get()) is not None:
        with _part_of(enclosing) as session:
            yield session
        return
    with _session(read_only=True) as session:
        yield session


@contextmanager
def after_commit() -> Iterator[None]:
    """Look at what a use case has just committed; raises `DoneUnread` where the database does not answer any more.

    Inside an enclosing transaction nothing is committed yet: there the look fails like the act itself.
    """
    try:
        yield
    except Unavailable as error:
        if _enclosing.get() is not None:
            raise
        raise DoneUnread from error


@contextmanager
def enclosing_transaction() -> Iterator[Session]:
    """Open a transaction that whole use cases take part in, one after the other: what each calls its transaction is a savepoint here.

    For what must be written if and only if the use case's effects are, whichever use case it is.
    """
    with transaction() as session:
        token = _enclosing.set(session)
        try:
            yield session
        finally:
            _enclosing.reset(token)


@contextmanager
def _part_of(enclosing: Session) -> Iterator[Session]:
    token = _enclosing.set(None)
    try:
        with enclosing.begin_nested():
            yield enclosing
    except OperationalError as error:
        if _is_conflict(error):
            raise
        raise NothingRecorded from error
    finally:
        _enclosing.reset(token)


@contextmanager
def _session(*, read_only: bool) -> Iterator[Session]:
    if _open.get():
        raise RuntimeError("a use case opens one transaction, and this one is inside another")
    token = _open.set(True)
    silent = Unavailable if read_only else NothingRecorded
    try:
        with Session(engine(), expire_on_commit=False) as session:
            if read_only:
                session.connection(execution_options={"postgresql_readonly": True})
            yield session
    except PoolExhausted as error:
        raise silent from error
    except OperationalError as error:
        if _is_conflict(error):
            raise
        raise silent from error
    finally:
        _open.reset(token)


def _is_conflict(error: DBAPIError) -> bool:
    return isinstance(error.orig, DeadlockDetected | SerializationFailure)


def retry_conflicts(use_case: Callable[P, R]) -> Callable[P, R]:
    """Run a use case again, twice at most, when PostgreSQL undid it for a deadlock (40P01) or a serialisation failure (40001)."""

    @functools.wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(2):
            try:
                return use_case(*args, **kwargs)
            except DBAPIError as error:
                if not _is_conflict(error):
                    raise
        try:
            return use_case(*args, **kwargs)
        except DBAPIError as error:
            if _is_conflict(error):
                raise NothingRecorded from error
            raise

    return run


def one_of(column: str, values: Iterable[StrEnum]) -> str:
    """Write the check that a text column holds one of some values of an enumeration."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return f"{column} in ({listed})"
