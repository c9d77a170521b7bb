"""The health of accounts: ways back in, mail that does not arrive, details checked, and changes of identity that an operator decides."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032"
down_revision: str | Sequence[str] | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEP_RPPS = """
create function keep_rpps() returns trigger language plpgsql as $$
begin
    if old.rpps <> '' and new.rpps is distinct from old.rpps and not exists (
        select 1 from declaration d
        where d.practitioner_id = new.id and d.what = 'rpps' and d.accepted and d.before = old.rpps and d.wanted = new.rpps
    ) then
        raise exception 'the RPPS number changes by an accepted declaration alone' using errcode = 'check_violation', constraint = 'keep_rpps';
    end if;
    return new;
end $$
"""


def upgrade() -> None:
    _health()
    _declarations()


def _health() -> None:
    op.create_table(
        "recovery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("sought", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose in ('reset', 'block')", name=op.f("ck_recovery_purpose")),
        sa.CheckConstraint("(account_id is null) = (token_hash is null)", name=op.f("ck_recovery_link_of_an_account")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_recovery_token_hash")),
    )
    op.create_index(op.f("ix_recovery_account_id"), "recovery", ["account_id"])
    op.create_index(op.f("ix_recovery_expires_at"), "recovery", ["expires_at"])
    op.create_table(
        "account_health",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounce", sa.String(), nullable=True),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("bounce in ('refused', 'returned')", name=op.f("ck_account_health_bounce")),
        sa.CheckConstraint("(bounce is null) = (bounced_at is null)", name=op.f("ck_account_health_bounced")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_health_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_health")),
    )
    op.create_table(
        "account_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_change_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_change")),
    )
    op.create_index(op.f("ix_account_change_account_id"), "account_change", ["account_id"])


def _declarations() -> None:
    op.create_table(
        "declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("wanted", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint("what in ('specialty', 'rpps')", name=op.f("ck_declaration_what")),
        sa.CheckConstraint("before <> wanted", name=op.f("ck_declaration_changes")),
        sa.CheckConstraint("proof <> ''", name=op.f("ck_declaration_proof")),
        sa.CheckConstraint(
            "(accepted is null) = (decided_at is null) and (accepted is null) = (decided_by is null)", name=op.f("ck_declaration_decided")
        ),
        sa.CheckConstraint("accepted is distinct from false or answer <> ''", name=op.f("ck_declaration_refused_with_reason")),
        sa.ForeignKeyConstraint(
            ["practitioner_id", "practice_id"],
            ["practitioner.id", "practitioner.practice_id"],
            name=op.f("fk_declaration_practitioner_id_practice_id"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_declaration_account_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_declaration_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    op.create_index(op.f("ix_declaration_practitioner_id"), "declaration", ["practitioner_id"])
    op.create_index(
        "declaration_one_open", "declaration", ["practitioner_id", "what"], unique=True, postgresql_where=sa.text("accepted is null")
    )
    twice = "select rpps from practitioner where rpps <> '' group by rpps having count(*) > 1 order by rpps"
    if found := op.get_bind().execute(sa.text(twice)).scalars().all():
        message = f"Des numéros RPPS sont portés par plusieurs fiches : {', '.join(found)}. Corrigez-les avant la mise à jour."
        raise SystemExit(message)
    op.create_index("practitioner_one_rpps", "practitioner", ["rpps"], unique=True, postgresql_where=sa.text("rpps <> ''"))
    op.execute(KEEP_RPPS)
    op.execute("create trigger keep_rpps before update of rpps on practitioner for each row execute function keep_rpps()")


def downgrade() -> None:
    op.execute("drop trigger keep_rpps on practitioner")
    op.execute("drop function keep_rpps()")
    op.drop_index("practitioner_one_rpps", table_name="practitioner")
    for table in ("declaration", "account_change", "account_health", "recovery"):
        op.drop_table(table)
