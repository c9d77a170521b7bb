"""Second factors, recovery codes, the browsers that accounts came in by; a session may be half open."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0033"
down_revision: str | Sequence[str] | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_account(table: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.add_column("account_session", sa.Column("half_open", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("account_session", _instant("proven_at", nullable=True))
    op.add_column("account_session", sa.Column("agent", sa.String(), server_default="", nullable=False))
    op.add_column("account_session", sa.Column("network", sa.String(), server_default="", nullable=False))
    op.create_check_constraint(
        op.f("ck_account_session_half_open"), "account_session", "not half_open or (device_id is null and proven_at is null)"
    )
    _of_account(
        "authenticator_app",
        sa.Column("secret", sa.String(), nullable=False),
        _instant("created_at"),
        _instant("proven_at", nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
    )
    proven, waiting = sa.text("proven_at is not null"), sa.text("proven_at is null")
    op.create_index("authenticator_app_one", "authenticator_app", ["account_id"], unique=True, postgresql_where=proven)
    op.create_index("authenticator_app_one_waiting", "authenticator_app", ["account_id"], unique=True, postgresql_where=waiting)
    _of_account(
        "passkey",
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("transports", postgresql.ARRAY(sa.String()), nullable=False),
        _instant("created_at"),
        _instant("last_used_at", nullable=True),
        sa.CheckConstraint("char_length(name) between 1 and 60", name=op.f("ck_passkey_name")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"])
    _of_account(
        "recovery_code",
        sa.Column("imprint", sa.String(), nullable=False),
        _instant("created_at"),
        _instant("used_at", nullable=True),
        sa.UniqueConstraint("account_id", "imprint", name=op.f("uq_recovery_code_account_id_imprint")),
    )
    _of_account(
        "seen_browser",
        sa.Column("token_hash", sa.String(), nullable=False),
        _instant("first_seen_at"),
        _instant("last_seen_at"),
        _instant("trusted_until", nullable=True),
        sa.UniqueConstraint("account_id", "token_hash", name=op.f("uq_seen_browser_account_id_token_hash")),
    )
    op.create_index(op.f("ix_seen_browser_last_seen_at"), "seen_browser", ["last_seen_at"])
    op.create_table(
        "passkey_challenge",
        sa.Column("challenge_hash", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("browser_hash", sa.String(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        _instant("expires_at"),
        sa.CheckConstraint("purpose in ('sign_in', 'step', 'proof', 'add')", name=op.f("ck_passkey_challenge_purpose")),
        sa.ForeignKeyConstraint(["session_id"], ["account_session.id"], name=op.f("fk_passkey_challenge_session_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_passkey_challenge")),
    )
    op.create_index(op.f("ix_passkey_challenge_expires_at"), "passkey_challenge", ["expires_at"])


def downgrade() -> None:
    for table in ("passkey_challenge", "seen_browser", "recovery_code", "passkey", "authenticator_app"):
        op.drop_table(table)
    op.execute("delete from account_session where half_open")
    op.drop_constraint(op.f("ck_account_session_half_open"), "account_session", type_="check")
    for column in ("network", "agent", "proven_at", "half_open"):
        op.drop_column("account_session", column)
