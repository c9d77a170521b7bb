"""Buttons and links that look like buttons; the label is always the verb of what happens."""

from typing import Any, Literal

import reflex as rx
from reflex_components_core.el.elements.inline import A
from reflex_components_core.react_router import link as router_link

from components.ui.icons import IconName, icon
from components.ui.kinds import Child, Flag, Handler, Text, classes, either, present, shown, truth

Variant = Literal["plain", "primary", "danger", "danger-fill", "quiet"]
Size = Literal["normal", "small", "large"]

_VARIANTS: dict[Variant, str | None] = {
    "plain": None,
    "primary": "button-primary",
    "danger": "button-danger",
    "danger-fill": "button-danger-fill",
    "quiet": "button-quiet",
}
_SIZES: dict[Size, str | None] = {"normal": None, "small": "button-small", "large": "button-large"}


def _classes(variant: Variant, size: Size, *extra: str | None) -> str:
    return classes("button", _VARIANTS[variant], _SIZES[size], *extra)


def _unless(waiting: Flag, on_click: Handler) -> Handler:
    """Swallow clicks while the answer to the first one is on its way."""
    if on_click is None or waiting is False:
        return on_click
    return rx.cond(waiting, rx.noop(), on_click)


def button(
    label: Text,
    on_click: Handler = None,
    *,
    icon_name: IconName | None = None,
    variant: Variant = "plain",
    size: Size = "normal",
    wide: bool = False,
    waiting: Flag = False,
    disabled: Flag = False,
    pressed: Flag | None = None,
    submits: bool = False,
    keys: str = "",
    opens: str = "",
    closes: bool = False,
    class_name: str = "",
    **attributes: Any,
) -> rx.Component:
    """Draw a button; `waiting` shows a turning wheel and keeps the focus, `opens` names a dialog, `closes` shuts the one it is in."""
    leading: Child = icon(icon_name) if icon_name else rx.fragment()
    wheel = icon("loader-circle", class_name="spin")
    return rx.el.button(
        either(waiting, wheel, leading) if waiting is not False else leading,
        rx.el.span(label),
        rx.el.kbd(keys.upper(), aria_hidden="true") if keys else rx.fragment(),
        type="submit" if submits else "button",
        class_name=_classes(variant, size, "button-wide" if wide else None, class_name),
        **present(
            on_click=_unless(waiting, on_click),
            disabled=disabled,
            aria_busy=truth(waiting) if waiting is not False else None,
            aria_disabled=truth(waiting) if waiting is not False else None,
            aria_pressed=truth(pressed) if pressed is not None else None,
            aria_keyshortcuts=keys,
            data_opens=opens,
            data_closes="true" if closes else None,
        ),
        **attributes,
    )


def primary_button(label: Text, on_click: Handler = None, **options: Any) -> rx.Component:
    """Draw the one main action of a view."""
    return button(label, on_click, variant="primary", **options)


def danger_button(label: Text, on_click: Handler = None, **options: Any) -> rx.Component:
    """Draw an action that takes something away."""
    return button(label, on_click, variant="danger", **options)


def quiet_button(label: Text, on_click: Handler = None, **options: Any) -> rx.Component:
    """Draw an action that should not draw the eye."""
    return button(label, on_click, variant="quiet", **options)


def submit_button(label: Text, *, waiting: Flag = False, variant: Variant = "primary", **options: Any) -> rx.Component:
    """Draw the button that sends its form."""
    return button(label, waiting=waiting, variant=variant, submits=True, **options)


def icon_button(
    name: IconName,
    label: Text,
    on_click: Handler = None,
    *,
    variant: Variant = "quiet",
    size: Size = "normal",
    large_icon: bool = False,
    disabled: Flag = False,
    pressed: Flag | None = None,
    opens: str = "",
    closes: bool = False,
    class_name: str = "",
    **attributes: Any,
) -> rx.Component:
    """Draw a button that shows an icon only; its label is spoken and shown on hover."""
    return rx.el.button(
        icon(name, large=large_icon),
        type="button",
        class_name=_classes(variant, size, "button-icon", class_name),
        aria_label=label,
        title=label,
        **present(
            on_click=on_click,
            disabled=disabled,
            aria_pressed=truth(pressed) if pressed is not None else None,
            data_opens=opens,
            data_closes="true" if closes else None,
        ),
        **attributes,
    )


def link(label: Child, href: Text, *, outside: bool = False, **attributes: Any) -> rx.Component:
    """Draw a link; inside the application it moves without reloading, `outside` reloads or leaves."""
    if outside:
        return A.create(label, href=href, **attributes)  # rx.el.a would be the router's link
    return router_link(label, to=href, **attributes)


def link_button(
    label: Text,
    href: Text,
    *,
    icon_name: IconName | None = None,
    variant: Variant = "plain",
    size: Size = "normal",
    wide: bool = False,
    outside: bool = False,
    **attributes: Any,
) -> rx.Component:
    """Draw a link that looks like a button, for what leads to another page."""
    content = rx.fragment(icon(icon_name) if icon_name else rx.fragment(), rx.el.span(label))
    return link(content, href, outside=outside, class_name=_classes(variant, size, "button-wide" if wide else None), **attributes)


def button_group(*buttons: rx.Component, label: Text) -> rx.Component:
    """Join buttons that act on the same thing, such as the previous and next day."""
    return rx.el.div(*buttons, class_name="button-group", role="group", aria_label=label)


def count(value: Text | rx.Var[int] | int, *, alert: bool = False, meaning: Text = "") -> rx.Component:
    """Draw a small number; `meaning` completes it for those who hear it (« 3 en attente »)."""
    spoken = shown(bool(meaning) if isinstance(meaning, str) else True, rx.el.span(meaning, class_name="visually-hidden"))
    return rx.el.span(value, spoken, class_name=classes("count", "count-alert" if alert else None))
