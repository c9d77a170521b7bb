"""The second step of signing in, and the page of one's own second factors and sessions."""

from dataclasses import replace
from typing import Final

import reflex as rx

from components.account.viewer import AT_WORK, viewer
from components.layout.public import bare_page, public_page
from components.ui.buttons import link_button
from components.ui.kinds import shown
from components.ui.surfaces import card, card_body
from maiia_pro.settings import get_settings

_ASSETS: Final = {name: rx.asset(f"{name}.jsx", shared=True) for name in ("passkey", "factors", "second_step", "security")}


class PasskeySignIn(rx.Component):
    """Signs in by a passkey alone; nothing where the browser knows none."""

    library = f"$/public{_ASSETS['passkey']}"
    tag = "PasskeySignIn"


class SecondStep(rx.Component):
    """Does the second step, or sets one up; names whom to turn to where every factor is lost."""

    library = f"$/public{_ASSETS['second_step']}"
    tag = "SecondStep"
    phone: rx.Var[str]
    email: rx.Var[str]


class Factors(rx.Component):
    """One's own second factors."""

    library = f"$/public{_ASSETS['security']}"
    tag = "Factors"


class OwnSessions(rx.Component):
    """One's own open sessions."""

    library = f"$/public{_ASSETS['security']}"
    tag = "OwnSessions"


def second_step_page() -> rx.Component:
    """Ask who signed in by a password for their second factor, or have them set one up."""
    settings = get_settings()
    return bare_page("Seconde étape", SecondStep.create(phone=settings.support_phone, email=settings.support_email))


def security_page() -> rx.Component:
    """Show what proves who holds the account besides the password, and where the account is open."""
    return public_page(
        "Sécurité de votre compte",
        rx.el.div(
            card(Factors.create(), title="Seconde étape"),
            card(OwnSessions.create(), title="Où vous êtes connecté"),
            shown(AT_WORK, _programs()),
            class_name="stack",
        ),
        viewer=replace(viewer(), open_to_all=False),
        narrow=True,
    )


def _programs() -> rx.Component:
    return card(
        card_body(
            rx.el.p("Les applications que vous avez laissées agir en votre nom. Vous les retirez quand vous voulez.", class_name="soft"),
            rx.el.div(link_button("Voir les applications", "/autorisation"), class_name="form-actions"),
        ),
        title="Applications autorisées",
    )
