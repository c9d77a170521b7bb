"""Fields of forms: a visible label, the hint under it, the error beside, the right keyboard and the browser's memory."""

from typing import Any, Final, Literal

import reflex as rx

from components.ui.icons import IconName, icon
from components.ui.kinds import Child, Flag, Handler, Text, classes, either, filled, present, shown, styled
from components.ui.native import Combobox, Reveal

_EMAIL: Final = {"kind": "email", "auto_complete": "email", "input_mode": "email", "max_length": 254, "spell_check": False}
_PHONE: Final = {"kind": "tel", "auto_complete": "tel", "input_mode": "tel", "max_length": 30, "hint": "Par exemple 06 12 34 56 78"}
_DATE: Final = {"input_mode": "numeric", "max_length": 30, "hint": "Jour, mois, année : 12/03/1981"}

FieldType = Literal["text", "email", "tel", "password", "search", "url", "number", "date", "time"]


def field_id(name: str) -> str:
    """Name the element of a field, as error summaries link to it."""
    return f"champ-{name}"


def error_text(identifier: str, error: Text) -> rx.Component:
    """Write what is wrong beside a field; it stays in the page so that `aria-describedby` always points somewhere."""
    hidden: dict[str, Any] = {"hidden": ~filled(error)} if isinstance(error, rx.Var) else present(hidden=not error)
    return rx.el.p(icon("circle-alert"), rx.el.span(error), id=f"{identifier}-erreur", class_name="error", **hidden)


def described(identifier: str, hint: Text, error: Text) -> dict[str, Any]:
    """Tie hint and error to their field, and mark the field wrong when there is an error."""
    wrong = filled(error)
    return {
        "aria_describedby": f"{identifier}-aide {identifier}-erreur" if isinstance(hint, rx.Var) or hint else f"{identifier}-erreur",
        "aria_invalid": either(wrong, "true", "false") if isinstance(wrong, rx.Var) else ("true" if wrong else "false"),
    }


def field_frame(
    identifier: str,
    label: Text,
    control: rx.Component,
    *,
    hint: Text = "",
    error: Text = "",
    optional: Flag = False,
) -> rx.Component:
    """Put label, hint, control and error in order."""
    return rx.el.div(
        rx.el.label(
            label,
            shown(optional, rx.el.span(" (facultatif)", class_name="optional")),
            html_for=identifier,
        ),
        shown(filled(hint), rx.el.p(hint, id=f"{identifier}-aide", class_name="hint")),
        control,
        error_text(identifier, error),
        class_name="field",
    )


def text_field(
    label: Text,
    name: str,
    *,
    value: Text | None = None,
    default_value: Text | None = None,
    on_change: Handler = None,
    on_blur: Handler = None,
    hint: Text = "",
    error: Text = "",
    optional: Flag = False,
    disabled: Flag = False,
    kind: FieldType = "text",
    auto_complete: str = "off",
    input_mode: str = "",
    placeholder: Text = "",
    max_length: int = 200,
    icon_name: IconName | None = None,
    identifier: str | None = None,
    **attributes: Any,
) -> rx.Component:
    """Ask for a line of text; `default_value` leaves the text to the browser, so that a refused save keeps it."""
    ident = identifier or field_id(name)
    control = rx.el.input(
        id=ident,
        name=name,
        type=kind,
        class_name="input",
        auto_complete=auto_complete,
        required=either(optional, False, True),
        **described(ident, hint, error),
        **present(
            value=value, default_value=default_value, on_change=on_change, on_blur=on_blur, disabled=disabled,
            max_length=None if kind == "date" else max_length, input_mode=input_mode, placeholder=placeholder,
        ),
        **attributes,
    )  # fmt: skip
    framed = rx.el.div(icon(icon_name), control, class_name="input-icon") if icon_name else control
    return field_frame(ident, label, framed, hint=hint, error=error, optional=optional)


def combobox_field(
    label: Text,
    name: str,
    *,
    options: rx.Var[list[Any]],
    answered: rx.Var[str],
    on_query: Handler,
    default_value: Text = "",
    placeholder: Text = "",
    icon_name: IconName = "search",
    max_length: int = 80,
    **attributes: Any,
) -> rx.Component:
    """Ask for words that may be left as typed, with proposals ({title, detail, words, href}) for what was `answered`."""
    ident = field_id(name)
    control = Combobox.create(
        id=ident, name=name, icon=icon_name, default_value=default_value, options=options, answered=answered,
        on_query=on_query, placeholder=placeholder, max_length=max_length, **attributes,
    )  # fmt: skip
    return field_frame(ident, label, control)


def email_field(label: Text = "Adresse e-mail", name: str = "email", **options: Any) -> rx.Component:
    """Ask for an e-mail address."""
    return text_field(label, name, **(_EMAIL | options))


def phone_field(label: Text = "Téléphone", name: str = "phone", **options: Any) -> rx.Component:
    """Ask for a French telephone number, typed as people type it."""
    return text_field(label, name, **(_PHONE | options))


def date_field(label: Text, name: str, **options: Any) -> rx.Component:
    """Ask for a date typed as « 12/03/1981 »; the server accepts 12/03/81, 12.3.1981 and 12 03 81 too."""
    return text_field(label, name, **(_DATE | options))


def calendar_field(label: Text, name: str, **options: Any) -> rx.Component:
    """Ask for a near date with the browser's own calendar."""
    return text_field(label, name, **({"kind": "date"} | options))


def time_field(label: Text, name: str, **options: Any) -> rx.Component:
    """Ask for a time typed as « 14h30 »."""
    return text_field(label, name, **({"max_length": 10, "hint": "Par exemple 14h30"} | options))


def search_field(label: Text, name: str = "q", **options: Any) -> rx.Component:
    """Ask for words to search."""
    return text_field(label, name, **({"kind": "search", "icon_name": "search", "enter_key_hint": "search"} | options))


def password_field(
    label: Text = "Mot de passe",
    name: str = "password",
    *,
    new: bool = False,
    hint: Text = "",
    error: Text = "",
    optional: Flag = False,
    identifier: str | None = None,
    **attributes: Any,
) -> rx.Component:
    """Ask for a password; a checkbox shows it, without a word to the server."""
    ident = identifier or field_id(name)
    control = rx.el.input(
        id=ident,
        name=name,
        type="password",
        class_name="input",
        auto_complete="new-password" if new else "current-password",
        required=either(optional, False, True),
        max_length=200,
        **described(ident, hint, error),
        **attributes,
    )
    reveal = Reveal.create(controls=ident, label="Afficher le mot de passe")
    return rx.el.div(field_frame(ident, label, control, hint=hint, error=error, optional=optional), reveal, class_name="field-with-reveal")


def text_area(
    label: Text,
    name: str,
    *,
    default_value: Text | None = None,
    value: Text | None = None,
    on_change: Handler = None,
    on_blur: Handler = None,
    hint: Text = "",
    error: Text = "",
    optional: bool = False,
    disabled: Flag = False,
    max_length: int = 2000,
    rows: int = 3,
    identifier: str | None = None,
    **attributes: Any,
) -> rx.Component:
    """Ask for several lines; the box grows with the text."""
    ident = identifier or field_id(name)
    control = rx.el.textarea(
        id=ident,
        name=name,
        class_name="textarea",
        required=not optional,
        rows=rows,
        max_length=max_length,
        **styled({"--rows": rows}),
        **described(ident, hint, error),
        **present(value=value, default_value=default_value, on_change=on_change, on_blur=on_blur, disabled=disabled),
        **attributes,
    )
    return field_frame(ident, label, control, hint=hint, error=error, optional=optional)


def select_field(
    label: Text,
    name: str,
    options: list[tuple[str, str]] | rx.Var[list[dict[str, str]]],
    *,
    value: Text | None = None,
    default_value: Text | None = None,
    on_change: Handler = None,
    hint: Text = "",
    error: Text = "",
    placeholder: Text = "",
    optional: bool = False,
    disabled: Flag = False,
    identifier: str | None = None,
    **attributes: Any,
) -> rx.Component:
    """Ask for one of a short list; options are (value, label) pairs or a state var of {value, label}."""
    ident = identifier or field_id(name)
    choices: list[Child] = (
        [rx.foreach(options, lambda option: rx.el.option(option["label"], value=option["value"]))]
        if isinstance(options, rx.Var)
        else [rx.el.option(text, value=key) for key, text in options]
    )
    control = rx.el.select(
        rx.el.option(placeholder, value="") if isinstance(placeholder, rx.Var) or placeholder else rx.fragment(),
        *choices,
        id=ident,
        name=name,
        class_name="select",
        required=not optional,
        **described(ident, hint, error),
        **present(value=value, default_value=default_value, on_change=on_change, disabled=disabled),
        **attributes,
    )
    return field_frame(ident, label, control, hint=hint, error=error, optional=optional)


def checkbox(
    label: Child,
    name: str,
    *,
    checked: Flag | None = None,
    default_checked: Flag = False,
    on_change: Handler = None,
    hint: Text = "",
    error: Text = "",
    disabled: Flag = False,
    value: str = "oui",
    identifier: str | None = None,
) -> rx.Component:
    """Ask for a yes or a no."""
    ident = identifier or field_id(name)
    state = {"checked": checked} if checked is not None else present(default_checked=default_checked)
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                id=ident,
                name=name,
                type="checkbox",
                value=value,
                **state,
                **described(ident, hint, error),
                **present(on_change=on_change, disabled=disabled),
            ),
            rx.el.span(label),
            class_name="check",
        ),
        shown(filled(hint), rx.el.p(hint, id=f"{ident}-aide", class_name="hint check-hint")),
        error_text(ident, error),
        class_name=classes("field", "field-check"),
    )
