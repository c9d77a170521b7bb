"""The people that a patient's account books for."""

from typing import Any

import reflex as rx

from components.account.patient_page import patient_page
from components.ui.buttons import button, danger_button, link_button, primary_button
from components.ui.fields import date_field, text_field
from components.ui.forms import all_required, form, form_actions, form_row
from components.ui.icons import icon
from components.ui.layers import confirm_dialog, dialog
from state.own_relatives import OwnRelatives as Own


def relatives_page() -> rx.Component:
    """List the people of the account, with what may be done about each."""
    return patient_page(
        "Mes proches",
        Own,
        ("ready", _ready()),
        broken="Vos proches ne s’affichent pas",
        height="120px",
        lead="Les personnes pour qui vous prenez rendez-vous.",
    )


def _ready() -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.foreach(Own.people, _person), class_name="results"),
        rx.el.div(
            primary_button("Ajouter un proche", Own.edit(""), icon_name="user-plus"),
            link_button("Mes rendez-vous", "/rendez-vous", icon_name="list"),
            class_name="form-actions",
        ),
        _form(),
        _removal(),
        class_name="stack",
    )


def _person(person: Any) -> rx.Component:
    fixed = "Un cabinet a vérifié cette identité\u00a0: demandez-lui pour la corriger."
    acts = rx.el.div(
        rx.cond(
            person["checked"],
            rx.fragment(),
            button("Corriger", Own.edit(person["id"]), icon_name="pencil", size="small", aria_label="Corriger " + person["name"].to(str)),
        ),
        rx.cond(
            person["is_self"],
            rx.fragment(),
            danger_button("Retirer", Own.ask(person["id"]), size="small", aria_label="Retirer " + person["name"].to(str)),
        ),
        class_name="row wrap",
    )
    return rx.el.article(
        rx.el.h2(person["name"]),
        rx.el.p(rx.cond(person["is_self"], "Vous, né(e) le ", "Né(e) le "), person["born"], class_name="soft"),
        rx.cond(person["checked"], rx.el.ul(rx.el.li(icon("shield-check"), fixed), class_name="meta")),
        rx.cond(person["checked"].to(bool) & person["is_self"].to(bool), rx.fragment(), acts),
        class_name="card card-body stack",
    )


def _form() -> rx.Component:
    def start(name: str, key: str) -> dict[str, Any]:
        return {"default_value": Own.start[key], "error": Own.errors[name], "key": Own.mark + name}

    return dialog(
        form(
            all_required(),
            form_row(
                text_field("Prénom", "given_name", max_length=80, **start("given_name", "given_name")),
                text_field("Nom", "family_name", max_length=80, **start("family_name", "family_name")),
            ),
            date_field("Date de naissance", "birth_date", **start("birth_date", "born")),
            form_actions(button("Enregistrer", submits=True, variant="primary"), button("Fermer", closes=True)),
            on_submit=Own.save,
            label="Proche",
        ),
        identifier="proche",
        title=rx.cond(
            Own.editing == "new", "Ajouter un proche", rx.cond(Own.start["is_self"], "Corriger votre identité", "Corriger ce proche")
        ),
        opened=Own.editing != "",
        on_close=Own.close,
    )


def _removal() -> rx.Component:
    visits = rx.fragment(
        rx.el.p("Ces rendez-vous restent pris, et visibles dans «\u00a0Mes rendez-vous\u00a0», où vous pouvez encore les annuler\u00a0:"),
        rx.el.ul(rx.foreach(Own.leaving_visits, lambda one: rx.el.li(icon("calendar-check"), one)), class_name="meta"),
    )
    return confirm_dialog(
        identifier="retirer",
        title="Retirer ce proche ?",
        message=rx.el.div(
            rx.el.p(
                "Vous ne prendrez plus rendez-vous pour ", rx.el.b(Own.leaving_name), ". Les visites passées restent chez les cabinets."
            ),
            rx.cond(Own.leaving_visits.length() > 0, visits),
            class_name="stack",
        ),
        confirm="Retirer ce proche",
        cancel="Le garder",
        opened=Own.leaving != "",
        on_confirm=Own.remove,
        on_close=Own.keep,
    )
