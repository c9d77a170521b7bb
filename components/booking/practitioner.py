"""A practitioner's public page: reason, day, slot."""

from typing import Any

import reflex as rx

from components.account.viewer import viewer
from components.booking.native import ChosenDay
from components.booking.parts import slot_list
from components.booking.profile import profile_head, profile_more
from components.layout.public import public_page
from components.ui.buttons import button, icon_button, link, link_button
from components.ui.choices import choice_card, radio_group
from components.ui.icons import icon
from components.ui.messages import note
from components.ui.native import Roving, Watch
from components.ui.states import empty, failed, loading, not_found, skeleton
from state.practitioner import PractitionerState as Page
from state.slots import SlotLink


def practitioner_public_page() -> rx.Component:
    """Show who it is, where, and what may be booked."""
    return public_page(
        rx.cond(Page.profile["name"], Page.profile["name"], "Prendre rendez-vous"),
        rx.match(
            Page.status,
            ("ready", _ready()),
            ("missing", not_found(_search(), message=Page.message)),
            ("failed", failed("Cette page ne répond pas", Page.message, button("Réessayer", Page.arrive))),
            loading(skeleton(width="40%", height="24px"), skeleton(width="60%"), skeleton(height="200px")),
        ),
        viewer=viewer(),
        hidden_title=True,
    )


def _search() -> rx.Component:
    return link_button("Chercher un professionnel", "/", icon_name="search", variant="primary")


def _ready() -> rx.Component:
    return rx.el.div(
        ChosenDay.create(day=Page.day),
        rx.cond(Page.watched != "", Watch.create(topic=f"slots:{Page.watched}", on_change=Page.refresh)),
        profile_head(Page.profile, Page.places),
        rx.el.div(
            rx.cond(
                Page.moving,
                note(
                    rx.fragment(
                        "Choisissez le nouveau créneau de votre rendez-vous du ",
                        rx.el.b(Page.moving),
                        ". L’ancien reste le vôtre jusque-là. ",
                        link("Ne pas déplacer", "/rendez-vous"),
                    ),
                    title="Vous déplacez un rendez-vous",
                    icon_name="calendar-clock",
                ),
            ),
            rx.cond(Page.profile["online"], _steps(), _by_phone()),
            class_name="stack profile-booking",
        ),
        profile_more(Page.profile, Page.places, Page.fees),
        class_name="profile-grid",
    )


def _by_phone() -> rx.Component:
    return rx.el.section(
        empty(
            "Pas de réservation en ligne",
            "Ce cabinet prend ses rendez-vous par téléphone.",
            rx.foreach(Page.places, _call),
            icon_name="phone",
        ),
        class_name="card",
    )


def _call(place: Any) -> rx.Component:
    return link_button(place["phone"], "tel:" + place["tel"].to(str), icon_name="phone", outside=True)


def _steps() -> rx.Component:
    return rx.el.div(
        rx.el.section(
            rx.el.h2("Motif", id="titre-motif"),
            rx.cond(~Page.moving & (Page.places.length() > 1), _places()),
            rx.el.div(rx.foreach(Page.reasons, _reason), class_name="choices", role="radiogroup", aria_labelledby="titre-motif"),
        ),
        rx.cond(Page.asks, _known()),
        rx.cond(
            ~Page.asks | (Page.known != ""),
            rx.fragment(rx.el.section(rx.el.h2("Jour"), _days()), rx.el.section(rx.el.h2("Heure"), _slots(), aria_live="polite")),
            rx.el.section(rx.el.p("Répondez pour voir les créneaux.", class_name="soft")),
        ),
        class_name="card steps",
    )


def _known() -> rx.Component:
    """Ask what the times of the reason depend on; the booking itself goes by the record."""
    return rx.el.section(
        radio_group(
            rx.Var.create("Avez-vous déjà consulté ") + Page.profile["name"] + "\u00a0?",
            "connu",
            [("oui", "Oui"), ("non", "Non, c’est la première fois")],
            value=Page.known,
            on_change=Page.say_known,
        )
    )


def _places() -> rx.Component:
    def place(view: Any) -> rx.Component:
        return rx.el.button(
            view["name"],
            type="button",
            aria_pressed=rx.cond(Page.place == view["key"], "true", "false"),
            on_click=Page.choose_place(view["key"]),
        )

    return Roving.create(
        rx.foreach(Page.places, place), selector="button", class_name="segments segments-wrap", role="group", aria_label="Lieu"
    )


def _reason(reason: Any) -> rx.Component:
    card = choice_card(
        "motif",
        reason["value"],
        reason["label"],
        detail=reason["detail"],
        checked=Page.offering == reason["value"],
        on_change=Page.choose_reason(reason["value"]),
    )
    return rx.cond(reason["site"] == Page.place, card)


def _days() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            icon_button("chevron-left", "Jours précédents", Page.turn(False), disabled=Page.at_start, variant="plain"),
            rx.el.span(Page.span, class_name="small soft grow"),
            icon_button("chevron-right", "Jours suivants", Page.turn(True), variant="plain"),
            class_name="row day-turn",
        ),
        Roving.create(
            rx.foreach(Page.days, _day), selector="[role=tab]", class_name="day-tabs", role="tablist", aria_label="Jour du rendez-vous"
        ),
    )


def _day(day: Any) -> rx.Component:
    return rx.el.button(
        rx.el.span(day["weekday"]),
        " ",
        rx.el.b(day["number"]),
        " ",
        rx.el.span(day["month"], class_name="faint"),
        type="button",
        role="tab",
        id="jour-" + day["value"].to(str),
        aria_selected=rx.cond(Page.day == day["value"], "true", "false"),
        aria_controls="creneaux",
        aria_label=day["spoken"],
        data_empty=rx.cond(day["count"].to(int) > 0, None, "true"),
        on_click=Page.choose_day(day["value"]),
    )


def _slots() -> rx.Component:
    return rx.el.div(
        rx.cond(
            Page.day,
            rx.cond(
                (Page.slots["morning"].length() > 0) | (Page.slots["afternoon"].length() > 0),
                rx.fragment(_part("Matin", "sun", "morning"), _part("Après-midi", "clock", "afternoon")),
                rx.el.p("Plus aucun créneau ce jour-là. Choisissez un autre jour.", class_name="soft"),
            ),
            _none(),
        ),
        rx.cond(~Page.moving, _warn_me()),
        id="creneaux",
        role="tabpanel",
        aria_label="Créneaux du jour choisi",
    )


def _warn_me() -> rx.Component:
    return rx.el.p(
        icon("hourglass"),
        rx.el.span(
            rx.cond(Page.day, "Aucun créneau ne vous convient\u00a0? ", ""),
            link("Me prévenir si une place se libère", "/rendez-vous/attente?motif=" + Page.offering.to(str)),
        ),
        class_name="row soft warn-me",
    )


def _part(title: str, name: Any, key: str) -> rx.Component:
    slots = Page.slots[key].to(list[SlotLink])
    return rx.cond(
        slots.length() > 0,
        rx.fragment(
            rx.el.h3(icon(name), title, class_name="slot-part"),
            slot_list(slots, _slot),
        ),
    )


def _slot(slot: Any) -> rx.Component:
    return link(slot["label"], slot["href"], class_name="slot", custom_attrs={"data-slot": slot["key"]})


def _none() -> rx.Component:
    return rx.cond(
        Page.later,
        rx.el.div(
            rx.el.p("Aucun créneau sur ces deux semaines."),
            button("Aller au premier créneau libre", Page.jump, icon_name="calendar-search", variant="primary"),
            rx.el.p("C’est le ", Page.later, ".", class_name="soft"),
            class_name="stack",
        ),
        rx.el.p("Aucun créneau n’est ouvert pour ce motif. Essayez un autre motif, ou appelez le cabinet.", class_name="soft"),
    )
