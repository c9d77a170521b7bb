"""The first page: who, where, and the next free slots."""

from typing import Any, Final

import reflex as rx

from components.account.viewer import viewer
from components.booking.parts import demo_chip, person_head, slot_list
from components.layout.public import public_page
from components.ui.buttons import button, link, link_button, submit_button
from components.ui.fields import combobox_field
from components.ui.forms import form
from components.ui.icons import icon
from components.ui.native import Refocus
from components.ui.states import empty, failed, loading, skeleton
from maiia_pro.practice.tables import SPECIALTY_LABELS, Specialty
from state.directory import CardView, Directory, Instead
from state.slots import SlotLink
from state.suggestions import Suggestions

COMMON: Final = (
    Specialty.GENERAL_MEDICINE,
    Specialty.PAEDIATRICS,
    Specialty.DERMATOLOGY,
    Specialty.GYNAECOLOGY,
    Specialty.MIDWIFERY,
    Specialty.PHYSIOTHERAPY,
)


def search_page() -> rx.Component:
    """Offer the search and its results."""
    return public_page(
        "Prendre rendez-vous",
        _search_form(),
        _specialties(),
        rx.el.div(
            rx.match(
                Directory.status,
                ("ready", rx.cond(Directory.cards.length() > 0, _results(), _nobody())),
                ("failed", failed("La recherche n’a pas abouti", Directory.message, button("Réessayer", Directory.arrive))),
                _waiting(),
            ),
            id="resultats",
        ),
        rx.el.p(Directory.count, role="status", class_name="visually-hidden"),
        viewer=viewer(),
        active="/",
        lead="Cherchez un professionnel de santé par son nom, sa spécialité ou son adresse, et choisissez un créneau.",
    )


def _search_form() -> rx.Component:
    return form(
        combobox_field(
            "Nom ou spécialité",
            "quoi",
            options=Suggestions.what,
            answered=Suggestions.what_answered,
            on_query=Suggestions.ask_what,
            default_value=Directory.what,
            key=Directory.what,
            placeholder="Dr Vasseur, pédiatrie…",
            enter_key_hint="search",
        ),
        combobox_field(
            "Où",
            "ou",
            options=Suggestions.where,
            answered=Suggestions.where_answered,
            on_query=Suggestions.ask_where,
            default_value=Directory.where,
            key=Directory.where,
            icon_name="map-pin",
            placeholder="Ville ou code postal",
            enter_key_hint="search",
        ),
        submit_button("Rechercher"),
        on_submit=Directory.search,
        label="Recherche d’un professionnel",
        class_name="card search-form",
        role="search",
    )


def _specialties() -> rx.Component:
    chips = [
        button(
            SPECIALTY_LABELS[kind],
            Directory.practised(SPECIALTY_LABELS[kind]),
            size="small",
            pressed=Directory.what == SPECIALTY_LABELS[kind],
        )
        for kind in COMMON
    ]
    return rx.el.div(*chips, class_name="filters", role="group", aria_label="Spécialités courantes")


def _results() -> rx.Component:
    return rx.fragment(
        rx.el.h2(
            Directory.count,
            rx.cond(Directory.place != "", " · " + Directory.place, ""),
            class_name="result-count",
        ),
        _understood(),
        rx.el.div(rx.foreach(Directory.cards, _result), class_name="results"),
        rx.cond(
            Directory.more,
            rx.el.div(
                button("Voir d’autres professionnels", Directory.show_more, icon_name="chevron-down", key=Directory.first_new),
                class_name="row more",
            ),
        ),
        Refocus.create(target=Directory.first_new),
    )


def _understood() -> rx.Component:
    """Say what was answered in place of what was typed, and which other towns bear the name."""
    return rx.fragment(
        rx.cond(
            Directory.instead != "",
            rx.el.p("Résultats pour «\u00a0", rx.el.strong(Directory.instead), "\u00a0»", class_name="soft instead"),
        ),
        _other_places(),
    )


def _other_places() -> rx.Component:
    return rx.cond(
        Directory.other_places.length() > 0,
        rx.el.div(
            rx.el.span("Ou\u00a0bien\u00a0:", class_name="soft"),
            rx.foreach(Directory.other_places, lambda town: button(town, Directory.elsewhere(town), size="small")),
            class_name="filters",
            role="group",
            aria_label="Autres villes de ce nom",
        ),
    )


def _result(card: Any) -> rx.Component:
    view: CardView = card
    return rx.el.article(
        rx.el.div(
            person_head(card["name"], card["specialty"], card["initials"], card["hue"], href=card["href"], level=3),
            rx.el.ul(
                rx.el.li(
                    icon("map-pin"),
                    rx.el.span(
                        view["places"], rx.cond(view["far"] != "", rx.el.span("\n", view["far"], class_name="strong")), class_name="said"
                    ),
                ),
                class_name="meta",
            ),
            demo_chip(card["demo"]),
            class_name="stack",
        ),
        rx.cond(card["online"], _next_slots(card), _by_phone(card)),
        class_name="card result",
        id=view["href"],
        tab_index=-1,
    )


def _next_slots(card: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p("Prochains créneaux · ", rx.el.span(card["reason"], class_name="strong"), class_name="small soft"),
        rx.cond(
            card["slots"].to(list[SlotLink]).length() > 0,
            slot_list(card["slots"], _slot, "next-slots"),
            rx.el.p("Aucun créneau dans les quatre semaines qui viennent.", class_name="soft"),
        ),
        link_button("Voir tous les créneaux", card["href"], icon_name="calendar-search"),
        class_name="stack",
    )


def _slot(slot: Any) -> rx.Component:
    return link(slot["label"], slot["href"], class_name="slot")


def _by_phone(card: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p("Ce cabinet ne propose pas la réservation en ligne.", class_name="soft"),
        link_button("Voir comment le joindre", card["href"], icon_name="phone"),
        class_name="stack",
    )


def _nobody() -> rx.Component:
    """Say so, and offer what leads to somebody: another spelling, who is further away, another specialty, another town."""
    return rx.fragment(
        empty(
            Instead.title,
            Instead.advice,
            rx.foreach(
                Instead.spellings,
                lambda words: button(f"Chercher « {words} »", Directory.search({"quoi": words, "ou": ""}), variant="primary"),
            ),
            rx.foreach(Instead.specialties, lambda one: button(one + ", au même endroit", Directory.practised(one))),
            rx.cond((Directory.where != "") & (Directory.what != ""), button("Chercher partout, sans le lieu", Directory.elsewhere(""))),
            button("Voir tous les professionnels", Directory.search({"quoi": "", "ou": ""})),
            icon_name="search",
        ),
        _other_places(),
        rx.el.div(rx.foreach(Instead.cards, _result), class_name="results"),
    )


def _waiting() -> rx.Component:
    ghost = rx.el.div(skeleton(width="40%", height="20px"), skeleton(width="70%"), skeleton(height="44px"), class_name="card result stack")
    return loading(rx.el.div(ghost, ghost, ghost, class_name="results"), label="Recherche en cours")
