"""Programs are told what happens to appointments: subscriptions, deliveries, and the trigger that writes them whoever acts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0039"
down_revision: str | Sequence[str] | None = "0038"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Whatever changes an appointment, by whichever door, tells the programs that wait for it: in the same transaction, or not at all.
TELL = """
    create function webhook_tell() returns trigger language plpgsql set search_path = public, jobs as $$
    declare
        kind text;
        delivery uuid;
    begin
        if tg_op = 'INSERT' then kind := 'appointment.booked';
        elsif new.status = 'cancelled' and old.status <> 'cancelled' then kind := 'appointment.cancelled';
        elsif new.status <> 'cancelled' and old.status = 'cancelled' then kind := 'appointment.restored';
        else kind := 'appointment.moved';
        end if;
        for delivery in
            insert into public.webhook_delivery (id, webhook_id, event, subject_id, practitioner_id, version, created_at, tries, failure)
            select gen_random_uuid(), w.id, kind, new.id, new.practitioner_id, new.version, now(), 0, ''
            from public.webhook w
            where w.practice_id = new.practice_id and w.ended_at is null and w.stopped_at is null and kind = any (w.events)
            returning id
        loop
            perform jobs.procrastinate_defer_jobs_v1(array[
                row('default', 'hooks.event_ready', 0, null, null, jsonb_build_object('delivery_id', delivery::text), null)
            ]::jobs.procrastinate_job_to_defer_v1[]);
        end loop;
        return null;
    end $$
"""


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("sealed_secret", sa.String(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cardinality(events) > 0", name=op.f("ck_webhook_some_event")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_webhook_practice_id")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_webhook_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index("ix_webhook_practice_id_live", "webhook", ["practice_id"], postgresql_where=sa.text("ended_at is null"))
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_webhook_delivery_tries")),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_delivery_webhook_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
    )
    op.create_index("ix_webhook_delivery_recent", "webhook_delivery", ["webhook_id", "created_at"])
    op.create_index(op.f("ix_webhook_delivery_created_at"), "webhook_delivery", ["created_at"])
    op.execute(TELL)
    op.execute("""
        create trigger appointment_told_booked after insert on appointment for each row
        when (new.status <> 'cancelled' and new.ends_at > new.created_at and new.held_until is null) execute function webhook_tell()
    """)
    op.execute("""
        create trigger appointment_told_changed after update of starts_at, ends_at, status, practitioner_id, site_id on appointment for each row
        when (new.held_until is null and (new.status <> 'cancelled' or old.status <> 'cancelled') and (
            (new.status = 'cancelled') is distinct from (old.status = 'cancelled')
            or (new.starts_at, new.ends_at, new.practitioner_id, new.site_id)
                is distinct from (old.starts_at, old.ends_at, old.practitioner_id, old.site_id)))
        execute function webhook_tell()
    """)


def downgrade() -> None:
    op.execute("drop trigger appointment_told_changed on appointment")
    op.execute("drop trigger appointment_told_booked on appointment")
    op.execute("drop function webhook_tell()")
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
