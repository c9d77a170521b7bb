"""A patient changes the address and the number of their account by a code; an address that was never proven waits for its proof."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | Sequence[str] | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("account", sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True))
    # a patient's password was once enough to open an account: nobody knows which of these addresses are their holders' own
    op.execute("update account set proven_at = created_at where role <> 'patient' or password_hash is null or email is null")
    op.execute("""
        update account_session set ended_at = now()
        where ended_at is null and account_id in (select id from account where proven_at is null)
    """)
    op.add_column("sign_in_code", sa.Column("account_id", sa.Uuid(), nullable=True))
    op.add_column("sign_in_code", sa.Column("replaces", sa.String(), server_default="", nullable=False))
    op.alter_column("sign_in_code", "replaces", server_default=None)
    op.create_foreign_key(op.f("fk_sign_in_code_account_id"), "sign_in_code", "account", ["account_id"], ["id"])
    op.create_index(
        "sign_in_code_one_an_account", "sign_in_code", ["account_id"], unique=True, postgresql_where=sa.text("proven_at is null")
    )


def downgrade() -> None:
    op.execute("delete from sign_in_code where account_id is not null")
    op.drop_index("sign_in_code_one_an_account", table_name="sign_in_code")
    op.drop_constraint(op.f("fk_sign_in_code_account_id"), "sign_in_code", type_="foreignkey")
    op.drop_column("sign_in_code", "replaces")
    op.drop_column("sign_in_code", "account_id")
    op.drop_column("account", "proven_at")
