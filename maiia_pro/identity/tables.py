"""Accounts, their sessions and what proves who somebody is; secrets are stored as hashes only."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint
from sqlmodel import Field, SQLModel

from maiia_pro.identity.national_number import PATTERN
from maiia_pro.kernel.actor import MEMBERS, ActorKind, Right
from maiia_pro.kernel.clock import now
from maiia_pro.kernel.db import one_of
from maiia_pro.kernel.ids import uuid7

ACCOUNT_KINDS = (ActorKind.PATIENT, *sorted(MEMBERS), ActorKind.OPERATOR)


class AccountStatus(StrEnum):
    """Whether an account may be used: `pending` until its activation link is followed."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class Account(SQLModel, table=True):
    """Somebody who may sign in, by an address or, for a patient, by a number that was proven to be theirs; `role` is an `ActorKind`.

    `email_key` is the address as it is compared, `phone_key` the number in E.164. Patients may do without a password: a code opens.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(one_of("role", ACCOUNT_KINDS), name="role"),
        CheckConstraint(one_of("status", AccountStatus), name="status"),
        CheckConstraint("email_key = lower(email_key)", name="email_key"),
        CheckConstraint("status <> 'active' or password_hash is not null or role = 'patient'", name="active_has_password"),
        CheckConstraint("(email is null) = (email_key is null)", name="email_with_key"),
        CheckConstraint("email_key is not null or phone_key is not null", name="reachable"),
        CheckConstraint("phone_key is null or role = 'patient'", name="phone_of_patients"),
        CheckConstraint(r"phone_key ~ '^\+[1-9][0-9]{7,14}$'", name="phone_key"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    email: str | None = None
    email_key: str | None = Field(default=None, unique=True)
    phone_key: str | None = Field(default=None, unique=True)
    password_hash: str | None = None
    role: str
    name: str
    status: str = AccountStatus.PENDING
    pin_imprint: str | None = None
    """What the PIN leaves under the server's key; it opens a locked screen where its owner signed in before."""
    created_at: datetime = Field(default_factory=now)
    proven_at: datetime | None = Field(default_factory=now)
    """When its holder proved to read what is sent there; nothing for a patient who once signed up by a password alone."""

    @property
    def identifier(self) -> str:
        """What its holder signs in by."""
        return self.email or self.phone_key or ""


class Device(SQLModel, table=True):
    """A browser where people of practices sign in, perhaps several in turn; `token_hash` is the SHA-256 of its cookie's value."""

    __tablename__ = "device"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    token_hash: str = Field(unique=True)
    created_at: datetime = Field(default_factory=now)


class AccountSession(SQLModel, table=True):
    """A browser that signed in. `token_hash` is the SHA-256 of the cookie's value; `expires_at` is the end that no use puts off.

    On a `device` it is also the enrolment there: as long as it is open, the PIN of its account unlocks the screen.
    """

    __tablename__ = "account_session"
    __table_args__ = (
        Index("ix_account_session_account_id_open", "account_id", postgresql_where=text("ended_at is null")),
        Index("ix_account_session_account_id_created_at", "account_id", "created_at"),
        Index("account_session_one_a_person", "device_id", "account_id", unique=True, postgresql_where=text("ended_at is null")),
        Index(
            "account_session_one_at_the_screen",
            "device_id",
            unique=True,
            postgresql_where=text("ended_at is null and locked_at is null"),
        ),
        CheckConstraint("wrong_pins between 0 and 5", name="wrong_pins"),
        CheckConstraint(one_of("role", ACCOUNT_KINDS), name="role"),
        CheckConstraint("not half_open or (device_id is null and proven_at is null)", name="half_open"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    token_hash: str = Field(unique=True)
    account_id: UUID = Field(foreign_key="account.id")
    role: str
    """Which of its holder's roles it acts in, an `ActorKind`."""
    created_at: datetime = Field(default_factory=now)
    last_seen_at: datetime = Field(default_factory=now)
    expires_at: datetime
    ended_at: datetime | None = None
    device_id: UUID | None = Field(default=None, foreign_key="device.id")
    locked_at: datetime | None = None
    """Since when it opens nothing until its owner unlocks the screen."""
    wrong_pins: int = 0
    """Wrong PINs in a row."""
    half_open: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    """The password was right and the second step is still to be done: it opens nothing, and no device knows it."""
    proven_at: datetime | None = None
    """When its owner last proved in full who they are."""
    agent: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The browser in a few words: « Firefox sur Windows »."""
    network: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The network that it was opened from, without its last part."""


class Activation(SQLModel, table=True):
    """A single-use link by which an account gets its password; `token_hash` is the SHA-256 of the link's token."""

    __tablename__ = "activation"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    token_hash: str = Field(unique=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
    used_at: datetime | None = None


class SignInCode(SQLModel, table=True):
    """A code of six digits that somebody asked for, good in the browser that asked; `browser_hash` is the SHA-256 of its cookie.

    The code itself is nowhere: it is worked out from `id` and the server's key. `sought` is the address (as it is compared) or the
    number (E.164) that it proves; proven, and nobody's yet, it may open an account until `expires_at`. With an `account_id` it changes
    that account's, in place of what it `replaces`, and no browser's cookie leads to it.
    """

    __tablename__ = "sign_in_code"
    __table_args__ = (
        CheckConstraint("tries between 0 and 5", name="tries"),
        Index("sign_in_code_one_an_account", "account_id", unique=True, postgresql_where=text("proven_at is null")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    browser_hash: str = Field(unique=True)
    sought: str
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    replaces: str = ""
    """Where the account was told of things before."""
    tries: int = 0
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime = Field(index=True)
    proven_at: datetime | None = None


class SignInAttempt(SQLModel, table=True):
    """How often an account or a network tried to sign in since `started_at`; `key` is a SHA-256, never an address."""

    __tablename__ = "sign_in_attempt"

    key: str = Field(primary_key=True)
    started_at: datetime
    attempts: int


class Membership(SQLModel, table=True):
    """An account that works in a practice, once its holder accepted; until then it is an invitation, under the name that was typed."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("account_id", "practice_id"),
        CheckConstraint(one_of("role", sorted(MEMBERS)), name="role"),
        CheckConstraint("not administers or role in ('practitioner', 'secretary')", name="administers"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    practice_id: UUID = Field(foreign_key="practice.id", index=True)
    role: str
    name: str = ""
    """Of an invitation, as it was typed: whether an account of that address existed, and whose, is nobody's to learn."""
    administers: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    """Whether they see to the practice's sites, rooms, groups and people; it opens nobody's agenda."""
    created_at: datetime = Field(default_factory=now)
    asked_at: datetime | None = None
    """Of an invitation: since when it waits for its answer."""


class Profession(StrEnum):
    """What somebody practises who works in a practice without an agenda there."""

    PHYSICIAN = "physician"
    MIDWIFE = "midwife"
    DENTIST = "dentist"
    PHYSIOTHERAPIST = "physiotherapist"
    PHARMACIST = "pharmacist"
    NURSE = "nurse"
    CARE_ASSISTANT = "care_assistant"


PROFESSION_LABELS: Final = {
    Profession.PHYSICIAN: "Médecin",
    Profession.MIDWIFE: "Sage-femme",
    Profession.DENTIST: "Chirurgien-dentiste",
    Profession.PHYSIOTHERAPIST: "Kinésithérapeute",
    Profession.PHARMACIST: "Pharmacien",
    Profession.NURSE: "Infirmier",
    Profession.CARE_ASSISTANT: "Aide-soignant",
}
AIDANTS: Final = frozenset({Profession.PHARMACIST, Profession.NURSE, Profession.CARE_ASSISTANT})
"""Who may assist a teleconsultation (terms of use, articles 2 and 8.3)."""


class Professional(SQLModel, table=True):
    """The profession of a substitute or an aidant, and their RPPS or ADELI number; care assistants may have none.

    Each of these changes behind an operator's decision alone (`practice.declared_tables`): a trigger sees to it.
    """

    __tablename__ = "professional"
    __table_args__ = (
        CheckConstraint(one_of("profession", Profession), name="profession"),
        CheckConstraint("rpps is not null or profession = 'care_assistant'", name="has_rpps"),
        CheckConstraint(f"rpps ~ '{PATTERN}'", name="national_number"),
    )

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    profession: str
    rpps: str | None = Field(default=None, unique=True)
    created_at: datetime = Field(default_factory=now)
    checked_at: datetime | None = None
    """Since when its holder may act as that."""


class FormerMember(SQLModel, table=True):
    """Somebody who worked in a practice and was removed from it: whom it may ask in again. Their membership is gone meanwhile."""

    __tablename__ = "former_member"
    __table_args__ = (CheckConstraint(one_of("role", sorted(MEMBERS)), name="role"),)

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    practice_id: UUID = Field(foreign_key="practice.id", primary_key=True)
    role: str
    left_at: datetime = Field(default_factory=now)
    removed_by: UUID | None = Field(default=None, foreign_key="account.id")


class DelegateKind(StrEnum):
    """As what somebody acts for a practitioner."""

    SECRETARY = "secretary"
    COLLEAGUE = "colleague"
    SUBSTITUTE = "substitute"
    """Whoever takes a practitioner's place for some days (remplaçant)."""


_RIGHTS: Final = "rights <@ array[{}]::varchar[]".format(", ".join(f"'{one}'" for one in Right))


class Delegation(SQLModel, table=True):
    """What a practitioner lets an account of their practice do for them, from an instant on, to another if one is named.

    A row is never changed but by its end: other rights, or other dates, are another row. `rights` are `Right`; those of several rows
    add up, so that a colleague may take one's place for a week.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        ForeignKeyConstraint(["practitioner_id", "practice_id"], ["practitioner.id", "practitioner.practice_id"]),
        CheckConstraint(one_of("kind", DelegateKind), name="kind"),
        CheckConstraint(_RIGHTS, name="rights"),
        CheckConstraint("cardinality(rights) > 0", name="some_right"),
        CheckConstraint("ends_at is null or ends_at > starts_at", name="ends_after_it_starts"),
        CheckConstraint("kind <> 'substitute' or ends_at is not null", name="substitute_has_dates"),
        ExcludeConstraint(
            ("practitioner_id", "="),
            ("account_id", "="),
            ("kind", "="),
            (text("tstzrange(starts_at, coalesce(ended_at, ends_at))"), "&&"),
            where=text("ended_at is null or ended_at > starts_at"),
            name="delegation_one_at_a_time",
            using="gist",
        ),
        Index("ix_delegation_account_id_open", "account_id", postgresql_where=text("ended_at is null")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    practice_id: UUID
    practitioner_id: UUID = Field(index=True)
    account_id: UUID = Field(foreign_key="account.id")
    kind: str
    rights: list[str] = Field(sa_column=Column(ARRAY(String), nullable=False))
    starts_at: datetime = Field(default_factory=now)
    ends_at: datetime | None = None
    created_at: datetime = Field(default_factory=now)
    created_by: UUID | None = Field(default=None, foreign_key="account.id")
    """Nobody where the rights are those of before there was a choice."""
    ended_at: datetime | None = None
    ended_by: UUID | None = Field(default=None, foreign_key="account.id")


class ApiClient(SQLModel, table=True):
    """A program that a practice lets in; `scopes` are separated by spaces (RFC 6749, section 3.3)."""

    __tablename__ = "api_client"
    __table_args__ = (CheckConstraint("requests_per_minute > 0", name="requests_per_minute"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    client_id: str = Field(unique=True)
    secret_hash: str
    name: str
    practice_id: UUID = Field(foreign_key="practice.id", index=True)
    scopes: str
    requests_per_minute: int = 600
    redirect_uris: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(String), nullable=False, server_default="{}"))
    """Where browsers may be sent back to, letter by letter; none for a program that asks nobody."""
    acts_alone: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    """Whether it may act for the practice by itself; otherwise only for people who let it, with their rights at most."""
    previous_hash: str | None = None
    """The secret before, good until `previous_until`: both are in use while the program learns the new one."""
    previous_until: datetime | None = None
    last_used_at: datetime | None = None
    created_at: datetime = Field(default_factory=now)
    revoked_at: datetime | None = None


class ApiToken(SQLModel, table=True):
    """A bearer token of an API client (RFC 6750), good until `expires_at` for the scopes it was asked for; with a grant, a person's."""

    __tablename__ = "api_token"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    token_hash: str = Field(unique=True)
    api_client_id: UUID = Field(foreign_key="api_client.id", index=True)
    grant_id: UUID | None = Field(default=None, foreign_key="api_grant.id", index=True)
    scopes: str
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime = Field(index=True)


class KeptAnswer(SQLModel, table=True):
    """What a program was answered to a request that it may repeat; written in the transaction of the request's effects."""

    __tablename__ = "kept_answer"

    api_client_id: UUID = Field(foreign_key="api_client.id", primary_key=True)
    route: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: str
    """SHA-256 of what was asked."""
    status: int | None = None
    headers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    body: str = ""
    created_at: datetime = Field(default_factory=now, index=True)
