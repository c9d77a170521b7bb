"""The dialog that takes visit reasons over from a colleague."""

from typing import Any

import reflex as rx

from components.ui.buttons import button
from components.ui.fields import error_text, select_field
from components.ui.forms import form, form_actions
from components.ui.layers import dialog
from state.copy_reasons import CopyReasons as Copies


def copy_dialog() -> rx.Component:
    """Ask whose reasons, then which."""
    return dialog(
        rx.cond(
            Copies.colleagues.length() > 0,
            form(
                select_field("Collègue", "colleague", Copies.colleagues, value=Copies.colleague, on_change=Copies.choose),
                rx.el.fieldset(
                    rx.el.legend("Motifs à copier", class_name="legend"),
                    rx.el.p("Avec leurs durées, règles, consignes, lieux et salles. Ceux que vous avez déjà restent.", class_name="hint"),
                    rx.el.div(rx.foreach(Copies.reasons, _reason), class_name="stack", key=Copies.colleague),
                    error_text("champ-reasons", Copies.error),
                    class_name="field",
                    id="champ-reasons",
                    tab_index=-1,
                ),
                form_actions(button("Copier les motifs", submits=True, variant="primary"), button("Fermer", closes=True)),
                on_submit=Copies.copy,
            ),
            rx.el.p("Aucun collègue de votre cabinet n’a de motif.", class_name="soft"),
        ),
        identifier="copier-motifs",
        title="Copier d’un collègue",
        opened=Copies.opened,
        on_close=Copies.close,
    )


def _reason(one: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=rx.Var.create("reason-") + one["value"].to(str), value="oui"),
        rx.el.span(one["label"]),
        class_name="check",
    )
