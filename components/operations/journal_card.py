"""The card of the settings that leads to the journal."""

import reflex as rx

from components.ui.buttons import link_button
from components.ui.surfaces import card, card_body


def journal_card() -> rx.Component:
    """Say what the journal is, and lead there."""
    return card(
        card_body(
            rx.el.div(
                rx.el.p(
                    "Qui a fait quoi, quand et d’où, et ce que d’autres ont fait pour vous. Personne ne peut l’effacer.", class_name="soft"
                ),
                link_button("Ouvrir le journal", "/journal", icon_name="arrow-right"),
                class_name="stack",
            )
        ),
        title="Journal des accès",
    )
