"""Light, dark, or as the system says; kept in the browser and applied before the first paint."""

from typing import Literal

import reflex as rx
from reflex.style import color_mode, set_color_mode

from components.ui.icons import IconName, icon
from components.ui.layers import menu_item
from components.ui.native import Roving

Mode = Literal["system", "light", "dark"]

_MODES: tuple[tuple[Mode, str, IconName], ...] = (
    ("system", "Système", "monitor"),
    ("light", "Clair", "sun"),
    ("dark", "Sombre", "moon"),
)


def theme_items() -> list[rx.Component]:
    """Offer the three themes as choices of a menu."""
    return [
        menu_item(f"Thème\u00a0: {label.lower()}", set_color_mode(mode), icon_name=name, checked=color_mode == mode)
        for mode, label, name in _MODES
    ]


def theme_switch() -> rx.Component:
    """Offer the three themes side by side."""
    return Roving.create(
        *[
            rx.el.button(
                icon(name),
                rx.el.span(label),
                type="button",
                aria_pressed=rx.cond(color_mode == mode, "true", "false"),
                on_click=set_color_mode(mode),
            )
            for mode, label, name in _MODES
        ],
        selector="button",
        class_name="segments",
        role="group",
        aria_label="Thème",
    )
