"""Visit reasons: the list and the farewell."""

from typing import Any, Final

import reflex as rx

from components.agenda.reason_copy import copy_dialog
from components.agenda.reason_form import reason_dialog
from components.ui.buttons import button, icon_button
from components.ui.icons import icon
from components.ui.layers import confirm_dialog
from components.ui.marks import chip, dot
from components.ui.surfaces import card, card_body, row, table
from state.copy_reasons import CopyReasons as Copies
from state.setup_reasons import ReasonsSetup as Reasons

COLUMNS: Final = ["Motif", "Durée et tarif", "Mode", "Lieux", "En ligne", "Actions"]


def reasons_card() -> rx.Component:
    """List what patients may come for."""
    return rx.fragment(
        card(
            rx.cond(
                Reasons.reasons.length() > 0,
                table(
                    "Motifs de consultation",
                    COLUMNS,
                    rx.foreach(Reasons.reasons, _reason),
                ),
                card_body(rx.el.p("Aucun motif : personne ne peut encore prendre rendez-vous.", class_name="soft")),
            ),
            title="Motifs de consultation",
            aside=rx.el.span(
                button("Copier d’un collègue", Copies.open, icon_name="users", size="small"),
                button("Ajouter un motif", Reasons.edit(""), icon_name="plus", size="small"),
                class_name="row wrap",
            ),
        ),
        reason_dialog(),
        copy_dialog(),
        confirm_dialog(
            identifier="retirer-motif",
            title="Retirer ce motif ?",
            message=rx.fragment("Le motif « ", Reasons.leaving_name, " » ne sera plus proposé. Les rendez-vous déjà pris restent."),
            confirm="Retirer le motif",
            on_confirm=Reasons.retire,
            opened=Reasons.leaving != "",
            on_close=Reasons.ask(""),
        ),
    )


def _reason(one: Any) -> rx.Component:
    return row(
        COLUMNS,
        rx.el.span(dot(one["hue"]), " ", one["name"], class_name="row"),
        one["detail"],
        rx.el.span(icon(rx.cond(one["video"], "video", "building-2").to(str)), " ", one["mode"], class_name="row"),
        one["places"],
        rx.cond(one["online"], chip(one["audience"], tone="success"), chip(one["audience"])),
        rx.el.span(
            icon_button("pencil", rx.Var.create("Modifier ") + one["name"].to(str), Reasons.edit(one["id"]), size="small"),
            icon_button("trash-2", rx.Var.create("Retirer ") + one["name"].to(str), Reasons.ask(one["id"]), size="small"),
            class_name="row",
        ),
    )
