"""What keeps an account in health: ways back in, whether mail arrives, when its details were last checked and what changed in them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from maiia_pro.kernel import clock
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7


class Purpose(StrEnum):
    """What a recovery link does."""

    RESET = "reset"
    """Chooses another password."""
    BLOCK = "block"
    """Blocks the account: its identifiers are lost or stolen."""


class Recovery(SQLModel, table=True):
    """A single-use link that somebody asked for, signed in or not; `sought` is the address (as it is compared) or the number (E.164).

    Asking writes the row whether an account exists or not; the worker finds the account, and only then there is a link. `token_hash` is
    the SHA-256 of its token.
    """

    __tablename__ = "recovery"
    __table_args__ = (
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
        CheckConstraint("(account_id is null) = (token_hash is null)", name="link_of_an_account"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    purpose: str
    sought: str
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    token_hash: str | None = Field(default=None, unique=True)
    created_at: datetime = Field(default_factory=clock.now)
    expires_at: datetime = Field(index=True)
    used_at: datetime | None = None


class Bounce(StrEnum):
    """How one learnt that mail does not arrive."""

    REFUSED = "refused"
    """The mail server refused the address for good."""
    RETURNED = "returned"
    """A delivery report came back (RFC 3464)."""


class AccountHealth(SQLModel, table=True):
    """What is known of an account beside how it signs in; no row means nothing yet."""

    __tablename__ = "account_health"
    __table_args__ = (
        CheckConstraint(one_of("bounce", Bounce), name="bounce"),
        CheckConstraint("(bounce is null) = (bounced_at is null)", name="bounced"),
    )

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    phone: str = ""
    """Where somebody of a practice can be called, in E.164; it opens nothing."""
    checked_at: datetime | None = None
    """When its holder last said that all is right."""
    bounce: str | None = None
    bounced_at: datetime | None = None
    blocked_at: datetime | None = None
    """Since when its identifiers are reported lost or stolen; a new password ends it."""


class AccountChange(SQLModel, table=True):
    """A change of what an account says of its holder; never changed itself."""

    __tablename__ = "account_change"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    at: datetime = Field(default_factory=clock.now)
    by_name: str
    """Who changed it, as the history names them."""
    what: str
    """A `Detail`."""
    before: str
    after: str
