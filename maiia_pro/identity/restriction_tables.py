"""Table of the operator's decisions that shut an account, for a time or for good."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from maiia_pro.kernel.clock import now
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7


class RestrictionKind(StrEnum):
    """What was decided; the account's own status is `suspended` in each case."""

    SUSPENDED = "suspended"
    """Shut until a day, or until the operator opens it again."""
    DEACTIVATED = "deactivated"
    """Shut for good."""
    REFUSED = "refused"
    """Never opened: its activation is refused."""


class Ground(StrEnum):
    """Why: the reasons of the terms of use, article 7.3, and no other."""

    FALSE_INFORMATION = "false_information"
    NOT_ELIGIBLE = "not_eligible"
    PASSWORD_SHARED = "password_shared"  # noqa: S105 - the name of a reason
    FRAUD = "fraud"


class AccountRestriction(SQLModel, table=True):
    """A decision; one at most stands for an account, and none is ever deleted."""

    __tablename__ = "account_restriction"
    __table_args__ = (
        CheckConstraint(one_of("kind", RestrictionKind), name="kind"),
        CheckConstraint(one_of("ground", Ground), name="ground"),
        CheckConstraint("kind = 'suspended' or ends_at is null", name="only_suspensions_end"),
        CheckConstraint("ends_at > created_at", name="ends_after_it_begins"),
        CheckConstraint("status_before in ('pending', 'active')", name="status_before"),
        Index("account_restriction_one_stands", "account_id", unique=True, postgresql_where=text("lifted_at is null")),
        Index("ix_account_restriction_ends_at", "ends_at", postgresql_where=text("lifted_at is null")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    kind: str
    ground: str
    note: str = ""
    note_shown: bool = False
    """Whether the person reads the note too."""
    status_before: str
    """What the account's status is put back to."""
    created_at: datetime = Field(default_factory=now)
    created_by: UUID | None = Field(default=None, foreign_key="account.id")
    ends_at: datetime | None = None
    """When it ends by itself."""
    lifted_at: datetime | None = None
    lifted_by: UUID | None = Field(default=None, foreign_key="account.id")
    """Nobody where it ended by itself."""
    lifted_note: str = ""


class WarnedVisit(SQLModel, table=True):
    """A visit whose patient was told that its practitioner's account is shut, and not yet that it is open again."""

    __tablename__ = "warned_visit"

    appointment_id: UUID = Field(primary_key=True)
    warned_at: datetime = Field(default_factory=now)
