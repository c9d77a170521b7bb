"""Writing the time that other calendars fill: what is there already stays as it is, and a second time adds nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.ids import uuid7
from maiia_pro.outside.reading import BusyTime
from maiia_pro.outside.tables import OutsideSource

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """A time that is written."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    title: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a calendar changed."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0

    @property
    def any(self) -> bool:
        """Tell whether anything is otherwise than before."""
        return bool(self.added or self.changed or self.removed)


_KNOWN: Final = """
    select event_key, occurrence, id, lower(during), upper(during), title from outside_time
    where practitioner_id = %(id)s and source = %(source)s
"""
_PUT: Final = """
    insert into outside_time (id, practitioner_id, source, event_key, occurrence, during, title)
    select w.id, %(practitioner_id)s, %(source)s, w.event_key, w.occurrence, tstzrange(w.starts_at, w.ends_at), w.title
    from unnest(cast(%(ids)s as uuid[]), cast(%(keys)s as text[]), cast(%(occurrences)s as text[]),
                cast(%(starts)s as timestamptz[]), cast(%(ends)s as timestamptz[]), cast(%(titles)s as text[]))
         as w (id, event_key, occurrence, starts_at, ends_at, title)
    on conflict (practitioner_id, source, event_key, occurrence) do update set during = excluded.during, title = excluded.title
"""
_DROP: Final = "delete from outside_time where id = any(%(ids)s)"


def known_times(session: Session, practitioner_id: UUID, source: OutsideSource) -> dict[Key, Known]:
    """Read what a source has filled, by event and occurrence."""
    rows = exchange(session, _KNOWN, {"id": practitioner_id, "source": source}).fetchall()
    return {(row[0], row[1]): Known(*row[2:]) for row in rows}


def write_times(
    session: Session, practitioner_id: UUID, source: OutsideSource, times: Sequence[BusyTime], gone: Iterable[Known] = ()
) -> Written:
    """Write what is new or otherwise than before, and take away what is gone. The practitioner's row is locked by the caller."""
    known = known_times(session, practitioner_id, source)
    wanted = {(one.event_key, one.occurrence): one for one in times}
    dropped = [one.id for one in gone]
    if dropped:
        exchange(session, _DROP, {"ids": dropped})
    put = [one for key, one in wanted.items() if not _is_as(known.get(key), one)]
    if put:
        exchange(session, _PUT, {"practitioner_id": practitioner_id, "source": source} | _columns(put))
    changed = sum((one.event_key, one.occurrence) in known for one in put)
    return Written(len(put) - changed, changed, len(dropped), len(wanted) - len(put))


def _is_as(known: Known | None, one: BusyTime) -> bool:
    return known is not None and (known.starts_at, known.ends_at, known.title) == (one.starts_at, one.ends_at, one.title)


def _columns(times: Sequence[BusyTime]) -> dict[str, Any]:
    return {
        "ids": [uuid7() for _ in times],
        "keys": [one.event_key for one in times],
        "occurrences": [one.occurrence for one in times],
        "starts": [one.starts_at for one in times],
        "ends": [one.ends_at for one in times],
        "titles": [one.title for one in times],
    }
