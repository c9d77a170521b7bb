"""Public pages: a draft and what is shown, pictures, and the consents without which no page is public."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0021"
down_revision: str | Sequence[str] | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LEDGER = ("licence_consent", "licence_withdrawal")
CARRIED_OVER = "conditions"
"""The licence that pages already public were shown by: the terms of use, to which every client had agreed."""


def _protect() -> None:
    """Leave the application's role only reading and adding to the ledger."""
    for table in LEDGER:
        op.execute(f"""
            do $$ begin
                if exists (select 1 from pg_roles where rolname = 'maiia_app') then
                    revoke update, delete, truncate on {table} from maiia_app;
                end if;
            end $$
        """)


def upgrade() -> None:
    op.create_table(
        "licence_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_licence_consent_practitioner_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_licence_consent_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_consent")),
        sa.UniqueConstraint("id", "practitioner_id", name=op.f("uq_licence_consent_id_practitioner_id")),
    )
    op.create_index(op.f("ix_licence_consent_practitioner_id"), "licence_consent", ["practitioner_id"])
    op.create_table(
        "licence_withdrawal",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["licence_consent.id"], name=op.f("fk_licence_withdrawal_consent_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_licence_withdrawal_account_id")),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_licence_withdrawal")),
    )
    op.create_table(
        "profile_page",
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("draft", postgresql.JSONB(), nullable=False),
        sa.Column("shown", postgresql.JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_profile_page_practitioner_id")),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_profile_page")),
    )
    op.create_table(
        "profile_picture",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(content) between 1 and 400000", name=op.f("ck_profile_picture_size")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["profile_page.practitioner_id"], name=op.f("fk_profile_picture_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_profile_picture")),
    )
    op.create_index(op.f("ix_profile_picture_practitioner_id"), "profile_picture", ["practitioner_id"])
    _carry_over()
    op.drop_column("practitioner", "published")
    op.drop_column("practitioner", "presentation")
    op.add_column(
        "practitioner", sa.Column("published", sa.Boolean(), sa.Computed("consent_id is not null", persisted=True), nullable=False)
    )
    op.create_foreign_key(
        op.f("published_with_consent"), "practitioner", "licence_consent", ["consent_id", "id"], ["id", "practitioner_id"]
    )
    _protect()


def _carry_over() -> None:
    """Keep public what was, by the consent that the terms of use held; what was written is both the draft and what is shown."""
    op.add_column("practitioner", sa.Column("consent_id", sa.Uuid(), nullable=True))
    op.execute(f"""
        insert into licence_consent (id, practitioner_id, licence, account_id, given_by, at)
        select gen_random_uuid(), id, '{CARRIED_OVER}', null, 'Conditions d’utilisation', now() from practitioner where published
    """)
    op.execute("update practitioner p set consent_id = c.id from licence_consent c where c.practitioner_id = p.id")
    op.execute("""
        insert into profile_page (practitioner_id, draft, shown, changed_at, published_at)
        select id, said, case when published then said else '{}' end, now(), case when published then now() end
        from practitioner, jsonb_build_object('presentation', presentation) said
    """)


def downgrade() -> None:
    op.drop_constraint(op.f("published_with_consent"), "practitioner", type_="foreignkey")
    op.drop_column("practitioner", "published")
    op.add_column("practitioner", sa.Column("presentation", sa.String(), server_default="", nullable=False))
    op.add_column("practitioner", sa.Column("published", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("update practitioner set published = consent_id is not null")
    op.execute("""
        update practitioner p set presentation = coalesce(case when p.published then g.shown else g.draft end ->> 'presentation', '')
        from profile_page g where g.practitioner_id = p.id
    """)
    for column in ("presentation", "published"):
        op.alter_column("practitioner", column, server_default=None)
    op.drop_column("practitioner", "consent_id")
    for table in ("profile_picture", "profile_page", "licence_withdrawal", "licence_consent"):
        op.drop_table(table)
