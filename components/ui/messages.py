"""What the application says: banners, notes, toasts."""

from typing import Literal, TypedDict

import reflex as rx

from components.ui.icons import IconName, icon
from components.ui.kinds import Child, Handler, Text, classes, present
from components.ui.native import Toasts

Meaning = Literal["info", "success", "warning", "danger"]

_ICONS: dict[Meaning, IconName] = {"info": "info", "success": "circle-check", "warning": "triangle-alert", "danger": "circle-x"}


class ToastView(TypedDict):
    """One message: kind is success, info, warning or error; `action` names its button, "" for none."""

    id: str
    kind: str
    message: str
    action: str


def banner(
    message: Child,
    *,
    meaning: Meaning = "info",
    icon_name: IconName | None = None,
    action: Child | None = None,
    spoken: bool = True,
) -> rx.Component:
    """Tell something about the whole page, across its width."""
    return rx.el.div(
        icon(icon_name or _ICONS[meaning]),
        rx.el.div(message, class_name="grow"),
        action if action is not None else rx.fragment(),
        class_name=classes("banner", f"banner-{meaning}"),
        **present(role="status" if spoken else None),
    )


def note(
    message: Child,
    *,
    title: Text = "",
    meaning: Meaning = "info",
    icon_name: IconName | None = None,
    action: Child | None = None,
) -> rx.Component:
    """Tell something about the part of the page it stands in."""
    heading = rx.el.p(title, class_name="strong") if isinstance(title, rx.Var) or title else rx.fragment()
    return rx.el.div(
        icon(icon_name or _ICONS[meaning]),
        rx.el.div(heading, rx.el.div(message), class_name="grow"),
        action if action is not None else rx.fragment(),
        class_name=classes("banner note", f"banner-{meaning}"),
    )


def toasts(items: rx.Var[list[ToastView]], *, on_dismiss: Handler, on_action: Handler = None) -> rx.Component:
    """Show and speak the messages of a state var; each leaves by itself or with its page, but errors, which wait."""
    return Toasts.create(items=items, on_dismiss=on_dismiss, **present(on_action=on_action))
