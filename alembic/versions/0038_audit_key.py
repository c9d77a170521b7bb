"""The audit trail under a key: each entry is marked, says where it came from, and one chain of links is sealed anew over all of them."""

import hmac
import json
from collections.abc import Sequence
from datetime import UTC

import sqlalchemy as sa
from alembic import op

from maiia_pro.kernel.vault import key_for

revision: str = "0038"
down_revision: str | Sequence[str] | None = "0037"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MARKED = (
    "id", "practice_id", "action", "actor_kind", "actor_id", "actor_name", "on_behalf_of", "subject_type", "subject_id", "session_id",
    "network", "browser",
)  # fmt: skip
AT_ONCE = 1000


def upgrade() -> None:
    for name in ("network", "browser", "mark"):
        op.add_column("audit_entry", sa.Column(name, sa.String(), server_default="", nullable=False))
    mark_what_is_there()
    op.drop_index("ix_audit_entry_practice_id_sequence", table_name="audit_entry")
    op.create_index("ix_audit_entry_practice_id_at_sequence", "audit_entry", ["practice_id", "at", "sequence"])
    op.create_index("ix_audit_entry_at_sequence", "audit_entry", ["at", "sequence"])
    op.create_index("ix_audit_entry_actor_id_at", "audit_entry", ["actor_id", "at"], postgresql_where=sa.text("actor_id is not null"))
    op.create_index(
        "ix_audit_entry_on_behalf_of_at", "audit_entry", ["on_behalf_of", "at"], postgresql_where=sa.text("on_behalf_of is not null")
    )
    op.create_index(
        "audit_entry_found", "audit_entry", [sa.text("(details -> 'found')")], postgresql_using="gin",
        postgresql_where=sa.text("details ? 'found'"),
    )  # fmt: skip
    begin_anew()
    op.drop_index("uq_audit_seal_practice_id_position", table_name="audit_seal")
    op.drop_index(op.f("ix_audit_seal_practice_id"), table_name="audit_seal")
    op.drop_column("audit_seal", "practice_id")
    op.create_unique_constraint(op.f("uq_audit_seal_position"), "audit_seal", ["position"])
    op.create_table(
        "audit_watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.BigInteger(), nullable=False),
        sa.Column("checked", sa.BigInteger(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("broken_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_watch_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_watch")),
    )


def begin_anew() -> None:
    """Take the links away: the worker makes others over the same entries."""
    op.execute("delete from audit_seal")
    op.execute("delete from audit_horizon")


def mark_what_is_there() -> None:
    """Mark the entries of before, as they are."""
    connection, after = op.get_bind(), 0
    read = sa.text(
        f"select sequence, at, details, {', '.join(MARKED)} from audit_entry where sequence > :after order by sequence limit {AT_ONCE}"
    )
    while rows := connection.execute(read, {"after": after}).mappings().all():
        marks = [{"id": row["id"], "mark": mark_of(row)} for row in rows]
        connection.execute(sa.text("update audit_entry set mark = :mark where id = :id"), marks)
        after = rows[-1]["sequence"]


def mark_of(row: sa.RowMapping) -> str:
    """Mark an entry as the software did when this revision was made."""
    at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    body = [*(None if row[name] is None else str(row[name]) for name in MARKED), at, row["details"]]
    written = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return hmac.digest(key_for("audit entry"), written.encode(), "sha256").hex()[:32]


def downgrade() -> None:
    op.drop_table("audit_watch")
    begin_anew()
    op.drop_constraint(op.f("uq_audit_seal_position"), "audit_seal", type_="unique")
    op.add_column("audit_seal", sa.Column("practice_id", sa.Uuid(), nullable=False))
    op.create_index(op.f("ix_audit_seal_practice_id"), "audit_seal", ["practice_id"], unique=False)
    op.create_index("uq_audit_seal_practice_id_position", "audit_seal", ["practice_id", "position"], unique=True)
    for name in ("audit_entry_found", "ix_audit_entry_on_behalf_of_at", "ix_audit_entry_actor_id_at", "ix_audit_entry_at_sequence"):
        op.drop_index(name, table_name="audit_entry")
    op.drop_index("ix_audit_entry_practice_id_at_sequence", table_name="audit_entry")
    op.create_index("ix_audit_entry_practice_id_sequence", "audit_entry", ["practice_id", "sequence"])
    for name in ("mark", "browser", "network"):
        op.drop_column("audit_entry", name)
