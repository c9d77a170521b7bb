"""The page of requests: filters, the list by when it presses, one request beside."""

from typing import Any

import reflex as rx

from components.account.again import again
from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.layout.professional import commands_of, pro_page
from components.layout.values import PRO_NAVIGATION
from components.requests.dialog import new_request_dialog
from components.requests.panel import request_panel
from components.requests.watch import EVERY_MINUTE
from components.ui.buttons import button, count, primary_button
from components.ui.icons import icon
from components.ui.keys import shortcut
from components.ui.kinds import either
from components.ui.marks import avatar, chip
from components.ui.native import Roving, Watch
from components.ui.navigation import narrowed, segment, segments
from components.ui.palette import PaletteOption, palette
from components.ui.states import empty, failed, loading, skeleton
from maiia_pro.requests.listing import Which
from state.new_request import NewRequestForm
from state.request_panel import RequestPanel
from state.requests import RequestBadge
from state.requests import RequestList as Page

HERE = "/demandes"
NEW = "demande-nouvelle"
COMMANDS: list[PaletteOption] = [
    {"id": "nouvelle-demande", "title": "Noter une demande", "icon": "plus", "keys": "N", "click": f"#{NEW}"},
    {"id": "demandes-a-moi", "title": "Voir mes demandes", "icon": "user", "click": "#demandes-mine"},
    {"id": "demandes-a-prendre", "title": "Voir les demandes à prendre", "icon": "inbox", "click": "#demandes-unassigned"},
]
FILTERS = (
    (Which.OPEN, "Ouvertes", "open"),
    (Which.MINE, "À moi", "mine"),
    (Which.UNASSIGNED, "À prendre", "unassigned"),
    (Which.CLOSED, "Fermées", ""),
)


def requests_page() -> rx.Component:
    """Show what the practice has to answer."""
    page = pro_page(
        "Demandes",
        HERE,
        rx.match(
            Page.status,
            ("ready", _ready()),
            (
                "failed",
                failed("Les demandes ne s’affichent pas", Page.message, again(Page.arrive, icon_name="refresh-cw")),
            ),
            loading(skeleton(width="40%", height="24px"), skeleton(height="220px"), label="Chargement des demandes"),
        ),
        viewer=viewer(),
        navigation=PRO_ENTRIES,
        toolbar=_toolbar(),
        actions=(primary_button("Demande", NewRequestForm.begin(""), icon_name="plus", keys="n", id=NEW),),
        side=rx.cond(RequestPanel.status != "", request_panel()),
        news=rx.el.span(
            rx.cond(Page.news != "", rx.fragment(icon("users"), rx.el.span(Page.news, class_name="clip"))), class_name="push", role="status"
        ),
        finder=palette([*COMMANDS, *commands_of(PRO_NAVIGATION)], placeholder="Aller à une page ou noter une demande"),
        search_label="Aller à une page",
        flush=True,
    )
    return unless_refused(page, "Demandes", "Les demandes sont celles des cabinets.")


def _toolbar() -> rx.Component:
    return rx.el.div(
        rx.el.h1("Demandes"),
        rx.cond(
            Page.counts["overdue"] > 0,
            rx.el.span(icon("clock"), rx.el.span(Page.counts["overdue"], " en retard"), class_name="chip chip-warning"),
        ),
        rx.el.span(class_name="grow"),
        segments(*[_filter(*one) for one in FILTERS], label="Demandes affichées"),
        narrowed(
            "Praticien concerné", "Tous les praticiens", Page.practitioners, value=Page.practitioner, on_change=Page.choose_practitioner
        ),
        class_name="toolbar requests-toolbar",
    )


def _filter(which: Which, label: str, number: str) -> rx.Component:
    total = count(rx.cond(Page.status == "ready", Page.counts[number].to(str), "")) if number else rx.fragment()
    return segment(
        rx.fragment(label, total),
        pressed=Page.which == which.value,
        on_click=Page.choose(which.value),
        id=f"demandes-{which.value}",
    )


def _ready() -> rx.Component:
    return rx.el.div(
        rx.cond(
            Page.groups.length() > 0,
            Roving.create(rx.foreach(Page.groups, _group), selector=".request-open", orientation="vertical", class_name="request-groups"),
            _nothing(),
        ),
        new_request_dialog(),
        rx.cond(RequestBadge.topic != "", Watch.create(topic=RequestBadge.topic, every=EVERY_MINUTE, on_change=RequestPanel.changed)),
        shortcut("n", "Nouvelle demande", click=f"#{NEW}", bar=True),
        shortcut("l", "Entrer dans la liste", focus=".request-open[tabindex='0']", bar=True),
        shortcut("m", "Mes demandes", click="#demandes-mine"),
        shortcut("Escape", "Fermer la demande", RequestPanel.close),
        class_name="requests",
    )


def _nothing() -> rx.Component:
    note_one = button("Noter une demande", NewRequestForm.begin(""), icon_name="plus")
    see_all = button("Voir toutes les demandes ouvertes", Page.choose(Which.OPEN.value))
    return rx.match(
        Page.which,
        ("mine", empty("Rien ne vous attend", "Aucune demande ouverte n’est à vous. Prenez-en une dans celles de tous.", see_all)),
        ("unassigned", empty("Tout est pris", "Chaque demande ouverte a quelqu’un qui s’en occupe.", see_all)),
        ("closed", empty("Aucune demande fermée", "Ce qui est fait ou abandonné se retrouve ici.", see_all)),
        empty(
            "Aucune demande ouverte",
            "Notez ici qui rappeler, quelle ordonnance renouveler, à quelle question répondre.",
            note_one,
        ),
    )


def _group(group: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(group["title"], " ", count(group["rows"].to(list[Any]).length()), class_name="request-title"),
        rx.el.ul(rx.foreach(group["rows"].to(list[dict[str, Any]]), _row), class_name="card divided"),
    )


def _row(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            icon(one["icon"].to(str), large=True),
            rx.el.span(
                rx.el.span(one["subject"], class_name="strong request-subject"),
                rx.el.span(one["kind"], " · ", one["who"], class_name="small soft"),
                class_name="grow request-what",
            ),
            _meta(one),
            type="button",
            class_name="list-row request-open",
            on_click=RequestPanel.show(one["id"]),
            aria_current=rx.cond(RequestPanel.selected == one["id"], "true", "false"),
        ),
        rx.cond(
            one["free"],
            button(
                "Prendre",
                Page.take(one["id"], one["version"]),
                size="small",
                aria_label=rx.Var.create("Prendre\u00a0: ") + one["subject"].to(str),
            ),
        ),
        class_name="request-row",
        key=one["id"],
        data_fresh=rx.cond(one["fresh"], "true", rx.Var("undefined")),
    )


def _meta(one: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(
            rx.cond(one["urgent"], chip("Urgente", tone="danger", icon_name="triangle-alert")),
            rx.cond(one["comments"] != "", chip(one["comments"].to(str), icon_name="sticky-note")),
            rx.cond(one["progress"] != "", chip(one["progress"].to(str), icon_name=one["progress_icon"].to(str))),
            class_name="request-marks",
        ),
        rx.el.span(
            rx.cond(one["overdue"], icon("clock", label="En retard\u00a0: ")),
            one["due"],
            class_name=either(one["overdue"].to(bool), "request-due figures late", "request-due figures"),
        ),
        rx.el.span(
            rx.cond(
                one["initials"] != "",
                avatar(one["initials"].to(str)),
                rx.el.span(icon("inbox"), class_name="avatar", aria_hidden="true"),
            ),
            rx.el.span(one["owner"], class_name="clip"),
            class_name="request-owner small",
        ),
        class_name="request-meta",
    )
