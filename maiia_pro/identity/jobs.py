"""Jobs that accounts enqueue; `maiia_pro.jobs` binds what does them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from maiia_pro.kernel.queue import Job


@dataclass(frozen=True)
class CodeAsked(Job):
    """Send a code to where it was asked for; the job names the row, never the code."""

    name: ClassVar[str] = "identity.code_asked"
    code_id: UUID


@dataclass(frozen=True)
class AccountRestricted(Job):
    """Tell somebody that their account is shut, and their patients to call the practice."""

    name: ClassVar[str] = "identity.account_restricted"
    restriction_id: UUID


@dataclass(frozen=True)
class AccountRestored(Job):
    """Tell somebody that their account is open again."""

    name: ClassVar[str] = "identity.account_restored"
    restriction_id: UUID


@dataclass(frozen=True)
class FactorsReset(Job):
    """Tell somebody that the operator took their second factors away."""

    name: ClassVar[str] = "identity.factors_reset"
    reset_id: UUID


@dataclass(frozen=True)
class ContactChanged(Job):
    """Tell the old address or number of an account that it was changed; the job names the code that proved the new one."""

    name: ClassVar[str] = "identity.contact_changed"
    code_id: UUID


@dataclass(frozen=True)
class RecoveryAsked(Job):
    """Send the link that somebody asked for to get back in, or to block their account, if there is one; the job names the row."""

    name: ClassVar[str] = "identity.recovery_asked"
    recovery_id: UUID


@dataclass(frozen=True)
class AccountRenamed(Job):
    """Tell the administrators of somebody's practices that their account bears another name; the job names the change, never the name."""

    name: ClassVar[str] = "identity.account_renamed"
    change_id: UUID


@dataclass(frozen=True)
class LeftoversTold(Job):
    """Tell a practice what an account opened lately for it, now that its credentials were replaced; `mark` tells one time from another."""

    name: ClassVar[str] = "identity.leftovers_told"
    account_id: UUID
    mark: UUID


class AccountEvent(StrEnum):
    """What happened to an account that its holder is told of."""

    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the same


@dataclass(frozen=True)
class AccountTold(Job):
    """Tell the holder of an account what happened to it; `mark` tells one time from another."""

    name: ClassVar[str] = "identity.account_told"
    account_id: UUID
    event: str
    mark: UUID


class SecurityEvent(StrEnum):
    """What the holder of an account is told of, in case it was not them."""

    NEW_BROWSER = "new_browser"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"


@dataclass(frozen=True)
class SecurityTold(Job):
    """Tell the holder of an account what was done in it, when (ISO 8601), by which browser and from which network."""

    name: ClassVar[str] = "identity.security_told"
    account_id: UUID
    event: str
    at: str
    browser: str = ""
    place: str = ""
