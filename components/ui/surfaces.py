"""Surfaces: cards, lists, facts, tables, timelines."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from components.ui.buttons import link
from components.ui.kinds import Child, Flag, Handler, Text, classes, either, present


def card(*children: Child, title: Child | None = None, aside: Child | None = None, level: int = 2, **attributes: Any) -> rx.Component:
    """Group what belongs together; `aside` stands at the end of the title's line."""
    extra = attributes.pop("class_name", "")
    if title is None:
        return rx.el.section(*children, class_name=classes("card", extra), **attributes)
    heading = rx.el.h2(title) if level == 2 else rx.el.h3(title)
    head = rx.el.div(heading, rx.el.span(aside, class_name="push") if aside is not None else rx.fragment(), class_name="card-head")
    return rx.el.section(head, *children, class_name=classes("card", extra), **attributes)


def card_body(*children: Child) -> rx.Component:
    """Hold the content of a card."""
    return rx.el.div(*children, class_name="card-body")


def divided(*rows: Child) -> rx.Component:
    """Hold rows with a line between them."""
    return rx.el.ul(*rows, class_name="divided")


def list_row(*children: Child, href: Text = "", on_click: Handler = None, current: Flag = False) -> rx.Component:
    """Draw a row of a list, as a link, a button or plain text."""
    mark = present(aria_current=either(current, "true", "false") if isinstance(current, rx.Var) else ("true" if current else None))
    if isinstance(href, rx.Var) or href:
        inner = link(rx.fragment(*children), href, class_name="list-row", **mark)
    elif on_click is not None:
        inner = rx.el.button(*children, type="button", class_name="list-row", on_click=on_click, **mark)
    else:
        inner = rx.el.div(*children, class_name="list-row", **mark)
    return rx.el.li(inner)


def facts(*pairs: tuple[Child, Child]) -> rx.Component:
    """List facts as name and value."""
    return rx.el.dl(*[part for name, value in pairs for part in (rx.el.dt(name), rx.el.dd(value))], class_name="facts")


def table(caption: Text, head: Sequence[Child | tuple[Child, str]], *rows: Child, visible_caption: bool = False) -> rx.Component:
    """Draw a table that scrolls sideways on a phone; a head given as (label, "number") is for figures."""
    cells = [
        rx.el.th(name, scope="col", class_name=kind) for name, kind in (item if isinstance(item, tuple) else (item, "") for item in head)
    ]
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="" if visible_caption else "visually-hidden"),
            rx.el.thead(rx.el.tr(*cells)),
            rx.el.tbody(*rows),
            class_name="table",
        ),
        class_name="table-scroll",
        role="region",
        aria_label=caption,
        tab_index=0,
    )


def row(*cells: Child | tuple[Child, str], head: Child | None = None) -> rx.Component:
    """Draw a row of a table; `head` names it."""
    first = [rx.el.th(head, scope="row")] if head is not None else []
    rest = [rx.el.td(cell[0], class_name=cell[1]) if isinstance(cell, tuple) else rx.el.td(cell) for cell in cells]
    return rx.el.tr(*first, *rest)


def timeline(*events: Child) -> rx.Component:
    """Hold what happened, the latest first."""
    return rx.el.ol(*events, class_name="timeline")


def timeline_event(title: Child, when: Text, *, detail: Child | None = None) -> rx.Component:
    """Draw one thing that happened."""
    return rx.el.li(
        rx.el.div(title, class_name="strong"),
        rx.el.div(when, class_name="small soft figures"),
        rx.el.div(detail, class_name="small") if detail is not None else rx.fragment(),
    )
