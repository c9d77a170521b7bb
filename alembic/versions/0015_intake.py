"""Lines taken over from another software and appointments that came in with them; the encrypted list of every evening."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def origins(*values: str) -> None:
    """Hold the door that an appointment came in by to some values."""
    listed = ", ".join(f"'{value}'" for value in values)
    op.drop_constraint(op.f("ck_appointment_origin"), "appointment", type_="check")
    op.create_check_constraint(op.f("ck_appointment_origin"), "appointment", f"origin in ({listed})")


def upgrade() -> None:
    origins("desk", "online", "api", "intake")
    op.create_table(
        "intake_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('patients', 'visits')", name=op.f("ck_intake_line_kind")),
        sa.CheckConstraint(
            "case kind when 'patients' then appointment_id is null else appointment_id is not null end", name=op.f("ck_intake_line_subject")
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_intake_line_practice_id")),
        sa.ForeignKeyConstraint(
            ["patient_id", "practice_id"], ["patient.id", "patient.practice_id"], name=op.f("fk_intake_line_patient_id_practice_id")
        ),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=op.f("fk_intake_line_appointment_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_line")),
        sa.UniqueConstraint("practice_id", "kind", "key", name="intake_line_once"),
    )
    op.create_index(op.f("ix_intake_line_patient_id"), "intake_line", ["patient_id"])
    op.create_index(op.f("ix_intake_line_appointment_id"), "intake_line", ["appointment_id"])
    op.add_column("outgoing_email", sa.Column("attachment", sa.LargeBinary(), nullable=True))
    op.add_column("outgoing_email", sa.Column("attachment_name", sa.String(), server_default="", nullable=False))
    op.create_table(
        "evening_list",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("sealed_password", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("not enabled or (recipient <> '' and sealed_password <> '')", name=op.f("ck_evening_list_complete")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_evening_list_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_evening_list")),
    )
    op.create_table(
        "evening_sending",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("evening", sa.Date(), nullable=False),
        sa.Column("email_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_evening_sending_practice_id")),
        sa.ForeignKeyConstraint(["email_id"], ["outgoing_email.id"], name=op.f("fk_evening_sending_email_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("practice_id", "evening", name=op.f("pk_evening_sending")),
    )


def downgrade() -> None:
    op.drop_table("evening_sending")
    op.drop_table("evening_list")
    op.drop_column("outgoing_email", "attachment_name")
    op.drop_column("outgoing_email", "attachment")
    op.drop_index(op.f("ix_intake_line_appointment_id"), table_name="intake_line")
    op.drop_index(op.f("ix_intake_line_patient_id"), table_name="intake_line")
    op.drop_table("intake_line")
    op.execute("update appointment set origin = 'desk' where origin = 'intake'")
    origins("desk", "online", "api")
