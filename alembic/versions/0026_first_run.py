"""The first run of a practice: which of its steps a practitioner has left behind."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | Sequence[str] | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STEPS = "step in ('site', 'practitioner', 'reasons', 'hours', 'intake', 'publication')"


def upgrade() -> None:
    op.create_table(
        "onboarding_step",
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(STEPS, name=op.f("ck_onboarding_step_step")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_onboarding_step_practitioner_id")),
        sa.PrimaryKeyConstraint("practitioner_id", "step", name=op.f("pk_onboarding_step")),
    )


def downgrade() -> None:
    op.drop_table("onboarding_step")
