"""The command palette: search people and go anywhere from the keyboard."""

from typing import TypedDict

import reflex as rx

from components.ui.icons import icon
from components.ui.kinds import Handler, Text, present
from components.ui.native import Palette

PALETTE = "palette"


class PaletteOption(TypedDict, total=False):
    """One line: id and title always; `href` or `click` (a selector) act in the browser, else `on_pick` receives the id."""

    id: str
    title: str
    aside: str
    detail: str
    icon: str
    initials: str
    hue: str
    chip: str
    keys: str
    also: str
    """More words that ask for it."""
    href: str
    click: str


class PaletteGroup(TypedDict):
    """Lines under one title."""

    label: str
    options: list[PaletteOption]


def palette(
    commands: list[PaletteOption] | rx.Var[list[PaletteOption]],
    *,
    groups: rx.Var[list[PaletteGroup]] | None = None,
    on_query: Handler = None,
    on_pick: Handler = None,
    answered: Text = "",
    label: Text = "Chercher ou aller à",
    placeholder: Text = "Nom, date de naissance ou téléphone",
    hint: Text = "",
) -> rx.Component:
    """Draw the palette; `/` and Ctrl+K open it, `commands` are filtered in the browser, `groups` come from the server,
    which says what they answer (`answered`); those marked `late` stand after the commands."""
    return Palette.create(
        id=PALETTE,
        label=label,
        placeholder=placeholder,
        commands=commands,
        **present(groups=groups, answered=answered, hint=hint, on_query=on_query, on_pick=on_pick),
    )


def search_box(label: Text = "Nom, date de naissance ou téléphone") -> rx.Component:
    """Draw what looks like a search field and opens the palette."""
    return rx.el.button(
        icon("search"),
        rx.el.span(label, class_name="grow"),
        rx.el.kbd("/", aria_hidden="true"),
        type="button",
        class_name="search-box",
        aria_keyshortcuts="/ Control+K",
        data_opens=PALETTE,
    )
