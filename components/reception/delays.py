"""Delays: the dialog that announces them, and what keeps the patients' pages true."""

from typing import Any, Final

import reflex as rx

from components.agenda.settling import call_list
from components.ui.buttons import button
from components.ui.forms import form_actions
from components.ui.icons import icon
from components.ui.kinds import Handler
from components.ui.layers import dialog
from components.ui.marks import chip
from components.ui.native import Watch
from state.delays import Delays

MORE: Final = (5, 10, 20)


def watch_topics(topics: rx.Var[list[str]], on_change: Handler) -> rx.Component:
    """Read again whenever one of these topics changes."""
    return rx.fragment(rx.foreach(topics, lambda topic: Watch.create(topic=topic, on_change=on_change, key=topic)))


def late_line(practitioner: rx.Var[str], late: rx.Var[str]) -> rx.Component:
    """Tell a patient how late somebody is: « Dr Claire Vasseur : environ 20 min de retard »."""
    return rx.el.p(icon("hourglass"), rx.el.span(practitioner, "\u00a0: ", late), class_name="row late", role="status")


def delays_button() -> rx.Component:
    """Draw the button of the agenda's toolbar."""
    return button("Retard", Delays.open_dialog(True), icon_name="hourglass", id="agenda-retard")


def delays_dialog() -> rx.Component:
    """Say how late each practitioner is today, one click a time."""
    return dialog(
        rx.el.p("Les patients du jour le voient tout de suite. Le retard s’efface de lui-même ce soir.", class_name="soft"),
        rx.el.ul(rx.foreach(Delays.lines, _line), class_name="delays"),
        rx.el.div(rx.cond(Delays.calls.length() > 0, call_list(Delays.calls)), role="status"),
        identifier="retards",
        title="Retard du jour",
        opened=Delays.opened,
        on_close=Delays.open_dialog(False),
        footer=form_actions(button("Fermer", closes=True)),
    )


def _line(line: Any) -> rx.Component:
    who, late = line["name"].to(str), line["minutes"].to(int) > 0
    return rx.el.li(
        rx.el.div(
            rx.el.span(line["name"], class_name="strong"),
            rx.cond(
                late,
                chip(line["words"], tone="warning", icon_name="hourglass"),
                rx.el.span(line["words"], class_name="soft"),
            ),
            class_name="row wrap",
        ),
        rx.el.div(
            rx.cond(
                line["suggested"].to(int) > 0,
                button(
                    line["suggestion"],
                    Delays.announce(line["id"], line["suggested"]),
                    size="small",
                    aria_label=line["suggestion"].to(str) + ", " + who,
                ),
            ),
            *[
                button(
                    f"+\u00a0{minutes}\u00a0min",
                    Delays.announce(line["id"], line["minutes"].to(int) + minutes),
                    size="small",
                    aria_label=rx.Var.create(f"+\u00a0{minutes}\u00a0min de retard, ") + who,
                )
                for minutes in MORE
            ],
            rx.cond(
                late,
                button("À l’heure", Delays.announce(line["id"], 0), size="small", aria_label="À l’heure, " + who),
            ),
            class_name="row wrap",
        ),
        key=line["id"],
    )
