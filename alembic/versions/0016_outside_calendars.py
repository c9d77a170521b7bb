"""Time that a practitioner is busy elsewhere, as another calendar says, and calendars linked both ways."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0016"
down_revision: str | Sequence[str] | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Whatever changes an appointment, by whichever door, tells the linked calendar: a job in the same transaction, one a transaction.
FOLLOW = """
    create function calendar_link_follow() returns trigger language plpgsql set search_path = public, jobs as $$
    begin
        perform jobs.procrastinate_defer_jobs_v1(array[
            row('default', 'outside.calendar_sync', 0, 'calendar:' || l.id, null, jsonb_build_object('link_id', l.id::text), null)
        ]::jobs.procrastinate_job_to_defer_v1[])
        from public.calendar_link l
        where l.practitioner_id in (old.practitioner_id, new.practitioner_id) and l.state = 'active'
          and not exists (
              select 1 from jobs.procrastinate_jobs j
              where j.lock = 'calendar:' || l.id and j.status = 'todo' and j.xmin = pg_current_xact_id()::xid
          );
        return null;
    end $$
"""


def upgrade() -> None:
    op.create_table(
        "outside_time",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("event_key", sa.String(), nullable=False),
        sa.Column("occurrence", sa.String(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("title", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("source in ('file', 'caldav')", name=op.f("ck_outside_time_source")),
        sa.CheckConstraint(
            "not isempty(during) and lower(during) >= '1970-01-01Z' and upper(during) <= '2201-01-01Z'", name=op.f("ck_outside_time_during")
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_outside_time_practitioner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_time")),
        sa.UniqueConstraint(
            "practitioner_id", "source", "event_key", "occurrence", name=op.f("uq_outside_time_practitioner_id_source_event_key_occurrence")
        ),
    )
    op.create_index("ix_outside_time_during", "outside_time", ["practitioner_id", "during"], unique=False, postgresql_using="gist")
    op.create_table(
        "calendar_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("sealed_password", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("calendar_url", sa.String(), nullable=False),
        sa.Column("calendar_name", sa.String(), nullable=False),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("read_tag", sa.String(), nullable=False),
        sa.Column("read_day", sa.Date(), nullable=True),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('new', 'choose', 'active', 'stopped', 'leaving')", name=op.f("ck_calendar_link_state")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_calendar_link_practitioner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_link")),
        sa.UniqueConstraint("practitioner_id", name=op.f("uq_calendar_link_practitioner_id")),
    )
    op.create_table(
        "calendar_push",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["link_id"], ["calendar_link.id"], name=op.f("fk_calendar_push_link_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("link_id", "appointment_id", name=op.f("pk_calendar_push")),
    )
    op.execute(FOLLOW)
    op.execute("""
        create trigger appointment_followed
        after insert or delete or update of starts_at, ends_at, status, practitioner_id, patient_id on appointment
        for each row execute function calendar_link_follow()
    """)


def downgrade() -> None:
    op.execute("drop trigger appointment_followed on appointment")
    op.execute("drop function calendar_link_follow()")
    op.drop_table("calendar_push")
    op.drop_table("calendar_link")
    op.drop_index("ix_outside_time_during", table_name="outside_time", postgresql_using="gist")
    op.drop_table("outside_time")
