"""Practices have administrators: practitioners who worked there keep what they could do; sites close, people leave, groups are named."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0036"
down_revision: str | Sequence[str] | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OWNER = "fk_practice_request_owner_id_practice_id"


def upgrade() -> None:
    op.add_column("membership", sa.Column("administers", sa.Boolean(), nullable=False, server_default="false"))
    op.create_check_constraint(op.f("ck_membership_administers"), "membership", "not administers or role in ('practitioner', 'secretary')")
    op.execute("update membership set administers = true where role = 'practitioner'")
    op.add_column("site", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "former_member",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("role in ('aidant', 'practitioner', 'secretary', 'substitute')", name=op.f("ck_former_member_role")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_former_member_account_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_former_member_practice_id")),
        sa.ForeignKeyConstraint(["removed_by"], ["account.id"], name=op.f("fk_former_member_removed_by")),
        sa.PrimaryKeyConstraint("account_id", "practice_id", name=op.f("pk_former_member")),
    )
    op.drop_constraint(op.f(OWNER), "practice_request", type_="foreignkey")
    owner = sa.Computed("case when closed_at is null then owner_id end", persisted=True)
    op.add_column("practice_request", sa.Column("open_owner_id", sa.Uuid(), owner, nullable=True))
    op.create_foreign_key(op.f("fk_practice_request_owner_id"), "practice_request", "account", ["owner_id"], ["id"])
    op.create_foreign_key(
        op.f("fk_practice_request_open_owner_id_practice_id"),
        "practice_request",
        "membership",
        ["open_owner_id", "practice_id"],
        ["account_id", "practice_id"],
    )
    op.create_table(
        "practitioner_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_practitioner_group_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner_group")),
        sa.UniqueConstraint("id", "practice_id", name=op.f("uq_practitioner_group_id_practice_id")),
    )
    op.create_index("uq_practitioner_group_practice_id_name", "practitioner_group", ["practice_id", sa.text("lower(name)")], unique=True)
    op.create_table(
        "practitioner_group_place",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "practice_id"],
            ["practitioner_group.id", "practitioner_group.practice_id"],
            name=op.f("fk_practitioner_group_place_group_id_practice_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id", "practice_id"],
            ["practitioner.id", "practitioner.practice_id"],
            name=op.f("fk_practitioner_group_place_practitioner_id_practice_id"),
        ),
        sa.PrimaryKeyConstraint("group_id", "practitioner_id", name=op.f("pk_practitioner_group_place")),
    )
    op.create_index("ix_practitioner_group_place_practitioner_id", "practitioner_group_place", ["practitioner_id"])


def downgrade() -> None:
    op.drop_table("practitioner_group_place")
    op.drop_table("practitioner_group")
    op.drop_constraint(op.f("fk_practice_request_open_owner_id_practice_id"), "practice_request", type_="foreignkey")
    op.drop_constraint(op.f("fk_practice_request_owner_id"), "practice_request", type_="foreignkey")
    op.drop_column("practice_request", "open_owner_id")
    members = ["account_id", "practice_id"]
    op.create_foreign_key(op.f(OWNER), "practice_request", "membership", ["owner_id", "practice_id"], members)
    op.drop_table("former_member")
    op.drop_column("site", "closed_at")
    op.drop_constraint(op.f("ck_membership_administers"), "membership", type_="check")
    op.drop_column("membership", "administers")
