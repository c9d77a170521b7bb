"""Time that a practitioner is busy elsewhere, as another calendar says."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "outside_time",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("event_key", sa.String(), nullable=False),
        sa.Column("occurrence", sa.String(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("title", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("source in ('file', 'caldav')", name=op.f("ck_outside_time_source")),
        sa.CheckConstraint(
            "not isempty(during) and lower(during) >= '1970-01-01Z' and upper(during) <= '2201-01-01Z'", name=op.f("ck_outside_time_during")
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_outside_time_practitioner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_time")),
        sa.UniqueConstraint("practitioner_id", "source", "event_key", "occurrence", name=op.f("uq_outside_time_practitioner_id")),
    )
    op.create_index("ix_outside_time_during", "outside_time", ["practitioner_id", "during"], unique=False, postgresql_using="gist")


def downgrade() -> None:
    op.drop_index("ix_outside_time_during", table_name="outside_time", postgresql_using="gist")
    op.drop_table("outside_time")
