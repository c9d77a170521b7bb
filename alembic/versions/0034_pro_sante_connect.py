"""Professionals sign in by Pro Santé Connect: requests under way, the account that a number proved to be theirs, sessions to end there."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0034"
down_revision: str | Sequence[str] | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "psc_request",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("leads_to", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_psc_request")),
    )
    op.create_index(op.f("ix_psc_request_expires_at"), "psc_request", ["expires_at"])
    op.create_table(
        "psc_link",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("rpps", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rpps ~ '^[0-9]{11}$'", name=op.f("ck_psc_link_rpps")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_psc_link_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_psc_link")),
        sa.UniqueConstraint("rpps", name=op.f("uq_psc_link_rpps")),
    )
    op.create_table(
        "psc_session",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("leave", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["account_session.id"], name=op.f("fk_psc_session_session_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_psc_session")),
    )


def downgrade() -> None:
    op.drop_table("psc_session")
    op.drop_table("psc_link")
    op.drop_table("psc_request")
