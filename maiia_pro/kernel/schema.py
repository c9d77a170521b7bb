"""Whether the database has the schema that this version of the software expects."""

import asyncio
from functools import lru_cache
from pathlib import Path
from typing import Final

import psycopg
from alembic.config import Config
from alembic.script import ScriptDirectory

from maiia_pro.kernel.db import database_url
from maiia_pro.kernel.errors import Unavailable

SECONDS: Final = 2


@lru_cache(maxsize=1)
def expected_revisions() -> frozenset[str]:
    """Give the newest revisions of the migrations shipped with this version."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[2] / "alembic"))
    return frozenset(ScriptDirectory.from_config(config).get_heads())


async def is_up_to_date() -> bool:
    """Tell whether the migrations are at their newest; raises where the database does not answer within two seconds.

    On a connection of its own: a database that stopped holds those of the pool, and whoever waits for it, for as long as it likes.
    """
    asked = asyncio.ensure_future(_revisions(database_url()))
    answered, _ = await asyncio.wait({asked}, timeout=SECONDS)
    if not answered:
        asked.cancel()  # and not waited for: a connection that hangs takes its time to let go
        raise Unavailable
    return asked.result() == expected_revisions()


async def _revisions(url: str) -> frozenset[str]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=SECONDS) as connection:
        try:
            cursor = await connection.execute("select version_num from public.alembic_version")
        except psycopg.errors.UndefinedTable:
            return frozenset()
        return frozenset([revision for (revision,) in await cursor.fetchall()])
