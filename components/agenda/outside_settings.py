"""The cards of the settings that bring the practitioner's other calendars into the agenda."""

from typing import Final

import reflex as rx

from components.ui.buttons import button
from components.ui.layers import confirm_dialog
from components.ui.surfaces import card, card_body
from state.outside import CalendarFileSetup as Files

FORGET: Final = "retirer-imports"


class CalendarFile(rx.Component):
    """Chooses a calendar file, shows what it holds, imports it."""

    library = f"$/public{rx.asset('calendar_file.jsx', shared=True)}"
    tag = "CalendarFile"

    on_done: rx.EventHandler[rx.event.no_args_event_spec]


def calendar_file_card() -> rx.Component:
    """Let a practitioner block the times of a calendar file, and take them away again."""
    return card(
        card_body(
            rx.el.p(
                "Bloquez dans votre agenda les plages d’un calendrier tenu ailleurs. Les patients n’y trouvent plus de créneau ; le "
                "cabinet y lit « Occupé ». Importer le même fichier une seconde fois met à jour.",
                class_name="soft",
            ),
            CalendarFile.create(on_done=Files.arrive),
            rx.cond(Files.ahead != "", _imported()),
        ),
        title="Importer un calendrier (.ics)",
    )


def _imported() -> rx.Component:
    return rx.el.div(
        rx.el.p(Files.ahead),
        rx.el.div(button("Tout retirer", icon_name="trash-2", variant="danger", opens=FORGET), class_name="form-actions"),
        confirm_dialog(
            identifier=FORGET,
            title="Retirer tout ce qui a été importé ?",
            message="Les plages venues de fichiers quittent l’agenda, leurs heures redeviennent libres. Vos rendez-vous ne changent pas.",
            confirm="Tout retirer",
            on_confirm=Files.forget,
        ),
        class_name="stack",
    )
