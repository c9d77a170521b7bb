"""Remember how far the audit trail is sealed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "audit_horizon",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("awaited", sa.ARRAY(sa.String()), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_horizon_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_horizon")),
    )


def downgrade() -> None:
    op.drop_table("audit_horizon")
