"""The live channel: what PostgreSQL tells every server process when a change commits."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from maiia_pro.kernel.exchange import exchange

CHANNEL = "maiia_live"
NOTIFY = f"pg_notify('{CHANNEL}', %(change)s)"
"""Tells of a change given its `notice_values`."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was changed: an identifier and a version, never content."""

    topic: str
    """What it concerns: `agenda:<practitioner id hex>`, `requests:<practice id hex>`, `waiting:<practice id hex>`,
    `account:<account id hex>`."""
    subject_id: UUID
    version: int

    def encode(self) -> str:
        """Write the payload of the notification."""
        return f"{self.topic} {self.subject_id.hex} {self.version}"

    @classmethod
    def decode(cls, payload: str) -> "Change":
        """Read the payload of a notification; raises `ValueError` on anything else."""
        topic, subject, version = payload.split(" ")
        return cls(topic, UUID(subject), int(version))


def announce(session: Session, change: Change) -> None:
    """Tell every server process about the change, if and when the transaction commits."""
    exchange(session, "select " + NOTIFY, notice_values(change))


def notice_values(change: Change) -> dict[str, str]:
    """Give the values that `NOTIFY` tells."""
    return {"change": change.encode()}


def agenda_topic(practitioner_id: UUID) -> str:
    """Name the topic of a practitioner's agenda."""
    return f"agenda:{practitioner_id.hex}"


def requests_topic(practice_id: UUID) -> str:
    """Name the topic of a practice's requests."""
    return f"requests:{practice_id.hex}"


def waiting_topic(practice_id: UUID) -> str:
    """Name the topic of a practice's waiting list."""
    return f"waiting:{practice_id.hex}"


def account_topic(account_id: UUID) -> str:
    """Name the topic of an account's sessions: a change there ends what no longer holds."""
    return f"account:{account_id.hex}"
