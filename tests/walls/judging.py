"""What is a leak: a word, an identifier or a changed row of somebody else's, or an answer that tells that something exists."""

import re
from dataclasses import dataclass
from typing import Final

from tests.walls.harness import Heard
from tests.walls.world import Persona, World

OPEN_TABLES: Final = frozenset({"practice", "practitioner", "site", "visit_reason", "offering", "licence_consent"})
"""Tables whose identifiers public pages hold."""
_BOOKED_WITH: Final = OPEN_TABLES | {"resource", "webhook"}
"""Tables that a row of one's own may hang on where anybody may book: the room goes with the visit, and the programs are told."""
KNOWN_INSIDE: Final = frozenset({"account", "membership", "resource", "resource_kind", "site", "site_door", "evening_list", "api_client"})
"""Tables that all the people of one practice share."""
BOTH_KNOW: Final = frozenset({"NotDelegated", "NotAllowed"})
"""Refusals that people of one practice may be told of a colleague's agenda: that it is there is no secret to them."""
_WORD: Final = re.compile(r"(zyxcabinet|zyxsecret)[ -]([a-z_]+)[ -]([a-z_]+)[ -](\d+)")
_IDENT: Final = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
_VERSION: Final = re.compile(r'"agenda_version": \d+')


@dataclass(frozen=True)
class Aimed:
    """What a call named: the identifiers, the tables that they are of, and whether anybody may see the object."""

    given: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    public: bool = False
    whole_practice: bool = False
    """Whether the act is one for the practice as a whole, whichever practitioner it names."""
    office: bool = False
    """Whether whoever asks is there to do this to others: only what it shows is looked at."""


class Judge:
    """Looks at what came of a call."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._theirs = world.only_of(world.theirs)
        self._numbers = world.theirs.numbers

    @staticmethod
    def may_know(persona: Persona, table: str) -> bool:
        """Tell whether somebody may see a table of the practice by a right of their own."""
        return table in persona.lets or (persona.inside and table in KNOWN_INSIDE)

    def leaks(self, persona: Persona, heard: Heard, absent: Heard, aimed: Aimed) -> list[str]:
        """Say what leaked of what was aimed at; `absent` is the answer where there is nothing."""
        found = [f"crash: {one.answer[:200]}" for one in (heard, absent) if one.kind.startswith("!")]
        found += self.shows(persona, heard, aimed)
        if aimed.office:
            return found
        found += self.changes(persona, heard, aimed)
        open_to_them = aimed.public or (aimed.whole_practice and persona.inside)
        if not (open_to_them or self._shared(persona, aimed) or self._alike(persona, heard, absent)):
            found.append(f"tells that it exists: {plain(heard.answer)[:150]} | {plain(absent.answer)[:150]}")
        return found

    def _shared(self, persona: Persona, aimed: Aimed) -> bool:
        """Tell whether one of the objects may be known to whoever asks, so that an answer may tell that it is there."""
        return any(self.may_know(persona, table) for table in aimed.tables) or (persona.inside and "practice" in aimed.tables)

    @staticmethod
    def _alike(persona: Persona, heard: Heard, absent: Heard) -> bool:
        if persona.inside and heard.kind in BOTH_KNOW:
            return True
        return (heard.kind, plain(heard.answer)) == (absent.kind, plain(absent.answer))

    def shows(self, persona: Persona, heard: Heard, aimed: Aimed) -> list[str]:
        """Name the words and the identifiers of theirs that an answer holds."""
        words = {(table, column) for _, table, column, number in _WORD.findall(heard.answer.casefold()) if number in self._numbers}
        known = {
            self._theirs[ident]
            for ident in _IDENT.findall(heard.answer)
            if ident in self._theirs and ident.replace("-", "") not in aimed.given
        }
        shown = [f"word of {table}.{column}" for table, column in sorted(words) if not self.may_know(persona, table)]
        return shown + [f"id of {table}" for table in sorted(known - OPEN_TABLES) if not self.may_know(persona, table)]

    def changes(self, persona: Persona, heard: Heard, aimed: Aimed) -> list[str]:
        """Name the rows of theirs that were changed, and those that were hung on them."""
        found = set()
        for table, act, was, now in heard.touched:
            hit = {self._theirs[ident] for ident in _IDENT.findall(was or now or "") if ident in self._theirs}
            hit = {one for one in hit if not self.may_know(persona, one)} - (
                _BOOKED_WITH if was is None and (aimed.public or persona.inside) else set()
            )
            if hit and not _is_count(was, now):
                found.add(f"{act.lower()} of {table}, of their {'/'.join(sorted(hit))}")
        return sorted(found)


def _is_count(was: str | None, now: str | None) -> bool:
    """Tell a row of which only the number of its version moved on."""
    return was is not None and now is not None and _VERSION.sub("", was) == _VERSION.sub("", now)


def plain(answer: str) -> str:
    """Give an answer without what differs from call to call: identifiers, instants, secrets just made."""
    answer = re.sub(r"datetime\.datetime\([^)]*\)|\d{4}-\d\d-\d\d[T ][\d:.+]+Z?|0x[0-9a-f]+", "…", _IDENT.sub("…", answer))
    return re.sub(r"[A-Za-z0-9_-]{43}|client-[0-9a-f]{16}|(?:[A-Z2-7]{4} ?){8}|[a-z0-9]{6}-[a-z0-9]{6}", "…", answer)
