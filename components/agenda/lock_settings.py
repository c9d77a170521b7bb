"""The card of the page « Cabinet » that says after how long the practice's screens lock."""

import reflex as rx

from components.ui.fields import select_field
from components.ui.surfaces import card, card_body
from state.lock_delay import OPTIONS, LockDelay


def lock_card() -> rx.Component:
    """Ask after how long without a key or a pointer a screen locks."""
    return card(
        card_body(
            rx.el.p(
                "Un écran laissé seul se verrouille\u00a0: rien n’y reste affiché. Chacun revient avec son code PIN (menu du compte), ou "
                "son mot de passe. Alt\u00a0+\u00a0Maj\u00a0+\u00a0V verrouille tout de suite.",
                class_name="soft",
            ),
            select_field("Verrouiller sans geste depuis", "lock_minutes", OPTIONS, value=LockDelay.minutes, on_change=LockDelay.choose),
        ),
        title="Verrouillage des écrans",
    )
