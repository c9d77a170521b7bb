"""The card of the settings that leads to one's public page."""

import reflex as rx

from components.ui.buttons import link_button
from components.ui.surfaces import card, card_body


def profile_settings_card() -> rx.Component:
    """Say where one's page is written and published."""
    return card(
        card_body(
            rx.el.p("Ce que les patients lisent de vous, votre photo, vos tarifs. Rien n’est montré sans votre accord.", class_name="soft"),
            rx.el.div(link_button("Ouvrir ma page publique", "/reglages/profil", icon_name="globe"), class_name="form-actions"),
        ),
        title="Page publique",
    )
