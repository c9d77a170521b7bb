"""Whom a call may come from, where the number alone does not say it."""

import reflex as rx

from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.layout.professional import pro_page
from components.ui.buttons import link, link_button
from components.ui.marks import avatar
from components.ui.states import empty, failed, loading, skeleton
from state.calling import Call


def call_page() -> rx.Component:
    """List who shares the caller's number; with one or none, the page leads straight to the agenda."""
    page = pro_page(
        rx.cond(Call.number != "", "Appel du " + Call.number.to(str), "Appel"),
        "/appel",
        rx.match(
            Call.status,
            ("several", rx.el.ul(rx.foreach(Call.people, _person), class_name="choices", aria_label="Patients qui ont ce numéro")),
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


def _person(one: rx.Var[dict[str, str]]) -> rx.Component:
    words = rx.el.span(
        rx.el.span(one["name"], class_name="strong"), rx.el.span(one["detail"], class_name="choice-detail"), class_name="grow"
    )
    return rx.el.li(
        link(rx.fragment(avatar(one["initials"], hue=one["hue"]), words), "/agenda?patient=" + one["id"].to(str), class_name="choice")
    )
