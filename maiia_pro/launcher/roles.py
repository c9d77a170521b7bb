"""Roles, database, extensions and rights of the embedded PostgreSQL; written so that every start may repeat them."""

from collections.abc import Mapping

import psycopg
from psycopg import sql

ADMIN = "postgres"
OWNER = "maiia_owner"
APP = "maiia_app"
DATABASE = "maiia"
EXTENSIONS = ("btree_gist", "unaccent", "pg_trgm")

QUIET_LOG = {
    "log_error_verbosity": "terse",  # the DETAIL of a violated constraint quotes patients
    "log_min_error_statement": "panic",  # and so do the statements themselves
    "log_parameter_max_length_on_error": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
"""Settings of the whole server: its log holds no personal data."""

APP_LIMITS = {"lock_timeout": "2s", "statement_timeout": "10s", "idle_in_transaction_session_timeout": "60s"}
"""Settings of the application's role."""


def prepare_cluster(admin_url: str, passwords: Mapping[str, str], database: str, *, first: bool = False) -> None:
    """Create what the whole server shares: passwords, roles, and the database; `first` also sets the server's own settings."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if first:
            for name, value in QUIET_LOG.items():
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
            _set_password(connection, ADMIN, passwords[ADMIN])
        for role in (OWNER, APP):
            _ensure_role(connection, role, passwords[role])
        for name, value in APP_LIMITS.items():
            setting = sql.SQL("ALTER ROLE {} SET {} = {}")
            connection.execute(setting.format(sql.Identifier(APP), sql.Identifier(name), sql.Literal(value)))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone() is None:
            create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
            connection.execute(create.format(sql.Identifier(database), sql.Identifier(OWNER)))
        close = sql.SQL("REVOKE ALL ON DATABASE {0} FROM PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE {0} TO {1}")
        connection.execute(close.format(sql.Identifier(database), sql.Identifier(APP)))


def prepare_database(admin_url: str) -> None:
    """Install the extensions and say once what the application may do with tables that the owner will create."""
    owner, app = sql.Identifier(OWNER), sql.Identifier(APP)
    with psycopg.connect(admin_url) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app))
        for granted in (
            "SELECT, INSERT, UPDATE, DELETE ON TABLES",
            "USAGE, SELECT ON SEQUENCES",
            "EXECUTE ON FUNCTIONS",
            "USAGE ON TYPES",
            "USAGE ON SCHEMAS",
        ):
            statement = sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} GRANT {} TO {}")
            connection.execute(statement.format(owner, sql.SQL(granted), app))


def _ensure_role(connection: psycopg.Connection, role: str, password: str) -> None:
    """Create a role without any special right, if it is missing, and set its password."""
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
        create = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION")
        connection.execute(create.format(sql.Identifier(role)))
        _set_password(connection, role, password)


def _set_password(connection: psycopg.Connection, role: str, password: str) -> None:
    connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))
