"""Tie together the rows that belong together; count the changes of an agenda's setting."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_unique_constraint(op.f("uq_site_id_practice_id"), "site", ["id", "practice_id"])
    op.create_check_constraint(op.f("ck_appointment_cancelled_at"), "appointment", "(status = 'cancelled') = (cancelled_at is not null)")
    op.drop_constraint(op.f("fk_appointment_site_id"), "appointment", type_="foreignkey")
    op.create_foreign_key(
        op.f("fk_appointment_site_id_practice_id"), "appointment", "site", ["site_id", "practice_id"], ["id", "practice_id"]
    )
    op.drop_constraint(op.f("fk_offering_site_id"), "offering", type_="foreignkey")
    op.drop_constraint(op.f("fk_offering_practitioner_id"), "offering", type_="foreignkey")
    op.drop_constraint(op.f("fk_offering_practice_id"), "offering", type_="foreignkey")
    op.drop_constraint(op.f("fk_offering_reason_id"), "offering", type_="foreignkey")
    op.create_foreign_key(op.f("fk_offering_site_id_practice_id"), "offering", "site", ["site_id", "practice_id"], ["id", "practice_id"])
    op.create_foreign_key(
        op.f("fk_offering_reason_id_practitioner_id"),
        "offering",
        "visit_reason",
        ["reason_id", "practitioner_id"],
        ["id", "practitioner_id"],
    )
    op.create_foreign_key(
        op.f("fk_offering_practitioner_id_practice_id"),
        "offering",
        "practitioner",
        ["practitioner_id", "practice_id"],
        ["id", "practice_id"],
    )
    op.add_column("practitioner", sa.Column("agenda_version", sa.Integer(), server_default="0", nullable=False))
    op.drop_constraint(op.f("fk_resource_site_id"), "resource", type_="foreignkey")
    op.drop_constraint(op.f("fk_resource_practice_id"), "resource", type_="foreignkey")
    op.create_foreign_key(op.f("fk_resource_site_id_practice_id"), "resource", "site", ["site_id", "practice_id"], ["id", "practice_id"])
    op.drop_constraint(op.f("fk_visit_reason_practice_id"), "visit_reason", type_="foreignkey")
    op.drop_constraint(op.f("fk_visit_reason_practitioner_id"), "visit_reason", type_="foreignkey")
    op.create_foreign_key(
        op.f("fk_visit_reason_practitioner_id_practice_id"),
        "visit_reason",
        "practitioner",
        ["practitioner_id", "practice_id"],
        ["id", "practice_id"],
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_visit_reason_practitioner_id_practice_id"), "visit_reason", type_="foreignkey")
    op.create_foreign_key(op.f("fk_visit_reason_practitioner_id"), "visit_reason", "practitioner", ["practitioner_id"], ["id"])
    op.create_foreign_key(op.f("fk_visit_reason_practice_id"), "visit_reason", "practice", ["practice_id"], ["id"])
    op.drop_constraint(op.f("fk_resource_site_id_practice_id"), "resource", type_="foreignkey")
    op.create_foreign_key(op.f("fk_resource_practice_id"), "resource", "practice", ["practice_id"], ["id"])
    op.create_foreign_key(op.f("fk_resource_site_id"), "resource", "site", ["site_id"], ["id"])
    op.drop_column("practitioner", "agenda_version")
    op.drop_constraint(op.f("fk_offering_practitioner_id_practice_id"), "offering", type_="foreignkey")
    op.drop_constraint(op.f("fk_offering_reason_id_practitioner_id"), "offering", type_="foreignkey")
    op.drop_constraint(op.f("fk_offering_site_id_practice_id"), "offering", type_="foreignkey")
    op.create_foreign_key(op.f("fk_offering_reason_id"), "offering", "visit_reason", ["reason_id"], ["id"])
    op.create_foreign_key(op.f("fk_offering_practice_id"), "offering", "practice", ["practice_id"], ["id"])
    op.create_foreign_key(op.f("fk_offering_practitioner_id"), "offering", "practitioner", ["practitioner_id"], ["id"])
    op.create_foreign_key(op.f("fk_offering_site_id"), "offering", "site", ["site_id"], ["id"])
    op.drop_constraint(op.f("fk_appointment_site_id_practice_id"), "appointment", type_="foreignkey")
    op.create_foreign_key(op.f("fk_appointment_site_id"), "appointment", "site", ["site_id"], ["id"])
    op.drop_constraint(op.f("uq_site_id_practice_id"), "site", type_="unique")
    op.drop_constraint(op.f("ck_appointment_cancelled_at"), "appointment", type_="check")
