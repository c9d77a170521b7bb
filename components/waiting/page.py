"""The page of the waiting list: filters, who waits for what, free places to offer."""

from typing import Any

import reflex as rx

from components.account.again import again
from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.layout.professional import commands_of, pro_page
from components.layout.values import PRO_NAVIGATION
from components.requests.watch import request_watch
from components.ui.buttons import button, count, link, primary_button
from components.ui.icons import icon
from components.ui.keys import shortcut
from components.ui.layers import confirm_dialog
from components.ui.marks import chip
from components.ui.native import Watch
from components.ui.navigation import narrowed, segment, segments
from components.ui.palette import PaletteOption, palette
from components.ui.states import empty, failed, loading, skeleton
from components.waiting.dialog import wish_dialog
from maiia_pro.waiting.listing import Which
from state.new_wish import NewWishForm
from state.waiting import WaitingPage as Page
from state.waiting import WishRemoval

HERE = "/agenda/attente"
NEW = "souhait-nouveau"
EVERY_MINUTE = 60
"""An offer passes by the clock alone."""
COMMANDS: list[PaletteOption] = [
    {"id": "nouveau-souhait", "title": "Ajouter à la liste d’attente", "icon": "plus", "keys": "N", "click": f"#{NEW}"},
]


def waiting_page() -> rx.Component:
    """Show who waits for a place."""
    page = pro_page(
        "Liste d’attente",
        HERE,
        rx.match(
            Page.status,
            ("ready", _ready()),
            ("failed", failed("La liste ne s’affiche pas", Page.message, again(Page.arrive, icon_name="refresh-cw"))),
            loading(skeleton(width="40%", height="24px"), skeleton(height="220px"), label="Chargement de la liste d’attente"),
        ),
        viewer=viewer(),
        navigation=PRO_ENTRIES,
        toolbar=_toolbar(),
        actions=(primary_button("Souhait", NewWishForm.begin, icon_name="plus", keys="n", id=NEW),),
        finder=palette([*COMMANDS, *commands_of(PRO_NAVIGATION)], placeholder="Aller à une page ou ajouter un patient"),
        search_label="Aller à une page",
        flush=True,
    )
    return unless_refused(page, "Liste d’attente", "La liste d’attente est celle des cabinets.")


def _toolbar() -> rx.Component:
    return rx.el.div(
        rx.el.h1("Liste d’attente"),
        rx.el.span(class_name="grow"),
        segments(
            _filter(Which.ACTIVE, "En attente", Page.active),
            _filter(Which.OFFERED, "Place proposée", Page.offered),
            _filter(Which.CLOSED, "Terminés"),
            label="Souhaits affichés",
        ),
        narrowed(
            "Praticien qui peut recevoir",
            "Tous les praticiens",
            Page.practitioners,
            value=Page.practitioner,
            on_change=Page.choose_practitioner,
        ),
        class_name="toolbar requests-toolbar",
    )


def _filter(which: Which, label: str, number: Any = None) -> rx.Component:
    total = count(rx.cond(Page.status == "ready", number.to(str), "")) if number is not None else rx.fragment()
    return segment(
        rx.fragment(label, total), pressed=Page.which == which.value, on_click=Page.choose(which.value), id=f"attente-{which.value}"
    )


def _ready() -> rx.Component:
    return rx.el.div(
        rx.cond(Page.rows.length() > 0, rx.el.ul(rx.foreach(Page.rows, _row), class_name="card divided wishes"), _nothing()),
        wish_dialog(),
        confirm_dialog(
            identifier="retirer-souhait",
            title="Retirer de la liste d’attente\u00a0?",
            message=rx.el.p("Aucune place ne sera plus proposée\u00a0: ", rx.el.b(WishRemoval.what), "."),
            confirm="Retirer de la liste",
            cancel="Garder sur la liste",
            on_confirm=WishRemoval.withdraw,
            opened=WishRemoval.wish != "",
            on_close=WishRemoval.keep,
        ),
        rx.cond(Page.topic != "", Watch.create(topic=Page.topic, every=EVERY_MINUTE, on_change=Page.changed)),
        request_watch(),
        shortcut("n", "Ajouter à la liste d’attente", click=f"#{NEW}", bar=True),
        class_name="requests",
    )


def _nothing() -> rx.Component:
    return rx.match(
        Page.which,
        ("offered", empty("Aucune place proposée", "Quand une place se libère, elle est proposée au premier souhait qui convient.")),
        ("closed", empty("Aucun souhait terminé", "Ceux qui ont trouvé une place, ou n’attendent plus, se retrouvent ici.")),
        empty(
            "Personne n’attend",
            "Ajoutez un patient qui viendrait plus tôt\u00a0: la première place qui lui convient lui sera proposée.",
            button("Ajouter un patient", NewWishForm.begin, icon_name="plus"),
        ),
    )


def _row(wish: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(wish["patient"], class_name="strong"),
                rx.el.span(wish["born"], class_name="small soft figures"),
                rx.cond(wish["active"], rx.fragment(), chip(wish["standing"].to(str))),
                rx.cond(wish["online"] | ~wish["active"].to(bool), rx.fragment(), chip("À appeler", tone="warning", icon_name="phone")),
                class_name="row wrap",
            ),
            rx.el.p(wish["reason"], " · ", wish["whom"]),
            rx.el.p(wish["when"], " · ", wish["since"], class_name="small soft"),
            rx.cond(
                wish["offer"] != "",
                rx.el.p(
                    icon("clock"),
                    rx.el.span("Proposé\u00a0: ", wish["offered"], ", ", wish["offered_by"], ". Réponse avant\u00a0: ", wish["expires"]),
                    class_name="row small",
                ),
            ),
            class_name="grow wish-what",
        ),
        rx.cond(wish["active"], _acts(wish)),
        rx.cond(Page.selected == wish["id"], _places(wish)),
        class_name="wish-row",
        key=wish["id"],
    )


def _acts(wish: Any) -> rx.Component:
    named = wish["patient"].to(str)
    return rx.el.div(
        rx.cond(
            wish["tel"] != "tel:", link(rx.fragment(icon("phone"), wish["phone"]), wish["tel"].to(str), outside=True, class_name="figures")
        ),
        rx.cond(
            wish["offer"] == "",
            button(
                "Places libres",
                Page.show_places(wish["id"]),
                icon_name="calendar-search",
                size="small",
                aria_expanded=rx.cond(Page.selected == wish["id"], "true", "false"),
                aria_label="Places libres pour " + named,
            ),
        ),
        button("Modifier", NewWishForm.edit(wish["id"], wish["version"]), size="small", aria_label="Modifier le souhait de " + named),
        button("Retirer", WishRemoval.ask(wish["id"]), size="small", aria_label="Retirer le souhait de " + named),
        class_name="row wrap wish-acts",
    )


def _places(wish: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(
            Page.places.length() > 0,
            rx.el.ul(rx.foreach(Page.places, _place), class_name="wish-places", aria_label="Places libres"),
            rx.el.p("Aucune place libre ne convient dans les quatre semaines.", class_name="soft small"),
        ),
        class_name="wish-more",
        key=wish["id"].to(str) + "-places",
    )


def _place(place: Any) -> rx.Component:
    label = place["label"].to(str)
    return rx.el.li(
        rx.el.span(rx.el.b(place["label"], class_name="figures"), rx.el.br(), place["practitioner"], class_name="grow"),
        rx.cond(place["offerable"], button("Proposer", Page.offer(place["key"]), size="small", aria_label="Proposer\u00a0: " + label)),
        button("Réserver", Page.book(place["key"]), size="small", aria_label="Réserver\u00a0: " + label),
        class_name="row wrap",
        key=place["key"],
    )
