"""Forms: one column, errors beside their fields and summed up on top, nothing typed is ever lost."""

from typing import Any, TypedDict

import reflex as rx

from components.ui.kinds import Handler, Text, classes, present
from components.ui.native import Draft, ErrorSummary


class FieldError(TypedDict):
    """One line of an error summary; `field` is the id of the field's element (`champ-email`)."""

    field: str
    message: str


def form(
    *children: rx.Component,
    on_submit: Handler,
    label: Text = "",
    draft: Text = "",
    owner: Text = "",
    done: Any = "",
    keeper: rx.Component | None = None,
    class_name: str = "",
    **attributes: Any,
) -> rx.Component:
    """Hold fields; the browser's own bubbles are off, since errors stand beside the fields in our words.

    `draft` names what is typed so that a reload or an expired session loses nothing (never passwords; this tab and this
    `owner` only); it is emptied, and the form with it, when the state var `done` changes, such as the id of what was saved.
    A dialog whose state holds a part of it gives its own `keeper`.
    """
    if isinstance(draft, rx.Var) or draft:
        keeper = Draft.create(name=draft, done=done, **present(owner=owner))
    named = {"aria_label": label} if isinstance(label, rx.Var) or label else {}
    return rx.el.form(
        keeper if keeper is not None else rx.fragment(),
        *children,
        on_submit=on_submit,
        no_validate=True,
        class_name=classes("form", class_name),
        **named,
        **attributes,
    )


def error_summary(errors: list[FieldError] | rx.Var[list[FieldError]], title: Text = "À corriger avant de continuer") -> rx.Component:
    """List what must be corrected, each line leading to its field; it takes the focus when it comes."""
    return ErrorSummary.create(errors=errors, title=title)


def all_required() -> rx.Component:
    """Say so at the top of a form whose every field must be filled; elsewhere each optional field says that it is."""
    return rx.el.p("Tous les champs sont obligatoires.", class_name="hint")


def form_row(*fields: rx.Component) -> rx.Component:
    """Put short fields side by side where there is room."""
    return rx.el.div(*fields, class_name="form-row")


def form_actions(*buttons: rx.Component) -> rx.Component:
    """Close a form with its buttons, the main one first."""
    return rx.el.div(*buttons, class_name="form-actions")
