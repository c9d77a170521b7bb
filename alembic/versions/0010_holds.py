"""Whose a hold is, and the index by which holds that are over are found."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX = "ix_appointment_practitioner_id_held_until"
HELD_BY = "held_until is not null or coalesce(held_by, held_for::text, held_from) is null"


def upgrade() -> None:
    op.add_column("appointment", sa.Column("held_by", sa.String(), nullable=True))
    op.add_column("appointment", sa.Column("held_for", sa.Uuid(), nullable=True))
    op.add_column("appointment", sa.Column("held_from", sa.String(), nullable=True))
    op.create_foreign_key(op.f("fk_appointment_held_for"), "appointment", "account", ["held_for"], ["id"])
    op.create_check_constraint(op.f("ck_appointment_held_by"), "appointment", HELD_BY)
    op.create_check_constraint(op.f("ck_appointment_hold_is_ordinary"), "appointment", "held_until is null or not deliberate_overbooking")
    op.create_index(INDEX, "appointment", ["practitioner_id", "held_until"], postgresql_where=sa.text("held_until is not null"))


def downgrade() -> None:
    op.execute("delete from appointment where held_until is not null")
    op.drop_index(INDEX, "appointment")
    op.drop_constraint(op.f("ck_appointment_hold_is_ordinary"), "appointment")
    op.drop_constraint(op.f("ck_appointment_held_by"), "appointment")
    op.drop_constraint(op.f("fk_appointment_held_for"), "appointment")
    for name in ("held_from", "held_for", "held_by"):
        op.drop_column("appointment", name)
