"""What a patient brings to a visit, links of messages to one visit, relatives that were removed, and messages by channel."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | Sequence[str] | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STAYS = {"patient": "person_id", "person": "account_id"}
"""Columns that never change once they hold something."""
CHOICES = ("changes_sms", "reminders_email", "reminders_sms", "offers_email", "offers_sms", "delays_email", "delays_sms")


def upgrade() -> None:
    op.add_column("visit_reason", sa.Column("bring", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.create_table(
        "visit_link",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=op.f("fk_visit_link_appointment_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_visit_link")),
    )
    op.create_index(op.f("ix_visit_link_appointment_id"), "visit_link", ["appointment_id"])
    op.add_column("person", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_person_removed"), "person", "not is_self or removed_at is null")
    op.execute("""
        create function refuse_change() returns trigger language plpgsql as $$
        begin
            raise exception 'this does not change' using errcode = 'check_violation', constraint = tg_name;
        end $$
    """)
    op.create_table(
        "message_preference",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in CHOICES),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_message_preference_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_message_preference")),
    )
    for table, column in STAYS.items():
        op.execute(
            f"create trigger {table}_{column}_stays before update of {column} on {table} for each row "
            f"when (old.{column} is not null and new.{column} is distinct from old.{column}) execute function refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("message_preference")
    for table, column in STAYS.items():
        op.execute(f"drop trigger {table}_{column}_stays on {table}")
    op.execute("drop function refuse_change()")
    op.drop_constraint(op.f("ck_person_removed"), "person", type_="check")
    op.drop_column("person", "removed_at")
    op.drop_table("visit_link")
    op.drop_column("visit_reason", "bring")
