"""The page where somebody of a practice lets a program act in their name, and where they take it back."""

from typing import Any

import reflex as rx

from components.account.again import again
from components.account.refused import unless_refused
from components.layout.public import bare_page
from components.ui.buttons import button, link_button, primary_button
from components.ui.messages import note
from components.ui.states import failed, loading, skeleton
from components.ui.surfaces import divided
from state.consent import Consent
from state.session import SessionState


def consent_page() -> rx.Component:
    """Say who asks for what in whose name, then yes or no; without a question, list what was given."""
    page = bare_page(
        rx.match(Consent.status, ("asked", "Autoriser une application"), "Applications autorisées"),
        rx.match(
            Consent.status,
            ("asked", _asked()),
            ("list", _list()),
            ("refused", failed("Rien n’a été autorisé", Consent.message, link_button("Revenir à l’accueil", SessionState.home))),
            ("failed", failed("La demande ne s’affiche pas", Consent.message, again(Consent.arrive))),
            loading(skeleton(height="160px")),
        ),
    )
    return unless_refused(page, "Applications", "Cette page est celle des cabinets.")


def _asked() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.b(Consent.name),
            " demande à agir en votre nom, ",
            rx.el.b(SessionState.name),
            rx.cond(Consent.practice != "", rx.fragment(", ", Consent.practice)),
            "\u00a0:",
        ),
        rx.el.ul(rx.foreach(Consent.scopes, _scope)),
        note("Elle n’aura jamais plus que vos propres droits, et chacun de ses gestes sera noté à votre nom. Vous la retirez ici même."),
        rx.el.p("Ensuite, votre navigateur revient à ", rx.el.b(Consent.host), ".", class_name="small soft"),
        primary_button("Autoriser", Consent.accept, size="large", wide=True),
        button("Refuser", Consent.decline, wide=True),
        class_name="stack",
    )


def _scope(one: Any) -> rx.Component:
    return rx.el.li(rx.el.span(one["label"], class_name="strong"), rx.el.br(), rx.el.span(one["hint"], class_name="small soft"))


def _list() -> rx.Component:
    return rx.el.div(
        rx.cond(
            Consent.given.length() > 0,
            divided(rx.foreach(Consent.given, _given)),
            rx.el.p("Aucune application n’agit en votre nom.", class_name="soft"),
        ),
        link_button("Revenir", SessionState.home),
        class_name="stack",
    )


def _given(one: Any) -> rx.Component:
    name = one["name"].to(str)
    return rx.el.li(
        rx.el.div(
            rx.el.p(name, class_name="strong"),
            rx.el.p(one["says"], class_name="small"),
            rx.el.p(one["used"], class_name="small soft"),
            button("Retirer", Consent.take_back(one["id"]), aria_label=rx.Var.create("Retirer ") + name),
            class_name="stack",
        ),
        key=one["id"],
    )
