"""The last session of an account is looked for at each sign-in, and of each member of a practice."""

from collections.abc import Sequence

from alembic import op

revision: str = "0042"
down_revision: str | Sequence[str] | None = "0041"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ix_account_session_account_id_created_at"


def upgrade() -> None:
    op.create_index(NAME, "account_session", ["account_id", "created_at"])


def downgrade() -> None:
    op.drop_index(NAME, table_name="account_session")
