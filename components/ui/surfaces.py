"""Surfaces: cards, lists, facts, tables, timelines."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from components.ui.buttons import link
from components.ui.kinds import Child, Flag, Handler, Text, classes, either, present

Columns = Sequence[str | tuple[str, str]]


def card(*children: Child, title: Child | None = None, aside: Child | None = None, level: int = 2, **attributes: Any) -> rx.Component:
    """Group what belongs together; `aside` stands at the end of the title's line."""
    extra = attributes.pop("class_name", "")
    if title is None:
        return rx.el.section(*children, class_name=classes("card", extra), **attributes)
    heading = rx.el.h2(title) if level == 2 else rx.el.h3(title)
    head = rx.el.div(heading, rx.el.div(aside, class_name="push") if aside is not None else rx.fragment(), class_name="card-head")
    return rx.el.section(head, *children, class_name=classes("card", extra), **attributes)


def card_body(*children: Child) -> rx.Component:
    """Hold the content of a card."""
    return rx.el.div(*children, class_name="card-body")


def results(
    title: str, items: rx.Var[list[Any]], draw: Callable[[Any], rx.Component], *, label: str = "", **attributes: Any
) -> rx.Component:
    """Draw a card for each of some items under a title; `label` says more of them to those who hear it."""
    cards = rx.el.div(rx.foreach(items, draw), class_name="results")
    return rx.el.section(rx.el.h2(title), cards, class_name="stack", aria_label=label or title, **attributes)


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


def table(caption: Text, columns: Columns, *rows: Child, visible_caption: bool = False) -> rx.Component:
    """Draw a table; where it is narrow, each row is a card of « name : value ». A column given as (name, "number") is for figures."""
    # The roles are written out: elements that are drawn otherwise than as a table lose them.
    heads = [rx.el.th(name, scope="col", role="columnheader", class_name=kind) for name, kind in map(_column, columns)]
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="" if visible_caption else "visually-hidden"),
            rx.el.thead(rx.el.tr(*heads, role="row"), role="rowgroup"),
            rx.el.tbody(*rows, role="rowgroup"),
            class_name="table table-cards",
            role="table",
        ),
        class_name="table-holder",
    )


def row(columns: Columns, head: Child, *cells: Child, **attributes: Any) -> rx.Component:
    """Draw a row of a table of these columns; `head` stands in the first one and names the row."""
    drawn = [
        rx.el.td(cell, role="cell", class_name=kind, data_label=name)
        for cell, (name, kind) in zip(cells, map(_column, columns[1:]), strict=True)
    ]
    return rx.el.tr(rx.el.th(head, scope="row", role="rowheader"), *drawn, role="row", **attributes)


def _column(column: str | tuple[str, str]) -> tuple[str, str]:
    return column if isinstance(column, tuple) else (column, "")


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
