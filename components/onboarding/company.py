"""The company that a practice is: its fields, and the operator's form of it."""

from typing import Any

import reflex as rx

from components.ui.buttons import button, submit_button
from components.ui.fields import text_area, text_field
from components.ui.forms import error_summary, form, form_actions, form_row
from components.ui.layers import dialog
from components.ui.messages import note
from components.ui.surfaces import facts
from state.company import PREFIX
from state.company import PracticeCompany as Writing

HINT = "Un par ligne\u00a0: nom, numéro RPPS ou ADELI. Il en faut au moins un, chacun a le sien."


def company_fields(errors: Any, start: Any = None, *, prefix: str = "") -> list[rx.Component]:
    """Ask for a company and its partners; `start` is what the fields begin with, `prefix` tells those of two forms apart."""

    def known(name: str) -> dict[str, Any]:
        return ({"default_value": start[name]} if start is not None else {}) | {"error": errors.get(f"{prefix}{name}", "")}

    return [
        rx.el.p("Laissez ces trois champs vides si le praticien exerce en nom propre.", class_name="small soft"),
        form_row(
            text_field("Dénomination", f"{prefix}company_name", max_length=120, **known("company_name")),
            text_field("Numéro SIREN", f"{prefix}siren", input_mode="numeric", max_length=20, **known("siren")),
        ),
        text_area("Associés", f"{prefix}partners", hint=HINT, max_length=6000, **known("partners")),
    ]


def company_facts(company: Any) -> rx.Component:
    """Show a company that is known."""
    return facts(
        ("Société", company["name"]),
        ("Numéro SIREN", company["siren"]),
        ("Associés", rx.el.ul(rx.foreach(company["partners"].to(list[str]), rx.el.li))),
    )


def company_dialog() -> rx.Component:
    """Write which company a practice is, or that it is none."""
    return dialog(
        form(
            error_summary(Writing.summary),
            rx.cond(Writing.overtaken, note(_standing(), title="Enregistré entre-temps", meaning="warning")),
            rx.el.p(rx.el.b(Writing.called)),
            *company_fields(Writing.errors, Writing.start, prefix=PREFIX),
            form_actions(submit_button("Enregistrer"), button("Ne rien changer", closes=True)),
            on_submit=Writing.save,
            label="Société",
            key=Writing.mark,
        ),
        identifier="societe",
        title="Société",
        opened=Writing.asked != "",
        on_close=Writing.close,
    )


def _standing() -> rx.Component:
    return rx.cond(Writing.standing["name"] != "", company_facts(Writing.standing), rx.el.p("Ce cabinet n’est plus une société."))
