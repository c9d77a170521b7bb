"""Whoever may write anything to the database, and does not know the server's key, changes nothing of the audit trail unseen."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import Session

from maiia_pro.kernel import audit, vault
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.audit_anchor import Anchor, read_anchor
from maiia_pro.kernel.audit_chain import link_of, verify
from maiia_pro.kernel.audit_watch import look, look_at_all, seal_new
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.horizon import read_horizon
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.tables import AuditEntry, AuditSeal
from tests.tools.intruder import ACTS, CHANGES, ENTRIES, PRACTICES, SEALS, Intruder

pytestmark = pytest.mark.integration


def write(count: int) -> None:
    """Write acts as people would, some for somebody else."""
    actor = Actor(ActorKind.SECRETARY, "Sylvie Moreau", account_id=uuid7(), session_id=uuid7())
    with transaction() as session:
        for number in range(count):
            audit.record(
                session, actor, AuditAction.APPOINTMENT_BOOKED, subject_type="appointment", subject_id=uuid7(),
                practice_id=PRACTICES[number % 3], on_behalf_of=uuid7() if number % 2 else None, details={"version": number, "é": "’"},
            )  # fmt: skip


@pytest.fixture
def trail(clean_database) -> Iterator[Callable]:
    """Give a sealed trail, and a way to do something to it that is undone afterwards."""
    write(ENTRIES)
    assert look_at_all(Actor.system("Essai")) == []
    engine = create_engine(clean_database.admin)

    @contextmanager
    def undone(dice: random.Random) -> Iterator[Intruder]:
        with Session(engine) as session:
            yield Intruder(session, dice)
            session.rollback()

    yield undone
    engine.dispose()


@pytest.mark.proof
@pytest.mark.requirement(46)
@pytest.mark.requirement(221)
def test_every_tampering_is_found(trail, counting):
    tried, seed = counting.of(63, 1000), counting.seed("altérations du journal")
    dice, anchor, missed, kinds = random.Random(seed), read_anchor(), [], Counter()
    for number in range(tried):
        with trail(dice) as intruder:
            what = ACTS[number % len(ACTS)](intruder)
            kinds[what] += 1
            if not verify(intruder.session, anchor):
                missed.append(what)
    counting.found("altérations du journal d’audit", tried=tried, held=tried - len(missed), seed=seed, missed=missed, kinds=dict(kinds))


def test_every_column_of_an_entry_and_of_a_seal_is_covered():
    assert CHANGES.keys() == set(AuditEntry.model_fields)
    assert SEALS.keys() == set(AuditSeal.model_fields)


def test_each_column_that_changes_is_found(trail, monkeypatch):
    for column, of_a_seal in [*((name, False) for name in CHANGES), *((name, True) for name in SEALS)]:
        with trail(random.Random(7)) as intruder:
            monkeypatch.setattr(intruder.dice, "choice", lambda _, column=column: column)
            (intruder.change_a_seal if of_a_seal else intruder.change_a_column)()
            assert verify(intruder.session, read_anchor()), column


def test_an_untouched_trail_shows_nothing(trail):
    with trail(random.Random(1)) as intruder:
        assert verify(intruder.session, read_anchor()) == []


def test_with_the_key_itself_nothing_would_show_so_it_is_the_key_that_shows_it(trail):
    with trail(random.Random(1)) as intruder:
        intruder.run(f"update audit_entry set actor_name = 'Autre' where id = {intruder.at(ENTRIES)}")
        row = intruder.rows(f"select * from audit_entry where id = {intruder.at(ENTRIES)}")[0]
        mark = audit.mark_of(row, row["details"])
        before = intruder.rows(f"select digest from audit_seal where position = {ENTRIES - 1}")[0]["digest"]
        link = link_of(ENTRIES, before, row["id"], row["sequence"], mark)
        intruder.run("update audit_entry set mark = :mark where id = :id", mark=mark, id=row["id"])
        intruder.run("update audit_seal set digest = :link where position = :place", link=link, place=ENTRIES)
        assert verify(intruder.session, Anchor()) == []
        assert verify(intruder.session, read_anchor())


def test_without_the_anchor_an_end_cut_off_would_not_show(trail):
    with trail(random.Random(1)) as intruder:
        intruder.remove_both("> 10")
        intruder.run("update audit_horizon set settled = 0, seen = 0")
        assert verify(intruder.session, Anchor()) == []
        assert verify(intruder.session, read_anchor())


# --- by the clock ---------------------------------------------------------------------------------------------------------

WORKER = Actor.system("Maiia Pro")


@pytest.fixture
def committed(trail, clean_database) -> Iterator[Callable[[str], None]]:
    """Change the trail for good, as its administrator could."""
    engine = create_engine(clean_database.admin)

    def run(statement: str) -> None:
        with engine.begin() as connection:
            connection.execute(text(statement))

    yield run
    engine.dispose()


def state():
    with reading() as session:
        return session.connection().execute(text("select * from audit_watch")).mappings().one()


def test_a_look_takes_what_is_new_and_goes_round_what_is_old(committed, monkeypatch):
    monkeypatch.setattr("maiia_pro.kernel.audit_watch.NEW", 20)
    monkeypatch.setattr("maiia_pro.kernel.audit_watch.AGAIN", 15)
    assert [look(WORKER), look(WORKER), look(WORKER)] == [[], [], []]
    assert (state()["checked"], read_anchor().turn) == (ENTRIES, 45)
    committed("update audit_entry set actor_name = 'x' where sequence = 3")
    assert [len(look(WORKER)), state()["faults"]] == [1, 1]
    assert state()["broken_at"] is not None


def test_an_end_cut_off_shows_at_the_next_look_and_stays_shown_whatever_is_sealed_after(committed, caplog):
    committed(f"delete from audit_entry where sequence > {ENTRIES - 2}; delete from audit_seal where position > {ENTRIES - 2}")
    write(5)
    assert seal_new(WORKER) == 5
    assert [fault.fault for fault in look(WORKER)] == ["maillon remplacé"]
    assert "audit chain broken" in caplog.text
    assert look_at_all(WORKER)


def test_what_was_found_stays_told_until_a_whole_look_finds_nothing(committed):
    committed("update audit_entry set actor_name = actor_name || 'x' where sequence = 3")
    look_at_all(WORKER)
    broken_at = state()["broken_at"]
    look_at_all(WORKER)
    assert state()["broken_at"] == broken_at is not None
    committed("update audit_entry set actor_name = left(actor_name, -1) where sequence = 3")
    look_at_all(WORKER)
    assert (state()["broken_at"], state()["faults"]) == (None, 0)


def test_another_key_is_said_to_be_another_key(trail, monkeypatch):
    anchor = read_anchor()
    monkeypatch.setattr(vault, "_key", lambda: b"another")
    monkeypatch.setattr(vault, "key_for", lambda about: about.encode())
    with trail(random.Random(1)) as intruder:
        assert ["clé" in fault.fault for fault in verify(intruder.session, anchor)] == [True]
        assert verify(intruder.session, replace(anchor, position=0))


def test_an_act_that_is_not_sealed_yet_is_no_fault(trail):
    write(2)
    with reading() as session:
        assert read_horizon(session).settled == ENTRIES
        assert verify(session, read_anchor()) == []
