"""What people let programs do in their name: the consent, the code it gave, and the refresh tokens that follow one another."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from maiia_pro.kernel.actor import STAFF
from maiia_pro.kernel.clock import now
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7


class ApiGrant(SQLModel, table=True):
    """A person's consent to a program (RFC 6749, section 4.1); `code_hash` is the SHA-256 of the one code that it gave.

    The code is redeemed once, until `code_until`, by whom knows what `challenge` is the S256 of (RFC 7636).
    """

    __tablename__ = "api_grant"
    __table_args__ = (
        CheckConstraint(one_of("role", sorted(STAFF)), name="role"),
        CheckConstraint("scopes <> ''", name="some_scope"),
        CheckConstraint("challenge ~ '^[A-Za-z0-9_-]{43}$'", name="challenge"),
        Index("ix_api_grant_account_id_open", "account_id", postgresql_where=text("ended_at is null")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    api_client_id: UUID = Field(foreign_key="api_client.id", index=True)
    account_id: UUID = Field(foreign_key="account.id")
    role: str
    """As what the person let it: their part in the practice then."""
    scopes: str
    redirect_uri: str
    challenge: str
    code_hash: str = Field(unique=True)
    code_until: datetime
    redeemed_at: datetime | None = None
    created_at: datetime = Field(default_factory=now)
    last_used_at: datetime | None = None
    ended_at: datetime | None = None


class ApiRefresh(SQLModel, table=True):
    """A refresh token, good once; one that comes again ends the grant (RFC 9700, section 4.14.2)."""

    __tablename__ = "api_refresh"

    token_hash: str = Field(primary_key=True)
    grant_id: UUID = Field(foreign_key="api_grant.id", index=True)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime = Field(index=True)
    used_at: datetime | None = None
