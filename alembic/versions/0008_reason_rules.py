"""Rules of visit reasons; rooms and equipment by kind, and what each reason needs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHECKS = {
    "audience": "audience in ('everybody', 'known', 'new')",
    "new_patient_minutes": "new_patient_minutes between 5 and 480",
    "notice": "notice_minutes between 0 and 43200",
    "horizon": "horizon_days between 1 and 366",
    "cancel_hours": "cancel_hours between 0 and 720",
    "quotas": "new_patients_a_day between 0 and 100 and open_bookings between 1 and 100",
}


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("new_patient_minutes", sa.Integer(), nullable=True),
        sa.Column("audience", sa.String(), server_default="everybody", nullable=False),
        sa.Column("notice_minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("horizon_days", sa.Integer(), server_default="366", nullable=False),
        sa.Column("same_day", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("cancel_hours", sa.Integer(), server_default="0", nullable=False),
        sa.Column("new_patients_a_day", sa.Integer(), nullable=True),
        sa.Column("open_bookings", sa.Integer(), nullable=True),
        sa.Column("instructions", sa.String(), server_default="", nullable=False),
    ]


def upgrade() -> None:
    for column in _columns():
        op.add_column("visit_reason", column)
    for name, check in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_visit_reason_{name}"), "visit_reason", check)
    op.create_unique_constraint(op.f("uq_visit_reason_id_practice_id"), "visit_reason", ["id", "practice_id"])
    op.add_column("appointment", sa.Column("first_visit", sa.Boolean(), server_default="false", nullable=False))
    op.create_index(
        "ix_appointment_first_visit", "appointment", ["reason_id", "starts_at"], postgresql_where=sa.text("first_visit and active")
    )
    op.create_table(
        "resource_kind",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_resource_kind_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_kind")),
        sa.UniqueConstraint("id", "practice_id", name=op.f("uq_resource_kind_id_practice_id")),
    )
    op.create_index("uq_resource_kind_practice_id_name", "resource_kind", ["practice_id", sa.text("lower(name)")], unique=True)
    op.add_column("resource", sa.Column("retired", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("resource", sa.Column("kind_id", sa.Uuid(), nullable=True))
    op.execute("insert into resource_kind select gen_random_uuid(), practice_id, 'Salle' from resource group by practice_id")
    op.execute("update resource r set kind_id = k.id from resource_kind k where k.practice_id = r.practice_id")
    op.alter_column("resource", "kind_id", nullable=False)
    op.create_index(op.f("ix_resource_kind_id"), "resource", ["kind_id"])
    op.create_foreign_key(
        op.f("fk_resource_kind_id_practice_id"), "resource", "resource_kind", ["kind_id", "practice_id"], ["id", "practice_id"]
    )
    op.create_table(
        "reason_need",
        sa.Column("reason_id", sa.Uuid(), nullable=False),
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reason_id", "practice_id"], ["visit_reason.id", "visit_reason.practice_id"], name=op.f("fk_reason_need_reason_id_practice_id")
        ),
        sa.ForeignKeyConstraint(
            ["kind_id", "practice_id"], ["resource_kind.id", "resource_kind.practice_id"], name=op.f("fk_reason_need_kind_id_practice_id")
        ),
        sa.PrimaryKeyConstraint("reason_id", "kind_id", name=op.f("pk_reason_need")),
    )


def downgrade() -> None:
    op.drop_table("reason_need")
    op.drop_constraint(op.f("fk_resource_kind_id_practice_id"), "resource", type_="foreignkey")
    op.drop_index(op.f("ix_resource_kind_id"), table_name="resource")
    op.drop_column("resource", "kind_id")
    op.drop_column("resource", "retired")
    op.drop_index("uq_resource_kind_practice_id_name", table_name="resource_kind")
    op.drop_table("resource_kind")
    op.drop_index("ix_appointment_first_visit", table_name="appointment")
    op.drop_column("appointment", "first_visit")
    op.drop_constraint(op.f("uq_visit_reason_id_practice_id"), "visit_reason", type_="unique")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_visit_reason_{name}"), "visit_reason", type_="check")
    for column in _columns():
        op.drop_column("visit_reason", column.name)
