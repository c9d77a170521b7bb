"""Table of the first run: which of its steps a practitioner is done with, where the data alone does not say so."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from maiia_pro.kernel import clock
from maiia_pro.kernel.db import one_of


class Step(StrEnum):
    """A step of the first run, in their order."""

    SITE = "site"
    PRACTITIONER = "practitioner"
    REASONS = "reasons"
    HOURS = "hours"
    INTAKE = "intake"
    PUBLICATION = "publication"


class StepNote(SQLModel, table=True):
    """A step that a practitioner has finished or chosen to pass over."""

    __tablename__ = "onboarding_step"
    __table_args__ = (CheckConstraint(one_of("step", Step), name="step"),)

    practitioner_id: UUID = Field(foreign_key="practitioner.id", primary_key=True)
    step: str = Field(primary_key=True)
    at: datetime = Field(default_factory=clock.now)
