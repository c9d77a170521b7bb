"""The card of a practice's places, their form, and the question before one closes."""

from typing import Any, Final

import reflex as rx

from components.onboarding.fields import site_fields
from components.ui.buttons import button, submit_button
from components.ui.forms import error_summary, form, form_actions
from components.ui.kinds import either
from components.ui.layers import confirm_dialog, dialog
from components.ui.marks import chip
from components.ui.states import card_states, listed
from components.ui.surfaces import card
from state.administration_sites import Places

FORM: Final = "formulaire-lieu"


def sites_card() -> rx.Component:
    """List where the practice receives."""
    return rx.fragment(
        card(
            card_states(
                Places,
                "Les lieux ne s’affichent pas",
                listed(Places.sites, _site, "Aucun lieu encore\u00a0: ajoutez celui où vous recevez."),
            ),
            title="Lieux",
            aside=button("Ajouter", Places.edit(""), icon_name="plus", size="small", aria_label="Ajouter un lieu"),
        ),
        _dialog(),
        _closing(),
    )


def _site(one: Any) -> rx.Component:
    name = one["site_name"].to(str)
    closed = one["closed"] != ""
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(name, class_name="strong"),
                rx.cond(closed, rx.fragment(" ", chip("Fermé", icon_name="ban"))),
                rx.cond(one["clock"] != "", rx.fragment(" ", chip(one["clock"], icon_name="clock"))),
            ),
            rx.el.p(one["street"], ", ", one["postal_code"], " ", one["city"], " · ", one["phone"], class_name="small"),
            rx.el.p(rx.cond(closed, one["closed"], one["used"]), class_name="small soft"),
            class_name="grow",
        ),
        rx.cond(
            closed,
            button("Rouvrir", Places.reopen(one["id"]), size="small", aria_label=rx.Var.create("Rouvrir ") + name),
            rx.el.div(
                button("Modifier", Places.edit(one["id"]), size="small", aria_label=rx.Var.create("Modifier ") + name),
                button("Fermer", Places.ask_to_close(one["id"]), size="small", aria_label=rx.Var.create("Fermer ") + name),
                class_name="row wrap",
            ),
        ),
        class_name="setup-exception setup-member",
        key=one["id"],
    )


def _dialog() -> rx.Component:
    return dialog(
        form(
            error_summary(Places.summary),
            *site_fields(Places, Places.start),
            on_submit=Places.save,
            id=FORM,
            key=Places.mark,
        ),
        identifier="lieu",
        title=either(Places.start["id"] == "", "Ajouter un lieu", "Modifier le lieu"),
        opened=Places.editing,
        on_close=Places.close,
        wide=True,
        footer=form_actions(submit_button("Enregistrer", form=FORM), button("Fermer", closes=True)),
    )


def _closing() -> rx.Component:
    return confirm_dialog(
        identifier="lieu-ferme",
        title=rx.Var.create("Fermer ") + Places.closing["site_name"].to(str) + "\u00a0?",
        message="Les patients ne le verront plus, ses salles sont retirées. Les rendez-vous passés le gardent, et vous pourrez le rouvrir.",
        confirm="Fermer ce lieu",
        on_confirm=Places.shut,
        opened=Places.closing["id"] != "",
        on_close=Places.close,
    )
