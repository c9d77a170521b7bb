"""Practices let programs in by themselves: secrets that overlap, people's consent, refresh tokens."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0037"
down_revision: str | Sequence[str] | None = "0036"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("api_client", sa.Column("redirect_uris", postgresql.ARRAY(sa.String()), server_default="{}", nullable=False))
    op.add_column("api_client", sa.Column("acts_alone", sa.Boolean(), server_default="true", nullable=False))
    op.add_column("api_client", sa.Column("previous_hash", sa.String(), nullable=True))
    op.add_column("api_client", sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("api_client", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "api_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("api_client_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("redirect_uri", sa.String(), nullable=False),
        sa.Column("challenge", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role in ('practitioner', 'secretary', 'substitute')", name=op.f("ck_api_grant_role")),
        sa.CheckConstraint("scopes <> ''", name=op.f("ck_api_grant_some_scope")),
        sa.CheckConstraint("challenge ~ '^[A-Za-z0-9_-]{43}$'", name=op.f("ck_api_grant_challenge")),
        sa.ForeignKeyConstraint(["api_client_id"], ["api_client.id"], name=op.f("fk_api_grant_api_client_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_grant_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_grant")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_api_grant_code_hash")),
    )
    op.create_index(op.f("ix_api_grant_api_client_id"), "api_grant", ["api_client_id"])
    op.create_index("ix_api_grant_account_id_open", "api_grant", ["account_id"], postgresql_where=sa.text("ended_at is null"))
    op.create_table(
        "api_refresh",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["grant_id"], ["api_grant.id"], name=op.f("fk_api_refresh_grant_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_api_refresh")),
    )
    op.create_index(op.f("ix_api_refresh_grant_id"), "api_refresh", ["grant_id"])
    op.create_index(op.f("ix_api_refresh_expires_at"), "api_refresh", ["expires_at"])
    op.add_column("api_token", sa.Column("grant_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_api_token_grant_id"), "api_token", ["grant_id"])
    op.create_foreign_key(op.f("fk_api_token_grant_id"), "api_token", "api_grant", ["grant_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_api_token_grant_id"), "api_token", type_="foreignkey")
    op.execute("delete from api_token where grant_id is not null")
    op.drop_index(op.f("ix_api_token_grant_id"), "api_token")
    op.drop_column("api_token", "grant_id")
    op.drop_table("api_refresh")
    op.drop_table("api_grant")
    for name in ("last_used_at", "previous_until", "previous_hash", "acts_alone", "redirect_uris"):
        op.drop_column("api_client", name)
