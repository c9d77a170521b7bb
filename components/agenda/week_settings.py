"""The week of a site: a line a day, and the terms of each range folded away."""

from typing import Any

import reflex as rx

from components.ui.buttons import button, icon_button
from components.ui.fields import described, error_text
from components.ui.forms import error_summary, form, form_actions
from components.ui.surfaces import card, card_body
from state.setup_hours import HoursSetup as Hours

SCHOOL: list[tuple[str, str]] = [
    ("always", "Toute l’année"), ("outside", "Hors vacances scolaires"), ("during", "Pendant les vacances scolaires"),
]  # fmt: skip


def week_card(site: Any) -> rx.Component:
    """Show the weekly hours at a site."""
    return week_form(site, Hours.save_hours, label="Enregistrer les horaires")


def week_form(site: Any, on_submit: Any, *more: rx.Component, label: str) -> rx.Component:
    """Ask for the weekly hours at a site; `more` is asked for in the same form."""
    return card(
        card_body(
            form(
                rx.el.input(type="hidden", name="site", value=site["id"]),
                error_summary(rx.cond(Hours.summaries.contains(site["id"]), Hours.summaries[site["id"]], [])),
                rx.el.ul(rx.foreach(site["days"], lambda day: _day(site, day)), class_name="setup-days"),
                *more,
                form_actions(button(label, submits=True, variant="primary")),
                on_submit=on_submit,
                aria_label=rx.Var.create("Horaires, ") + site["name"].to(str),
            ),
        ),
        title=rx.fragment("Horaires · ", site["name"]),
    )


def _day(site: Any, day: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(day["label"], class_name="strong"),
        rx.el.div(
            rx.cond(
                day["ranges"].to(list[Any]).length() == 0,
                rx.el.span("Fermé", class_name="soft"),
                rx.foreach(day["ranges"].to(list[dict[str, Any]]), lambda one: _range(site, day, one)),
            ),
            class_name="setup-ranges",
        ),
        button(
            "Ajouter",
            Hours.add_range(site["id"], day["weekday"]),
            icon_name="plus",
            size="small",
            variant="quiet",
            aria_label=rx.Var.create("Ajouter une plage, ") + day["label"].to(str),
        ),
    )


def _name(one: Any, field: str) -> rx.Var[str]:
    return rx.Var.create(f"{field}-") + one["rid"].to(str)  # type: ignore[return-value]


def _error(name: rx.Var[str]) -> rx.Var[str]:
    return rx.cond(Hours.wrong.contains(name), Hours.wrong[name], "").to(str)  # type: ignore[return-value]


def _range(site: Any, day: Any, one: Any) -> rx.Component:
    def field(side: str, word: str) -> rx.Component:
        name = _name(one, side)
        return rx.el.input(
            id=rx.Var.create("champ-") + name,
            name=name,
            class_name="input",
            default_value=one[side],
            aria_label=day["label"].to(str) + f", {word}",
            input_mode="text",
            auto_complete="off",
            placeholder="8h30",
            max_length=10,
            **described(f"champ-{name}", "", _error(name)),
        )

    return rx.el.div(
        rx.el.div(
            field("opens", "ouvre à"),
            rx.el.span("à", aria_hidden="true"),
            field("closes", "ferme à"),
            icon_button("trash-2", "Retirer cette plage", Hours.remove_range(one["rid"]), size="small"),
            class_name="row",
        ),
        *[error_text(f"champ-{_name(one, side)}", _error(_name(one, side))) for side in ("opens", "closes")],
        rx.el.details(
            rx.el.summary(
                rx.cond(one["terms"] != "", one["terms"], "Préciser"),
                rx.el.span(rx.Var.create(", plage du ") + day["label"].to(str).lower(), class_name="visually-hidden"),
                class_name="small soft",
            ),
            _terms(site, one),
            class_name="setup-terms",
        ),
        class_name="setup-range",
        key=one["rid"],
    )


def _terms(site: Any, one: Any) -> rx.Component:
    """Ask when the range holds and for what; nothing chosen means always and everything."""
    school = _name(one, "school")
    return rx.el.div(
        rx.el.div(_day_field(one, "À partir du", "first"), _day_field(one, "Jusqu’au", "last"), class_name="form-row"),
        _choice(
            one,
            "Semaines",
            "weeks",
            rx.foreach(Hours.choices["weeks"], lambda option: rx.el.option(option["label"], value=option["value"])),
        ),
        _choice(
            one,
            "Vacances scolaires",
            "school",
            *[rx.el.option(label, value=value) for value, label in SCHOOL],
            aria_describedby=rx.Var.create("champ-") + school + "-aide",
        ),
        rx.el.p(site["school"], class_name="hint", id=rx.Var.create("champ-") + school + "-aide"),
        rx.el.fieldset(
            rx.el.legend("Motifs admis (aucun coché : tous)", class_name="legend"),
            rx.el.div(
                rx.foreach(Hours.choices["reasons"], lambda reason: _reason(one, reason["value"], reason["label"])),
                rx.foreach(one["gone"].to(list[str]), lambda reason: _reason(one, reason, "Motif retiré")),
                class_name="radios",
            ),
            class_name="field",
        ),
        class_name="stack",
    )


def _day_field(one: Any, label: str, field: str) -> rx.Component:
    name = _name(one, field)
    return rx.el.div(
        rx.el.label(label, html_for=rx.Var.create("champ-") + name),
        rx.el.input(
            type="date",
            id=rx.Var.create("champ-") + name,
            name=name,
            class_name="input",
            default_value=one[field],
            **described(f"champ-{name}", "", _error(name)),
        ),
        error_text(f"champ-{name}", _error(name)),
        class_name="field",
    )


def _choice(one: Any, label: str, field: str, *options: rx.Component, **attributes: Any) -> rx.Component:
    ident = rx.Var.create("champ-") + _name(one, field)
    return rx.el.div(
        rx.el.label(label, html_for=ident),
        rx.el.select(*options, id=ident, name=_name(one, field), class_name="select", default_value=one[field], **attributes),
        class_name="field",
    )


def _reason(one: Any, reason: Any, label: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            name=_name(one, "reason") + "-" + reason.to(str),
            value="oui",
            default_checked=one["reasons"].to(list[str]).contains(reason.to(str)),
        ),
        rx.el.span(label),
        class_name="check",
    )
