"""The times that colleagues are giving appointments at, as this process has heard of them; each is forgotten after two minutes."""

import json
import time
from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from uuid import UUID

from maiia_pro.agenda.looking import Look, name_of
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.live import Change, agenda_topic
from maiia_pro.kernel.text import picked_day
from maiia_pro.kernel.work import run_blocking

KEPT_SECONDS: Final = 120.0
MOST: Final = 500


class Shown(NamedTuple):
    """A mark on the screens that watch a topic, but on none of its own account's."""

    topic: str
    account_id: UUID
    text: str
    until: float


class Looks:
    """What is looked at, by screen."""

    def __init__(self) -> None:
        self._by: dict[UUID, Shown] = {}

    async def hear(self, change: Change, ident: str, actor: Actor) -> list[Shown]:
        """Take in that a screen came to a time or left it; gives what open screens must be shown."""
        practitioner, _, account = ident.partition(":")
        practitioner_id, account_id = parse_id(practitioner), parse_id(account)
        before = self._by.pop(change.subject_id, None)
        told = []
        if before is not None:
            told.append(before._replace(text=_frame(before.topic, change.subject_id, None)))
        if change.version:
            look = Look.of(practitioner_id, change.version)
            mark = {"name": await run_blocking(name_of, actor, account_id), "day": look.day.isoformat(), "start": look.start}
            topic = agenda_topic(practitioner_id)
            shown = Shown(topic, account_id, _frame(topic, change.subject_id, mark), time.monotonic() + KEPT_SECONDS)
            self._forget_old()
            self._by[change.subject_id] = shown
            told.append(shown)
        return told

    def on(self, topics: Iterable[str], account_id: UUID | None) -> list[str]:
        """Give the marks that a screen which has just come must be shown."""
        wanted, now = set(topics), time.monotonic()
        return [one.text for one in self._by.values() if one.topic in wanted and one.until > now and one.account_id != account_id]

    def _forget_old(self) -> None:
        now = time.monotonic()
        kept = [(ident, one) for ident, one in self._by.items() if one.until > now]
        self._by = dict(kept[-MOST:])


def _frame(topic: str, screen_id: UUID, mark: dict[str, Any] | None) -> str:
    return json.dumps({"topic": topic, "id": screen_id.hex, "look": mark})


def read_look(asked: object) -> Look | None:
    """Read `{practitioner, day, start}`, or nothing; raises `Invalid`, and `NotFound` on an identifier that is none."""
    if asked is None:
        return None
    if not isinstance(asked, dict):
        raise Invalid("Cette demande est illisible.")
    try:
        day, start = picked_day(asked.get("day")), asked.get("start")
    except ValueError:
        raise Invalid("Cette demande est illisible.") from None
    if type(start) is not int or not 0 <= start < 24 * 60:
        raise Invalid("Cette demande est illisible.")
    return Look(parse_id(asked.get("practitioner")), day, start)
