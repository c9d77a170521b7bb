"""The card of the settings that links the agenda to the practitioner's own calendar."""

from typing import Final

import reflex as rx

from components.agenda.native import SecretAddress
from components.ui.buttons import button
from components.ui.fields import checkbox
from components.ui.forms import form, form_actions
from components.ui.layers import confirm_dialog
from components.ui.messages import note
from components.ui.surfaces import card, card_body, facts
from state.feed import FeedSetup as Feed

RENEW: Final = "changer-adresse"
REVOKE: Final = "supprimer-adresse"
INITIALS: Final = "Montrer les initiales des patients"
INITIALS_HINT: Final = "Sans cela, votre calendrier n’affiche que « Rendez-vous » et le lieu."


def feed_card() -> rx.Component:
    """Show what there is of the address, and what its owner may do with it."""
    return card(
        card_body(
            rx.el.p(
                "Une adresse secrète, à donner au calendrier de votre téléphone ou de votre ordinateur, y montre vos rendez-vous "
                "en lecture seule, sans nom ni motif.",
                class_name="soft",
            ),
            rx.match(Feed.status, ("none", _none()), ("active", _active()), rx.fragment()),
        ),
        title="Vos rendez-vous dans votre calendrier",
        class_name="feed-card",
    )


def _none() -> rx.Component:
    return form(
        checkbox(INITIALS, "initials", hint=INITIALS_HINT),
        form_actions(button("Créer l’adresse", submits=True, variant="primary")),
        on_submit=Feed.issue,
        label="Créer l’adresse du calendrier",
    )


def _active() -> rx.Component:
    return rx.el.div(
        rx.cond(Feed.address != "", _shown_once()),
        facts(
            ("Créée", Feed.created),
            ("Dernière lecture", rx.cond(Feed.used != "", Feed.used, "Jamais encore")),
        ),
        checkbox(INITIALS, "shown-initials", checked=Feed.initials, on_change=Feed.choose_initials, hint=INITIALS_HINT),
        rx.el.div(
            button("Changer l’adresse", icon_name="refresh-cw", opens=RENEW),
            button("Supprimer l’adresse", icon_name="trash-2", variant="danger", opens=REVOKE),
            class_name="form-actions",
        ),
        confirm_dialog(
            identifier=RENEW,
            title="Changer l’adresse ?",
            message="L’adresse actuelle cessera de répondre tout de suite. Donnez la nouvelle à chacun de vos calendriers.",
            confirm="Changer l’adresse",
            on_confirm=Feed.renew,
            danger=False,
        ),
        confirm_dialog(
            identifier=REVOKE,
            title="Supprimer l’adresse ?",
            message="Vos calendriers ne liront plus vos rendez-vous. Vous pourrez créer une autre adresse.",
            confirm="Supprimer l’adresse",
            on_confirm=Feed.revoke,
        ),
        class_name="stack",
    )


def _shown_once() -> rx.Component:
    return rx.el.div(
        note("Copiez-la maintenant : elle ne sera plus affichée. Qui la connaît voit vos horaires.", meaning="warning"),
        SecretAddress.create(value=Feed.address, label="Adresse secrète", copy="Copier", copied="Adresse copiée."),
        rx.el.div(button("C’est fait", Feed.hide), class_name="form-actions"),
        class_name="stack",
    )
