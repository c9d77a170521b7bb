"""Practitioners say what whom may do for them; whoever worked in the practice keeps what they could do."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0030"
down_revision: str | Sequence[str] | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RIGHTS = "array['agenda', 'book', 'change', 'file', 'documents', 'messages', 'payments', 'figures', 'settings']::varchar[]"


def upgrade() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rights", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind in ('secretary', 'colleague', 'substitute')", name=op.f("ck_delegation_kind")),
        sa.CheckConstraint(f"rights <@ {RIGHTS}", name=op.f("ck_delegation_rights")),
        sa.CheckConstraint("cardinality(rights) > 0", name=op.f("ck_delegation_some_right")),
        sa.CheckConstraint("ends_at is null or ends_at > starts_at", name=op.f("ck_delegation_ends_after_it_starts")),
        sa.CheckConstraint("kind <> 'substitute' or ends_at is not null", name=op.f("ck_delegation_substitute_has_dates")),
        sa.ForeignKeyConstraint(
            ["practitioner_id", "practice_id"],
            ["practitioner.id", "practitioner.practice_id"],
            name=op.f("fk_delegation_practitioner_id_practice_id"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_delegation_account_id")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_delegation_created_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name=op.f("fk_delegation_ended_by")),
        postgresql.ExcludeConstraint(
            ("practitioner_id", "="),
            ("account_id", "="),
            ("kind", "="),
            (sa.text("tstzrange(starts_at, coalesce(ended_at, ends_at))"), "&&"),
            where=sa.text("ended_at is null or ended_at > starts_at"),
            name="delegation_one_at_a_time",
            using="gist",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index(op.f("ix_delegation_practitioner_id"), "delegation", ["practitioner_id"])
    op.create_index("ix_delegation_account_id_open", "delegation", ["account_id"], postgresql_where=sa.text("ended_at is null"))
    op.execute(f"""
        insert into delegation (id, practice_id, practitioner_id, account_id, kind, rights, starts_at, created_at)
        select gen_random_uuid(), p.practice_id, p.id, m.account_id, case m.role when 'secretary' then 'secretary' else 'colleague' end,
               array_remove({RIGHTS}, 'settings'), now(), now()
        from membership m join practitioner p on p.practice_id = m.practice_id
        where p.account_id is distinct from m.account_id
    """)


def downgrade() -> None:
    op.drop_table("delegation")
