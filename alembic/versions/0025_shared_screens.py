"""A screen that several people share: devices, sessions that are locked and unlocked by a PIN."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | Sequence[str] | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
    )
    op.add_column("account", sa.Column("pin_imprint", sa.String(), nullable=True))
    op.add_column("account_session", sa.Column("device_id", sa.Uuid(), nullable=True))
    op.add_column("account_session", sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account_session", sa.Column("wrong_pins", sa.Integer(), server_default="0", nullable=False))
    op.alter_column("account_session", "wrong_pins", server_default=None)
    op.create_foreign_key(op.f("fk_account_session_device_id"), "account_session", "device", ["device_id"], ["id"])
    op.create_check_constraint(op.f("ck_account_session_wrong_pins"), "account_session", "wrong_pins between 0 and 5")
    for name, columns, where in (
        ("account_session_one_a_person", ["device_id", "account_id"], "ended_at is null"),
        ("account_session_one_at_the_screen", ["device_id"], "ended_at is null and locked_at is null"),
    ):
        op.create_index(name, "account_session", columns, unique=True, postgresql_where=sa.text(where))
    op.add_column("practice", sa.Column("lock_minutes", sa.Integer(), server_default="10", nullable=False))
    op.alter_column("practice", "lock_minutes", server_default=None)
    op.create_check_constraint(op.f("ck_practice_lock_minutes"), "practice", "lock_minutes between 1 and 120")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_practice_lock_minutes"), "practice", type_="check")
    op.drop_column("practice", "lock_minutes")
    for name in ("account_session_one_at_the_screen", "account_session_one_a_person"):
        op.drop_index(name, "account_session")
    op.drop_constraint(op.f("ck_account_session_wrong_pins"), "account_session", type_="check")
    op.drop_constraint(op.f("fk_account_session_device_id"), "account_session", type_="foreignkey")
    for column in ("wrong_pins", "locked_at", "device_id"):
        op.drop_column("account_session", column)
    op.drop_column("account", "pin_imprint")
    op.drop_table("device")
