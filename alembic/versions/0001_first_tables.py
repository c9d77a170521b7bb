"""first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


PROTECTED = ("audit_entry", "audit_seal")


def _install_queue() -> None:
    """Create the queue's own tables and functions in a schema of their own."""
    op.execute("create schema jobs")
    op.execute("set local search_path = jobs, public")
    connection = op.get_bind().connection.driver_connection
    if connection is None:
        message = "migrations need a connection"
        raise RuntimeError(message)
    connection.execute(SchemaManager.get_schema())
    op.execute("set local search_path = public, jobs")


def _protect_audit() -> None:
    """Leave the application's role only reading and adding to the audit trail."""
    for table in PROTECTED:
        op.execute(f"""
            do $$ begin
                if exists (select 1 from pg_roles where rolname = 'maiia_app') then
                    revoke update, delete, truncate on {table} from maiia_app;
                end if;
            end $$
        """)


def upgrade() -> None:
    op.execute("create extension if not exists btree_gist")
    _install_queue()
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role in ('operator', 'patient', 'practitioner', 'secretary')", name=op.f("ck_account_role")),
        sa.CheckConstraint("status <> 'active' or password_hash is not null", name=op.f("ck_account_active_has_password")),
        sa.CheckConstraint("status in ('active', 'pending', 'suspended')", name=op.f("ck_account_status")),
        sa.CheckConstraint("email_key = lower(email_key)", name=op.f("ck_account_email_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email_key", name=op.f("uq_account_email_key")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("on_behalf_of", sa.Uuid(), nullable=True),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("sequence", name=op.f("uq_audit_entry_sequence")),
    )
    op.create_index("ix_audit_entry_practice_id_sequence", "audit_entry", ["practice_id", "sequence"], unique=False)
    op.create_index("ix_audit_entry_subject_id", "audit_entry", ["subject_id"], unique=False)
    op.create_table(
        "audit_seal",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_seal")),
    )
    op.create_index(op.f("ix_audit_seal_practice_id"), "audit_seal", ["practice_id"], unique=False)
    op.create_index("uq_audit_seal_practice_id_position", "audit_seal", ["practice_id", "position"], unique=True)
    op.create_table(
        "heartbeat",
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("minute", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "practice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("offer in ('initial', 'premium')", name=op.f("ck_practice_offer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_attempt")),
    )
    op.create_table(
        "account_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_session_token_hash")),
    )
    op.create_index(
        "ix_account_session_account_id_open", "account_session", ["account_id"], unique=False, postgresql_where=sa.text("ended_at is null")
    )
    op.create_table(
        "activation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_activation_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_activation_token_hash")),
    )
    op.create_index(op.f("ix_activation_account_id"), "activation", ["account_id"], unique=False)
    op.create_table(
        "api_client",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("requests_per_minute", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("requests_per_minute > 0", name=op.f("ck_api_client_requests_per_minute")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_api_client_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
        sa.UniqueConstraint("client_id", name=op.f("uq_api_client_client_id")),
    )
    op.create_index(op.f("ix_api_client_practice_id"), "api_client", ["practice_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role in ('practitioner', 'secretary')", name=op.f("ck_membership_role")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_account_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_membership_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("account_id", "practice_id", name=op.f("uq_membership_account_id_practice_id")),
    )
    op.create_index(op.f("ix_membership_practice_id"), "membership", ["practice_id"], unique=False)
    op.create_table(
        "outgoing_email",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=True),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_outgoing_email_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_email")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_email_key")),
    )
    op.create_index(op.f("ix_outgoing_email_created_at"), "outgoing_email", ["created_at"], unique=False)
    op.create_index(op.f("ix_outgoing_email_practice_id"), "outgoing_email", ["practice_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("is_self", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_person_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_account_id"), "person", ["account_id"], unique=False)
    op.create_index("uq_person_account_id_is_self", "person", ["account_id"], unique=True, postgresql_where=sa.text("is_self"))
    op.create_table(
        "practitioner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("specialty", sa.String(), nullable=False),
        sa.Column("rpps", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("hue", sa.String(), nullable=False),
        sa.Column("presentation", sa.String(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "specialty in ('general_medicine', 'paediatrics', 'dermatology', 'cardiology', 'gynaecology', 'ophthalmology', 'psychiatry', 'midwifery', 'physiotherapy', 'dentistry')",
            name=op.f("ck_practitioner_specialty"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_practitioner_account_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_practitioner_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner")),
        sa.UniqueConstraint("account_id", name=op.f("uq_practitioner_account_id")),
        sa.UniqueConstraint("id", "practice_id", name=op.f("uq_practitioner_id_practice_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_practitioner_slug")),
    )
    op.create_index("ix_practitioner_practice_id_sort_key", "practitioner", ["practice_id", "sort_key"], unique=False)
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("place_key", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_site_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    op.create_index(op.f("ix_site_practice_id"), "site", ["practice_id"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("api_client_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["api_client_id"], ["api_client.id"], name=op.f("fk_api_token_api_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_api_client_id"), "api_token", ["api_client_id"], unique=False)
    op.create_index(op.f("ix_api_token_expires_at"), "api_token", ["expires_at"], unique=False)
    op.create_table(
        "opening_exception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.CheckConstraint("kind = 'closed' or site_id is not null", name=op.f("ck_opening_exception_site")),
        sa.CheckConstraint("kind in ('closed', 'open')", name=op.f("ck_opening_exception_kind")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_opening_exception_order")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_opening_exception_practitioner_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_opening_exception_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_exception")),
    )
    op.create_index(op.f("ix_opening_exception_practitioner_id"), "opening_exception", ["practitioner_id"], unique=False)
    op.create_table(
        "opening_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("opens < closes", name=op.f("ck_opening_rule_order")),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_opening_rule_weekday")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_opening_rule_practitioner_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_opening_rule_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_rule")),
    )
    op.create_index(op.f("ix_opening_rule_practitioner_id"), "opening_rule", ["practitioner_id"], unique=False)
    op.create_table(
        "patient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_patient_person_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_patient_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("id", "practice_id", name=op.f("uq_patient_id_practice_id")),
    )
    op.create_index("ix_patient_practice_id_birth_date", "patient", ["practice_id", "birth_date"], unique=False)
    op.create_index("ix_patient_practice_id_phone", "patient", ["practice_id", "phone"], unique=False)
    op.create_index("ix_patient_practice_id_sort_key", "patient", ["practice_id", "sort_key"], unique=False)
    op.create_index("uq_patient_practice_id_person_id", "patient", ["practice_id", "person_id"], unique=True)
    op.create_table(
        "resource",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_resource_practice_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_resource_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
    )
    op.create_index(op.f("ix_resource_practice_id"), "resource", ["practice_id"], unique=False)
    op.create_table(
        "visit_reason",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("step_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_before_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_after_minutes", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("hue", sa.String(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("fee_cents", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("mode in ('in_person', 'video')", name=op.f("ck_visit_reason_mode")),
        sa.CheckConstraint(
            "buffer_before_minutes between 0 and 240 and buffer_after_minutes between 0 and 240", name=op.f("ck_visit_reason_buffers")
        ),
        sa.CheckConstraint("duration_minutes between 5 and 480", name=op.f("ck_visit_reason_duration")),
        sa.CheckConstraint("step_minutes between 5 and 480", name=op.f("ck_visit_reason_step")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_visit_reason_practice_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_visit_reason_practitioner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_reason")),
        sa.UniqueConstraint("id", "practitioner_id", name=op.f("uq_visit_reason_id_practitioner_id")),
    )
    op.create_index(op.f("ix_visit_reason_practice_id"), "visit_reason", ["practice_id"], unique=False)
    op.create_index(op.f("ix_visit_reason_practitioner_id"), "visit_reason", ["practitioner_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), sa.Computed("status <> 'cancelled'", persisted=True), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("deliberate_overbooking", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancellation_note", sa.String(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("practitioner_id"), "="),
            (sa.column("blocked"), "&&"),
            where=sa.text("active AND NOT deliberate_overbooking"),
            using="gist",
            name="appointment_no_overlap",
        ),
        sa.CheckConstraint("ends_at - starts_at <= interval '8 hours'", name=op.f("ck_appointment_length")),
        sa.CheckConstraint("mode in ('in_person', 'video')", name=op.f("ck_appointment_mode")),
        sa.CheckConstraint("origin in ('desk', 'online', 'api')", name=op.f("ck_appointment_origin")),
        sa.CheckConstraint(
            "status in ('planned', 'confirmed', 'arrived', 'in_progress', 'fulfilled', 'missed', 'cancelled')",
            name=op.f("ck_appointment_status"),
        ),
        sa.CheckConstraint("(patient_id is null) = (held_until is not null)", name=op.f("ck_appointment_hold")),
        sa.CheckConstraint("blocked @> tstzrange(starts_at, ends_at)", name=op.f("ck_appointment_blocked")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_appointment_order")),
        sa.ForeignKeyConstraint(
            ["patient_id", "practice_id"], ["patient.id", "patient.practice_id"], name=op.f("fk_appointment_patient_id_practice_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id", "practice_id"],
            ["practitioner.id", "practitioner.practice_id"],
            name=op.f("fk_appointment_practitioner_id_practice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reason_id", "practitioner_id"],
            ["visit_reason.id", "visit_reason.practitioner_id"],
            name=op.f("fk_appointment_reason_id_practitioner_id"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_appointment_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_patient_id_starts_at", "appointment", ["patient_id", "starts_at"], unique=False)
    op.create_index("ix_appointment_practice_id_starts_at", "appointment", ["practice_id", "starts_at"], unique=False)
    op.create_index("ix_appointment_practitioner_id_starts_at", "appointment", ["practitioner_id", "starts_at"], unique=False)
    op.create_table(
        "offering",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_offering_practice_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_offering_practitioner_id")),
        sa.ForeignKeyConstraint(["reason_id"], ["visit_reason.id"], name=op.f("fk_offering_reason_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_offering_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offering")),
    )
    op.create_index(op.f("ix_offering_practice_id"), "offering", ["practice_id"], unique=False)
    op.create_index(op.f("ix_offering_practitioner_id"), "offering", ["practitioner_id"], unique=False)
    op.create_index("uq_offering_reason_id_site_id", "offering", ["reason_id", "site_id"], unique=True)
    op.create_table(
        "resource_booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("blocked", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("resource_id"), "="), (sa.column("blocked"), "&&"), using="gist", name="resource_booking_no_overlap"
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_resource_booking_appointment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_resource_booking_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_booking")),
    )
    op.create_index(op.f("ix_resource_booking_appointment_id"), "resource_booking", ["appointment_id"], unique=False)
    _protect_audit()


def downgrade() -> None:
    op.execute("drop schema jobs cascade")
    op.drop_index(op.f("ix_resource_booking_appointment_id"), table_name="resource_booking")
    op.drop_table("resource_booking")
    op.drop_index("uq_offering_reason_id_site_id", table_name="offering")
    op.drop_index(op.f("ix_offering_practitioner_id"), table_name="offering")
    op.drop_index(op.f("ix_offering_practice_id"), table_name="offering")
    op.drop_table("offering")
    op.drop_index("ix_appointment_practitioner_id_starts_at", table_name="appointment")
    op.drop_index("ix_appointment_practice_id_starts_at", table_name="appointment")
    op.drop_index("ix_appointment_patient_id_starts_at", table_name="appointment")
    op.drop_table("appointment")
    op.drop_index(op.f("ix_visit_reason_practitioner_id"), table_name="visit_reason")
    op.drop_index(op.f("ix_visit_reason_practice_id"), table_name="visit_reason")
    op.drop_table("visit_reason")
    op.drop_index(op.f("ix_resource_practice_id"), table_name="resource")
    op.drop_table("resource")
    op.drop_index("uq_patient_practice_id_person_id", table_name="patient")
    op.drop_index("ix_patient_practice_id_sort_key", table_name="patient")
    op.drop_index("ix_patient_practice_id_phone", table_name="patient")
    op.drop_index("ix_patient_practice_id_birth_date", table_name="patient")
    op.drop_table("patient")
    op.drop_index(op.f("ix_opening_rule_practitioner_id"), table_name="opening_rule")
    op.drop_table("opening_rule")
    op.drop_index(op.f("ix_opening_exception_practitioner_id"), table_name="opening_exception")
    op.drop_table("opening_exception")
    op.drop_index(op.f("ix_api_token_expires_at"), table_name="api_token")
    op.drop_index(op.f("ix_api_token_api_client_id"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_index(op.f("ix_site_practice_id"), table_name="site")
    op.drop_table("site")
    op.drop_index("ix_practitioner_practice_id_sort_key", table_name="practitioner")
    op.drop_table("practitioner")
    op.drop_index("uq_person_account_id_is_self", table_name="person", postgresql_where=sa.text("is_self"))
    op.drop_index(op.f("ix_person_account_id"), table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_outgoing_email_practice_id"), table_name="outgoing_email")
    op.drop_index(op.f("ix_outgoing_email_created_at"), table_name="outgoing_email")
    op.drop_table("outgoing_email")
    op.drop_index(op.f("ix_membership_practice_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix_api_client_practice_id"), table_name="api_client")
    op.drop_table("api_client")
    op.drop_index(op.f("ix_activation_account_id"), table_name="activation")
    op.drop_table("activation")
    op.drop_index("ix_account_session_account_id_open", table_name="account_session", postgresql_where=sa.text("ended_at is null"))
    op.drop_table("account_session")
    op.drop_table("sign_in_attempt")
    op.drop_table("practice")
    op.drop_table("heartbeat")
    op.drop_index("uq_audit_seal_practice_id_position", table_name="audit_seal")
    op.drop_index(op.f("ix_audit_seal_practice_id"), table_name="audit_seal")
    op.drop_table("audit_seal")
    op.drop_index("ix_audit_entry_subject_id", table_name="audit_entry")
    op.drop_index("ix_audit_entry_practice_id_sequence", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("account")
