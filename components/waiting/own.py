"""What a patient waits for, among their appointments: places kept for them, and wishes."""

from typing import Any

import reflex as rx

from components.ui.buttons import button, primary_button
from components.ui.forms import form_actions
from components.ui.icons import icon
from components.ui.layers import confirm_dialog
from components.ui.messages import note
from components.ui.surfaces import results
from state.own_waiting import OwnWaiting as Own


def own_waiting() -> rx.Component:
    """Show the places kept first, because they do not wait."""
    return rx.fragment(
        rx.cond(Own.message != "", note(Own.message, meaning="warning")),
        rx.cond(
            Own.said,
            note("Nous vous écrirons dès qu’une place vous convient.", title="Vous êtes sur la liste d’attente", meaning="success"),
        ),
        rx.cond(
            Own.offers.length() > 0,
            results("Places gardées pour vous", Own.offers, _offer, id="places"),
        ),
    )


def own_wishes() -> rx.Component:
    """List what the patient still waits for."""
    return rx.fragment(
        rx.cond(
            Own.wishes.length() > 0,
            results("Liste d’attente", Own.wishes, _wish),
        ),
        confirm_dialog(
            identifier="retirer",
            title="Ne plus attendre de place\u00a0?",
            message=rx.el.p("Nous ne vous écrirons plus quand une place se libère\u00a0: ", rx.el.b(Own.leaving_what), "."),
            confirm="Quitter la liste d’attente",
            cancel="Rester sur la liste",
            on_confirm=Own.withdraw,
            opened=Own.leaving != "",
            on_close=Own.keep,
        ),
    )


def _offer(wish: Any) -> rx.Component:
    return rx.el.article(
        rx.el.p(icon("calendar-plus"), rx.el.b(wish["offered"]), class_name="when"),
        rx.el.ul(
            rx.el.li(icon("user"), rx.el.span("Pour ", rx.el.span(wish["patient"], class_name="strong"))),
            rx.el.li(icon("stethoscope"), rx.el.span(rx.el.span(wish["offered_by"], class_name="strong"), " · ", wish["reason"])),
            rx.cond(
                wish["place"] != "",
                rx.el.li(icon("map-pin"), rx.el.span(wish["place"])),
                rx.el.li(icon("video"), rx.el.span("En vidéo, depuis chez vous\u00a0: ne vous déplacez pas.")),
            ),
            rx.el.li(icon("clock"), rx.el.span("Répondez avant\u00a0: ", rx.el.b(wish["expires"]))),
            class_name="meta",
        ),
        form_actions(
            primary_button("Prendre ce rendez-vous", Own.accept(wish["offer"]), icon_name="check"),
            button("Laisser la place", Own.decline(wish["offer"])),
        ),
        class_name="card card-body stack wish-offer",
        key=wish["offer"],
    )


def _wish(wish: Any) -> rx.Component:
    return rx.el.article(
        rx.el.p(icon("hourglass"), rx.el.span(rx.el.b(wish["reason"]), " · ", wish["whom"]), class_name="row"),
        rx.el.p(wish["when"], ". Pour ", wish["patient"], "."),
        rx.el.div(
            button("Ne plus attendre", Own.ask(wish["id"]), size="small", aria_label="Ne plus attendre\u00a0: " + wish["reason"].to(str))
        ),
        class_name="card card-body stack",
        key=wish["id"],
    )
