"""The page that is printed: a sheet a practitioner and site, black on white, nothing else on the paper."""

from typing import Any

import reflex as rx

from components.account.again import again
from components.account.refused import unless_refused
from components.agenda.native import PrintButton
from components.layout.desk import DeskStyles
from components.layout.parts import common, legal_links, main
from components.ui.buttons import link_button
from components.ui.icons import icon
from components.ui.kinds import styled
from components.ui.marks import skip_link
from components.ui.states import empty, failed, loading, skeleton
from state.paper import Paper


def paper_page() -> rx.Component:
    """Show the list of a day or a week as it comes out of the printer."""
    page = rx.el.div(
        DeskStyles.create(),
        skip_link(),
        main(
            _bar(),
            rx.match(
                Paper.status,
                ("ready", rx.el.div(rx.foreach(Paper.sheets, _sheet), class_name="paper-sheets")),
                ("empty", empty("Rien à imprimer", "Aucun rendez-vous sur ces jours.", icon_name="printer")),
                ("failed", failed("La liste ne s’affiche pas", Paper.message, again(Paper.arrive, icon_name="refresh-cw"))),
                loading(skeleton(width="40%", height="24px"), skeleton(height="60dvh"), label="Chargement de la liste"),
            ),
            class_name="paper",
        ),
        rx.el.footer(legal_links(plan=False), class_name="paper-foot"),
        common(),
    )
    return unless_refused(page, "Liste à imprimer", "L’agenda est celui des cabinets.")


def _bar() -> rx.Component:
    return rx.el.div(
        rx.el.h1("Liste à imprimer"),
        rx.el.span(class_name="grow"),
        link_button("Revenir à l’agenda", Paper.back, icon_name="chevron-left"),
        PrintButton.create(label="Imprimer", mark=rx.cond(Paper.status == "ready", Paper.mark, "")),
        class_name="toolbar paper-bar",
    )


def _sheet(sheet: Any) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(sheet["practitioner"], rx.el.span(" · ", sheet["site"])),
            rx.el.p(rx.el.b(sheet["title"]), " · ", sheet["count"], sheet["part"]),
        ),
        rx.cond(sheet["view"] == "jour", rx.foreach(sheet["days"].to(list[dict[str, Any]]), _day), _week(sheet)),
        rx.el.footer(Paper.printed, " · Document confidentiel"),
        class_name="paper-sheet",
        data_view=sheet["view"],
        data_theme="light",
        tab_index=0,
        role="region",
        aria_label=sheet["practitioner"].to(str) + " · " + sheet["site"].to(str) + sheet["part"].to(str),
        key=sheet["key"],
        **styled({"--fullest": sheet["fullest"], "--columns": sheet["columns"]}),
    )


def _day(day: Any) -> rx.Component:
    heads = ("Heure", "Durée", "Patient", "Naissance", "Téléphone", "Motif", "Mode", "Note", "Vu")
    return rx.el.table(
        rx.el.caption(day["title"], class_name="visually-hidden"),
        rx.el.thead(rx.el.tr(*[rx.el.th(head, scope="col") for head in heads])),
        rx.el.tbody(rx.foreach(day["lines"].to(list[dict[str, Any]]), _row)),
    )


def _row(line: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(line["time"]),
        rx.el.td(line["length"]),
        rx.el.th(line["name"], scope="row"),
        rx.el.td(line["born"]),
        rx.el.td(line["phone"]),
        rx.el.td(line["reason"]),
        rx.el.td(line["mode"]),
        rx.el.td(_note(line)),
        rx.el.td(_box()),
    )


def _week(sheet: Any) -> rx.Component:
    return rx.el.div(
        rx.foreach(
            sheet["days"].to(list[dict[str, Any]]),
            lambda day: rx.el.section(
                rx.el.h3(day["title"]),
                rx.el.ul(rx.foreach(day["lines"].to(list[dict[str, Any]]), _visit)),
            ),
        ),
        class_name="paper-week",
        data_density=sheet["density"],
    )


def _visit(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.p(_box(), rx.el.span(line["time"]), rx.el.span(line["minutes"]), rx.el.b(line["name"]), _video(line), _note(line)),
        rx.el.p(rx.el.span(line["born"]), rx.el.span(line["phone"]), rx.el.span(line["reason"], " · ", line["mode"], class_name="in-two")),
        rx.el.p(line["reason"], " · ", line["mode"]),
    )


def _note(line: Any) -> rx.Component:
    return rx.cond(line["note"], icon("sticky-note", label="Note du cabinet"))


def _video(line: Any) -> rx.Component:
    return rx.cond(line["video"], icon("video", label="En vidéo"))


def _box() -> rx.Component:
    return rx.el.span(class_name="tick", aria_hidden="true")
