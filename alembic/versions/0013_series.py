"""Series of appointments: the rule, and which visits belong to it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("rhythm in ('days', 'weeks', 'month_day', 'month_weekday')", name=op.f("ck_series_rhythm")),
        sa.CheckConstraint("step between 1 and 52", name=op.f("ck_series_step")),
        sa.CheckConstraint("minute between 0 and 1439", name=op.f("ck_series_minute")),
        sa.CheckConstraint("(until is null) <> (count is null) and count between 1 and 104", name=op.f("ck_series_end")),
        sa.CheckConstraint("weekdays <@ array[0, 1, 2, 3, 4, 5, 6]", name=op.f("ck_series_weekdays")),
        sa.ForeignKeyConstraint(
            ["practitioner_id", "practice_id"],
            ["practitioner.id", "practitioner.practice_id"],
            name=op.f("fk_series_practitioner_id_practice_id"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_series_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("id", "practice_id", name=op.f("uq_series_id_practice_id")),
    )
    op.add_column("appointment", sa.Column("series_id", sa.Uuid(), nullable=True))
    op.add_column("appointment", sa.Column("series_edited", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_foreign_key(
        op.f("fk_appointment_series_id_practice_id"), "appointment", "series", ["series_id", "practice_id"], ["id", "practice_id"]
    )
    op.create_check_constraint(op.f("ck_appointment_series_edited"), "appointment", "series_id is not null or not series_edited")
    op.create_index("ix_appointment_series_id", "appointment", ["series_id"], postgresql_where=sa.text("series_id is not null"))


def downgrade() -> None:
    op.drop_index("ix_appointment_series_id", table_name="appointment")
    op.drop_constraint(op.f("ck_appointment_series_edited"), "appointment", type_="check")
    op.drop_constraint(op.f("fk_appointment_series_id_practice_id"), "appointment", type_="foreignkey")
    op.drop_column("appointment", "series_edited")
    op.drop_column("appointment", "series_id")
    op.drop_table("series")
