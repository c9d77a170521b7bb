"""What is done about where a visit stands: its statuses, the identity check that closes it, the practice's note."""

from typing import Final

import reflex as rx

from components.ui.buttons import button
from components.ui.fields import select_field, text_area
from components.ui.forms import all_required, form, form_actions
from components.ui.icons import icon
from components.ui.keys import shortcut
from components.ui.layers import dialog
from components.ui.native import Draft
from components.ui.navigation import segment
from maiia_pro.agenda.codes import COMPANION_LABELS, ENTITLEMENT_LABELS, IDENTITY_LABELS, STATUS_LABELS, IdentityMeans, Status
from state.appointment import ICONS
from state.appointment import AppointmentState as Panel
from state.session import SessionState
from state.visit_status import VisitStatus

KEYS: Final = {
    Status.PLANNED: "u",
    Status.CONFIRMED: "c",
    Status.ARRIVED: "r",
    Status.IN_PROGRESS: "e",
    Status.FULFILLED: "h",
    Status.MISSED: "b",
}
"""One key a status, on the visit that has the focus or whose panel is open; `grid.jsx` knows the same."""
CANCEL_KEY: Final = "x"


def status_buttons() -> rx.Component:
    """Show the statuses, the present one pressed; each is one click."""
    return rx.el.div(
        *[
            segment(
                rx.fragment(icon(ICONS[status]), rx.el.span(STATUS_LABELS[status])),
                pressed=Panel.shown["code"] == status.value,
                on_click=VisitStatus.mark(status.value, ""),
                title=f"{STATUS_LABELS[status]} (touche {key})",
            )
            for status, key in KEYS.items()
        ],
        class_name="segments segments-wrap",
        role="group",
        aria_label="Statut du rendez-vous",
    )


def status_shortcuts() -> list[rx.Component]:
    """Bind the keys to the visit whose panel is open."""
    group = "Sur un rendez-vous"
    marks = [
        shortcut(key, STATUS_LABELS[status], VisitStatus.mark(status.value, ""), group=group, bar=status is Status.ARRIVED)
        for status, key in KEYS.items()
    ]
    return [*marks, shortcut(CANCEL_KEY, "Annuler le rendez-vous", Panel.ask("cancel", ""), group=group)]


def note_form() -> rx.Component:
    """Ask for the practice's own note; the patient never sees it."""
    return rx.el.section(
        form(
            text_area(
                "Note du cabinet",
                "note",
                default_value=Panel.shown["note"],
                optional=True,
                max_length=1000,
                hint="Le patient ne la voit pas.",
                error=VisitStatus.note_error,
                identifier="champ-visit-note",
                key=Panel.shown["id"] + Panel.shown["note"],
            ),
            rx.el.input(
                type="hidden",
                name="seen",
                default_value=Panel.shown["note"],
                key=Panel.shown["id"] + Panel.shown["note"] + "-vue",
                data_draft="oui",  # a draft goes on from the note that it was begun on
            ),
            form_actions(button("Enregistrer la note", submits=True, size="small")),
            on_submit=VisitStatus.save_note,
            keeper=Draft.create(
                name="note-" + Panel.shown["id"], owner=SessionState.account, done=VisitStatus.noted, held={"before": Panel.shown["note"]}
            ),
        ),
    )


def identity_dialog() -> rx.Component:
    """Ask by what identity and entitlements were checked, before a visit is closed."""
    return dialog(
        form(
            all_required(),
            select_field(
                "Identité du patient",
                "means",
                [(key.value, text) for key, text in IDENTITY_LABELS.items() if key is not IdentityMeans.UNRECORDED],
                placeholder="Choisir",
                error=VisitStatus.errors.get("means", ""),
                data_autofocus="true",
            ),
            select_field(
                "Accompagnant",
                "companion",
                [(key.value, text) for key, text in COMPANION_LABELS.items()],
                default_value="none",
                error=VisitStatus.errors.get("companion", ""),
            ),
            select_field(
                "Droits à l’assurance maladie",
                "entitlements",
                [(key.value, text) for key, text in ENTITLEMENT_LABELS.items()],
                placeholder="Choisir",
                error=VisitStatus.errors.get("entitlements", ""),
            ),
            form_actions(
                button("Vérifié, clore le rendez-vous", submits=True, variant="primary"),
                button("Ne rien changer", closes=True),
            ),
            on_submit=VisitStatus.check,
            key=VisitStatus.checking,
        ),
        identifier="verifier-identite",
        title="Identité et droits vérifiés",
        intro=Panel.shown["name"],
        opened=VisitStatus.checking != "",
        on_close=VisitStatus.keep,
    )
