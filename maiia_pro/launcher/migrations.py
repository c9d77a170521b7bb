"""Brings a database to the schema this version of the software expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config

PROJECT = Path(__file__).parents[2]


def config(url: str) -> Config:
    """Alembic's configuration for a database, to be used as the owner of the tables."""
    made = Config(str(PROJECT / "alembic.ini"))
    made.attributes["url"] = url
    return made


def upgrade(url: str, revision: str = "head") -> None:
    """Apply what is missing; several processes may call it at once, one works and the others wait."""
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Undo migrations down to `revision` (`base` for all)."""
    command.downgrade(config(url), revision)


def check(url: str) -> None:
    """Raise if the tables in code and the migrations disagree."""
    command.check(config(url))
