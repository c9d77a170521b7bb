"""Parts that the patient's pages share."""

from typing import Any

import reflex as rx

from components.ui.buttons import link
from components.ui.kinds import Child, shown
from components.ui.marks import avatar, chip

Text = str | rx.Var[str]


def person_head(name: Text, specialty: Text, initials: Text, hue: Any, *, href: Text = "", level: int = 2) -> rx.Component:
    """Draw a practitioner: initials, name as a heading, specialty."""
    words: Child = link(name, href) if isinstance(href, rx.Var) or href else name
    heading = {1: rx.el.h1, 2: rx.el.h2, 3: rx.el.h3}[level]
    return rx.el.div(
        avatar(initials, hue=hue, large=True),
        rx.el.div(heading(words), rx.el.p(specialty, class_name="soft"), class_name="grow"),
        class_name="person",
    )


def demo_chip(demo: rx.Var[bool]) -> rx.Component:
    """Say that the practice is not a real one."""
    return shown(demo, rx.el.div(chip("Démonstration", tone="line")))
