"""Tables of the agenda: what is offered, when, and what is booked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, ExcludeConstraint, Range
from sqlmodel import Field, SQLModel

from maiia_pro.agenda.codes import Audience, CompanionMeans, EntitlementMeans, IdentityMeans, Mode, Origin, Status
from maiia_pro.kernel import clock
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7

NO_OVERLAP = "appointment_no_overlap"


class VisitReason(SQLModel, table=True):
    """Why patients come, with what it takes; each practitioner has their own."""

    __tablename__ = "visit_reason"
    __table_args__ = (
        UniqueConstraint("id", "practitioner_id"),
        UniqueConstraint("id", "practice_id"),
        ForeignKeyConstraint(["practitioner_id", "practice_id"], ["practitioner.id", "practitioner.practice_id"]),
        CheckConstraint(one_of("mode", Mode), name="mode"),
        CheckConstraint(one_of("audience", Audience), name="audience"),
        CheckConstraint("new_patient_minutes between 5 and 480", name="new_patient_minutes"),
        CheckConstraint("notice_minutes between 0 and 43200", name="notice"),
        CheckConstraint("horizon_days between 1 and 366", name="horizon"),
        CheckConstraint("cancel_hours between 0 and 720", name="cancel_hours"),
        CheckConstraint("new_patients_a_day between 0 and 100 and open_bookings between 1 and 100", name="quotas"),
        CheckConstraint("duration_minutes between 5 and 480", name="duration"),
        CheckConstraint("step_minutes between 5 and 480", name="step"),
        CheckConstraint("buffer_before_minutes between 0 and 240 and buffer_after_minutes between 0 and 240", name="buffers"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(index=True)
    practitioner_id: UUID = Field(index=True)
    name: str
    duration_minutes: int
    step_minutes: int
    """Distance between two starts offered in an opening, counted from the opening's own start."""
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    mode: str = Mode.IN_PERSON
    hue: str = "azure"
    online: bool = True
    """Whether patients and API clients may book it."""
    fee_cents: int | None = None
    position: int = 0
    active: bool = True
    new_patient_minutes: int | None = None
    """How long the visit of somebody new to the practitioner is; the ordinary duration where nothing is said."""
    audience: str = Field(default=Audience.EVERYBODY, sa_column_kwargs={"server_default": "everybody"})
    notice_minutes: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How long before its start a visit may still be booked online."""
    horizon_days: int = Field(default=366, sa_column_kwargs={"server_default": "366"})
    """How far ahead it may be booked online."""
    same_day: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    """Whether its times open online on the day itself only, by the site's clock: urgent slots."""
    cancel_hours: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How long before its start a visit may still be moved or cancelled online."""
    new_patients_a_day: int | None = None
    open_bookings: int | None = None
    """How many visits to come of this reason a patient may have."""
    instructions: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What the patient must know."""
    bring: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default=text("'{}'")))
    """What the patient must bring, one thing each; written in messages too, so it tells nothing of the visit."""


class Offering(SQLModel, table=True):
    """An offer of the public page: practitioner × site × reason; its id begins every slot key."""

    __tablename__ = "offering"
    __table_args__ = (
        Index("uq_offering_reason_id_site_id", "reason_id", "site_id", unique=True),
        ForeignKeyConstraint(["practitioner_id", "practice_id"], ["practitioner.id", "practitioner.practice_id"]),
        ForeignKeyConstraint(["site_id", "practice_id"], ["site.id", "site.practice_id"]),
        ForeignKeyConstraint(["reason_id", "practitioner_id"], ["visit_reason.id", "visit_reason.practitioner_id"]),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(index=True)
    practitioner_id: UUID = Field(index=True)
    site_id: UUID
    reason_id: UUID
    active: bool = True


class Appointment(SQLModel, table=True):
    """A visit. `blocked` is the visit widened by its reason's buffers: two active ones of a practitioner never overlap, unless
    the server itself marked one as a deliberate overbooking."""

    __tablename__ = "appointment"
    __table_args__ = (
        ExcludeConstraint(
            (column("practitioner_id"), "="),
            (column("blocked"), "&&"),
            where=text("active AND NOT deliberate_overbooking"),
            using="gist",
            name=NO_OVERLAP,
        ),
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("(status = 'cancelled') = (cancelled_at is not null)", name="cancelled_at"),
        CheckConstraint("ends_at - starts_at <= interval '8 hours'", name="length"),
        CheckConstraint("blocked @> tstzrange(starts_at, ends_at)", name="blocked"),
        CheckConstraint(one_of("status", Status), name="status"),
        CheckConstraint(one_of("origin", Origin), name="origin"),
        CheckConstraint(one_of("mode", Mode), name="mode"),
        CheckConstraint("(patient_id is null) = (held_until is not null)", name="hold"),
        CheckConstraint("held_until is not null or coalesce(held_by, held_for::text, held_from) is null", name="held_by"),
        CheckConstraint("held_until is null or not deliberate_overbooking", name="hold_is_ordinary"),
        CheckConstraint(one_of("identity_means", IdentityMeans), name="identity_means"),
        CheckConstraint(one_of("companion_means", CompanionMeans), name="companion_means"),
        CheckConstraint(one_of("entitlement_means", EntitlementMeans), name="entitlement_means"),
        CheckConstraint(
            "(identity_means is null) = (identity_checked_at is null) and (identity_means is null) = (companion_means is null) "
            "and (identity_means is null) = (entitlement_means is null)",
            name="identity_check",
        ),
        CheckConstraint("status <> 'fulfilled' or identity_checked_at is not null", name="fulfilled"),
        ForeignKeyConstraint(["practitioner_id", "practice_id"], ["practitioner.id", "practitioner.practice_id"]),
        ForeignKeyConstraint(["patient_id", "practice_id"], ["patient.id", "patient.practice_id"]),
        ForeignKeyConstraint(["site_id", "practice_id"], ["site.id", "site.practice_id"]),
        ForeignKeyConstraint(["reason_id", "practitioner_id"], ["visit_reason.id", "visit_reason.practitioner_id"]),
        ForeignKeyConstraint(["series_id", "practice_id"], ["series.id", "series.practice_id"]),
        CheckConstraint("series_id is not null or not series_edited", name="series_edited"),
        Index("ix_appointment_series_id", "series_id", postgresql_where=text("series_id is not null")),
        Index("ix_appointment_practitioner_id_starts_at", "practitioner_id", "starts_at"),
        Index("ix_appointment_practice_id_starts_at", "practice_id", "starts_at"),
        Index("ix_appointment_patient_id_starts_at", "patient_id", "starts_at"),
        Index(
            "ix_appointment_practitioner_id_held_until", "practitioner_id", "held_until", postgresql_where=text("held_until is not null")
        ),
        Index("ix_appointment_first_visit", "reason_id", "starts_at", postgresql_where=text("first_visit and active")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID
    practitioner_id: UUID
    site_id: UUID
    reason_id: UUID
    patient_id: UUID | None = None
    """Null only while the row is a hold."""
    held_until: datetime | None = None
    """When the hold ends; null once it is an appointment."""
    held_by: str | None = None
    """Of a hold, the fingerprint of the browser that holds it; null for a place kept for an account."""
    held_for: UUID | None = Field(default=None, foreign_key="account.id")
    """Of a hold, the account that it is kept for, once it is known."""
    held_from: str | None = None
    """Of a hold, the fingerprint of the network that it came from."""
    starts_at: datetime
    ends_at: datetime
    blocked: Any = Field(sa_column=Column(TSTZRANGE, nullable=False))
    status: str = Status.PLANNED
    active: bool | None = Field(default=None, sa_column=Column(Boolean, Computed("status <> 'cancelled'", persisted=True), nullable=False))
    mode: str
    origin: str
    deliberate_overbooking: bool = False
    first_visit: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    """Whether the patient was new to the practitioner when it was booked (visits booked before this was kept say no)."""
    note: str = ""
    version: int = 1
    created_at: datetime = Field(default_factory=clock.now)
    told_version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """The version at which the patient was last told something: booked, moved, cancelled, restored."""
    told_word: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What the practice added to the message of the last move."""
    cancelled_at: datetime | None = None
    cancellation_note: str = ""
    arrived_at: datetime | None = None
    seen_at: datetime | None = None
    """When the consultation began."""
    fulfilled_at: datetime | None = None
    identity_means: str | None = None
    companion_means: str | None = None
    entitlement_means: str | None = None
    identity_checked_by: UUID | None = Field(default=None, foreign_key="account.id")
    identity_checked_at: datetime | None = None
    series_id: UUID | None = None
    series_edited: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    """Whether it was moved or cancelled by itself: later changes of the whole series leave it alone."""

    @property
    def minutes(self) -> int:
        """How long it is, without the buffers."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


class Series(SQLModel, table=True):
    """Visits given together; the rule that their days came from has served once they are given."""

    __tablename__ = "series"
    __table_args__ = (
        UniqueConstraint("id", "practice_id"),
        ForeignKeyConstraint(["practitioner_id", "practice_id"], ["practitioner.id", "practitioner.practice_id"]),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID
    practitioner_id: UUID
    created_by: UUID = Field(foreign_key="account.id")
    created_at: datetime = Field(default_factory=clock.now)
    version: int = 1
    """Grows with each change of several of its visits; the version of the message that tells of it."""


class CalendarFeed(SQLModel, table=True):
    """The secret address at which a practitioner's own calendar reads their agenda; one at a time, gone once revoked."""

    __tablename__ = "calendar_feed"

    practitioner_id: UUID = Field(foreign_key="practitioner.id", primary_key=True)
    token_hash: str = Field(unique=True)
    shows_initials: bool = False
    created_at: datetime = Field(default_factory=clock.now)
    last_used_at: datetime | None = None


def blocked_range(starts_at: datetime, ends_at: datetime) -> "Range[datetime]":
    """Make the half-open range that the constraint compares."""
    return Range(starts_at, ends_at, bounds="[)")
