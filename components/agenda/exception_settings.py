"""Exceptions to the weekly hours: the list, those that are over folded away, and the form of a new one."""

from typing import Any

import reflex as rx

from components.agenda.week_copy import copy_dialog, copy_opener
from components.ui.buttons import button
from components.ui.fields import calendar_field, select_field, text_field, time_field
from components.ui.forms import error_summary, form, form_actions, form_row
from components.ui.layers import dialog
from components.ui.marks import chip
from components.ui.navigation import segment, segments
from components.ui.states import listed
from components.ui.surfaces import card, divided
from state.setup_hours import HoursSetup as Hours

KINDS: list[tuple[str, str, str]] = [
    ("closed", "Absence", "Une absence, dans tous les lieux, ou la fermeture d’un seul."),
    ("open", "Ouvrir en plus", "Un jour, dans un lieu, en plus de vos horaires habituels. Vaut aussi un jour férié."),
    ("special", "Autres horaires", "Un jour, dans un lieu, ces heures remplacent les horaires habituels. Aucune heure : fermé."),
]

WITHOUT_HOURS: list[tuple[str, str]] = [
    ("closed", "Rien : toute la journée"),
    ("special", "Rien : fermé ce jour-là"),
    ("open", "Par exemple 9h"),
]


def exceptions_card() -> rx.Component:
    """List what is coming, then what is over."""
    return rx.fragment(
        card(
            listed(Hours.exceptions, _exception, "Aucune exception à venir : vos horaires habituels s’appliquent."),
            rx.cond(
                Hours.past.length() > 0,
                rx.el.details(
                    rx.el.summary("Passées (", Hours.past.length(), ")", class_name="small soft"),
                    divided(rx.foreach(Hours.past, _exception)),
                    class_name="setup-past",
                ),
            ),
            title="Congés et autres exceptions",
            aside=rx.el.div(
                copy_opener(),
                button("Ajouter une exception", Hours.open_dialog(True), icon_name="plus", size="small"),
                class_name="row",
            ),
            class_name="setup-exceptions",
        ),
        _exception_dialog(),
        copy_dialog(),
    )


def _exception(one: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(
            one["icon"] == "ban",
            chip(one["kind"], icon_name="ban"),
            chip(one["kind"], tone="accent", icon_name=one["icon"].to(str)),
        ),
        rx.el.div(rx.el.p(one["when"], class_name="strong"), rx.el.p(one["detail"], class_name="small soft"), class_name="grow"),
        button("Retirer", Hours.drop_exception(one["id"]), size="small", aria_label=rx.Var.create("Retirer : ") + one["when"].to(str)),
        class_name="setup-exception",
    )


def _error(field: str) -> Any:
    return Hours.errors.get(field, "")


def _exception_dialog() -> rx.Component:
    special = Hours.kind == "special"
    return dialog(
        form(
            error_summary(Hours.faults),
            segments(
                *[segment(label, pressed=Hours.kind == kind, on_click=Hours.choose_kind(kind)) for kind, label, _ in KINDS],
                label="Genre d’exception",
            ),
            rx.el.p(rx.match(Hours.kind, *[(kind, words) for kind, _, words in KINDS], ""), class_name="small soft"),
            form_row(
                calendar_field(rx.cond(Hours.kind == "closed", "Premier jour", "Jour"), "first", error=_error("first")),
                rx.cond(Hours.kind == "closed", calendar_field("Dernier jour", "last", optional=True, error=_error("last"))),
            ),
            form_row(
                time_field(
                    "De", "opens", optional=Hours.kind != "open", hint=rx.match(Hours.kind, *WITHOUT_HOURS, ""), error=_error("opens")
                ),
                time_field("À", "closes", optional=Hours.kind != "open", hint="Par exemple 14h30", error=_error("closes")),
            ),
            rx.cond(
                special,
                form_row(
                    time_field("Puis de", "second_opens", optional=True, error=_error("second_opens")),
                    time_field("Jusqu’à", "second_closes", optional=True, error=_error("second_closes")),
                ),
            ),
            rx.cond(Hours.kind == "closed", _place("Tous les lieux", optional=True), _place("Choisissez le lieu", optional=False)),
            rx.cond(Hours.kind != "closed", _reasons()),
            text_field("Intitulé", "label", optional=True, max_length=80, hint="Par exemple « Congés »", error=_error("label")),
            form_actions(button("Enregistrer l’exception", submits=True, variant="primary"), button("Fermer", closes=True)),
            on_submit=Hours.save_exception,
            key=Hours.turn.to(str),
        ),
        identifier="nouvelle-exception",
        title="Nouvelle exception",
        opened=Hours.adding,
        on_close=Hours.open_dialog(False),
    )


def _place(nothing: str, *, optional: bool) -> rx.Component:
    return select_field("Lieu", "site", Hours.choices["places"], placeholder=nothing, optional=optional, error=_error("site_id"))


def _reasons() -> rx.Component:
    return rx.el.details(
        rx.el.summary("Réserver ces heures à certains motifs", class_name="small soft"),
        rx.el.fieldset(
            rx.el.legend("Motifs admis (aucun coché : tous)", class_name="visually-hidden"),
            rx.el.div(
                rx.foreach(
                    Hours.choices["reasons"],
                    lambda reason: rx.el.label(
                        rx.el.input(type="checkbox", name=rx.Var.create("reason-") + reason["value"].to(str), value="oui"),
                        rx.el.span(reason["label"]),
                        class_name="check",
                    ),
                ),
                class_name="radios",
            ),
            class_name="field",
        ),
        class_name="setup-terms",
    )
