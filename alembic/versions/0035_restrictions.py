"""The operator's decisions that shut an account; a practitioner whose account is shut is not public."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0035"
down_revision: str | Sequence[str] | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FREE_TIME_FORGETS = """
    create trigger first_free_practitioner after update on practitioner for each row
    when ((old.agenda_version, old.published, old.closed_on_holidays) <> (new.agenda_version, new.published, new.closed_on_holidays))
    execute function first_free_forget()
"""


def published_as(condition: str) -> None:
    """Compute the column anew; the trigger that reads it goes and comes back."""
    op.execute("drop trigger first_free_practitioner on practitioner")
    op.drop_column("practitioner", "published")
    op.add_column("practitioner", sa.Column("published", sa.Boolean(), sa.Computed(condition, persisted=True), nullable=False))
    op.execute(FREE_TIME_FORGETS)


def upgrade() -> None:
    op.add_column("practitioner", sa.Column("barred", sa.Boolean(), server_default=sa.false(), nullable=False))
    published_as("consent_id is not null and not barred")
    op.create_table(
        "account_restriction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("note_shown", sa.Boolean(), nullable=False),
        sa.Column("status_before", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_note", sa.String(), nullable=False),
        sa.CheckConstraint("kind in ('suspended', 'deactivated', 'refused')", name=op.f("ck_account_restriction_kind")),
        sa.CheckConstraint(
            "ground in ('false_information', 'not_eligible', 'password_shared', 'fraud')", name=op.f("ck_account_restriction_ground")
        ),
        sa.CheckConstraint("kind = 'suspended' or ends_at is null", name=op.f("ck_account_restriction_only_suspensions_end")),
        sa.CheckConstraint("ends_at > created_at", name=op.f("ck_account_restriction_ends_after_it_begins")),
        sa.CheckConstraint("status_before in ('pending', 'active')", name=op.f("ck_account_restriction_status_before")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_restriction_account_id")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_account_restriction_created_by")),
        sa.ForeignKeyConstraint(["lifted_by"], ["account.id"], name=op.f("fk_account_restriction_lifted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_restriction")),
    )
    standing = sa.text("lifted_at is null")
    op.create_index("account_restriction_one_stands", "account_restriction", ["account_id"], unique=True, postgresql_where=standing)
    op.create_index("ix_account_restriction_ends_at", "account_restriction", ["ends_at"], postgresql_where=standing)
    op.create_index(op.f("ix_account_restriction_account_id"), "account_restriction", ["account_id"])
    op.create_table(
        "warned_visit",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_warned_visit")),
    )


def downgrade() -> None:
    op.drop_table("warned_visit")
    op.drop_table("account_restriction")
    published_as("consent_id is not null")
    op.drop_column("practitioner", "barred")
