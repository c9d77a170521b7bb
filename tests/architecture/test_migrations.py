"""The migrations lead from an empty database to the tables in code, and back."""

import psycopg
import pytest
from alembic.util import CommandError

from maiia_pro.kernel.db import libpq_url
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


def test_what_searches_cut_by_its_first_letters_has_an_order_of_its_own_whatever_that_of_the_database(scratch_database):
    urls = scratch_database()
    migrations.upgrade(urls.owner)
    asked = "select table_name, column_name from information_schema.columns where collation_name = 'C' order by 1, 2"
    with psycopg.connect(libpq_url(urls.owner)) as connection:
        found = connection.execute(asked).fetchall()
    assert {("patient", "phone"), ("patient", "sort_key"), ("practitioner", "sort_key")} <= set(found)
