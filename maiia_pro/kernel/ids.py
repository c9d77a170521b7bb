"""Identifiers that sort by the instant they were made."""

import secrets
import time
from uuid import UUID

from maiia_pro.kernel.errors import NotFound


def uuid7() -> UUID:
    """Make a UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = secrets.randbits(74)
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | (random_bits >> 62) << 64
    value |= 0b10 << 62 | (random_bits & ((1 << 62) - 1))
    return UUID(int=value)


def parse_id(text: object) -> UUID:
    """Read an identifier that came from outside; anything else is `NotFound`, like the identifier of nothing."""
    try:
        return text if isinstance(text, UUID) else UUID(str(text))
    except ValueError:
        raise NotFound from None


def is_id(text: str) -> bool:
    """Tell whether a text has the form of an identifier."""
    try:
        parse_id(text)
    except NotFound:
        return False
    return True
