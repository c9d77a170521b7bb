"""Releases are announced once to those who were there before them, and their page stays."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import NotAllowed, NotSignedIn
from maiia_pro.operations.releases import RELEASES, mark_release_read, note_release, unread_release
from tests.factories import new_patient_account

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("clean_database")]


def account_from(days_ago: int) -> Actor:
    with clock.shifted(timedelta(days=-days_ago)):
        return new_patient_account()


def test_the_latest_release_is_the_version_of_the_software():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert RELEASES[0].version == project["project"]["version"]


def test_releases_are_listed_with_the_latest_first():
    dates = [one.made_on for one in RELEASES]
    assert dates == sorted(dates, reverse=True)
    assert all(one.changes and one.for_patients for one in RELEASES)


@pytest.mark.requirement(67)
def test_a_release_is_announced_to_an_account_that_was_there_before_it():
    actor = account_from(days_ago=1)
    note_release(WORKER)
    assert unread_release(actor) == RELEASES[0]


def test_a_release_is_not_announced_before_it_runs_here():
    assert unread_release(account_from(days_ago=1)) is None


def test_a_release_is_not_announced_to_who_came_after_it():
    with clock.shifted(timedelta(hours=-1)):
        note_release(WORKER)
    assert unread_release(new_patient_account()) is None


@pytest.mark.requirement(67)
def test_a_release_that_was_read_is_not_announced_again():
    actor = account_from(days_ago=1)
    note_release(WORKER)
    mark_release_read(actor)
    mark_release_read(actor)
    assert unread_release(actor) is None


def test_who_read_the_release_before_is_told_of_the_next(monkeypatch):
    actor = account_from(days_ago=1)
    monkeypatch.setattr("maiia_pro.operations.releases.RELEASES", RELEASES[1:])
    note_release(WORKER)
    mark_release_read(actor)
    monkeypatch.undo()
    note_release(WORKER)
    assert unread_release(actor) == RELEASES[0]


def test_a_restart_does_not_make_a_release_newer():
    with clock.shifted(timedelta(hours=-1)):
        note_release(WORKER)
    late = new_patient_account()
    note_release(WORKER)
    assert unread_release(late) is None


def test_only_the_system_notes_a_release_and_visitors_have_none():
    with pytest.raises(NotAllowed):
        note_release(new_patient_account())
    with pytest.raises(NotSignedIn):
        unread_release(Actor.anonymous())
