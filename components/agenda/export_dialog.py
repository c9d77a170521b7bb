"""The dialog that exports appointments as a file."""

from typing import Final

import reflex as rx

from components.ui.buttons import button
from components.ui.choices import radio_group
from components.ui.fields import calendar_field, field_frame, field_id
from components.ui.forms import all_required, form, form_actions, form_row
from components.ui.layers import dialog
from components.ui.messages import note
from state.agenda import AgendaState as Days
from state.export import Export

EXPORT: Final = "export"


def export_dialog() -> rx.Component:
    """Ask whose appointments, of which days, in what form."""
    return dialog(
        form(
            all_required(),
            form_row(
                calendar_field("Premier jour", "first", default_value=Days.day, error=Export.errors.get("first", "")),
                calendar_field("Dernier jour", "last", default_value=Days.day, error=Export.errors.get("last", "")),
            ),
            field_frame(field_id("whose"), "Praticien", _whose()),
            radio_group(
                "Format",
                "kind",
                [("csv", "Tableau pour tableur (CSV)"), ("ics", "Calendrier (ICS), sans nom ni motif")],
                default_value="csv",
                error=Export.errors.get("kind", ""),
                identifier="champ-export-kind",  # a request has a kind too
            ),
            note("Gardez ce fichier en lieu sûr et supprimez-le après usage. L’export est inscrit à l’historique du cabinet."),
            form_actions(button("Exporter", submits=True, variant="primary"), button("Fermer", closes=True)),
            on_submit=Export.fetch,
            key=Days.day + Days.practitioner,
        ),
        identifier=EXPORT,
        title="Exporter des rendez-vous",
    )


def _whose() -> rx.Component:
    return rx.el.select(
        rx.el.option("Tous les praticiens", value="tous"),
        rx.foreach(Days.practitioners, lambda one: rx.el.option(one["name"], value=one["id"])),
        id=field_id("whose"),
        name="whose",
        class_name="select",
        default_value=Days.practitioner,
    )
