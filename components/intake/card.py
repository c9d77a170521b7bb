"""The card of the settings that leads to the import."""

import reflex as rx

from components.ui.buttons import link_button
from components.ui.surfaces import card, card_body


def intake_card() -> rx.Component:
    """Say that what was kept elsewhere can come in."""
    return card(
        card_body(
            rx.el.p(
                "Vous quittez un autre logiciel ? Reprenez ses patients et ses rendez-vous depuis un fichier CSV ou un calendrier.",
                class_name="soft",
            ),
            rx.el.div(link_button("Reprendre des données", "/reglages/reprise", icon_name="arrow-right"), class_name="form-actions"),
        ),
        title="Reprise de données",
    )
