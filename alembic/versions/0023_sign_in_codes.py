"""Patients sign in by a code, and may have a proven telephone number instead of an address; messages may be SMS."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | Sequence[str] | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHECKS = {
    "active_has_password": "status <> 'active' or password_hash is not null or role = 'patient'",
    "email_with_key": "(email is null) = (email_key is null)",
    "reachable": "email_key is not null or phone_key is not null",
    "phone_of_patients": "phone_key is null or role = 'patient'",
    "phone_key": r"phone_key ~ '^\+[1-9][0-9]{7,14}$'",
}


def upgrade() -> None:
    op.add_column("account", sa.Column("phone_key", sa.String(), nullable=True))
    op.create_unique_constraint(op.f("uq_account_phone_key"), "account", ["phone_key"])
    for column in ("email", "email_key"):
        op.alter_column("account", column, nullable=True)
    op.drop_constraint(op.f("ck_account_active_has_password"), "account", type_="check")
    for name, check in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_account_{name}"), "account", check)
    op.create_table(
        "sign_in_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("browser_hash", sa.String(), nullable=False),
        sa.Column("sought", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries between 0 and 5", name=op.f("ck_sign_in_code_tries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_code")),
        sa.UniqueConstraint("browser_hash", name=op.f("uq_sign_in_code_browser_hash")),
    )
    op.create_index(op.f("ix_sign_in_code_expires_at"), "sign_in_code", ["expires_at"])
    op.add_column("outgoing_email", sa.Column("channel", sa.String(), server_default="email", nullable=False))
    op.add_column("outgoing_email", sa.Column("code_id", sa.Uuid(), nullable=True))
    op.create_check_constraint(op.f("ck_outgoing_email_channel"), "outgoing_email", "channel in ('email', 'sms')")


def downgrade() -> None:
    """Accounts that only a code opens wait for a link again; those without an address get one that nobody reads."""
    op.drop_constraint(op.f("ck_outgoing_email_channel"), "outgoing_email", type_="check")
    op.execute("delete from outgoing_email where channel <> 'email'")
    for column in ("code_id", "channel"):
        op.drop_column("outgoing_email", column)
    op.drop_table("sign_in_code")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_account_{name}"), "account", type_="check")
    op.execute("update account set status = 'pending' where status = 'active' and password_hash is null")
    op.execute("update account set email = id || '@maiia.invalid', email_key = id || '@maiia.invalid' where email is null")
    op.create_check_constraint(op.f("ck_account_active_has_password"), "account", "status <> 'active' or password_hash is not null")
    for column in ("email", "email_key"):
        op.alter_column("account", column, nullable=False)
    op.drop_constraint(op.f("uq_account_phone_key"), "account", type_="unique")
    op.drop_column("account", "phone_key")
