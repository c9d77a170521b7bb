"""The roles of one person: which one is worn, how to go on in another; and the home of those who have no desk yet."""

from dataclasses import replace
from typing import Any

import reflex as rx

from components.account.again import again
from components.account.native import ApiForm
from components.account.viewer import viewer
from components.layout.public import public_page
from components.ui.buttons import button, submit_button
from components.ui.fields import password_field
from components.ui.forms import form_actions
from components.ui.marks import chip
from components.ui.states import empty, failed, loading, skeleton
from components.ui.surfaces import card, card_body
from maiia_pro.kernel.actor import ActorKind
from state.hats import Hats
from state.session import DETAILS


def role_page() -> rx.Component:
    """Let whoever has several roles choose one, and answer invitations."""
    return public_page(
        "Mes rôles",
        rx.match(
            Hats.status,
            ("ready", rx.el.div(rx.foreach(Hats.asked, _asked), *[_role(role) for role in DETAILS], class_name="stack")),
            ("failed", failed("Vos rôles ne s’affichent pas", Hats.message, again(Hats.arrive))),
            loading(skeleton(height="120px"), skeleton(height="120px")),
        ),
        viewer=replace(viewer(), open_to_all=False),
        narrow=True,
        lead="Un seul compte, un rôle à la fois\u00a0: ce que vous faites est noté dans le rôle choisi.",
    )


def _asked(one: Any) -> rx.Component:
    return card(
        card_body(
            rx.el.p(rx.el.span(one["practice"], class_name="strong"), " vous invite à travailler avec Maiia Pro."),
            rx.el.p("Vous y entrerez avec ce compte, dans ce rôle.", class_name="small soft"),
            rx.cond(
                one["rpps"] != "",
                rx.el.p(
                    "Numéro indiqué\u00a0: ",
                    one["rpps"],
                    ". Si ce n’est pas le vôtre, déclinez\u00a0: il ouvre ce compte.",
                    class_name="strong",
                ),
            ),
            form_actions(
                button("Accepter", Hats.answer(one["id"], True), variant="primary"),
                button("Décliner", Hats.answer(one["id"], False)),
            ),
        ),
        title=rx.Var.create("Invitation\u00a0: ") + one["title"].to(str),
    )


def _role(role: ActorKind) -> rx.Component:
    one = Hats.roles[role.value]
    title = DETAILS[role]
    return rx.cond(
        Hats.roles.contains(role.value),
        card(
            card_body(
                rx.cond(one["where"] != "", rx.el.p(one["where"])),
                rx.cond(
                    one["worn"],
                    rx.el.p(chip("Rôle actuel", icon_name="check", tone="accent")),
                    ApiForm.create(
                        rx.el.input(type="hidden", name="role", value=role.value),
                        rx.cond(
                            one["asks"],
                            password_field(hint="Celui de votre compte, pour vérifier que c’est vous.", identifier=f"champ-{role.value}"),
                        ),
                        submit_button("Continuer comme patient" if role is ActorKind.PATIENT else "Continuer dans ce rôle"),
                        action="/api/session/role",
                        label=title,
                    ),
                ),
            ),
            title=title,
        ),
    )


def assistance_page() -> rx.Component:
    """Tell an aidant what their account is for; nothing else is theirs (terms of use, article 8.3)."""
    return public_page(
        "Téléconsultation assistée",
        empty(
            "Le service n’est pas encore ouvert",
            "Votre compte servira à accueillir un patient pour une téléconsultation, avec vos appareils. "
            "Nous vous écrirons à son ouverture\u00a0; vous n’avez rien à faire d’ici là.",
            icon_name="video",
        ),
        viewer=replace(viewer(), open_to_all=False),
        narrow=True,
    )
