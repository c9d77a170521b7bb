"""Ways to move: tabs, segments, pages of a list, the trail back."""

from typing import Any

import reflex as rx

from components.ui.buttons import button, link
from components.ui.icons import icon
from components.ui.kinds import Child, Flag, Handler, Text, present, truth
from components.ui.native import Roving


def tabs(*items: rx.Component, label: Text) -> rx.Component:
    """Hold tabs; arrows move between them."""
    return Roving.create(*items, selector="[role=tab]", select_on_move=True, class_name="tabs", role="tablist", aria_label=label)


def tab(label: Text, *, selected: Flag, controls: str, on_select: Handler = None, trailing: Child | None = None) -> rx.Component:
    """Draw one tab that shows the panel of id `controls`."""
    return rx.el.button(
        rx.el.span(label),
        trailing if trailing is not None else rx.fragment(),
        type="button",
        role="tab",
        id=f"onglet-{controls}",
        aria_selected=truth(selected),
        aria_controls=controls,
        **present(on_click=on_select),
    )


def tab_panel(*children: Child, identifier: str, selected: Flag) -> rx.Component:
    """Hold what a tab shows."""
    hidden: Any = ~selected if isinstance(selected, rx.Var) else not selected
    labelled = {"id": identifier, "role": "tabpanel", "aria_labelledby": f"onglet-{identifier}"}
    return rx.el.div(*children, tab_index=0, **labelled, **present(hidden=hidden))


def segments(*items: rx.Component, label: Text) -> rx.Component:
    """Hold a few ways of seeing the same thing, such as day, week and list."""
    return Roving.create(*items, selector="button, a", class_name="segments", role="group", aria_label=label)


def segment(label: Child, *, pressed: Flag, on_click: Handler = None, **attributes: Any) -> rx.Component:
    """Draw one of several ways of seeing."""
    return rx.el.button(label, type="button", aria_pressed=truth(pressed), **present(on_click=on_click), **attributes)


def narrowed(label: Text, everything: Text, options: rx.Var[list[Any]], *, value: Text, on_change: Handler) -> rx.Component:
    """Narrow what a page lists to one of a few things; `everything` names them all, the label is for those who hear it."""
    choice = rx.el.select(
        rx.el.option(everything, value=""),
        rx.foreach(options, lambda one: rx.el.option(one["label"], value=one["value"])),
        class_name="select",
        value=value,
        on_change=on_change,
    )
    return rx.el.label(rx.el.span(label, class_name="visually-hidden"), choice)


def pagination(page: rx.Var[int] | int, pages: rx.Var[int] | int, on_page: Any, *, label: Text = "Pages de la liste") -> rx.Component:
    """Move through a long list; `on_page` is a handler that takes the page number, from 1."""
    number: Any = rx.Var.create(page)
    last: Any = rx.Var.create(pages)
    return rx.el.nav(
        button("Précédente", on_page(number - 1), icon_name="chevron-left", size="small", disabled=number <= 1),
        rx.el.span("Page ", number, " sur ", last, class_name="soft figures", role="status"),
        button("Suivante", on_page(number + 1), icon_name="chevron-right", size="small", disabled=number >= last),
        class_name="pagination",
        aria_label=label,
    )


def breadcrumbs(*trail: tuple[str, str], here: Text, label: Text = "Fil d’Ariane") -> rx.Component:
    """Show the way back: (label, href) pairs, then the present page."""
    steps = [rx.el.li(link(text, href), icon("chevron-right")) for text, href in trail]
    return rx.el.nav(
        rx.el.ol(*steps, rx.el.li(rx.el.span(here, aria_current="page"))),
        class_name="breadcrumbs",
        aria_label=label,
    )
