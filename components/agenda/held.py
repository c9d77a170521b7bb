"""The dialog that frees a slot which a visitor is about to book, or a patient of the waiting list was offered."""

import reflex as rx

from components.ui.layers import confirm_dialog
from state.holds import HeldSlots


def hold_dialog() -> rx.Component:
    """Ask before a visitor loses the slot that they hold."""
    return confirm_dialog(
        identifier="creneau-retenu",
        title="Libérer ce créneau\u00a0?",
        message=rx.el.div(
            rx.cond(
                HeldSlots.asked["offered"],
                rx.el.p("Il est proposé à un patient de la liste d’attente, qui peut répondre jusqu’à ", HeldSlots.asked["until"], "."),
                rx.el.p(
                    "Quelqu’un le réserve en ligne en ce moment. Sans confirmation, il se libère de lui-même à ",
                    HeldSlots.asked["until"],
                    ".",
                ),
            ),
            rx.el.p("Si vous le libérez, la personne apprendra en confirmant que le créneau n’est plus à prendre."),
            class_name="stack",
        ),
        confirm="Libérer le créneau",
        on_confirm=HeldSlots.free,
        opened=HeldSlots.asked["id"] != "",
        on_close=HeldSlots.keep,
        cancel="Le lui laisser",
    )
