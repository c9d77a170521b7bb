"""The series of the visit shown: which of how many, the list, and for which visits an act is."""

from typing import Any

import reflex as rx

from components.ui.choices import radio_group
from components.ui.messages import note
from maiia_pro.agenda.series_changes import Scope
from state.appointment import AppointmentState as Panel
from state.series_acts import ALSO, SeriesActs


class PresentList(rx.Component):
    """A list that scrolls by itself, begun at its present line."""

    library = f"$/public{rx.asset('present_list.jsx', shared=True)}"
    tag = "PresentList"

    present: rx.Var[str]
    """What is present; told anew, the list goes there."""


def series_section() -> rx.Component:
    """List the visits of the series; each opens its own panel."""
    return rx.cond(
        Panel.series["title"] != "",
        rx.el.section(
            rx.el.h3(Panel.series["title"]),
            PresentList.create(rx.foreach(Panel.series["visits"], _visit), present=Panel.shown["id"], class_name="series-visits"),
        ),
    )


def _visit(visit: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(visit["when"], class_name=rx.cond(visit["gone"], "series-gone", "")),
            rx.cond(visit["mark"] != "", rx.el.span(visit["mark"], class_name="small soft")),
            type="button",
            class_name="list-row",
            aria_current=rx.cond(visit["here"], "true", "false"),
            on_click=Panel.show(visit["id"]),
        )
    )


def scope_choice(act: str) -> rx.Component:
    """Ask for which visits of the series an act is, and which of those edited by themselves come along."""
    return rx.cond(
        Panel.series["title"] != "",
        rx.fragment(
            rx.el.div(
                radio_group(
                    "Pour quels rendez-vous de la série\u00a0?",
                    "scope",
                    [
                        ("this", "Celui-ci seulement"),
                        (Scope.FOLLOWING.value, Panel.series["following"]),
                        (Scope.ALL.value, Panel.series["every"]),
                    ],
                    default_value="this",
                ),
                key=f"{act}-" + Panel.shown["id"],
                class_name="series-scope",
            ),
            rx.cond(
                Panel.series["edited"].length() > 0,
                rx.el.fieldset(
                    rx.el.legend("Modifiés à part\u00a0: ils restent tels quels, sauf si vous les cochez", class_name="legend"),
                    rx.foreach(Panel.series["edited"], _edited),
                    class_name="field series-edited",
                ),
            ),
        ),
    )


def _edited(visit: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=rx.Var.create(ALSO) + visit["id"].to(str), value="oui"),
        rx.el.span(visit["when"]),
        class_name="check",
    )


def obstacles() -> rx.Component:
    """Say which times stand in the way of a change of several visits."""
    return rx.cond(
        SeriesActs.obstacles.length() > 0,
        rx.fragment(
            note(
                "Rien n’a changé\u00a0: ces heures sont déjà prises. Choisissez une autre heure, ou un seul rendez-vous.",
                meaning="danger",
            ),
            rx.el.ul(rx.foreach(SeriesActs.obstacles, rx.el.li), class_name="series-obstacles"),
        ),
    )
