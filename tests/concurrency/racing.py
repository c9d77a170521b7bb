"""Several people at once on real commits: they meet at a barrier, act, and what came of each is counted."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import text

from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import DomainError
from maiia_pro.launcher.waiting import wait_until

Act = Callable[[], object]

OVERLAPS = text("""
    select count(*) from appointment a join appointment b
      on a.practitioner_id = b.practitioner_id and a.id < b.id and a.active and b.active and a.blocked && b.blocked
     and not a.deliberate_overbooking and not b.deliberate_overbooking
""")


def race(acts: Sequence[Act]) -> Counter[str]:
    """Let everybody act at the same moment, each in a thread with a connection of its own; count answers and refusals by name."""
    outcomes: Counter[str] = Counter()
    meeting, noting = threading.Barrier(len(acts)), threading.Lock()

    def run(act: Act) -> None:
        meeting.wait(30)
        try:
            act()
            outcome = "done"
        except DomainError as refusal:
            outcome = type(refusal).__name__
        except Exception as fault:  # noqa: BLE001 - whatever is no refusal is what these tests look for
            outcome = f"fault: {type(fault).__name__}: {fault}"
        with noting:
            outcomes[outcome] += 1

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def overlaps() -> int:
    """Count the pairs of ordinary active visits of one practitioner that overlap, by the database's own comparison."""
    with reading() as session:
        count: int = session.connection().execute(OVERLAPS).scalar_one()
        return count


def active_visits(practitioner_id: UUID) -> int:
    """Count the visits of a practitioner that stand."""
    query = text("select count(*) from appointment where active and practitioner_id = :id")
    with reading() as session:
        count: int = session.connection().execute(query, {"id": practitioner_id}).scalar_one()
        return count


WAITING = text("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")


def until_somebody_waits(deadline: float = 20, people: int = 1) -> None:
    """Return once that many connections of the software wait for a lock."""

    def waiting() -> bool:
        with reading() as session:
            return bool(session.connection().execute(WAITING).scalar_one() >= people)

    wait_until(waiting, deadline)
