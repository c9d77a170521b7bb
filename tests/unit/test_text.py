"""What people type, cleaned and bounded."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.text import FieldErrors, email, one_line, paragraph, picked_day

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("read", [one_line, paragraph, email])
@pytest.mark.parametrize("value", ["a\x00b", "a\x1bb", "\ud800", "x" * 1_000_000, 7, ["a"], b"a"])
def test_what_cannot_be_kept_is_refused_with_a_sentence(read, value):
    with pytest.raises(Invalid) as refusal:
        read(value)
    assert refusal.value.message.endswith((".", "fr."))


def test_a_line_has_single_spaces_and_a_text_keeps_its_lines():
    assert one_line("  a \t b\n c ") == "a b c"
    assert paragraph("  a \r\n b ") == "a \n b"
    assert one_line(None) == paragraph(None) == ""


@pytest.mark.parametrize("address", ["prenom.nom@exemple.fr", "a+b@x.y.co", "o'neil@exemple.museum"])
def test_an_address_is_kept_as_written(address):
    assert email(f" {address} ") == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@b",
        "a@b.c",
        "a b@exemple.fr",
        "a@exemple..fr",
        "é@exemple.fr",
        "a@-x.fr",
        '"a"@exemple.fr',
        "a@b@c.fr",
        "..@b.fr",
        ".a@b.fr",
        "a.@b.fr",
        "a..b@b.fr",
        "x" * 65 + "@b.fr",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Invalid, match="adresse e-mail"):
        email(address)


def test_a_day_is_read_as_date_fields_send_it():
    assert picked_day("2027-01-02") == date(2027, 1, 2)


@pytest.mark.parametrize(
    "text",
    [
        "2026-W48-2",
        "20270102",
        "2026-W482",
        "2027-1-2",
        "2027-02-30",
        "",
        None,
        "2027-01-02T10:00",
        "٢٠٢٧-٠١-٠٢",
        "2200-01-01",
        "9999-12-31",
    ],
)
def test_no_other_writing_of_a_day_is_read(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the sentence is the screen's
        picked_day(text)


@given(st.text(max_size=300))
def test_any_text_is_kept_or_refused(typed):
    for read in (one_line, paragraph, email):
        with contextlib.suppress(Invalid):
            assert "\x00" not in read(typed)


def test_everything_wrong_is_said_at_once_and_the_first_word_on_a_field_stays():
    errors = FieldErrors()
    errors.check()
    errors.add("a", "Premier.")
    errors.add("a", "Second.")
    errors.add("b", "Autre.")
    with pytest.raises(Invalid) as refusal:
        errors.check()
    assert refusal.value.fields == {"a": "Premier.", "b": "Autre."}
