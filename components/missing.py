"""The page for addresses that lead nowhere."""

import reflex as rx

from components.account.viewer import viewer
from components.layout.public import public_page
from components.ui.buttons import link_button
from components.ui.states import not_found


def missing_page() -> rx.Component:
    """Say that there is no such page, and offer the search."""
    return public_page(
        "Page introuvable",
        not_found(link_button("Chercher un professionnel", "/", icon_name="search", variant="primary")),
        viewer=viewer(),
        hidden_title=True,
        narrow=True,
    )
