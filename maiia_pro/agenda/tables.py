"""Tables of the agenda: what is offered, when, and what is booked."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    UniqueConstraint,
    Uuid,
    column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, ExcludeConstraint, Range
from sqlmodel import Field, SQLModel

from maiia_pro.agenda.terms import SchoolTime, Weeks
from maiia_pro.kernel import clock
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7

NO_OVERLAP = "appointment_no_overlap"
NO_RESOURCE_OVERLAP = "resource_booking_no_overlap"


class Mode(StrEnum):
    """How the patient is seen (terms of use, article 2): each reason and appointment has exactly one."""

    IN_PERSON = "in_person"
    VIDEO = "video"


MODE_LABELS: dict[Mode, str] = {Mode.IN_PERSON: "Au cabinet", Mode.VIDEO: "En vidéo"}


class Status(StrEnum):
    """Where an appointment stands."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_PROGRESS = "in_progress"
    FULFILLED = "fulfilled"
    MISSED = "missed"
    CANCELLED = "cancelled"


STATUS_LABELS: dict[Status, str] = {
    Status.PLANNED: "Prévu",
    Status.CONFIRMED: "Confirmé",
    Status.ARRIVED: "Arrivé",
    Status.IN_PROGRESS: "En cours",
    Status.FULFILLED: "Honoré",
    Status.MISSED: "Absent",
    Status.CANCELLED: "Annulé",
}


class IdentityMeans(StrEnum):
    """What a patient's identity was checked by (référentiel national d'identitovigilance; terms of use, article 8.1)."""

    IDENTITY_CARD = "identity_card"
    PASSPORT = "passport"
    RESIDENCE_PERMIT = "residence_permit"
    DIGITAL = "digital"
    FAMILY_BOOK = "family_book"
    KNOWN = "known"
    UNRECORDED = "unrecorded"
    """Visits closed before the check was asked for; nobody may choose it."""


IDENTITY_LABELS: dict[IdentityMeans, str] = {
    IdentityMeans.IDENTITY_CARD: "Carte d’identité",
    IdentityMeans.PASSPORT: "Passeport",
    IdentityMeans.RESIDENCE_PERMIT: "Titre de séjour",
    IdentityMeans.DIGITAL: "Identité numérique (France Identité)",
    IdentityMeans.FAMILY_BOOK: "Livret de famille ou acte de naissance",
    IdentityMeans.KNOWN: "Identité déjà vérifiée, patient reconnu",
    IdentityMeans.UNRECORDED: "Non consignée",
}


class CompanionMeans(StrEnum):
    """How somebody who came along was identified."""

    NONE = "none"
    DOCUMENT = "document"
    KNOWN = "known"


COMPANION_LABELS: dict[CompanionMeans, str] = {
    CompanionMeans.NONE: "Personne n’accompagne",
    CompanionMeans.DOCUMENT: "Pièce d’identité présentée",
    CompanionMeans.KNOWN: "Déjà connu du cabinet",
}


class EntitlementMeans(StrEnum):
    """How the patient's entitlements to the health insurance were checked."""

    VITALE_CARD = "vitale_card"
    CERTIFICATE = "certificate"
    ONLINE = "online"
    NONE = "none"


ENTITLEMENT_LABELS: dict[EntitlementMeans, str] = {
    EntitlementMeans.VITALE_CARD: "Carte Vitale",
    EntitlementMeans.CERTIFICATE: "Attestation de droits",
    EntitlementMeans.ONLINE: "Droits consultés en ligne",
    EntitlementMeans.NONE: "Aucun droit à vérifier",
}


class Origin(StrEnum):
    """By which door an appointment came in."""

    DESK = "desk"
    ONLINE = "online"
    API = "api"
    INTAKE = "intake"


ORIGIN_LABELS: dict[Origin, str] = {
    Origin.DESK: "Par le cabinet",
    Origin.ONLINE: "En ligne",
    Origin.API: "Par un logiciel relié",
    Origin.INTAKE: "Repris d’un autre logiciel",
}


class Audience(StrEnum):
    """Whom a reason is for, where patients and programs book; `online` says whether they may at all."""

    EVERYBODY = "everybody"
    KNOWN = "known"
    NEW = "new"


class ExceptionKind(StrEnum):
    """What an exception does to the weekly hours."""

    CLOSED = "closed"
    OPEN = "open"
    SPECIAL = "special"
    """Replaces the weekly hours of one day at a site; a row for each of its ranges, or one that lasts no time."""


def _admitted() -> Any:
    """Reasons that some hours admit, none meaning all. An array: read with every slot, and a reason is never deleted."""
    return Field(default_factory=list, sa_column=Column(ARRAY(Uuid()), nullable=False, server_default="{}"))


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
    """What the patient must know or bring."""


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


class OpeningRule(SQLModel, table=True):
    """Weekly hours at a site, by the site's own clock, half-open."""

    __tablename__ = "opening_rule"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("opens < closes", name="order"),
        CheckConstraint("valid_from <= valid_until", name="validity"),
        CheckConstraint(one_of("weeks", Weeks), name="weeks"),
        CheckConstraint(one_of("school", SchoolTime), name="school"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practitioner_id: UUID = Field(foreign_key="practitioner.id", index=True)
    site_id: UUID = Field(foreign_key="site.id")
    weekday: int
    """0 for Monday."""
    opens: time
    closes: time
    valid_from: date | None = None
    valid_until: date | None = None
    """The last day, included."""
    weeks: str = Field(default=Weeks.EVERY, sa_column_kwargs={"server_default": Weeks.EVERY.value})
    school: str = Field(default=SchoolTime.ALWAYS, sa_column_kwargs={"server_default": SchoolTime.ALWAYS.value})
    reason_ids: list[UUID] = _admitted()


class OpeningException(SQLModel, table=True):
    """Time closed, opened besides the weekly hours, or in their place, half-open; without a site it closes them all."""

    __tablename__ = "opening_exception"
    __table_args__ = (
        CheckConstraint(one_of("kind", ExceptionKind), name="kind"),
        CheckConstraint("starts_at < ends_at or (kind = 'special' and starts_at = ends_at)", name="order"),
        CheckConstraint("kind = 'closed' or site_id is not null", name="site"),
        CheckConstraint("(kind = 'special') = (day is not null)", name="day"),
        CheckConstraint("kind <> 'closed' or reason_ids = '{}'", name="reasons"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practitioner_id: UUID = Field(foreign_key="practitioner.id", index=True)
    site_id: UUID | None = Field(default=None, foreign_key="site.id")
    kind: str
    day: date | None = None
    """Of a special day: which, by the site's calendar."""
    starts_at: datetime
    ends_at: datetime
    reason_ids: list[UUID] = _admitted()
    label: str = ""


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


class Series(SQLModel, table=True):
    """Visits given together, and the rule they came from (`recurrence.Rule`)."""

    __tablename__ = "series"
    __table_args__ = (
        UniqueConstraint("id", "practice_id"),
        ForeignKeyConstraint(["practitioner_id", "practice_id"], ["practitioner.id", "practitioner.practice_id"]),
        CheckConstraint("rhythm in ('days', 'weeks', 'month_day', 'month_weekday')", name="rhythm"),
        CheckConstraint("step between 1 and 52", name="step"),
        CheckConstraint("minute between 0 and 1439", name="minute"),
        CheckConstraint("(until is null) <> (count is null) and count between 1 and 104", name="end"),
        CheckConstraint("weekdays <@ array[0, 1, 2, 3, 4, 5, 6]", name="weekdays"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID
    practitioner_id: UUID
    first: date
    minute: int
    """Of the site's wall clock."""
    rhythm: str
    step: int
    weekdays: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
    until: date | None = None
    count: int | None = None
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


class ResourceKind(SQLModel, table=True):
    """What rooms and equipment of a practice stand for one another: « Salle d’examen », « Échographe »."""

    __tablename__ = "resource_kind"
    __table_args__ = (
        UniqueConstraint("id", "practice_id"),
        Index("uq_resource_kind_practice_id_name", "practice_id", text("lower(name)"), unique=True),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(foreign_key="practice.id")
    name: str


class OutsideSource(StrEnum):
    """How we know that a practitioner is busy elsewhere."""

    FILE = "file"
    CALDAV = "caldav"


class OutsideTime(SQLModel, table=True):
    """Time that another calendar of a practitioner fills: patients and programs find nothing there, staff decide for themselves."""

    __tablename__ = "outside_time"
    __table_args__ = (
        UniqueConstraint("practitioner_id", "source", "event_key", "occurrence"),
        CheckConstraint(one_of("source", OutsideSource), name="source"),
        CheckConstraint("not isempty(during) and lower(during) >= '1970-01-01Z' and upper(during) <= '2201-01-01Z'", name="during"),
        Index("ix_outside_time_during", "practitioner_id", "during", postgresql_using="gist"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practitioner_id: UUID = Field(foreign_key="practitioner.id")
    source: str
    event_key: str
    """A hash of the event's UID, which may hold a name."""
    occurrence: str = ""
    """Of a repeated event: which, as its RECURRENCE-ID in UTC."""
    during: Any = Field(sa_column=Column(TSTZRANGE, nullable=False))
    title: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Kept only where the practitioner asked for it, shown to them alone."""


class Resource(SQLModel, table=True):
    """A room or a piece of equipment of a site."""

    __tablename__ = "resource"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "practice_id"], ["site.id", "site.practice_id"]),
        ForeignKeyConstraint(["kind_id", "practice_id"], ["resource_kind.id", "resource_kind.practice_id"]),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(index=True)
    site_id: UUID
    kind_id: UUID = Field(index=True)
    name: str
    retired: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    """No visit takes it any more; those that have it keep it."""


class ReasonNeed(SQLModel, table=True):
    """A visit of the reason takes one resource of the kind."""

    __tablename__ = "reason_need"
    __table_args__ = (
        ForeignKeyConstraint(["reason_id", "practice_id"], ["visit_reason.id", "visit_reason.practice_id"]),
        ForeignKeyConstraint(["kind_id", "practice_id"], ["resource_kind.id", "resource_kind.practice_id"]),
    )

    reason_id: UUID = Field(primary_key=True)
    kind_id: UUID = Field(primary_key=True)
    practice_id: UUID


class ResourceBooking(SQLModel, table=True):
    """A room or equipment taken by an appointment; it leaves with it."""

    __tablename__ = "resource_booking"
    __table_args__ = (
        ExcludeConstraint(
            (column("resource_id"), "="),
            (column("blocked"), "&&"),
            using="gist",
            name=NO_RESOURCE_OVERLAP,
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    resource_id: UUID = Field(foreign_key="resource.id")
    appointment_id: UUID = Field(sa_column=Column(ForeignKey("appointment.id", ondelete="CASCADE"), nullable=False, index=True))
    blocked: Any = Field(sa_column=Column(TSTZRANGE, nullable=False))


def blocked_range(starts_at: datetime, ends_at: datetime) -> "Range[datetime]":
    """Make the half-open range that the constraint compares."""
    return Range(starts_at, ends_at, bounds="[)")
