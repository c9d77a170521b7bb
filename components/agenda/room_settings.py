"""Rooms and equipment: the list for all who work in the practice, the form for those who administer it."""

from typing import Any, Final

import reflex as rx

from components.ui.buttons import button, icon_button
from components.ui.fields import select_field, text_field
from components.ui.forms import all_required, error_summary, form, form_actions
from components.ui.kinds import either, shown
from components.ui.layers import dialog
from components.ui.marks import chip
from components.ui.states import card_states
from components.ui.surfaces import card, card_body, row, table
from state.session import SessionState
from state.setup_rooms import RoomsSetup as Rooms

COLUMNS: Final = ["Nom", "Genre", "Lieu", "État", "Actions"]


def rooms_card() -> rx.Component:
    """List what visits may need besides somebody's time."""
    return rx.fragment(
        card(
            card_states(
                Rooms,
                "Les salles ne s’affichent pas",
                rx.cond(
                    Rooms.rooms.length() > 0,
                    either(
                        SessionState.administers,
                        table("Salles et matériel", COLUMNS, rx.foreach(Rooms.rooms, _room)),
                        table("Salles et matériel", COLUMNS[:-1], rx.foreach(Rooms.rooms, _seen)),
                    ),
                    card_body(rx.el.p("Aucune salle ni matériel\u00a0: les rendez-vous n’en réservent pas.", class_name="soft")),
                ),
            ),
            title="Salles et matériel",
            aside=shown(
                SessionState.administers,
                button("Ajouter", Rooms.edit(""), icon_name="plus", size="small", aria_label="Ajouter une salle ou un matériel"),
            ),
        ),
        _dialog(),
    )


def _cells(one: Any) -> tuple[Any, ...]:
    state = rx.cond(one["retired"], chip("Retiré", icon_name="ban"), chip("En service", tone="success"))
    return one["name"], one["kind"], one["site"], state


def _seen(one: Any) -> rx.Component:
    return row(COLUMNS[:-1], *_cells(one))


def _room(one: Any) -> rx.Component:
    name = one["name"].to(str)
    return row(
        COLUMNS,
        *_cells(one),
        rx.el.span(
            icon_button("pencil", rx.Var.create("Renommer ") + name, Rooms.edit(one["id"]), size="small"),
            rx.cond(
                one["retired"],
                icon_button(
                    "undo-2", rx.Var.create("Remettre en service ") + name, Rooms.retire(one["id"], False), size="small", data_once="true"
                ),
                icon_button("trash-2", rx.Var.create("Retirer ") + name, Rooms.retire(one["id"], True), size="small", data_once="true"),
            ),
            class_name="row",
        ),
        key=one["id"],
    )


def _dialog() -> rx.Component:
    fresh = Rooms.start["id"] == ""
    return dialog(
        form(
            error_summary(Rooms.summary),
            rx.cond(fresh, all_required()),
            text_field(
                "Nom", "name", max_length=80, hint="Par exemple «\u00a0Salle 2\u00a0».", default_value=Rooms.start["name"],
                error=Rooms.errors.get("room-name", ""), identifier="champ-room-name", data_autofocus="true",
            ),
            rx.cond(
                fresh,
                rx.fragment(
                    text_field(
                        "Genre", "kind", max_length=80, error=Rooms.errors.get("room-kind", ""), identifier="champ-room-kind",
                        list="genres",
                        hint="Ce qui est du même genre se remplace, par exemple «\u00a0Salle d’examen\u00a0» ou «\u00a0Échographe\u00a0».",
                    ),
                    rx.el.datalist(rx.foreach(Rooms.kinds, lambda kind: rx.el.option(value=kind)), id="genres"),
                    select_field("Lieu", "site", Rooms.places, identifier="champ-room-site"),
                ),
                rx.el.p(Rooms.start["kind"], " · ", Rooms.start["site"], class_name="soft"),
            ),
            form_actions(button("Enregistrer", submits=True, variant="primary"), button("Fermer", closes=True)),
            on_submit=Rooms.save,
            key=Rooms.mark,
        ),
        identifier="salle",
        title=rx.cond(fresh, "Ajouter une salle ou un matériel", "Renommer"),
        opened=Rooms.editing,
        on_close=Rooms.close,
    )  # fmt: skip
