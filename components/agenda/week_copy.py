"""The dialog that copies a week: which onto which, what would change, then the deed."""

from typing import Any

import reflex as rx

from components.ui.buttons import button
from components.ui.fields import calendar_field, text_field
from components.ui.forms import all_required, error_summary, form, form_actions, form_row
from components.ui.layers import dialog
from components.ui.surfaces import row, table
from state.setup_copy import WeekCopy as Copy

COLUMNS = ["Jour", "Avant", "Après la copie"]


def copy_opener() -> rx.Component:
    """Open the dialog."""
    return button("Copier une semaine", Copy.open_dialog(True), icon_name="calendar-days", size="small")


def copy_dialog() -> rx.Component:
    """Ask which week and where it goes; shows what would change before anything is saved."""
    return dialog(
        form(
            error_summary(Copy.summary),
            rx.el.p(
                "Les heures réellement ouvertes de la semaine choisie remplacent celles des semaines suivantes. "
                "Les absences et les jours fériés restent fermés.",
                class_name="soft",
            ),
            all_required(),
            form_row(
                calendar_field(
                    "Semaine à copier", "source", hint="N’importe quel jour de la semaine", data_autofocus="true", **_start("source")
                ),
                calendar_field("Première semaine à changer", "target", **_start("target")),
            ),
            text_field(
                "Nombre de semaines", "weeks", input_mode="numeric", default_value="1", hint="De 1 à 12, à la suite",
                error=Copy.errors.get("weeks", ""), on_change=Copy.forget,
            ),
            rx.cond(Copy.seen, rx.el.div(_changes(), role="status")),
            form_actions(
                button(
                    rx.cond(Copy.seen, "Copier la semaine", "Voir ce qui change"),
                    submits=True,
                    variant="primary",
                    disabled=Copy.seen & (Copy.lines.length() == 0),
                ),
                button("Fermer", closes=True),
            ),
            on_submit=Copy.submit,
            key=Copy.turn.to(str),
        ),
        identifier="copier-semaine",
        title="Copier une semaine",
        opened=Copy.opened,
        on_close=Copy.open_dialog(False),
        wide=True,
    )  # fmt: skip


def _start(name: str) -> dict[str, Any]:
    start = {"source": Copy.source, "target": Copy.target}[name]
    return {"default_value": start, "error": Copy.errors.get(name, ""), "on_change": Copy.forget}


def _changes() -> rx.Component:
    return rx.cond(
        Copy.lines.length() > 0,
        table("Ce qui change", COLUMNS, rx.foreach(Copy.lines, lambda one: row(COLUMNS, one["day"], one["before"], one["after"]))),
        rx.el.p("Rien ne change : ces semaines ont déjà les mêmes heures.", class_name="soft"),
    )
