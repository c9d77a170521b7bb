"""The key of a slot: what is written is read again, and nothing else is."""

import contextlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maiia_pro.agenda.errors import NoSuchSlot
from maiia_pro.agenda.slots import SlotKey

pytestmark = pytest.mark.unit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
instants = st.integers(0, 120_000_000).map(lambda minutes: EPOCH + timedelta(minutes=minutes))
KEY = f"{UUID(int=5).hex}.h0ycg"


@given(st.uuids(), instants)
def test_a_key_is_read_as_it_was_written(offering, instant):
    key = SlotKey(offering, instant)
    assert SlotKey.parse(str(key)) == key


@given(st.uuids(), instants)
def test_a_key_fits_the_identifiers_of_fhir(offering, instant):
    written = str(SlotKey(offering, instant))
    assert len(written) <= 64
    assert all(sign.isalnum() or sign in "-." for sign in written)


@pytest.mark.parametrize(
    "text",
    [
        KEY.replace(".", ".0"), f"{UUID(int=5).hex}.00", KEY.replace("ycg", "YCG"),
        "", ".", "a.b", None, 7, b"x", ["x"], KEY.upper(), f" {KEY}", f"{KEY}\n", f"{KEY}\x00", f"{UUID(int=5)}.h0ycg",
        f"{UUID(int=5).hex}.",
        f"{UUID(int=5).hex}.-1", f"{UUID(int=5).hex}.zzzzzzz", f"{UUID(int=5).hex}.zzzzzzzzzzzz", f"{UUID(int=5).hex}.é", "a" * 1_000_000,
    ],
)  # fmt: skip
def test_what_no_key_looks_like_names_no_slot(text):
    with pytest.raises(NoSuchSlot):
        SlotKey.parse(text)


@given(st.text(max_size=60))
def test_any_text_is_a_key_or_a_refusal(text):
    with contextlib.suppress(NoSuchSlot):
        assert str(SlotKey.parse(text)) == text
