"""Terms of weekly hours, special days, and rest on public holidays."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REASONS = postgresql.ARRAY(sa.Uuid())


def upgrade() -> None:
    op.add_column("practitioner", sa.Column("closed_on_holidays", sa.Boolean(), server_default="true", nullable=False))
    op.add_column("opening_rule", sa.Column("valid_from", sa.Date(), nullable=True))
    op.add_column("opening_rule", sa.Column("valid_until", sa.Date(), nullable=True))
    op.add_column("opening_rule", sa.Column("weeks", sa.String(), server_default="every", nullable=False))
    op.add_column("opening_rule", sa.Column("school", sa.String(), server_default="always", nullable=False))
    op.add_column("opening_rule", sa.Column("reason_ids", REASONS, server_default="{}", nullable=False))
    op.create_check_constraint(op.f("ck_opening_rule_validity"), "opening_rule", "valid_from <= valid_until")
    op.create_check_constraint(op.f("ck_opening_rule_weeks"), "opening_rule", "weeks in ('every', 'a', 'b')")
    op.create_check_constraint(op.f("ck_opening_rule_school"), "opening_rule", "school in ('always', 'outside', 'during')")
    op.add_column("opening_exception", sa.Column("day", sa.Date(), nullable=True))
    op.add_column("opening_exception", sa.Column("reason_ids", REASONS, server_default="{}", nullable=False))
    _kinds("kind in ('closed', 'open', 'special')", "starts_at < ends_at or (kind = 'special' and starts_at = ends_at)")
    op.create_check_constraint(op.f("ck_opening_exception_day"), "opening_exception", "(kind = 'special') = (day is not null)")
    op.create_check_constraint(op.f("ck_opening_exception_reasons"), "opening_exception", "kind <> 'closed' or reason_ids = '{}'")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_opening_exception_reasons"), "opening_exception")
    op.drop_constraint(op.f("ck_opening_exception_day"), "opening_exception")
    op.execute("delete from opening_exception where kind = 'special'")
    _kinds("kind in ('closed', 'open')", "starts_at < ends_at")
    op.drop_column("opening_exception", "reason_ids")
    op.drop_column("opening_exception", "day")
    for name in ("school", "weeks", "validity"):
        op.drop_constraint(op.f(f"ck_opening_rule_{name}"), "opening_rule")
    for name in ("reason_ids", "school", "weeks", "valid_until", "valid_from"):
        op.drop_column("opening_rule", name)
    op.drop_column("practitioner", "closed_on_holidays")


def _kinds(kinds: str, order: str) -> None:
    op.drop_constraint(op.f("ck_opening_exception_kind"), "opening_exception")
    op.drop_constraint(op.f("ck_opening_exception_order"), "opening_exception")
    op.create_check_constraint(op.f("ck_opening_exception_kind"), "opening_exception", kinds)
    op.create_check_constraint(op.f("ck_opening_exception_order"), "opening_exception", order)
