"""Keyboard shortcuts: declared where they act, listed by themselves in the map and the bar."""

import reflex as rx

from components.ui.kinds import Flag, Handler, Text, present
from components.ui.native import KeyBar, Shortcut, ShortcutMap


def shortcut(
    keys: str,
    label: Text,
    on_press: Handler = None,
    *,
    href: Text = "",
    click: str = "",
    opens: str = "",
    focus: str = "",
    group: str = "Sur cette page",
    bar: Flag = False,
) -> rx.Component:
    """Bind keys (`n`, `Ctrl+k /`, `ArrowLeft`) to a handler, a link, a dialog to open, or an element to click or focus."""
    return Shortcut.create(
        keys=keys,
        label=label,
        group=group,
        **present(on_press=on_press, href=href, click=click, opens=opens, focus=focus, bar=bar),
    )


def key_bar(*children: rx.Component) -> rx.Component:
    """Draw the foot of a professional page: the shortcuts marked `bar`, then news."""
    return KeyBar.create(*children)


def shortcut_map() -> rx.Component:
    """List every shortcut that works at this moment."""
    return ShortcutMap.create()
