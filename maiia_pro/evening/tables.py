"""Tables of the evening list: what a practice chose, and the evenings that were served."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Uuid
from sqlmodel import Column, Field, SQLModel

from maiia_pro.kernel import clock


class EveningList(SQLModel, table=True):
    """Where, when and under which password a practice gets tomorrow's list; none until it asks for it."""

    __tablename__ = "evening_list"
    __table_args__ = (CheckConstraint("not enabled or (recipient <> '' and sealed_password <> '')", name="complete"),)

    practice_id: UUID = Field(foreign_key="practice.id", primary_key=True)
    enabled: bool = False
    recipient: str = ""
    at: time = time(19)
    """By the practice's own clock."""
    sealed_password: str = ""
    """Encrypted by `kernel/vault.py`."""
    changed_at: datetime = Field(default_factory=clock.now)
    chosen_by: UUID | None = Field(default=None, foreign_key="account.id")
    """Whose rights say, each evening, which agendas leave."""
    failed_at: datetime | None = None
    """When the list could last not be made, until it can."""
    failure: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why, in a sentence for people."""


class EveningSending(SQLModel, table=True):
    """An evening that was served: the row is what lets only one worker do it."""

    __tablename__ = "evening_sending"

    practice_id: UUID = Field(foreign_key="practice.id", primary_key=True)
    evening: date = Field(primary_key=True)
    email_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("outgoing_email.id", ondelete="CASCADE"), nullable=False))
