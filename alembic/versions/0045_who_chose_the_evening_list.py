"""Who chose the list of tomorrow is asked again each evening: what colleagues let them do may have ended."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0045"
down_revision: str | Sequence[str] | None = "0044"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("evening_list", sa.Column("chosen_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_evening_list_chosen_by"), "evening_list", "account", ["chosen_by"], ["id"])
    op.execute("""
        update evening_list set chosen_by = (
            select a.id from audit_entry e join account a on a.id = e.actor_id
            where e.practice_id = evening_list.practice_id and e.action = 'evening_list:changed' order by e.at desc, e.sequence desc limit 1
        )
    """)


def downgrade() -> None:
    op.drop_constraint(op.f("fk_evening_list_chosen_by"), "evening_list", type_="foreignkey")
    op.drop_column("evening_list", "chosen_by")
