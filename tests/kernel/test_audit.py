"""The audit trail: append-only for the application, and no row of it changes or goes unseen."""

import threading
from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from maiia_pro.kernel import audit, audit_chain
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.audit_anchor import Anchor
from maiia_pro.kernel.audit_chain import ChainFault
from maiia_pro.kernel.db import libpq_url, reading, transaction
from maiia_pro.kernel.horizon import read_horizon
from maiia_pro.kernel.ids import uuid7
from maiia_pro.launcher.waiting import wait_until

pytestmark = pytest.mark.integration

HERE, THERE = uuid7(), uuid7()


def write(count: int, practice_id=HERE) -> None:
    for number in range(count):
        with transaction() as session:
            audit.record(
                session, Actor.system("Essai"), AuditAction.APPOINTMENT_BOOKED, subject_type="appointment", subject_id=uuid7(),
                practice_id=practice_id, details={"number": number, "text": "é’"},
            )  # fmt: skip


def seal() -> int:
    with transaction() as session:
        return audit_chain.seal(session)


def faults() -> list[ChainFault]:
    with reading() as session:
        return audit_chain.verify(session, Anchor())


@pytest.fixture
def tamper(clean_database):
    """Change the trail as somebody with the administrator's password would."""

    def run(statement: str) -> None:
        with psycopg.connect(libpq_url(clean_database.admin), autocommit=True) as connection:
            connection.execute(statement)

    yield run
    run("drop function if exists wait cascade")


def late_values() -> dict:
    return audit.entry_values(Actor.system("Lent"), AuditAction.PATIENT_READ, subject_type="patient", subject_id=None, practice_id=HERE)


def settled() -> int:
    with reading() as session:
        return read_horizon(session).settled


def nth(number: int, practice_id=HERE) -> str:
    return f"(select id from audit_entry where practice_id = '{practice_id}' order by sequence offset {number} limit 1)"


def test_an_untouched_trail_has_no_fault(clean_database):
    write(5)
    write(3, THERE)
    assert seal() == 8
    write(2)
    assert seal() == 2
    assert seal() == 0
    assert faults() == []


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'Autre'",
        "at = at + interval '1 second'",
        "details = '{}'",
        "on_behalf_of = actor_id, subject_type = 'x'",
        "action = 'appointment:read'",
    ],
)
def test_an_altered_entry_shows(tamper, change):
    write(4)
    seal()
    tamper(f"update audit_entry set {change} where id = {nth(1)}")
    assert faults() == [ChainFault(HERE, 2, "entrée modifiée ou ajoutée")]


@pytest.mark.parametrize("position", [0, 1, 3])
def test_a_removed_entry_shows(tamper, position):
    write(4)
    seal()
    tamper(f"delete from audit_entry where id = {nth(position)}")
    assert faults() == [ChainFault(None, position + 1, "entrée supprimée")]


def test_an_entry_removed_with_its_seal_shows(tamper):
    write(4)
    seal()
    tamper(f"delete from audit_seal where entry_id = {nth(1)}; delete from audit_entry where id = {nth(1)}")
    assert ChainFault(None, 2, "sceau supprimé") in faults()


def test_two_entries_exchanged_show(tamper):
    write(3)
    seal()
    tamper(
        f"with a as (select id, details from audit_entry where id in ({nth(0)}, {nth(1)}))"
        " update audit_entry e set details = (select a.details from a where a.id <> e.id) where e.id in (select id from a)"
    )
    assert [fault.fault for fault in faults()] == ["entrée modifiée ou ajoutée", "entrée modifiée ou ajoutée"]


def test_the_fault_of_one_practice_is_not_that_of_another(tamper):
    write(2)
    write(2, THERE)
    seal()
    tamper(f"update audit_entry set actor_name = 'x' where id = {nth(0, THERE)}")
    assert [fault.practice_id for fault in faults()] == [THERE]


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("act", ["update {} as t set {} = t.{}", "delete from {}", "truncate {}"])
def test_the_application_itself_cannot_change_the_trail(clean_database, table, act):
    write(1)
    seal()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
        column = "mark" if table == "audit_entry" else "digest"
        session.connection().execute(text(act.format(table, column, column)))


def test_an_act_that_is_undone_leaves_no_entry(clean_database):
    with pytest.raises(RuntimeError, match="undone"), transaction() as session:
        audit.record(session, Actor.system("Essai"), AuditAction.PATIENT_READ, subject_type="patient", subject_id=None)
        session.flush()
        raise RuntimeError("undone")
    assert seal() == 0


def test_after_sealing_the_next_look_begins_behind_what_is_sealed(clean_database):
    write(3)
    seal()
    assert settled() == 3
    write(2)
    seal()
    assert settled() == 5


def test_a_backlog_is_sealed_piece_by_piece_each_looked_at_once(clean_database):
    write(7)
    pieces = []
    while True:
        with transaction() as session:
            pieces.append((audit_chain.seal(session, limit=3), read_horizon(session).settled))
        if not pieces[-1][0]:
            break
    assert pieces == [(3, 3), (3, 6), (1, 7), (0, 7)]
    assert faults() == []


@pytest.fixture
def late(clean_database):
    """Open transactions that each draw a number now and commit when told."""
    with ExitStack() as stack:

        def begin() -> psycopg.Connection:
            connection = stack.enter_context(psycopg.connect(libpq_url(clean_database.app)))
            connection.execute(audit.ADD, late_values())
            return connection

        yield begin


def test_an_old_act_that_is_committed_late_is_sealed(late):
    first = late()
    write(2)
    assert (seal(), seal(), settled()) == (2, 0, 0)
    second = late()
    write(2)
    assert (seal(), settled()) == (2, 0)
    first.commit()
    assert (seal(), settled()) == (1, 3)
    second.commit()
    assert (seal(), settled()) == (1, 6)
    assert faults() == []


def test_an_old_act_that_is_undone_late_holds_nothing_up(late):
    old = late()
    write(2)
    seal()
    old.rollback()
    assert (seal(), settled()) == (0, 3)


def test_a_number_drawn_by_who_has_written_nothing_yet_is_waited_for(tamper, clean_database):
    tamper(
        "create function wait() returns trigger language plpgsql as"
        " $$ begin if new.actor_name = 'Lent' then perform pg_advisory_xact_lock(7); end if; return new; end $$;"
        " create trigger wait before insert on audit_entry for each row execute function wait()"
    )
    with psycopg.connect(libpq_url(clean_database.admin)) as holder:
        holder.execute("select pg_advisory_xact_lock(7)")

        def act() -> None:
            with psycopg.connect(libpq_url(clean_database.app)) as connection:
                connection.execute(audit.ADD, late_values())

        slow = threading.Thread(target=act)
        slow.start()
        waiting = "select 1 from pg_locks where locktype = 'advisory' and not granted"
        wait_until(lambda: holder.execute(waiting).fetchone() is not None, 30)
        write(2)
        assert (seal(), seal(), settled()) == (2, 0, 0)
    slow.join(30)
    assert (seal(), settled(), faults()) == (1, 3, [])


def test_a_horizon_pushed_beyond_a_running_act_would_lose_it_and_shows(late, tamper):
    old = late()
    write(2)
    seal()
    tamper("update audit_horizon set settled = 3, seen = 3, awaited = '{}'")
    old.commit()
    assert seal() == 0
    assert faults() == [ChainFault(HERE, 1, "entrée non scellée")]


def test_a_long_chain_is_checked_without_holding_it_whole(clean_database, monkeypatch):
    write(60)
    seal()
    monkeypatch.setattr(audit_chain, "READ_AT_ONCE", 10)
    with reading() as session:
        fetched = []
        real = psycopg.ServerCursor.fetchmany

        def noted(cursor, size=0):
            found = real(cursor, size)
            fetched.append(len(found))
            return found

        monkeypatch.setattr(psycopg.ServerCursor, "fetchmany", noted)
        assert audit_chain.check_links(session, 0, 60) == []
    assert (sum(fetched), max(fetched)) == (60, 10)
