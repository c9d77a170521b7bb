"""Tables of requests: what somebody asked of the practice, and what its people said about it since."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Computed, ForeignKeyConstraint, Index, Uuid, text
from sqlmodel import Field, SQLModel

from maiia_pro.kernel import clock
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7


class Kind(StrEnum):
    """What is asked."""

    CALL_BACK = "call_back"
    RENEWAL = "renewal"
    QUESTION = "question"
    OTHER = "other"


KIND_LABELS: dict[Kind, str] = {
    Kind.CALL_BACK: "À rappeler",
    Kind.RENEWAL: "Renouvellement d’ordonnance",
    Kind.QUESTION: "Question",
    Kind.OTHER: "Autre demande",
}


class Priority(StrEnum):
    """How much it presses."""

    NORMAL = "normal"
    URGENT = "urgent"


class Progress(StrEnum):
    """Where a request stands."""

    TODO = "todo"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"


PROGRESS_LABELS: dict[Progress, str] = {
    Progress.TODO: "À faire",
    Progress.IN_PROGRESS: "En cours",
    Progress.DONE: "Faite",
    Progress.DROPPED: "Abandonnée",
}
OPEN = (Progress.TODO, Progress.IN_PROGRESS)


class PracticeRequest(SQLModel, table=True):
    """Something to do for somebody; `version` grows with each act, and an act holds only on the version it was decided on."""

    __tablename__ = "practice_request"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("priority", Priority), name="priority"),
        CheckConstraint(one_of("progress", Progress), name="progress"),
        CheckConstraint("(progress in ('done', 'dropped')) = (closed_at is not null)", name="closed_at"),
        CheckConstraint("progress <> 'in_progress' or owner_id is not null", name="owner"),
        CheckConstraint("patient_id is not null or caller_name <> ''", name="who"),
        ForeignKeyConstraint(["patient_id", "practice_id"], ["patient.id", "patient.practice_id"]),
        ForeignKeyConstraint(["practitioner_id", "practice_id"], ["practitioner.id", "practitioner.practice_id"]),
        ForeignKeyConstraint(["open_owner_id", "practice_id"], ["membership.account_id", "membership.practice_id"]),
        Index("ix_practice_request_open", "practice_id", "due_at", postgresql_where=text("closed_at is null")),
        Index("ix_practice_request_practice_id_closed_at", "practice_id", "closed_at"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(foreign_key="practice.id")
    kind: str
    priority: str = Priority.NORMAL
    progress: str = Progress.TODO
    subject: str
    words: str = ""
    patient_id: UUID | None = None
    caller_name: str = ""
    caller_phone: str = ""
    """E.164, or empty."""
    practitioner_id: UUID | None = None
    """The practitioner concerned; null where it is the whole practice's."""
    owner_id: UUID | None = Field(default=None, foreign_key="account.id")
    """The account that answers it; null while nobody took it."""
    open_owner_id: UUID | None = Field(
        default=None, sa_column=Column(Uuid, Computed("case when closed_at is null then owner_id end", persisted=True))
    )
    """Of an open one, the same: somebody who works in the practice. What is closed keeps the name of who left since."""
    appointment_id: UUID | None = Field(default=None, foreign_key="appointment.id")
    due_at: datetime
    created_by_id: UUID = Field(foreign_key="account.id")
    created_at: datetime = Field(default_factory=clock.now)
    changed_by_id: UUID = Field(foreign_key="account.id")
    changed_at: datetime = Field(default_factory=clock.now)
    closed_at: datetime | None = None
    version: int = 1


class RequestComment(SQLModel, table=True):
    """A word added to a request; never changed."""

    __tablename__ = "request_comment"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    request_id: UUID = Field(foreign_key="practice_request.id", index=True)
    author_id: UUID = Field(foreign_key="account.id")
    at: datetime = Field(default_factory=clock.now)
    words: str
