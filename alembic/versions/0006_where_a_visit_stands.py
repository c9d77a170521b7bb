"""Say where a visit stands: when each step was reached, and by what the identity was checked."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANTS = ("arrived_at", "seen_at", "fulfilled_at", "identity_checked_at")
MEANS = {
    "identity_means": ("identity_card", "passport", "residence_permit", "digital", "family_book", "known", "unrecorded"),
    "companion_means": ("none", "document", "known"),
    "entitlement_means": ("vitale_card", "certificate", "online", "none"),
}


def upgrade() -> None:
    op.add_column("appointment", sa.Column("told_version", sa.Integer(), server_default="1", nullable=False))
    op.execute("update appointment set told_version = version")
    for name in INSTANTS:
        op.add_column("appointment", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in MEANS:
        op.add_column("appointment", sa.Column(name, sa.String(), nullable=True))
    op.add_column("appointment", sa.Column("identity_checked_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_appointment_identity_checked_by"), "appointment", "account", ["identity_checked_by"], ["id"])
    op.execute(
        "update appointment set identity_means = 'unrecorded', companion_means = 'none', entitlement_means = 'none',"
        " identity_checked_at = ends_at where status = 'fulfilled'"
    )
    for name, values in MEANS.items():
        listed = ", ".join(f"'{value}'" for value in values)
        op.create_check_constraint(op.f(f"ck_appointment_{name}"), "appointment", f"{name} in ({listed})")
    op.create_check_constraint(
        op.f("ck_appointment_identity_check"),
        "appointment",
        "(identity_means is null) = (identity_checked_at is null) and (identity_means is null) = (companion_means is null) "
        "and (identity_means is null) = (entitlement_means is null)",
    )
    op.create_check_constraint(op.f("ck_appointment_fulfilled"), "appointment", "status <> 'fulfilled' or identity_checked_at is not null")


def downgrade() -> None:
    for name in ("fulfilled", "identity_check", *MEANS):
        op.drop_constraint(op.f(f"ck_appointment_{name}"), "appointment", type_="check")
    op.drop_constraint(op.f("fk_appointment_identity_checked_by"), "appointment", type_="foreignkey")
    for name in ("identity_checked_by", *MEANS, *INSTANTS, "told_version"):
        op.drop_column("appointment", name)
