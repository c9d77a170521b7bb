"""What the races share: the constraint that can be taken away, and the walls before it."""

from collections.abc import Iterator
from contextlib import nullcontext

import psycopg
import pytest

from maiia_pro.agenda import booking, changing, context, holds, series
from maiia_pro.kernel import traces
from maiia_pro.kernel.db import libpq_url

CONSTRAINT = "exclude using gist (practitioner_id with =, blocked with &&) where (active and not deliberate_overbooking)"


@pytest.fixture
def without_walls(clean_database, monkeypatch) -> None:
    """Take away what bookings and moves ask themselves: turns, courtesy, lock, rule, last look. The constraint stays."""
    load_slot = context.load_slot

    def blind(*asked, **more):
        offering, _taken, record_id = load_slot(*asked, **more)
        return offering, None, record_id

    for module in (booking, holds):
        monkeypatch.setattr(module, "load_slot", blind)
        monkeypatch.setattr(module, "lock_and_check", lambda _session, _actor, offering, *_more: offering)
    monkeypatch.setattr(holds, "_INSERT", holds.ROW + holds.LAST_WORD)
    monkeypatch.setattr(booking, "_INSERT", traces.left_by(booking.ROW + booking.LAST_WORD))
    monkeypatch.setattr(booking, "_INSERT_UNTOLD", traces.noted_by(booking.ROW + booking.LAST_WORD))
    monkeypatch.setattr(series, "lock_and_check", lambda _session, _actor, offering, *_more: offering)
    monkeypatch.setattr(booking, "in_turn", lambda _slot: nullcontext())
    monkeypatch.setattr(changing, "something_there", lambda *_asked, **_more: False)


@pytest.fixture
def without_constraint(clean_database) -> Iterator[None]:
    """Let a constraint of that name forbid nothing, and put the real one back once the test has looked at what happened."""
    with psycopg.connect(libpq_url(clean_database.owner), autocommit=True) as owner:
        owner.execute("alter table appointment drop constraint appointment_no_overlap")
        owner.execute("alter table appointment add constraint appointment_no_overlap unique (id)")
        yield
        owner.execute("alter table appointment drop constraint appointment_no_overlap")
        owner.execute("delete from appointment")
        owner.execute(f"alter table appointment add constraint appointment_no_overlap {CONSTRAINT}")
