"""What waits for an operator: substitutes and aidants who were asked in, changes of profession or RPPS; what proves it, one decision."""

from typing import Any

import reflex as rx

from components.account.proofs import proofs_list
from components.ui.buttons import button, submit_button
from components.ui.fields import text_area
from components.ui.forms import form, form_actions
from components.ui.messages import note
from components.ui.states import card_states, listed
from components.ui.surfaces import card, facts
from state.declarations import Declarations


def declarations_card() -> rx.Component:
    """List what waits for a decision."""
    return card(
        card_states(
            Declarations,
            "Ce qui est à vérifier ne s’affiche pas",
            listed(Declarations.waiting, _one, "Aucun changement de profession à examiner, ni remplaçant ou aidant à vérifier."),
        ),
        title="Professions à vérifier",
    )


def _one(one: Any) -> rx.Component:
    decide = form_actions(
        button("Accepter", Declarations.accept(one["id"]), variant="primary", icon_name="check"),
        button("Refuser", Declarations.begin_refusal(one["id"])),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.b(one["who"]), rx.cond(one["practice"] != "", rx.fragment(", ", one["practice"]))),
            facts(
                (one["what"], rx.fragment(rx.cond(one["before"] != "", rx.fragment(one["before"], " → ")), rx.el.b(one["wanted"]))),
                ("À l’appui", rx.el.span(one["proof"])),
                ("Déclaré", one["when"]),
            ),
            proofs_list(one["proofs"], lambda _: rx.fragment()),
            rx.cond(one["doubt"] != "", note(one["doubt"], meaning="warning")),
            rx.cond(Declarations.refused == one["id"].to(str), _refusal(), decide),
            class_name="card-body stack",
        ),
    )


def _refusal() -> rx.Component:
    return form(
        text_area(
            "Motif du refus",
            "answer",
            hint="La personne le lira dans le message.",
            max_length=1000,
            error=Declarations.errors.get("answer", ""),
        ),
        form_actions(submit_button("Confirmer le refus", variant="danger-fill"), button("Ne rien décider", Declarations.begin_refusal(""))),
        on_submit=Declarations.refuse,
        label="Motif du refus",
        key=Declarations.mark,
    )
