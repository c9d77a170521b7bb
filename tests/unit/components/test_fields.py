"""Fields say what they are, what is wrong, and where."""

import pytest
import reflex as rx

from components.ui.choices import radio_group
from components.ui.fields import checkbox, email_field, phone_field, text_field
from components.ui.icons import icon
from components.ui.marks import avatar


class Words(rx.State):
    """A state to take vars from."""

    error: str = ""
    hue: str = "rose"
    icon: str = "plus"


def drawn(component: rx.Component) -> str:
    """Give the component as the script that draws it."""
    return str(component)


def test_a_label_names_its_field() -> None:
    page = drawn(text_field("Nom", "nom"))
    assert 'htmlFor:"champ-nom"' in page
    assert 'id:"champ-nom"' in page


def test_an_error_marks_the_field_and_is_tied_to_it() -> None:
    page = drawn(text_field("Nom", "nom", error="Indiquez un nom."))
    assert '["aria-invalid"] : "true"' in page or '"aria-invalid":"true"' in page
    assert "champ-nom-erreur" in page
    assert "Indiquez un nom." in page


def test_a_field_without_error_hides_the_place_of_the_error() -> None:
    assert "hidden:true" in drawn(text_field("Nom", "nom"))


def test_an_error_of_the_state_shows_and_hides_in_the_browser() -> None:
    page = drawn(text_field("Nom", "nom", error=Words.error))
    assert "error" in page
    assert "hidden:" in page
    assert "hidden:true" not in page


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (email_field(), ('type:"email"', 'inputMode:"email"', 'autoComplete:"email"')),
        (phone_field(), ('type:"tel"', 'inputMode:"tel"', 'autoComplete:"tel"')),
    ],
    ids=["e-mail", "phone"],
)
def test_fields_ask_for_the_right_keyboard_and_memory(field: rx.Component, expected: tuple[str, ...]) -> None:
    page = drawn(field)
    assert all(part in page for part in expected)


def test_only_optional_fields_say_so() -> None:
    assert "(facultatif)" in drawn(text_field("Nom", "nom", optional=True))
    assert "(facultatif)" not in drawn(text_field("Nom", "nom"))


def test_a_checkbox_and_a_group_carry_their_error() -> None:
    assert "Cochez." in drawn(checkbox("Oui", "oui", error="Cochez."))
    assert "Choisissez." in drawn(radio_group("Civilité", "civilite", [("m", "Monsieur")], error="Choisissez."))


def test_an_unknown_icon_is_refused_when_the_page_is_built() -> None:
    with pytest.raises(ValueError, match="unknown icon"):
        icon("licorne")  # type: ignore[arg-type]


def test_an_icon_and_a_hue_may_come_from_the_state() -> None:
    assert "/icons.svg#" in drawn(icon(Words.icon))
    assert "hue hue-" in drawn(avatar("AB", hue=Words.hue))
