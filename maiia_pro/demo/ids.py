"""Identifiers of the demonstration's rows: the same at each run, so that a second run finds them again."""

from uuid import NAMESPACE_URL, UUID, uuid5


def demo_id(name: str) -> UUID:
    """Name a row of the demonstration for good."""
    return uuid5(NAMESPACE_URL, f"maiia-pro:demonstration:{name}")


PRACTICE_ID = demo_id("practice")
HOLDER_ID = demo_id("person:holder")
"""The person behind the demonstration's patient account."""
