"""How far the audit trail is sealed for good, so that looking for what is not sealed yet costs the same however long the trail is.

Entries are numbered before they are committed, and are committed in any order. Whoever may still commit a number up to `n` drew it
before `n` was seen, and has held a lock on the table since before the draw: PostgreSQL takes it first and lets it go last, after the
commit shows. So once all who held that lock just after `n` was seen are gone, whatever there will ever be up to `n` can be seen.
"""

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import text
from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Horizon:
    """Where the trail is settled, and whom the next step waits for."""

    settled: int = 0
    """Every entry up to this number is sealed; a missing one was rolled back."""
    seen: int = 0
    """The highest number when `awaited` were writing: settled once they are gone."""
    awaited: frozenset[str] = frozenset()
    """Transactions, as PostgreSQL's locks name them; a name that comes again after a restart only makes us wait longer."""


_READ: Final = text("select settled, seen, awaited from audit_horizon")
_HIGHEST: Final = text("select coalesce(max(sequence), 0) from audit_entry")
_WRITING: Final = text("""
    select virtualtransaction from pg_locks
    where locktype = 'relation' and mode = 'RowExclusiveLock' and granted and relation = cast('audit_entry' as regclass)
      and database = (select oid from pg_database where datname = current_database()) and pid is distinct from pg_backend_pid()
""")
_WRITE: Final = text("""
    insert into audit_horizon (id, settled, seen, awaited) values (1, :settled, :seen, :awaited)
    on conflict (id) do update set settled = excluded.settled, seen = excluded.seen, awaited = excluded.awaited
""")


def read_horizon(session: Session) -> Horizon:
    """Read the horizon; that of a new trail is at its beginning."""
    row = session.connection().execute(_READ).first()
    return Horizon(row.settled, row.seen, frozenset(row.awaited)) if row else Horizon()


def next_horizon(session: Session, now: Horizon) -> Horizon:
    """Tell the horizon once all that is visible *after* this call is sealed. Each statement must see what is committed before it."""
    highest = session.connection().execute(_HIGHEST).scalar_one()
    writing = frozenset(session.connection().execute(_WRITING).scalars())
    if not writing:
        return Horizon(highest, highest)
    return now if now.awaited & writing else Horizon(now.seen, highest, writing)


def keep_horizon(session: Session, before: Horizon, after: Horizon, sealed_up_to: int | None = None) -> None:
    """Write the horizon if it changed, no further than what is sealed where sealing stopped short."""
    if sealed_up_to is not None:
        after = replace(after, settled=min(after.settled, sealed_up_to))
    if after != before:
        values = {"settled": after.settled, "seen": after.seen, "awaited": sorted(after.awaited)}
        session.connection().execute(_WRITE, values)
