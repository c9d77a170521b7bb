"""Passwords computed by a process of their own beside a server."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from unittest.mock import Mock

import psutil
import pytest
from argon2 import extract_parameters
from argon2.exceptions import VerifyMismatchError

from maiia_pro.identity import hashing, passwords
from maiia_pro.launcher.waiting import wait_until
from tests.tools.site import PROJECT

SECRET = "deux vaches et trois parapluies et une écharpe ☂"
OWNER = "import time; from maiia_pro.identity import hashing; hashing.Aside().hash('x' * 12); print(flush=True); time.sleep(600)"


@pytest.fixture
def aside() -> Iterator[hashing.Aside]:
    made = hashing.Aside()
    yield made
    made.close()


def of(owner: psutil.Process) -> list[psutil.Process]:
    """Give the processes that compute passwords for another."""
    return [child for child in owner.children() if hashing.__name__ in child.cmdline()]


@pytest.mark.requirement(48)
def test_what_is_computed_aside_costs_and_fits_what_is_computed_here(aside):
    made = aside.hash(SECRET)
    assert extract_parameters(made) == extract_parameters(hashing.HASHER.hash("x"))
    assert aside.verify(made, SECRET)
    assert hashing.answer([made, SECRET]) is True
    assert aside.verify(str(hashing.answer([SECRET])), SECRET)
    assert not aside.check_needs_rehash(made)


@pytest.mark.parametrize("password_hash", [passwords.NOBODY, hashing.HASHER.hash("another"), "", "no hash", "$argon2id$", "\n"])
def test_a_wrong_password_and_what_is_no_hash_are_refused_aside(aside, password_hash):
    with pytest.raises(VerifyMismatchError):
        aside.verify(password_hash, SECRET)
    assert aside.verify(aside.hash("x"), "x")


def test_the_process_gives_way_to_the_others(aside):
    aside.hash(SECRET)
    (process,) = of(psutil.Process())
    assert process.nice() == hashing.LOW_PRIORITY
    assert os.getsid(process.pid) == process.pid


def test_a_process_that_was_killed_is_replaced_and_the_question_asked_again(aside):
    made = aside.hash(SECRET)
    (process,) = of(psutil.Process())
    process.kill()
    process.wait(10)
    assert aside.verify(made, SECRET)
    assert process not in of(psutil.Process())


def test_a_process_that_gives_no_answer_is_ended_and_the_next_question_answered(aside, monkeypatch):
    made = aside.hash(SECRET)
    (process,) = of(psutil.Process())
    process.suspend()
    with monkeypatch.context() as patience, pytest.raises(RuntimeError):
        patience.setattr(hashing, "PATIENCE", 0.001)  # less than any process needs to start
        aside.verify(made, SECRET)
    assert not process.is_running()
    assert aside.verify(made, SECRET)


def test_an_answer_that_nobody_read_is_not_that_of_the_next_question(aside, monkeypatch):
    made = aside.hash(SECRET)
    with monkeypatch.context() as interrupted, pytest.raises(KeyboardInterrupt):
        interrupted.setattr(hashing.select, "poll", Mock(side_effect=KeyboardInterrupt))
        aside.verify(made, SECRET)
    with pytest.raises(VerifyMismatchError):
        aside.verify(made, "another")


def test_who_asks_after_the_end_is_answered_and_starts_no_process(aside):
    made = aside.hash(SECRET)
    aside.close()
    assert aside.verify(made, SECRET)
    assert of(psutil.Process()) == []


def test_a_process_whose_owner_is_gone_ends_without_a_word():
    heard, said = os.pipe()
    os.close(heard)
    command = [sys.executable, "-m", hashing.__name__]
    ended = subprocess.run(command, cwd=PROJECT, input=b'["x"]\n', stdout=said, stderr=subprocess.PIPE, timeout=60, check=True)
    os.close(said)
    assert ended.stderr == b""


def test_a_program_that_cannot_run_is_an_error_and_no_refusal(aside, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError):
        aside.verify(passwords.NOBODY, SECRET)


@pytest.mark.parametrize("held", [False, True])
def test_the_process_ends_with_its_owner_however_that_ends(held):
    with subprocess.Popen([sys.executable, "-c", OWNER], cwd=PROJECT, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"\n"
        (process,) = of(psutil.Process(owner.pid))
        if held:
            process.suspend()
        owner.send_signal(signal.SIGKILL)
    wait_until(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE, 20)


def test_a_server_computes_aside_until_it_stops():
    before = passwords.HASHER

    async def serve() -> tuple[bool, list[psutil.Process]]:
        async with passwords.computed_aside():
            made = passwords.hash_password(SECRET)
            return passwords.matches(made, SECRET) and not passwords.matches(made, "x"), of(psutil.Process())

    right, processes = asyncio.run(serve())
    assert right
    assert len(processes) == 1
    assert of(psutil.Process()) == []
    assert passwords.HASHER is before
