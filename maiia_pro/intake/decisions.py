"""What somebody decides of a calendar that comes in as appointments: for the whole file, and event by event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from maiia_pro.intake.fields import FIELDS
from maiia_pro.intake.tables import Kind
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.text import writable
from maiia_pro.outside.reading import MOST_EVENTS

AGAIN: Final = "Choisissez à nouveau ce que deviennent les événements."
NAMED: Final = ("family_name", "given_name", "birth_date")
COLUMNS: Final = {name: place for place, name in enumerate([*(field.name for field in FIELDS[Kind.VISITS]), "email"])}


class Fate(StrEnum):
    """What becomes of an event."""

    VISIT = "visit"
    BUSY = "busy"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody said of one event; what is not said is found out."""

    fate: Fate | None = None
    patient_id: UUID | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    """Family name, given name and birth date, as they were typed."""
    offering_id: UUID | None = None

    @classmethod
    def parse(cls, said: object) -> "Decision":
        """Read what the browser says; raises `Invalid`."""
        if not isinstance(said, dict):
            raise Invalid(AGAIN)
        named = {name: writable(str(said[name]))[:200].strip() for name in NAMED if said.get(name)}
        return cls(_fate(said.get("fate")), _id(said.get("patient")), named, _id(said.get("reason")))


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A calendar, whose agenda it is, and what becomes of its events."""

    content: bytes
    practitioner_id: UUID
    offering_id: UUID | None = None
    """The reason where an event names none; none here is to be said line by line."""
    rest: Fate | None = None
    """What becomes of events that cannot be visits; nothing said stops the import."""
    family_first: bool = True
    keep_notes: bool = False
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    """By the key of the event."""

    @classmethod
    def parse(cls, said: object) -> "CalendarFile":
        """Read what the browser sends; raises `Invalid`."""
        if not isinstance(said, dict) or not isinstance(said.get("calendar"), str):
            raise Invalid("Choisissez un fichier .ics.")
        practitioner_id, rest, lines = _id(said.get("agenda")), _fate(said.get("rest")), said.get("lines") or {}
        if practitioner_id is None:
            raise Invalid("Choisissez l’agenda qui reçoit ces rendez-vous.")
        if rest is Fate.VISIT or not isinstance(lines, dict) or len(lines) > MOST_EVENTS:
            raise Invalid(AGAIN)
        return cls(
            said["calendar"].encode("utf-8", "replace"), practitioner_id, _id(said.get("reason")), rest,
            said.get("family_first") is not False, said.get("notes") is True, {key: Decision.parse(one) for key, one in lines.items()},
        )  # fmt: skip


def _fate(value: Any) -> Fate | None:
    try:
        return Fate(value) if value else None
    except ValueError:
        raise Invalid(AGAIN) from None


def _id(value: Any) -> UUID | None:
    try:
        return UUID(value) if value else None
    except (ValueError, TypeError, AttributeError):
        raise Invalid(AGAIN) from None
