"""Patients are found by the beginnings of their names, by names with one letter wrong, and by the end of their telephone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | Sequence[str] | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEYS = """
create function patient_keys(practice uuid, names character varying) returns text[]
language sql immutable strict parallel safe cost 20000 as $$
    with word as (
        select w, lead(w) over (order by n) as following from regexp_split_to_table(names, ' ') with ordinality as t (w, n)
    ), part as (
        select left(w, n) as q from word, generate_series(4, 6) n where n = 4 and length(w) = 4 or n > 4 and n <= length(w)
    ), found as (
        select '=' || left(w, n) as key from word, generate_series(1, least(length(w), 8)) n
        union select '=' || left(w || following, n) from word, generate_series(length(w) + 1, least(length(w || following), 8)) n
        union select '~' || q from part
        union select '~' || left(q, n - 1) || substr(q, n + 1) from part, generate_series(1, length(q)) n
    )
    select array_agg(right(practice::text, 12) || key) from found
$$
"""
"""« = » and each beginning of each word, and of two words written as one; « ~ » and the first five and six letters of each word, whole
and without each of their letters. The practice stands first, so that each practice has lists of its own in the one index."""


def upgrade() -> None:
    op.execute(KEYS)
    op.create_index(
        "ix_patient_keys",
        "patient",
        [sa.text("patient_keys(practice_id, sort_key)")],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.execute("alter index ix_patient_keys alter column 1 set statistics 0")
    op.create_index("ix_patient_practice_id_phone_end", "patient", ["practice_id", sa.text("reverse(phone)")])


def downgrade() -> None:
    op.drop_index("ix_patient_practice_id_phone_end", table_name="patient")
    op.drop_index("ix_patient_keys", table_name="patient")
    op.execute("drop function patient_keys(uuid, character varying)")
