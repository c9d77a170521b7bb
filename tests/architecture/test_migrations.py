"""The migrations lead from an empty database to the tables in code, and back."""

import pytest
from alembic.util import CommandError

from maiia_pro.launcher import migrations

pytestmark = pytest.mark.architecture


def test_the_migrations_make_the_tables_in_code(scratch_database):
    urls = scratch_database()
    migrations.upgrade(urls.owner)
    try:
        migrations.check(urls.owner)
    except CommandError as difference:
        pytest.fail(str(difference))


def test_the_migrations_go_up_down_and_up_again(scratch_database):
    urls = scratch_database()
    migrations.upgrade(urls.owner)
    migrations.downgrade(urls.owner, "base")
    migrations.upgrade(urls.owner)
    migrations.check(urls.owner)
