"""What an open screen says: what it shows, and where somebody is giving an appointment."""

import json
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.ids import parse_id

MOST_TOPICS: Final = 256
"""More than the practitioners of any group: one agenda each."""
LONGEST_MESSAGE: Final = 16_384
KINDS: Final = frozenset({"agenda", "slots", "requests", "waiting"})
"""What a topic may be of."""


def read_object(text: str) -> dict[str, Any]:
    """Read a JSON object; raises `Invalid`."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Invalid("Cette demande est illisible.")
    return said


def named(topics: Iterable[str], kind: str) -> list[UUID]:
    """Give the identifiers of the topics of a kind."""
    return [parse_id(ident) for found, _, ident in (topic.partition(":") for topic in topics) if found == kind]


def read_topics(text: str) -> frozenset[str]:
    """Read `{"watch": [topic, …]}`; raises `Invalid` on anything else, `NotFound` on an identifier that is none."""
    try:
        wanted = json.loads(text)["watch"] if len(text) <= LONGEST_MESSAGE else None
    except (ValueError, TypeError, KeyError, RecursionError):
        wanted = None
    if not isinstance(wanted, list) or len(wanted) > MOST_TOPICS:
        raise Invalid("Cette demande est illisible.")
    topics = set()
    for topic in wanted:
        kind, _, ident = topic.partition(":") if isinstance(topic, str) else ("", "", "")
        if kind not in KINDS:
            raise Invalid("Ce sujet n’existe pas.")
        topics.add(f"{kind}:{parse_id(ident).hex}")
    return frozenset(topics)
