"""Identifiers sort by time, and whatever comes from outside is an identifier or nothing."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.ids import parse_id, uuid7

pytestmark = pytest.mark.unit


def test_an_identifier_says_its_version_and_variant():
    made = uuid7()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_identifiers_sort_by_the_millisecond_they_were_made(monkeypatch):
    instants = iter(range(1_700_000_000_000_000_000, 1_700_000_000_000_000_000 + 50_000_000, 1_000_000))
    monkeypatch.setattr("time.time_ns", lambda: next(instants))
    made = [uuid7() for _ in range(50)]
    assert made == sorted(made)


def test_identifiers_made_at_once_differ():
    assert len({uuid7() for _ in range(10_000)}) == 10_000


@given(st.uuids())
def test_both_written_forms_are_read(identifier):
    assert parse_id(identifier.hex) == parse_id(str(identifier)) == parse_id(identifier) == identifier


@pytest.mark.parametrize(
    "text", ["", None, 7, "x" * 32, "\x00" * 32, "1" * 1_000_000, [UUID(int=1)], "00000000-0000-0000-0000-00000000000"]
)
def test_anything_else_is_the_identifier_of_nothing(text):
    with pytest.raises(NotFound):
        parse_id(text)
