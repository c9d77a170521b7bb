"""Whether the database has the schema that this version of the software expects."""

from functools import lru_cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from maiia_pro.kernel.db import reading


@lru_cache(maxsize=1)
def expected_revisions() -> frozenset[str]:
    """Give the newest revisions of the migrations shipped with this version."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[2] / "alembic"))
    return frozenset(ScriptDirectory.from_config(config).get_heads())


def is_up_to_date() -> bool:
    """Tell whether the migrations are at their newest; raises if the database does not answer."""
    with reading() as session:
        try:
            rows = session.connection().execute(text("SELECT version_num FROM alembic_version")).scalars()
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            return False
        return frozenset(rows) == expected_revisions()
