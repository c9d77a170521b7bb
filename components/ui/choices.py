"""Choices among a few things that can all be seen."""

from typing import Any, TypedDict

import reflex as rx

from components.ui.fields import described, error_text, field_id
from components.ui.kinds import Child, Handler, Text, either, filled, present, shown


class Choice(TypedDict):
    """One thing to choose: its value, its name, a word under it."""

    value: str
    label: str
    detail: str


def choice_card(
    name: str,
    value: Text,
    label: Child,
    *,
    detail: Text = "",
    checked: Any = None,
    on_change: Handler = None,
    trailing: Child | None = None,
) -> rx.Component:
    """Draw a radio button as a card, easy to hit with a thumb."""
    state = {"checked": checked} if checked is not None else {}
    return rx.el.label(
        rx.el.input(type="radio", name=name, value=value, **state, **present(on_change=on_change)),
        rx.el.span(
            rx.el.span(label, class_name="strong"),
            shown(filled(detail), rx.el.span(detail, class_name="choice-detail")),
            class_name="grow",
        ),
        trailing if trailing is not None else rx.fragment(),
        class_name="choice",
    )


def choice_cards(
    legend: Text,
    name: str,
    choices: list[Choice] | rx.Var[list[Choice]],
    *,
    value: Text | None = None,
    on_change: Handler = None,
    hint: Text = "",
    error: Text = "",
    hidden_legend: bool = False,
) -> rx.Component:
    """Ask for one of a few cards; `on_change` receives the value chosen."""
    ident = field_id(name)

    def card(choice: Any) -> rx.Component:
        chosen = None if value is None else either(_equal(value, choice["value"]), True, False)
        return choice_card(name, choice["value"], choice["label"], detail=choice["detail"], checked=chosen, on_change=on_change)

    cards = [rx.foreach(choices, card)] if isinstance(choices, rx.Var) else [card(choice) for choice in choices]
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="visually-hidden" if hidden_legend else "legend"),
        shown(filled(hint), rx.el.p(hint, id=f"{ident}-aide", class_name="hint")),
        rx.el.div(*cards, class_name="choices"),
        error_text(ident, error),
        id=ident,
        tab_index=-1,
        class_name="field",
        **described(ident, hint, error),
    )


def _equal(value: Text, other: Any) -> Any:
    return rx.Var.create(value) == other if isinstance(other, rx.Var) or isinstance(value, rx.Var) else value == other


def radio_group(
    legend: Text,
    name: str,
    options: list[tuple[str, Text]],
    *,
    value: Text | None = None,
    default_value: str = "",
    on_change: Handler = None,
    hint: Text = "",
    error: Text = "",
    identifier: str | None = None,
) -> rx.Component:
    """Ask for one of a few short answers on one line."""
    ident = identifier or field_id(name)

    def radio(key: str, text: Text) -> rx.Component:
        state = {"checked": _equal(value, key)} if value is not None else present(default_checked=key == default_value)
        return rx.el.label(
            rx.el.input(type="radio", name=name, value=key, **state, **present(on_change=on_change)),
            rx.el.span(text),
            class_name="check",
        )

    return rx.el.fieldset(
        rx.el.legend(legend, class_name="legend"),
        shown(filled(hint), rx.el.p(hint, id=f"{ident}-aide", class_name="hint")),
        rx.el.div(*[radio(key, text) for key, text in options], class_name="radios"),
        error_text(ident, error),
        id=ident,
        tab_index=-1,
        class_name="field",
        **described(ident, hint, error),
    )
