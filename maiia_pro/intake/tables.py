"""Table of what was taken over: which line of another software became which row here, so that no file comes in twice."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from maiia_pro.kernel import clock
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7

ONCE = "intake_line_once"


class Kind(StrEnum):
    """What a file holds."""

    PATIENTS = "patients"
    VISITS = "visits"


KIND_LABELS: dict[Kind, str] = {Kind.PATIENTS: "Patients", Kind.VISITS: "Rendez-vous"}


class IntakeLine(SQLModel, table=True):
    """A line that came in. `key` is a hash of its number in the other software, or of whom and when it is about: no name in it."""

    __tablename__ = "intake_line"
    __table_args__ = (
        UniqueConstraint("practice_id", "kind", "key", name=ONCE),
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint("case kind when 'patients' then appointment_id is null else appointment_id is not null end", name="subject"),
        ForeignKeyConstraint(["patient_id", "practice_id"], ["patient.id", "patient.practice_id"]),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID = Field(foreign_key="practice.id")
    kind: str
    key: str
    patient_id: UUID = Field(index=True)
    appointment_id: UUID | None = Field(
        default=None, sa_column=Column(ForeignKey("appointment.id", ondelete="CASCADE"), nullable=True, index=True)
    )
    at: datetime = Field(default_factory=clock.now)
