"""Before when each practitioner surely has no free online slot, so that a search reads the agendas of those who may come first only."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | Sequence[str] | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Whatever may bring free time earlier, by whichever door, forgets the bound in the same transaction. A booking takes time away only,
# and its holds never counted: it fires none of these.
FORGET = """
    create function first_free_forget() returns trigger language plpgsql set search_path = public as $$
    begin
        if tg_table_name in ('practice', 'site') then
            update first_free f set starts_at = null, forgotten = forgotten + 1 from practitioner p
            where p.id = f.practitioner_id
              and p.practice_id = (to_jsonb(new) ->> case tg_table_name when 'practice' then 'id' else 'practice_id' end)::uuid;
        elsif tg_table_name = 'practitioner' then
            update first_free set starts_at = null, forgotten = forgotten + 1 where practitioner_id = new.id;
        else
            if tg_op <> 'INSERT' then
                update first_free set starts_at = null, forgotten = forgotten + 1 where practitioner_id = old.practitioner_id;
            end if;
            if tg_op <> 'DELETE' then
                update first_free set starts_at = null, forgotten = forgotten + 1 where practitioner_id = new.practitioner_id;
            end if;
        end if;
        return null;
    end $$
"""
SETUP = ("opening_rule", "opening_exception", "visit_reason", "offering")
VISIT = "old.active and old.held_until is null"
WHEN = {
    "first_free_visit_changed": (
        "appointment",
        f"update on appointment for each row when ({VISIT} and (not new.active or new.practitioner_id <> old.practitioner_id or not new.blocked @> old.blocked))",
    ),
    "first_free_visit_deleted": ("appointment", f"delete on appointment for each row when ({VISIT})"),
    "first_free_outside": ("outside_time", "update or delete on outside_time for each row"),
    "first_free_practitioner": (
        "practitioner",
        "update on practitioner for each row when ((old.agenda_version, old.published, old.closed_on_holidays) <> (new.agenda_version, new.published, new.closed_on_holidays))",
    ),
    "first_free_offer": ("practice", "update on practice for each row when (old.offer <> new.offer)"),
    "first_free_site": ("site", "update on site for each row when (old.zone <> new.zone or old.postal_code <> new.postal_code)"),
} | {f"first_free_{table}": (table, f"insert or update or delete on {table} for each row") for table in SETUP}


def upgrade() -> None:
    op.create_table(
        "first_free",
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("then_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_first_free_practitioner_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_first_free")),
    )
    op.execute(FORGET)
    for name, (_, when) in WHEN.items():
        op.execute(f"create trigger {name} after {when} execute function first_free_forget()")


def downgrade() -> None:
    for name, (table, _) in WHEN.items():
        op.execute(f"drop trigger {name} on {table}")
    op.execute("drop function first_free_forget()")
    op.drop_table("first_free")
