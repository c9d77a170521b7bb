"""Small marks: chips, avatars, dots, keyboard hints, labels."""

from typing import Any, Literal

import reflex as rx
from reflex_components_core.el.elements.inline import A

from components.ui.icons import IconName, icon
from components.ui.kinds import Child, Text, classes

Tone = Literal["neutral", "info", "success", "warning", "danger", "accent", "line"]
Hue = Literal["azure", "indigo", "plum", "rose", "amber", "olive", "green", "teal"]

_TONE_ICONS: dict[Tone, IconName] = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "danger": "circle-x",
}


def chip(label: Text, *, tone: Tone = "neutral", icon_name: IconName | rx.Var[str] | None = None, **attributes: Any) -> rx.Component:
    """Draw a short word on a coloured ground; a meaning colour never goes without its icon."""
    drawing = icon_name if icon_name is not None else _TONE_ICONS.get(tone)
    return rx.el.span(
        icon(drawing) if drawing is not None else rx.fragment(),
        rx.el.span(label, class_name="clip"),
        class_name=classes("chip", f"chip-{tone}" if tone != "neutral" else None),
        **attributes,
    )


def hue_class(hue: Text) -> Any:
    """Name the classes that give an element the colour of a visit reason."""
    return f"hue hue-{hue}"  # a var in an f-string is joined in the browser


def hue_chip(label: Text, hue: Hue | rx.Var[str], *, icon_name: IconName | None = None) -> rx.Component:
    """Draw the name of a visit reason in its colour."""
    return rx.el.span(
        icon(icon_name) if icon_name else rx.fragment(),
        rx.el.span(label, class_name="clip"),
        class_name=["chip chip-hue", hue_class(hue)],
    )


def dot(hue: Hue | rx.Var[str]) -> rx.Component:
    """Draw the colour of a visit reason, next to its name."""
    return rx.el.span(class_name=["dot", hue_class(hue)], aria_hidden="true")


def avatar(initials: Text, *, hue: Text = "teal", large: bool = False) -> rx.Component:
    """Draw a person's initials; the name always stands beside."""
    return rx.el.span(
        initials,
        class_name=["avatar", "avatar-large" if large else "", hue_class(hue)],
        aria_hidden="true",
    )


def kbd(key: Text) -> rx.Component:
    """Draw a key of the keyboard."""
    return rx.el.kbd(key)


def label_text(text: Text) -> rx.Component:
    """Draw the small title of a group."""
    return rx.el.p(text, class_name="label")


def visually_hidden(*children: Child) -> rx.Component:
    """Say something to those who hear the page only."""
    return rx.el.span(*children, class_name="visually-hidden")


def skip_link(target: str = "contenu", label: Text = "Aller au contenu") -> rx.Component:
    """Let keyboard users jump over the navigation."""
    return A.create(label, href=f"#{target}", class_name="skip")  # rx.el.a would be the router's link, which moves no focus
