"""The key of a slot, the same on the page, at the desk and as FHIR `Slot.id`: `<offering hex>.<UTC minutes in base 36>`."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from maiia_pro.agenda.errors import NoSuchSlot
from maiia_pro.agenda.openings import to_instant, to_minutes

_KEY = re.compile(r"([0-9a-f]{32})\.([0-9a-z]{1,7})")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LATEST = datetime(2199, 12, 31, tzinfo=UTC)
"""No slot, visit or exception lies after it."""


def base36(number: int) -> str:
    """Write a natural number in base 36."""
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"


@dataclass(frozen=True, slots=True)
class SlotKey:
    """An offering at an instant; at most 64 characters when written, as FHIR ids are."""

    offering_id: UUID
    starts_at: datetime

    def __str__(self) -> str:
        return f"{self.offering_id.hex}.{base36(to_minutes(self.starts_at))}"

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read a key; raises `NoSuchSlot` on anything that no key looks like."""
        match = _KEY.fullmatch(text) if isinstance(text, str) else None
        if not match or int(match[2], 36) > to_minutes(LATEST):
            raise NoSuchSlot
        key = cls(UUID(hex=match[1]), to_instant(int(match[2], 36)))
        if str(key) != text:  # a leading zero: one slot has one name
            raise NoSuchSlot
        return key
