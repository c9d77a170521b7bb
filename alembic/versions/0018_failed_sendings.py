"""Why a message, or the list of the evening, could not leave."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | Sequence[str] | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("outgoing_email", "evening_list")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column("failure", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "failure")
        op.drop_column(table, "failed_at")
