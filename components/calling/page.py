"""Who may be calling: each with the last visit and the next one, one key to book and one to open the visit."""

from typing import Any

import reflex as rx

from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.layout.professional import pro_page
from components.ui.buttons import link_button
from components.ui.keys import shortcut
from components.ui.marks import avatar
from components.ui.states import empty, failed, loading, skeleton
from state.calling import Call


def call_page() -> rx.Component:
    """Show who has the caller's number; nobody's leads straight to a new record."""
    page = pro_page(
        rx.cond(Call.number != "", "Appel du " + Call.number.to(str), "Appel"),
        "/appel",
        rx.match(
            Call.status,
            ("known", _known()),
            ("hidden", empty("Numéro masqué", "Cherchez le patient par son nom depuis l’agenda.", _agenda(), icon_name="phone")),
            ("failed", failed("La recherche n’a pas abouti", "Rechargez la page pour réessayer.", _agenda())),
            loading(skeleton(width="40%", height="24px")),
        ),
        viewer=viewer(),
        navigation=PRO_ENTRIES,
        search_label="Aller à une page",
    )
    return unless_refused(page, "Appel", "Les appels sont ceux des cabinets.")


def _agenda() -> rx.Component:
    return link_button("Ouvrir l’agenda", "/agenda", icon_name="calendar-days", variant="primary")


def _known() -> rx.Component:
    several = Call.people.length() > 1
    return rx.fragment(
        rx.cond(
            several,
            rx.el.p("Plusieurs patients ont ce numéro\u00a0: choisissez le bon par son chiffre.", class_name="soft for-keys instead"),
        ),
        rx.el.ul(rx.foreach(Call.people, _person), class_name="card divided wishes", aria_label="Patients qui ont ce numéro"),
        rx.cond(
            several,
            rx.fragment(
                *[
                    shortcut(str(place), "" if place > 1 else "Choisir un patient (1 à 9)", focus=f"#donner-{place}")
                    for place in range(1, 10)
                ]
            ),
            rx.fragment(shortcut("n", "Donner un rendez-vous", click="#donner-1", bar=True)),
        ),
        shortcut("o", "Ouvrir le rendez-vous", click="li:focus-within [id^=voir-], li:only-child [id^=voir-]", bar=True),
    )


def _person(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                avatar(one["initials"], hue=one["hue"]),
                rx.cond(Call.people.length() > 1, rx.el.kbd(one["number"], aria_hidden="true")),
                rx.el.span(one["name"], class_name="strong"),
                rx.el.span(one["detail"], class_name="small soft figures"),
                class_name="row wrap",
            ),
            rx.el.p(
                rx.cond(one["following"] != "", "Prochain rendez-vous\u00a0: " + one["following"].to(str), "Aucun rendez-vous à venir.")
            ),
            rx.cond(one["last"] != "", rx.el.p("Dernier\u00a0: ", one["last"], class_name="small soft")),
            class_name="grow wish-what",
        ),
        rx.el.div(
            link_button(
                "Donner un rendez-vous",
                "/agenda?patient=" + one["id"].to(str),
                variant="primary",
                icon_name="calendar-plus",
                id="donner-" + one["number"].to(str),
                aria_label="Donner un rendez-vous à " + one["name"].to(str),
            ),
            rx.cond(
                one["href"] != "",
                link_button(
                    "Ouvrir le rendez-vous",
                    one["href"],
                    icon_name="calendar-days",
                    id="voir-" + one["number"].to(str),
                    aria_label="Ouvrir le rendez-vous de " + one["name"].to(str),
                ),
            ),
            class_name="row wrap",
        ),
        class_name="wish-row",
        key=one["id"],
    )
