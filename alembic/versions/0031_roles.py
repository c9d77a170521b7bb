"""Substitutes and aidants; a session acts in one role; whoever has an account already is asked in, not added."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0031"
down_revision: str | Sequence[str] | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = "role in ('patient', 'secretary', 'practitioner', 'operator')"
ACCOUNT = "role in ('patient', 'aidant', 'practitioner', 'secretary', 'substitute', 'operator')"
MEMBER = "role in ('aidant', 'practitioner', 'secretary', 'substitute')"
PROFESSIONS = "profession in ('physician', 'midwife', 'dentist', 'physiotherapist', 'pharmacist', 'nurse', 'care_assistant')"


def upgrade() -> None:
    op.drop_constraint("ck_account_role", "account")
    op.create_check_constraint(op.f("ck_account_role"), "account", ACCOUNT)
    op.drop_constraint("ck_membership_role", "membership")
    op.create_check_constraint(op.f("ck_membership_role"), "membership", MEMBER)
    op.add_column("membership", sa.Column("name", sa.String(), nullable=False, server_default=""))
    op.alter_column("membership", "name", server_default=None)
    op.add_column("membership", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account_session", sa.Column("role", sa.String(), nullable=True))
    op.execute("update account_session s set role = a.role from account a where a.id = s.account_id")
    op.alter_column("account_session", "role", nullable=False)
    op.create_check_constraint(op.f("ck_account_session_role"), "account_session", ACCOUNT)
    op.create_table(
        "professional",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("profession", sa.String(), nullable=False),
        sa.Column("rpps", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(PROFESSIONS, name=op.f("ck_professional_profession")),
        sa.CheckConstraint("rpps is not null or profession = 'care_assistant'", name=op.f("ck_professional_has_rpps")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_professional_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_professional")),
        sa.UniqueConstraint("rpps", name=op.f("uq_professional_rpps")),
    )
    op.create_table(
        "handover",
        sa.Column("delegation_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("before_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("after_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("fk_handover_delegation_id")),
        sa.PrimaryKeyConstraint("delegation_id", name=op.f("pk_handover")),
    )


def downgrade() -> None:
    op.drop_table("handover")
    op.drop_table("professional")
    op.drop_constraint("ck_account_session_role", "account_session")
    op.drop_column("account_session", "role")
    op.drop_column("membership", "asked_at")
    op.drop_column("membership", "name")
    op.drop_constraint("ck_membership_role", "membership")
    op.create_check_constraint(op.f("ck_membership_role"), "membership", "role in ('practitioner', 'secretary')")
    op.drop_constraint("ck_account_role", "account")
    op.create_check_constraint(op.f("ck_account_role"), "account", BEFORE)
