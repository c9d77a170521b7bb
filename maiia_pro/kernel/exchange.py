"""Statements of the busiest paths, handed to the driver as they are: SQLAlchemy's own way to it costs more than the statement."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import Cursor
from psycopg.rows import TupleRow
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session


def exchange(session: Session, statement: str, values: Mapping[str, Any]) -> Cursor[TupleRow]:
    """Run one prepared statement in the session's transaction; `%(name)s` stands for a value, rows are tuples.

    Errors are raised as SQLAlchemy raises them, so that refusals and retries read them alike; values are never quoted in them.
    """
    driver: Any = session.connection().connection.driver_connection
    try:
        answer: Cursor[TupleRow] = driver.execute(statement, values, prepare=True)
    except psycopg.Error as error:
        raise DBAPIError.instance(statement, dict(values), error, psycopg.Error, hide_parameters=True) from error
    return answer


def exchange_many(session: Session, statement: str, many: Sequence[Mapping[str, Any]]) -> None:
    """Run one statement with each of many values, without waiting for the answer of one before the next is sent."""
    driver: Any = session.connection().connection.driver_connection
    try:
        with driver.cursor() as cursor:
            cursor.executemany(statement, many)
    except psycopg.Error as error:
        raise DBAPIError.instance(statement, {}, error, psycopg.Error, hide_parameters=True) from error
