"""Wishes of patients, and the places offered to them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0017"
down_revision: str | Sequence[str] | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("specialty", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reason_key", sa.String(), nullable=False),
        sa.Column("weekdays", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("standing in ('active', 'booked', 'withdrawn')", name=op.f("ck_wish_standing")),
        sa.CheckConstraint("(practitioner_id is null) <> (specialty is null)", name=op.f("ck_wish_with")),
        sa.CheckConstraint("weekdays <@ array[0, 1, 2, 3, 4, 5, 6]", name=op.f("ck_wish_weekdays")),
        sa.CheckConstraint("begins < ends", name=op.f("ck_wish_hours")),
        sa.CheckConstraint("(standing = 'active') = (closed_at is null)", name=op.f("ck_wish_closed_at")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_wish_practice_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_wish_created_by_id")),
        sa.ForeignKeyConstraint(
            ["patient_id", "practice_id"], ["patient.id", "patient.practice_id"], name=op.f("fk_wish_patient_id_practice_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id", "practice_id"],
            ["practitioner.id", "practitioner.practice_id"],
            name=op.f("fk_wish_practitioner_id_practice_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
    )
    active = sa.text("standing = 'active'")
    wanted = ["patient_id", sa.text("coalesce(practitioner_id::text, specialty)"), "reason_key"]
    op.create_index("uq_wish_patient_id_with_reason_key", "wish", wanted, unique=True, postgresql_where=active)
    op.create_index("ix_wish_practice_id_created_at", "wish", ["practice_id", "created_at"], postgresql_where=active)
    op.create_index("ix_wish_practice_id_closed_at", "wish", ["practice_id", "closed_at"])
    _offers()


def _offers() -> None:
    op.create_table(
        "wish_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer in ('awaited', 'accepted', 'declined', 'passed')", name=op.f("ck_wish_offer_answer")),
        sa.CheckConstraint("(answer = 'awaited') = (answered_at is null)", name=op.f("ck_wish_offer_answered_at")),
        sa.ForeignKeyConstraint(["wish_id"], ["wish.id"], name=op.f("fk_wish_offer_wish_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_wish_offer_practitioner_id")),
        sa.ForeignKeyConstraint(["offering_id"], ["offering.id"], name=op.f("fk_wish_offer_offering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_offer")),
    )
    awaited = sa.text("answer = 'awaited'")
    op.create_index("uq_wish_offer_wish_id", "wish_offer", ["wish_id"], unique=True, postgresql_where=awaited)
    place = ["practitioner_id", "starts_at"]
    op.create_index("uq_wish_offer_practitioner_id_starts_at", "wish_offer", place, unique=True, postgresql_where=awaited)
    op.create_index("ix_wish_offer_expires_at", "wish_offer", ["expires_at"], postgresql_where=awaited)
    op.create_index("ix_wish_offer_wish_id_starts_at", "wish_offer", ["wish_id", "starts_at"])


def downgrade() -> None:
    op.drop_table("wish_offer")
    op.drop_table("wish")
