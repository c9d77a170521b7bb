"""The operator takes away the second factors of who lost them all, and says how they made sure who asked."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0040"
down_revision: str | Sequence[str] | None = "0039"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FOR_GOOD = """
    do $$ begin
        if exists (select 1 from pg_roles where rolname = 'maiia_app') then
            revoke update, delete, truncate on factor_reset from maiia_app;
        end if;
    end $$
"""
"""What was reset stays written: the application's role only reads and adds."""


def upgrade() -> None:
    op.create_table(
        "factor_reset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("checked_by in ('call_back', 'in_person', 'psc')", name=op.f("ck_factor_reset_checked_by")),
        sa.CheckConstraint("char_length(reference) <= 120", name=op.f("ck_factor_reset_reference")),
        sa.CheckConstraint("created_by <> account_id", name=op.f("ck_factor_reset_not_ones_own")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_factor_reset_account_id")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_factor_reset_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_reset")),
    )
    op.create_index(op.f("ix_factor_reset_account_id"), "factor_reset", ["account_id"])
    op.execute(FOR_GOOD)


def downgrade() -> None:
    op.drop_table("factor_reset")
