"""Tables of public pages: what is written, what is shown, the pictures, and the ledger of consents."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from maiia_pro.kernel import clock
from maiia_pro.kernel.ids import uuid7


class LicenceConsent(SQLModel, table=True):
    """A practitioner granted the licence; the application's role may add rows and read them, nothing else."""

    __tablename__ = "licence_consent"
    __table_args__ = (UniqueConstraint("id", "practitioner_id"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practitioner_id: UUID = Field(foreign_key="practitioner.id", index=True)
    licence: str
    """Version of the text that was agreed to."""
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    given_by: str
    """The name of whoever agreed, as it was then."""
    at: datetime = Field(default_factory=clock.now)


class LicenceWithdrawal(SQLModel, table=True):
    """The end of a consent; kept like the consent itself."""

    __tablename__ = "licence_withdrawal"

    consent_id: UUID = Field(foreign_key="licence_consent.id", primary_key=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    withdrawn_by: str
    at: datetime = Field(default_factory=clock.now)


class ProfilePage(SQLModel, table=True):
    """The page of a practitioner: the draft, and what was published last."""

    __tablename__ = "profile_page"

    practitioner_id: UUID = Field(foreign_key="practitioner.id", primary_key=True)
    draft: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    shown: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    changed_at: datetime = Field(default_factory=clock.now)
    published_at: datetime | None = None


class ProfilePicture(SQLModel, table=True):
    """A photo or a logo, already made small and without what its file told besides."""

    __tablename__ = "profile_picture"
    __table_args__ = (
        ForeignKeyConstraint(["practitioner_id"], ["profile_page.practitioner_id"], ondelete="CASCADE"),
        CheckConstraint("octet_length(content) between 1 and 400000", name="size"),
    )

    digest: str = Field(primary_key=True)
    """Of the picture and whose it is, the last part of its address."""
    practitioner_id: UUID = Field(index=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """WebP."""
    created_at: datetime = Field(default_factory=clock.now)
