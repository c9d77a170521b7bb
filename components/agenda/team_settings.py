"""The card of the settings that says who may do what for the practitioner, and the form of one person's rights."""

from typing import Any, Final

import reflex as rx

from components.ui.buttons import button
from components.ui.fields import calendar_field, checkbox, error_text
from components.ui.forms import error_summary, form, form_actions, form_row
from components.ui.kinds import either
from components.ui.layers import dialog
from components.ui.marks import avatar, chip
from components.ui.navigation import segment, segments
from components.ui.states import failed, loading, skeleton
from components.ui.surfaces import card, card_body, divided
from maiia_pro.kernel.actor import Right
from state.team import LABELS, Team

FORM: Final = "formulaire-droits"


def team_card() -> rx.Component:
    """List who works in the practice with what they may do."""
    return rx.fragment(
        card(
            card_body(
                rx.el.p(
                    "Chacun a son propre compte. Personne n’ouvre votre agenda sans votre accord, et vous le retirez quand vous "
                    "voulez\u00a0: cela vaut dès le geste suivant.",
                    class_name="soft",
                )
            ),
            rx.match(
                Team.status,
                (
                    "ready",
                    rx.cond(
                        Team.people.length() > 0,
                        divided(rx.foreach(Team.people, _person)),
                        card_body(rx.el.p("Vous êtes seul dans ce cabinet.", class_name="soft")),
                    ),
                ),
                ("none", card_body(rx.el.p(Team.message, class_name="soft"))),
                ("failed", card_body(failed("L’équipe ne s’affiche pas", Team.message, button("Réessayer", Team.arrive)))),
                card_body(loading(skeleton(height="80px"))),
            ),
            title="Équipe",
        ),
        _dialog(),
    )


def _person(one: Any) -> rx.Component:
    let = one["delegation"] != ""
    name = one["name"].to(str)
    return rx.el.li(
        avatar(one["initials"]),
        rx.el.div(
            rx.el.p(
                rx.el.span(name, class_name="strong"),
                rx.el.span(" · ", one["role"], class_name="soft"),
                rx.cond(one["substitute"], rx.fragment(" ", chip("Remplacement", tone="accent", icon_name="calendar-days"))),
                rx.cond(one["waiting"], rx.fragment(" ", chip("Invitation envoyée", icon_name="mail"))),
            ),
            rx.el.p(one["says"], class_name="small"),
            rx.cond(one["when"] != "", rx.el.p(one["when"], class_name="small")),
            rx.cond(one["used"] != "", rx.el.p(one["used"], class_name="small soft")),
            class_name="grow",
        ),
        rx.el.div(
            button(
                either(let, "Modifier", "Donner un accès"),
                Team.edit(one["account"], one["delegation"]),
                size="small",
                aria_label=either(let, rx.Var.create("Modifier les droits de ") + name, rx.Var.create("Donner un accès à ") + name),
            ),
            rx.cond(
                let,
                button("Retirer", Team.end(one["delegation"]), size="small", aria_label=rx.Var.create("Retirer l’accès de ") + name),
            ),
            class_name="row",
        ),
        class_name="setup-exception",
    )


def _dialog() -> rx.Component:
    return dialog(
        form(
            error_summary(Team.summary),
            segments(
                segment("Accès habituel", pressed=~Team.substitute, on_click=Team.choose_kind(False)),
                segment("Remplacement", pressed=Team.substitute, on_click=Team.choose_kind(True)),
                label="Genre d’accès",
            ),
            rx.el.fieldset(
                rx.el.legend("Ce que cette personne peut faire pour vous", class_name="legend"),
                *[_right(right) for right in Right],
                error_text("champ-droits-rights", Team.errors.get("rights", "")),
                class_name="field",
                id="champ-droits-rights",
                tab_index=-1,
            ),
            form_row(
                calendar_field("Premier jour", "droits-first", optional=True, hint="Rien\u00a0: dès maintenant.", error=_error("first")),
                calendar_field(
                    "Dernier jour",
                    "droits-last",
                    optional=~Team.substitute,
                    hint=rx.cond(Team.substitute, "Ce jour-là compris.", "Rien\u00a0: sans limite."),
                    error=_error("last"),
                ),
            ),
            on_submit=Team.save,
            id=FORM,
            key=Team.mark,
        ),
        identifier="droits",
        title=rx.Var.create("Droits de ") + Team.chosen["name"].to(str),
        opened=Team.editing,
        on_close=Team.close,
        footer=form_actions(button("Enregistrer", submits=True, variant="primary", form=FORM), button("Fermer", closes=True)),
    )


def _error(field: str) -> Any:
    return Team.errors.get(field, "")


def _right(right: Right) -> rx.Component:
    label, hint = LABELS[right]
    held = Team.chosen["rights"].to(list[str]).contains(right.value)
    return checkbox(label, f"droits-{right.value}", default_checked=held, hint=hint)
