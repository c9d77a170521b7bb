"""Substitutes and aidants wait for the operator, and declare changes of their profession or RPPS as practitioners do."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0041"
down_revision: str | Sequence[str] | None = "0040"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEP_PROFESSION = """
create function keep_profession() returns trigger language plpgsql as $$
begin
    if (tg_op = 'INSERT' or old.checked_at is null) and new.checked_at is not null and not exists (
        select 1 from declaration d where d.account_id = new.account_id and d.what = 'check' and d.accepted
    ) or tg_op = 'UPDATE' and (
        new.rpps is distinct from old.rpps and not exists (
            select 1 from declaration d where d.account_id = new.account_id and d.practitioner_id is null and d.what = 'rpps' and d.accepted
                and d.before = coalesce(old.rpps, '') and d.wanted = coalesce(new.rpps, ''))
        or new.profession <> old.profession and not exists (
            select 1 from declaration d where d.account_id = new.account_id and d.what = 'profession' and d.accepted
                and d.before = old.profession and d.wanted = new.profession)
    ) then
        raise exception 'a profession counts by an accepted declaration alone' using errcode = 'check_violation', constraint = 'keep_profession';
    end if;
    return new;
end $$
"""
WHATS = "what in ('specialty', 'rpps', 'profession', 'check')"


def upgrade() -> None:
    op.add_column("professional", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("update professional set checked_at = created_at")  # they worked already
    op.alter_column("declaration", "practice_id", nullable=True)
    op.alter_column("declaration", "practitioner_id", nullable=True)
    op.drop_constraint("ck_declaration_what", "declaration")
    op.create_check_constraint(op.f("ck_declaration_what"), "declaration", WHATS)
    op.create_check_constraint(op.f("ck_declaration_where"), "declaration", "(practitioner_id is null) = (practice_id is null)")
    op.create_check_constraint(
        op.f("ck_declaration_whose"), "declaration", "what = 'rpps' or (what = 'specialty') = (practitioner_id is not null)"
    )
    op.drop_index("declaration_one_open", table_name="declaration")
    op.create_index(
        "declaration_one_open", "declaration", ["account_id", "what"], unique=True, postgresql_where=sa.text("accepted is null")
    )
    op.execute(KEEP_PROFESSION)
    op.execute("create trigger keep_profession before insert or update on professional for each row execute function keep_profession()")


def downgrade() -> None:
    op.execute("drop trigger keep_profession on professional")
    op.execute("drop function keep_profession()")
    op.execute("delete from declaration where practitioner_id is null")
    op.drop_index("declaration_one_open", table_name="declaration")
    op.create_index(
        "declaration_one_open", "declaration", ["practitioner_id", "what"], unique=True, postgresql_where=sa.text("accepted is null")
    )
    for name in ("whose", "where", "what"):
        op.drop_constraint(f"ck_declaration_{name}", "declaration")
    op.create_check_constraint(op.f("ck_declaration_what"), "declaration", "what in ('specialty', 'rpps')")
    op.alter_column("declaration", "practitioner_id", nullable=False)
    op.alter_column("declaration", "practice_id", nullable=False)
    op.drop_column("professional", "checked_at")
