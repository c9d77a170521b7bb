"""Requests of a practice, and the words added to them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "practice_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("progress", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("caller_name", sa.String(), nullable=False),
        sa.Column("caller_phone", sa.String(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('call_back', 'renewal', 'question', 'other')", name=op.f("ck_practice_request_kind")),
        sa.CheckConstraint("priority in ('normal', 'urgent')", name=op.f("ck_practice_request_priority")),
        sa.CheckConstraint("progress in ('todo', 'in_progress', 'done', 'dropped')", name=op.f("ck_practice_request_progress")),
        sa.CheckConstraint("(progress in ('done', 'dropped')) = (closed_at is not null)", name=op.f("ck_practice_request_closed_at")),
        sa.CheckConstraint("progress <> 'in_progress' or owner_id is not null", name=op.f("ck_practice_request_owner")),
        sa.CheckConstraint("patient_id is not null or caller_name <> ''", name=op.f("ck_practice_request_who")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_practice_request_practice_id")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=op.f("fk_practice_request_appointment_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_practice_request_created_by_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["account.id"], name=op.f("fk_practice_request_changed_by_id")),
        sa.ForeignKeyConstraint(
            ["patient_id", "practice_id"], ["patient.id", "patient.practice_id"], name=op.f("fk_practice_request_patient_id_practice_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id", "practice_id"],
            ["practitioner.id", "practitioner.practice_id"],
            name=op.f("fk_practice_request_practitioner_id_practice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id", "practice_id"],
            ["membership.account_id", "membership.practice_id"],
            name=op.f("fk_practice_request_owner_id_practice_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_request")),
    )
    op.create_index(
        "ix_practice_request_open", "practice_request", ["practice_id", "due_at"], postgresql_where=sa.text("closed_at is null")
    )
    op.create_index("ix_practice_request_practice_id_closed_at", "practice_request", ["practice_id", "closed_at"])
    op.create_table(
        "request_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["practice_request.id"], name=op.f("fk_request_comment_request_id")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_request_comment_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_comment")),
    )
    op.create_index(op.f("ix_request_comment_request_id"), "request_comment", ["request_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_request_comment_request_id"), table_name="request_comment")
    op.drop_table("request_comment")
    op.drop_index("ix_practice_request_practice_id_closed_at", table_name="practice_request")
    op.drop_index("ix_practice_request_open", table_name="practice_request")
    op.drop_table("practice_request")
