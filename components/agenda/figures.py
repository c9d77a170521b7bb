"""The page « Chiffres »: each figure as a drawing, its numbers beneath in a table, and both as a file."""

from typing import Any

import reflex as rx

from components.account.again import again
from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.layout.professional import pro_page
from components.ui.buttons import link, link_button
from components.ui.fields import calendar_field, select_field
from components.ui.forms import form_row
from components.ui.icons import icon
from components.ui.kinds import either
from components.ui.navigation import segment, segments
from components.ui.states import empty, failed, loading, not_allowed, skeleton
from components.ui.surfaces import card
from maiia_pro.agenda.figures import Grouping
from state.figures import FiguresState as Page

HERE = "/chiffres"
GROUPINGS = ((Grouping.WEEK, "Par semaine"), (Grouping.REASON, "Par motif"), (Grouping.PRACTITIONER, "Par praticien"))


def figures_page() -> rx.Component:
    """Show occupancy, absences, delays and origin over a period."""
    page = pro_page(
        "Chiffres",
        HERE,
        rx.match(
            Page.status,
            ("ready", _ready()),
            ("refused", not_allowed(link_button("Revenir à l’agenda", "/agenda"), message=Page.message)),
            ("failed", failed("Les chiffres ne s’affichent pas", Page.message, again(Page.arrive, icon_name="refresh-cw"))),
            loading(skeleton(width="40%", height="24px"), skeleton(height="260px"), label="Chargement des chiffres"),
        ),
        viewer=viewer(),
        navigation=PRO_ENTRIES,
        search_label="Aller à une page",
    )
    return unless_refused(page, "Chiffres", "Les chiffres sont ceux des cabinets.")


def _ready() -> rx.Component:
    return rx.el.div(
        _patterns(),
        rx.el.div(
            form_row(
                calendar_field("Du", "first", **_day("first", Page.first)),
                calendar_field("Au", "last", **_day("last", Page.last)),
                select_field(
                    "Praticien",
                    "practitioner",
                    Page.practitioners,
                    value=Page.practitioner,
                    on_change=lambda value: Page.choose("practitioner", value),
                ),
            ),
            segments(
                *[
                    segment(label, pressed=Page.grouping == by.value, on_click=Page.choose("grouping", by.value), id=f"chiffres-{by.value}")
                    for by, label in GROUPINGS
                ],
                label="Compter",
            ),
            class_name="stack figures-asked",
        ),
        rx.el.div(rx.foreach(Page.charts, _figure), class_name="figures-list"),
        class_name="figures-page stack",
    )


def _day(name: str, value: Any) -> dict[str, Any]:
    return {
        "default_value": value,
        "error": Page.errors.get(name, ""),
        "on_change": lambda typed: Page.choose(name, typed).debounce(400),
    }


def _figure(chart: Any) -> rx.Component:
    return card(
        rx.el.div(
            rx.el.p(chart["about"], class_name="soft small"),
            rx.cond(
                chart["empty"],
                empty("Rien à compter", "Aucun chiffre sur cette période. Choisissez d’autres jours.", icon_name="chart-column"),
                _drawing(chart),
            ),
            rx.cond(chart["rows"].length() > 0, _numbers(chart)),
            class_name="card-body stack",
        ),
        title=chart["title"],
        aside=link(
            rx.fragment(icon("file-text"), rx.el.span("CSV", rx.el.span("\u00a0: ", chart["title"], class_name="visually-hidden"))),
            chart["file"],
            outside=True,
            class_name="button button-small",
        ),
    )


def _drawing(chart: Any) -> rx.Component:
    named = "chiffre-" + chart["key"]
    return rx.fragment(
        rx.cond(
            chart["legend"].length() > 0,
            rx.el.ul(
                rx.foreach(
                    chart["legend"],
                    lambda one: rx.el.li(
                        rx.el.svg(_rect("0", "0", "16", "16", one["fill"]), width="16", height="16", aria_hidden="true"), one["label"]
                    ),
                ),
                class_name="figure-legend small",
            ),
        ),
        rx.el.div(
            rx.el.svg(
                rx.el.svg.title(chart["title"], id=named + "-titre"),
                rx.el.svg.desc(chart["says"], id=named + "-dit"),
                rx.foreach(chart["lines"], lambda line: _rect(line["x"], line["y"], line["width"], "1", "line")),
                rx.foreach(chart["marks"], _mark),
                rx.foreach(chart["texts"], _text),
                view_box=chart["box"],
                role="img",
                aria_labelledby=named + "-titre",
                aria_describedby=named + "-dit",
                class_name="figure-drawing",
            ),
            class_name=either(Page.grouping == Grouping.WEEK.value, "figure-holder figure-latest", "figure-holder"),
            tab_index=0,
            role="group",
            aria_label=chart["title"],
        ),
        rx.el.p(chart["says"], class_name="small"),
    )


def _rect(x: Any, y: Any, width: Any, height: Any, fill: Any, *children: rx.Component) -> rx.Component:
    return rx.el.svg.rect(
        *children, custom_attrs={"x": x, "y": y, "width": width, "height": height}, class_name=rx.Var.create("figure-") + fill
    )


def _mark(mark: Any) -> rx.Component:
    return _rect(mark["x"], mark["y"], mark["width"], mark["height"], mark["fill"], rx.el.svg.title(mark["title"]))


def _text(text: Any) -> rx.Component:
    return rx.el.svg.text(
        text["text"],
        custom_attrs={"x": text["x"], "y": text["y"], "textAnchor": text["anchor"], "style": {"--x": text["x"].to(str) + "px"}},
    )


def _numbers(chart: Any) -> rx.Component:
    return rx.el.details(
        rx.el.summary("Tableau des nombres"),
        rx.el.div(
            rx.el.table(
                rx.el.caption(chart["title"], class_name="visually-hidden"),
                rx.el.thead(
                    rx.el.tr(rx.foreach(chart["columns"], lambda name: rx.el.th(name, scope="col", role="columnheader")), role="row"),
                    role="rowgroup",
                ),
                rx.el.tbody(rx.foreach(chart["rows"], _row), role="rowgroup"),
                class_name="table",
                role="table",
            ),
            class_name="table-holder",
        ),
        open=True,
        class_name="figure-table",
    )


def _row(row: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(row["head"], scope="row", role="rowheader"),
        rx.foreach(row["cells"], lambda cell: rx.el.td(cell["text"], role="cell", class_name="number", data_label=cell["name"])),
        role="row",
    )


def _patterns() -> rx.Component:
    """Hold what fills the second and third bars: stripes and dots, so that nothing is told by colour alone."""

    def pattern(name: str, *drawn: rx.Component) -> rx.Component:
        size = {"width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
        ground = rx.el.svg.rect(custom_attrs={"width": "6", "height": "6"}, class_name=f"figure-ground-{name}")
        return rx.el.svg.pattern(ground, *drawn, id=f"motif-{name}", custom_attrs=size)

    return rx.el.svg(
        rx.el.svg.defs(
            pattern("b", rx.el.svg.path(d="M-1 1l2-2M0 6l6-6M5 7l2-2", class_name="figure-stripe")),
            pattern("c", rx.el.svg.circle(custom_attrs={"cx": "3", "cy": "3", "r": "1.4"}, class_name="figure-dot")),
        ),
        width="0",
        height="0",
        aria_hidden="true",
        class_name="figure-patterns",
    )
