"""Numbers are RPPS or ADELI, companies have partners with a number each, and professionals show documents."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0043"
down_revision: str | Sequence[str] | None = "0042"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NUMBER = "'^([0-9]{11}|([0-9]{2}|2[AB]|9[A-H])[0-9]{7})$'"
HAS_PARTNER = """
create function company_has_partner() returns trigger language plpgsql as $$
begin
    if exists (select from practice_company c where c.practice_id = coalesce(new.practice_id, old.practice_id)
               and not exists (select from practice_partner p where p.practice_id = c.practice_id)) then
        raise exception 'a company has a partner' using errcode = 'check_violation', constraint = 'company_has_partner';
    end if;
    return null;
end $$
"""


def upgrade() -> None:
    op.create_check_constraint(op.f("ck_practitioner_national_number"), "practitioner", f"rpps ~ {NUMBER}")
    op.create_check_constraint(op.f("ck_professional_national_number"), "professional", f"rpps ~ {NUMBER}")
    op.drop_index("practitioner_one_rpps", table_name="practitioner")
    op.create_index("practitioner_one_rpps", "practitioner", ["rpps"], unique=True)
    op.create_table(
        "practice_company",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("siren", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("siren ~ '^[0-9]{9}$'", name=op.f("ck_practice_company_siren")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_practice_company_practice_id_practice")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_practice_company")),
    )
    op.create_table(
        "practice_partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.CheckConstraint(f"number ~ {NUMBER}", name=op.f("ck_practice_partner_national_number")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice_company.practice_id"], name=op.f("fk_practice_partner_practice_id_practice_company")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_partner")),
        sa.UniqueConstraint("practice_id", "number", name="practice_partner_once"),
    )
    op.execute(HAS_PARTNER)
    op.execute(
        "create constraint trigger company_has_partner after insert or update on practice_company "
        "deferrable initially deferred for each row execute function company_has_partner()"
    )
    op.execute(
        "create constraint trigger company_keeps_partner after delete or update on practice_partner "
        "deferrable initially deferred for each row execute function company_has_partner()"
    )
    op.create_table(
        "identity_proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('application/pdf', 'image/jpeg')", name=op.f("ck_identity_proof_kind")),
        sa.CheckConstraint("octet_length(content) between 1 and 5000100", name=op.f("ck_identity_proof_size")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_identity_proof_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_proof")),
    )
    op.create_index(op.f("ix_identity_proof_account_id"), "identity_proof", ["account_id"])


def downgrade() -> None:
    op.drop_table("identity_proof")
    op.drop_table("practice_partner")
    op.drop_table("practice_company")
    op.execute("drop function company_has_partner()")
    op.drop_index("practitioner_one_rpps", table_name="practitioner")
    op.create_index("practitioner_one_rpps", "practitioner", ["rpps"], unique=True, postgresql_where=sa.text("rpps <> ''"))
    op.drop_constraint("ck_professional_national_number", "professional")
    op.drop_constraint("ck_practitioner_national_number", "practitioner")
