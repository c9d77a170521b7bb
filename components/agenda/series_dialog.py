"""The dialog that repeats an appointment: the rule, then every date with what stands there and what to do about it."""

from typing import Any

import reflex as rx

from components.ui.buttons import button
from components.ui.choices import radio_group
from components.ui.fields import calendar_field, error_text, select_field, text_field
from components.ui.forms import form_actions, form_row
from components.ui.layers import dialog
from components.ui.marks import chip
from components.ui.messages import note
from maiia_pro.agenda.recurrence import Rhythm
from maiia_pro.agenda.series_plan import LineState
from state.series import SeriesForm as Form
from state.series_giving import SeriesGiving


def series_dialog() -> rx.Component:
    """Draw the dialog above the one that gives a single appointment."""
    return dialog(
        rx.el.div(
            rx.el.div(rx.cond(Form.message != "", note(Form.message, meaning="danger")), role="status"),
            _rule(),
            _preview(),
            class_name="stack",
        ),
        identifier="serie",
        title="Répéter ce rendez-vous",
        intro=Form.intro,
        opened=Form.opened,
        on_close=Form.close,
        wide=True,
        footer=form_actions(
            button(
                "Donner la série",
                SeriesGiving.give,
                variant="primary",
                id="donner-serie",
                disabled=Form.total == 0,
            ),
            button("Retour", closes=True),
        ),
    )


def _rule() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Rythme", class_name="legend"),
        rx.el.div(
            form_row(
                text_field("Tous les", "every", input_mode="numeric", max_length=3, **_typed("every"), data_autofocus="true"),
                select_field(
                    "Unité",
                    "rhythm",
                    Form.rhythms,
                    value=Form.rule["rhythm"],
                    on_change=lambda value: Form.set_rule("rhythm", value),
                    identifier="serie-rhythm",
                ),
            ),
            rx.cond(Form.rule["rhythm"] == Rhythm.WEEKS.value, _weekdays()),
            radio_group(
                "Fin",
                "series-ends",
                [("count", "Après un nombre de rendez-vous"), ("until", "À une date")],
                value=Form.rule["ends"],
                on_change=lambda value: Form.set_rule("ends", value),
            ),
            rx.cond(
                Form.rule["ends"] == "until",
                calendar_field("Dernier jour", "until", **_typed("until")),
                text_field("Nombre de rendez-vous", "count", input_mode="numeric", max_length=3, **_typed("count")),
            ),
            key=Form.turn.to(str),
            class_name="stack",
        ),
        class_name="stack series-rule",
    )


def _typed(name: str) -> dict[str, Any]:
    return {
        "default_value": Form.rule[name],
        "error": Form.errors.get(name, ""),
        "identifier": f"serie-{name}",
        "on_change": lambda value: Form.set_rule(name, value).debounce(300),
        "on_blur": lambda value: Form.set_rule(name, value),
    }


def _weekdays() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Jours", class_name="legend"),
        rx.el.div(rx.foreach(Form.weekdays, _weekday), class_name="radios series-days"),
        error_text("serie-weekdays", Form.errors.get("weekdays", "")),
        class_name="field",
    )


def _weekday(day: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=day["chosen"],
            on_change=lambda _checked: Form.tick(day["value"]),
        ),
        rx.el.span(day["label"]),
        class_name="check",
    )


def _preview() -> rx.Component:
    return rx.el.section(
        rx.el.h3("Dates"),
        rx.el.p(rx.cond(Form.lines.length() > 0, Form.summary, "Corrigez le rythme pour voir les dates."), role="status"),
        rx.el.ol(rx.foreach(Form.lines, _line), class_name="series-lines"),
        aria_label="Dates de la série",
        class_name="stack",
    )


def _line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(line["when"], id=line["field"] + "-date", class_name="series-when"),
        rx.match(
            line["state"],
            (LineState.FREE.value, chip(line["label"], tone="success")),
            (LineState.OUTSIDE.value, chip(line["label"], tone="warning")),
            chip(line["label"], tone="danger"),
        ),
        rx.cond(
            line["options"].length() > 0,
            rx.el.select(
                rx.foreach(line["options"], lambda option: rx.el.option(option["label"], value=option["value"])),
                value=line["choice"],
                on_change=lambda value: Form.choose(line["number"], value),
                id=line["field"],
                class_name="select",
                aria_label="Que faire de cette date",
                aria_describedby=line["field"] + "-date",
            ),
        ),
        class_name=rx.cond(line["lost"], "series-line series-lost", "series-line"),
    )
