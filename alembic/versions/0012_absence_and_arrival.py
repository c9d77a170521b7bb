"""The word told with a move; the secret of each site's door; the delay announced for a practitioner."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("appointment", sa.Column("told_word", sa.String(), server_default="", nullable=False))
    op.create_table(
        "site_door",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("directions", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_door_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_site_door")),
        sa.UniqueConstraint("token", name=op.f("uq_site_door_token")),
    )
    op.create_table(
        "announced_delay",
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailed_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes between 0 and 240", name=op.f("ck_announced_delay_minutes")),
        sa.CheckConstraint("mailed_minutes between 0 and 240", name=op.f("ck_announced_delay_mailed_minutes")),
        sa.ForeignKeyConstraint(
            ["practitioner_id", "practice_id"],
            ["practitioner.id", "practitioner.practice_id"],
            name=op.f("fk_announced_delay_practitioner_id_practice_id"),
        ),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_announced_delay")),
    )
    op.create_index(op.f("ix_announced_delay_practice_id"), "announced_delay", ["practice_id"])


def downgrade() -> None:
    op.drop_table("announced_delay")
    op.drop_table("site_door")
    op.drop_column("appointment", "told_word")
