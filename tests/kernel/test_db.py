"""Transactions of use cases: one at a time, undone whole, run again where PostgreSQL itself undid them."""

import contextlib
import threading

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError

from maiia_pro.kernel.db import after_commit, constraint_of, enclosing_transaction, libpq_url, reading, retry_conflicts, transaction
from maiia_pro.kernel.errors import Conflict, DoneUnread, NothingRecorded, OutcomeUnknown, Unavailable
from maiia_pro.practice.tables import Practice
from tests.tools.cut import lost_answer_to_commit

pytestmark = pytest.mark.integration

RAISE = text("do $$ begin raise exception using errcode = '40P01'; end $$")
RAISE_SERIALISATION = text("do $$ begin raise exception using errcode = '40001'; end $$")
COUNT = text("select count(*) from practice")


def practices() -> int:
    with reading() as session:
        return session.connection().execute(COUNT).scalar_one()


@pytest.mark.parametrize("inner", [transaction, reading])
@pytest.mark.parametrize("outer", [transaction, reading])
def test_a_second_transaction_inside_one_is_a_programming_error(database, outer, inner):
    with outer(), pytest.raises(RuntimeError, match="one transaction"), inner():
        pass


def test_after_a_refused_second_transaction_the_next_one_opens(database):
    with transaction(), pytest.raises(RuntimeError), transaction():
        pass
    assert practices() == 0


def test_leaving_by_an_error_undoes_everything(clean_database):
    with pytest.raises(Conflict), transaction() as session:
        session.add(Practice(name="Cabinet"))
        session.flush()
        raise Conflict
    assert practices() == 0


def test_leaving_quietly_keeps_everything(clean_database):
    with transaction() as session:
        session.add(Practice(name="Cabinet"))
    assert practices() == 1


def test_postgresql_itself_keeps_a_reading_from_writing(clean_database):
    with pytest.raises(InternalError, match="read-only transaction"), reading() as session:
        session.add(Practice(name="Cabinet"))
        session.flush()


def test_a_connection_that_read_may_write_again(clean_database):
    for _ in range(20):
        practices()
    with transaction() as session:
        session.add(Practice(name="Cabinet"))
    assert practices() == 1


@pytest.mark.parametrize("error", [RAISE, RAISE_SERIALISATION])
@pytest.mark.parametrize("failures", [1, 2])
def test_a_use_case_that_postgresql_undid_is_run_again(clean_database, error, failures):
    left = iter([error] * failures)

    @retry_conflicts
    def use_case() -> str:
        with transaction() as session:
            session.add(Practice(name="Cabinet"))
            session.flush()
            for statement in left:
                session.connection().execute(statement)
        return "done"

    assert use_case() == "done"
    assert practices() == 1


def test_after_three_tries_it_is_said_that_nothing_was_kept(clean_database):
    tries = []

    @retry_conflicts
    def use_case() -> None:
        tries.append(1)
        with transaction() as session:
            session.add(Practice(name="Cabinet"))
            session.flush()
            session.connection().execute(RAISE)

    with pytest.raises(Unavailable):
        use_case()
    assert (len(tries), practices()) == (3, 0)


def test_a_refusal_is_not_tried_again(clean_database):
    tries = []

    @retry_conflicts
    def use_case() -> None:
        tries.append(1)
        with transaction():
            raise Conflict

    with pytest.raises(Conflict):
        use_case()
    assert len(tries) == 1


def test_a_real_deadlock_ends_well_for_both(clean_database):
    with transaction() as session:
        session.add_all([Practice(name="A"), Practice(name="B")])
    meeting, met = threading.Barrier(2), set()
    update = text("update practice set name = name || '+' where name like :name")

    @retry_conflicts
    def use_case(first: str, second: str) -> None:
        with transaction() as session:
            session.connection().execute(update, {"name": first})
            if first not in met:
                met.add(first)
                meeting.wait(5)
            session.connection().execute(update, {"name": second})

    threads = [threading.Thread(target=use_case, args=names) for names in (("A%", "B%"), ("B%", "A%"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with reading() as session:
        assert sorted(row.name for row in session.connection().execute(text("select name from practice"))) == ["A++", "B++"]


def test_the_constraint_that_refused_is_named(clean_database):
    with pytest.raises(IntegrityError) as refusal, transaction() as session:
        session.add(Practice(name="Cabinet", offer="gratuite"))
    assert constraint_of(refusal.value) == "ck_practice_offer"


def test_a_lock_that_is_held_too_long_is_a_refusal_and_not_a_hang(clean_database):
    with transaction() as session:
        practice = Practice(name="Cabinet")
        session.add(practice)
    with psycopg.connect(clean_database.admin.replace("+psycopg", "")) as holder:
        holder.execute("select 1 from practice for update")
        with pytest.raises(Unavailable) as refusal, transaction() as session:
            session.connection().execute(text("select 1 from practice for update"))
    assert isinstance(refusal.value.__cause__, OperationalError)


CUT = """
    create function cut() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
    create constraint trigger cut after insert on practice {} for each row execute function cut();
"""


@pytest.fixture
def cutting(clean_database):
    """Let the database end the connection of whoever adds a practice: at once, or where it is deferred at the commit."""
    with psycopg.connect(libpq_url(clean_database.owner), autocommit=True) as owner:
        yield lambda when: owner.execute(CUT.format(when))
        owner.execute("drop function cut cascade")


def add_practice() -> None:
    with transaction() as session:
        session.add(Practice(name="Cabinet"))


@pytest.mark.parametrize(("when", "said"), [("", NothingRecorded), ("deferrable initially deferred", OutcomeUnknown)])
def test_only_a_connection_cut_by_the_commit_leaves_the_outcome_open(cutting, when, said):
    cutting(when)
    with pytest.raises(Unavailable) as refusal:
        add_practice()
    assert type(refusal.value) is said
    assert ("Rien n’a été enregistré" in refusal.value.message) == (said is NothingRecorded)
    assert practices() == 0


def test_what_was_kept_though_the_answer_was_lost_is_not_called_undone_nor_done_twice(clean_database):
    with lost_answer_to_commit(clean_database.app), pytest.raises(OutcomeUnknown, match="nous ne savons pas"):
        retry_conflicts(add_practice)()
    assert practices() == 1


def test_a_commit_that_the_database_refuses_is_that_refusal(clean_database):
    with psycopg.connect(libpq_url(clean_database.owner), autocommit=True) as owner, contextlib.ExitStack() as after:
        after.callback(owner.execute, "drop function if exists refuse cascade")
        owner.execute("create function refuse() returns trigger language plpgsql as $$ begin raise unique_violation; end $$")
        owner.execute("create constraint trigger refuse after insert on practice initially deferred for each row execute function refuse()")
        with pytest.raises(IntegrityError):
            add_practice()
    assert practices() == 0


def test_a_reading_that_is_cut_says_nothing_of_what_was_written_before(clean_database):
    add_practice()
    with pytest.raises(Unavailable) as refusal, reading() as session:
        with psycopg.connect(libpq_url(clean_database.admin), autocommit=True) as admin:
            pid = session.connection().exec_driver_sql("select pg_backend_pid()").scalar()
            admin.execute("select pg_terminate_backend(%s)", [pid])
        session.connection().exec_driver_sql("select 1")
    assert type(refusal.value) is Unavailable
    assert "enregistré" not in refusal.value.message
    assert practices() == 1


def unanswered() -> None:
    raise Unavailable


def test_a_look_that_fails_after_the_commit_does_not_call_the_act_undone(clean_database):
    with pytest.raises(DoneUnread, match="C’est enregistré"), after_commit():
        unanswered()


def test_inside_an_enclosing_transaction_nothing_is_called_done(clean_database):
    with pytest.raises(Unavailable) as refusal, enclosing_transaction(), after_commit():
        unanswered()
    assert type(refusal.value) is not DoneUnread
