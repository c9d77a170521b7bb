"""A series keeps its visits, not the rule that their days came from: nothing read it, and the first change made it untrue."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | Sequence[str] | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHECKS = {
    "rhythm": "rhythm in ('days', 'weeks', 'month_day', 'month_weekday')",
    "step": "step between 1 and 52",
    "minute": "minute between 0 and 1439",
    "end": "(until is null) <> (count is null) and count between 1 and 104",
    "weekdays": "weekdays <@ array[0, 1, 2, 3, 4, 5, 6]",
}


def upgrade() -> None:
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_series_{name}"), "series", type_="check")
    for column in ("first", "minute", "rhythm", "step", "weekdays", "until", "count"):
        op.drop_column("series", column)


def downgrade() -> None:
    """Give every series the rule of a single visit on the day that it was made: what it was is not known any more."""
    for name, kind, value in (
        ("first", sa.Date(), "current_date"), ("minute", sa.Integer(), "0"), ("rhythm", sa.String(), "'days'"),
        ("step", sa.Integer(), "1"), ("weekdays", sa.ARRAY(sa.Integer()), "'{}'"),
    ):  # fmt: skip
        op.add_column("series", sa.Column(name, kind, server_default=sa.text(value), nullable=False))
        op.alter_column("series", name, server_default=None)
    op.add_column("series", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("series", sa.Column("count", sa.Integer(), nullable=True))
    op.execute("update series set first = created_at::date, count = 1")
    for name, check in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_series_{name}"), "series", check)
