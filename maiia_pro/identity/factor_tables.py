"""What somebody proves themselves by besides a password, and the browsers that they came in by; no secret is stored as it is."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from maiia_pro.kernel.clock import now
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7

LONGEST_NAME: Final = 60
LONGEST_REFERENCE: Final = 120


class AuthenticatorApp(SQLModel, table=True):
    """An application that shows codes of six digits (RFC 6238); `secret` is sealed, about the row's id.

    Without `proven_at` it waits for its first code: the one of before, if there is one, goes on.
    """

    __tablename__ = "authenticator_app"
    __table_args__ = (
        Index("authenticator_app_one", "account_id", unique=True, postgresql_where=text("proven_at is not null")),
        Index("authenticator_app_one_waiting", "account_id", unique=True, postgresql_where=text("proven_at is null")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    secret: str
    created_at: datetime = Field(default_factory=now)
    proven_at: datetime | None = None
    last_step: int = 0
    """The time step of the last code that was accepted: no code counts twice, nor one of before."""


class Passkey(SQLModel, table=True):
    """A passkey (W3C Web Authentication, level 3): the public half of it."""

    __tablename__ = "passkey"
    __table_args__ = (CheckConstraint(f"char_length(name) between 1 and {LONGEST_NAME}", name="name"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    credential_id: bytes = Field(unique=True)
    public_key: bytes
    sign_count: int = Field(sa_column=Column(BigInteger, nullable=False))
    name: str
    transports: list[str] = Field(sa_column=Column(ARRAY(String), nullable=False))
    created_at: datetime = Field(default_factory=now)
    last_used_at: datetime | None = None


class RecoveryCode(SQLModel, table=True):
    """A code on paper that stands once for the second factor; only what it leaves under the server's key is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "imprint"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    imprint: str
    created_at: datetime = Field(default_factory=now)
    used_at: datetime | None = None


class Purpose(StrEnum):
    """What a passkey is asked for."""

    SIGN_IN = "sign_in"
    STEP = "step"
    PROOF = "proof"
    ADD = "add"


class PasskeyChallenge(SQLModel, table=True):
    """What a passkey has to sign: asked for once, by one browser, for one purpose; the row goes when it is answered."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (CheckConstraint(one_of("purpose", Purpose), name="purpose"),)

    challenge_hash: str = Field(primary_key=True)
    purpose: str
    browser_hash: str
    session_id: UUID | None = Field(default=None, foreign_key="account_session.id", ondelete="CASCADE")
    """The session that asked for it; none where nobody is signed in."""
    expires_at: datetime = Field(index=True)


class SeenBrowser(SQLModel, table=True):
    """A browser in which an account came in; `token_hash` is the SHA-256 of the browser's cookie."""

    __tablename__ = "seen_browser"
    __table_args__ = (UniqueConstraint("account_id", "token_hash"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    token_hash: str
    first_seen_at: datetime = Field(default_factory=now)
    last_seen_at: datetime = Field(default_factory=now, index=True)
    trusted_until: datetime | None = None
    """Until when the second step is not asked for there."""


class IdentityCheck(StrEnum):
    """How the operator made sure who asks for their second factors to be reset."""

    CALL_BACK = "call_back"
    """By calling back a number that was known before, theirs or their practice's."""
    IN_PERSON = "in_person"
    PSC = "psc"
    """They came in by Pro Santé Connect."""


IDENTITY_CHECK_LABELS: Final = {
    IdentityCheck.CALL_BACK: "par rappel à un numéro déjà connu, celui de la personne ou de son cabinet",
    IdentityCheck.IN_PERSON: "en personne, pièce d’identité à l’appui",
    IdentityCheck.PSC: "par Pro Santé Connect",
}


class FactorReset(SQLModel, table=True):
    """An operator took every second factor of an account away; such a row is only ever added, and never by the account's own holder."""

    __tablename__ = "factor_reset"
    __table_args__ = (
        CheckConstraint(one_of("checked_by", IdentityCheck), name="checked_by"),
        CheckConstraint(f"char_length(reference) <= {LONGEST_REFERENCE}", name="reference"),
        CheckConstraint("created_by <> account_id", name="not_ones_own"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    checked_by: str
    reference: str = ""
    """Where the operator keeps more of it: the number of a ticket; nothing clinical."""
    created_at: datetime = Field(default_factory=now)
    created_by: UUID = Field(foreign_key="account.id")
