"""How the gallery shows things: a name, then the thing."""

from collections.abc import Callable

import reflex as rx

from components.ui.kinds import Child
from components.ui.marks import label_text

Section = Callable[[str], rx.Component]
"""Takes a mark that keeps ids apart, since each section is drawn once light and once dark."""


def specimen(name: str, *children: Child) -> rx.Component:
    """Show one thing under its name."""
    return rx.el.div(label_text(name), *children, class_name="gallery-frame")


def line(*children: Child) -> rx.Component:
    """Put small things side by side."""
    return rx.el.div(*children, class_name="row wrap")


def themed(title: str, section: Section) -> rx.Component:
    """Draw a section in both themes."""
    return rx.el.section(
        rx.el.h2(title),
        rx.el.div(
            *[rx.el.div(section(mark), data_theme=theme, class_name="gallery-theme") for theme, mark in (("light", "c"), ("dark", "s"))],
            class_name="gallery-themes",
        ),
        class_name="gallery-section",
    )
