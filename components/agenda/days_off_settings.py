"""The card of public and school holidays."""

from typing import Any

import reflex as rx

from components.ui.buttons import button
from components.ui.fields import checkbox
from components.ui.marks import chip
from components.ui.surfaces import card, card_body, divided
from state.setup_days_off import DaysOffSetup as Off

SOON = 3
"""How many holidays are shown before the rest is folded away."""


def days_off_card() -> rx.Component:
    """Say whether public holidays are closed, which come, and when schools rest."""
    return rx.cond(
        Off.status == "ready",
        card(
            card_body(
                checkbox(
                    "Fermé les jours fériés",
                    "closed-on-holidays",
                    checked=Off.closed,
                    on_change=Off.rest,
                    hint="Une ouverture en plus ou d’autres horaires l’emportent ce jour-là.",
                ),
            ),
            divided(rx.foreach(Off.holidays[:SOON], _holiday)),
            rx.cond(
                Off.holidays.length() > SOON,
                rx.el.details(
                    rx.el.summary("Les jours fériés suivants", class_name="small soft"),
                    divided(rx.foreach(Off.holidays[SOON:], _holiday)),
                    class_name="setup-past",
                ),
            ),
            rx.el.details(
                rx.el.summary("Vacances scolaires et semaines A et B", class_name="small soft"),
                rx.el.ul(
                    rx.foreach(Off.breaks, lambda one: rx.el.li(rx.el.span(one["name"], class_name="strong"), " ", one["when"])),
                    class_name="setup-breaks",
                ),
                rx.el.p(Off.known, class_name="small soft"),
                rx.el.p(Off.week, class_name="small soft"),
                class_name="setup-past",
            ),
            title="Jours fériés et vacances scolaires",
        ),
    )


def _holiday(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.p(one["day"], class_name="strong"), rx.el.p(one["name"], class_name="small soft"), class_name="grow"),
        rx.cond(
            one["worked"],
            chip("Autres horaires", tone="accent", icon_name="calendar-clock"),
            rx.cond(
                Off.closed,
                button(
                    "Travailler ce jour",
                    Off.work(one["id"]),
                    size="small",
                    aria_label=rx.Var.create("Travailler ce jour : ") + one["day"].to(str),
                ),
            ),
        ),
        class_name="setup-exception",
    )
