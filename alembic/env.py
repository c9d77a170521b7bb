"""Runs the migrations: as the owner of the tables, one process at a time, and never touching the queue's schema."""

import importlib
from pathlib import Path

from alembic import context
from sqlalchemy import create_engine, pool, text

from maiia_pro.kernel.db import metadata, sqlalchemy_url
from maiia_pro.settings import get_settings

LOCK = 7_246_524_402
QUEUE_SCHEMA = "jobs"


def _import_tables() -> None:
    """Fill the metadata with the tables of every feature."""
    root = Path(__file__).parents[1]
    for file in sorted((root / "maiia_pro").glob("*/*tables.py")):
        importlib.import_module(f"maiia_pro.{file.parent.name}.{file.stem}")


def _address() -> str:
    """Address of the role that owns the tables: the caller's, else the operator's."""
    settings = get_settings()
    address = context.config.attributes.get("url") or settings.migration_database_url or settings.database_url
    if not address:
        message = "MIGRATION_DATABASE_URL n’est pas renseignée : aucune base à mettre à jour."
        raise SystemExit(message)
    return str(address)


def _include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the queue's schema to the queue."""
    return not (kind == "schema" and name == QUEUE_SCHEMA)


def run() -> None:
    """Run the migrations asked for, under an advisory lock."""
    _import_tables()
    engine = create_engine(sqlalchemy_url(_address()), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            compare_type=True,
            include_name=_include_name,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
        connection.commit()
    engine.dispose()


run()
