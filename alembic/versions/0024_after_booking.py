"""What a patient brings to a visit, and the links of messages that lead to one visit without signing in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | Sequence[str] | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


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


def downgrade() -> None:
    op.drop_table("visit_link")
    op.drop_column("visit_reason", "bring")
