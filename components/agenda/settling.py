"""The list of stranded visits, one choice each, and what came of it: on the page of an absence, in a dialog over the settings."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from components.ui.buttons import button
from components.ui.fields import described, error_text, text_area
from components.ui.forms import error_summary, form, form_actions
from components.ui.icons import icon
from components.ui.kinds import Child
from components.ui.layers import dialog
from components.ui.marks import chip
from components.ui.messages import note
from maiia_pro.agenda.absence import CHOICE_LABELS, Choice
from state.hours_settling import HoursSettling
from state.settling import Settling

_ALL = (("Tout garder", Choice.KEEP), ("Tout confier", Choice.COLLEAGUE), ("Tout reporter", Choice.LATER), ("Tout annuler", Choice.CANCEL))


def settling_list(*ways_out: Child) -> rx.Component:
    """Draw the choices, or what came of them; `ways_out` are the buttons that leave without changing anything."""
    return rx.match(Settling.status, ("asking", _asking(*ways_out)), ("done", _done(*ways_out)), rx.fragment())


def settling_dialog() -> rx.Component:
    """Draw the list over the settings: it comes before anything is saved."""
    return dialog(
        settling_list(button("Revenir aux réglages", closes=True)),
        identifier="rendez-vous-touches",
        title="Rendez-vous hors de ces horaires",
        opened=Settling.status != "",
        on_close=HoursSettling.leave,
        wide=True,
    )


def _asking(*ways_out: Child) -> rx.Component:
    return form(
        error_summary(Settling.summary),
        rx.el.p(
            rx.cond(
                Settling.saves,
                "Choisissez ce que devient chaque rendez-vous. Rien n’est enregistré avant que vous validiez.",
                "Choisissez ce que devient chaque rendez-vous. Les horaires eux-mêmes ne changent pas ici.",
            ),
            class_name="soft",
        ),
        rx.el.div(
            rx.el.span(Settling.lines.length(), " rendez-vous", class_name="strong grow"),
            *[button(label, Settling.choose_all(choice.value), size="small") for label, choice in _ALL],
            class_name="row wrap settling-all",
            role="group",
            aria_label="Le même choix pour tous",
        ),
        rx.el.ul(rx.foreach(Settling.lines, _line), class_name="stranded", aria_label="Rendez-vous concernés"),
        text_area(
            "Mot du cabinet",
            "word",
            optional=True,
            max_length=500,
            rows=2,
            hint="Joint au message de chaque patient dont le rendez-vous est déplacé ou annulé. N’y écrivez rien de médical.",
        ),
        form_actions(button(rx.cond(Settling.saves, "Valider et enregistrer", "Valider"), submits=True, variant="primary"), *ways_out),
        on_submit=Settling.apply,
        label="Rendez-vous concernés",
        class_name="settling",
    )


def _line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.b(line["when"]), " · ", line["patient"]),
            rx.el.p(line["detail"], class_name="small soft"),
            rx.cond(
                line["told"],
                rx.fragment(),
                _number(line, "Sans message, à appeler"),
            ),
        ),
        rx.el.div(
            _choice(line), rx.match(line["choice"], (Choice.COLLEAGUE, _where(line, who=True)), (Choice.LATER, _where(line, who=False)))
        ),
        key=line["id"],
    )


def _choice(line: Any) -> rx.Component:
    return rx.el.select(
        *[rx.el.option(CHOICE_LABELS[choice], value=choice.value) for choice in Choice],
        class_name="select",
        value=line["choice"],
        on_change=lambda value: Settling.choose(line["id"], value),
        aria_label=rx.Var.create("Rendez-vous de ") + line["patient"].to(str) + ", " + line["when"].to(str),
    )


def _field(line: Any, name: str, label: str, draw: Callable[..., rx.Component], *children: Child, **attributes: Any) -> rx.Component:
    """Draw a field of a line; the browser keeps what is typed, and it is drawn anew where the line is filled anew."""
    field = rx.Var.create(f"{name}-") + line["id"].to(str)
    ident = rx.Var.create("champ-") + field
    error: Any = rx.cond(Settling.errors.contains(field), Settling.errors[field], "").to(str)
    control = draw(*children, id=ident, name=field, default_value=line[name], **described(f"{ident}", "", error), **attributes)
    return rx.el.div(
        rx.el.label(label, html_for=ident), control, error_text(f"{ident}", error), class_name="field", key=field + Settling.turn.to(str)
    )


def _where(line: Any, *, who: bool) -> rx.Component:
    """Ask where it goes; what is suggested stands there already."""
    found = line["places"].to(dict[str, dict[str, str]]).contains(line["choice"].to(str))
    names = rx.foreach(Settling.colleagues, lambda one: rx.el.option(one["label"], value=one["value"]))
    choose = rx.el.option("Choisir", value="")
    return rx.el.div(
        rx.cond(found, rx.fragment(), rx.el.p("Aucune place libre trouvée\u00a0: choisissez-la vous-même.", class_name="small soft")),
        _field(line, "who", "Praticien", rx.el.select, choose, names, class_name="select") if who else rx.fragment(),
        _field(line, "day", "Jour", rx.el.input, type="date", class_name="input"),
        _field(line, "time", "Heure", rx.el.input, class_name="input", max_length=10, auto_complete="off"),
        class_name="stranded-where",
    )


def call_list(calls: Any) -> rx.Component:
    """List whom the desk has to call itself."""
    return rx.el.section(
        rx.el.h3("À prévenir par téléphone"),
        rx.el.p("Aucun e-mail ni SMS ne leur parvient.", class_name="small soft"),
        rx.el.ul(rx.foreach(calls, _call), class_name="stack", aria_label="Patients à appeler"),
        class_name="stack",
    )


def _done(*ways_out: Child) -> rx.Component:
    return rx.el.div(
        rx.cond(
            Settling.left > 0,
            note(
                "Ce qui pouvait l’être est fait. Les rendez-vous ci-dessous n’ont pas changé.",
                title="Il reste des rendez-vous à régler",
                meaning="warning",
            ),
            note(
                rx.cond(
                    Settling.told,
                    "Les patients sont prévenus par e-mail ou par SMS.",
                    "Tous les rendez-vous sont gardés\u00a0: aucun message ne part.",
                ),
                title="C’est fait",
                meaning="success",
            ),
        ),
        rx.cond(
            Settling.calls.length() > 0,
            call_list(Settling.calls),
        ),
        rx.el.ul(rx.foreach(Settling.results, _result), class_name="stack", aria_label="Résultat"),
        form_actions(
            rx.cond(Settling.left > 0, button("Choisir de nouveau pour ceux qui restent", Settling.again, variant="primary")),
            *ways_out,
        ),
        class_name="stack settling",
        role="status",
    )


def _number(one: Any, words: Any) -> rx.Component:
    number = rx.cond(one["tel"] != "", rx.el.a(one["phone"], href="tel:" + one["tel"].to(str)), rx.el.span("Sans téléphone"))
    return rx.el.p(icon("phone"), rx.el.span(words), number, class_name="small row stranded-call")


def _call(one: Any) -> rx.Component:
    return rx.el.li(rx.el.p(one["words"]), _number(one, rx.el.b(one["name"])))


def _result(result: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.cond(result["done"], chip(result["label"], tone="success"), chip(result["label"], tone="warning")),
            rx.el.span(result["words"]),
            class_name="row wrap",
        ),
        rx.el.ul(
            rx.foreach(
                result["ways"].to(list[dict[str, str]]),
                lambda way: rx.el.li(rx.el.b(way["name"]), rx.el.br(), rx.el.span(way["why"], class_name="soft")),
            ),
            class_name="stack stranded-ways",
        ),
    )
