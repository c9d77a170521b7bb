"""What people type, cleaned and bounded."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.text import FieldErrors, email, one_line, paragraph

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
    "address", ["", "a", "a@b", "a@b.c", "a b@exemple.fr", "a@exemple..fr", "é@exemple.fr", "a@-x.fr", '"a"@exemple.fr', "a@b@c.fr"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Invalid, match="adresse e-mail"):
        email(address)


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
